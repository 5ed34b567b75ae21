// SPDX-License-Identifier: GPL-2.0
/*
 * A stub resolver: asks for the IPv4 and IPv6 addresses of several names at
 * once. Questions on their way are in a hash table, by their number; a timer
 * repeats them.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/queue.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <kern/locks.h>
#include <libkern/OSMalloc.h>

#include "message.h"

#define DNS_HASH	16
#define DNS_TRIES	120		/* a quarter of a second each */

struct dns_query {
	LIST_ENTRY(dns_query) link;
	u_int16_t	id;
	int		type;
	int		tries;
	char		name[DNS_NAME];
};
LIST_HEAD(dns_list, dns_query);

char	*server = "127.0.0.1";
int	port = 53;
char	*names = "localhost";

int	done;
int	answered;
int	failed;

static lck_grp_t	*dns_grp;
static lck_mtx_t	*dns_mtx;	/* guards all below */
static OSMallocTag	dns_tag;
static socket_t		dns_so;
static struct dns_list	*dns_table;
static u_long		dns_mask;
static int		dns_pending;
static u_char		dns_message[DNS_MESSAGE];
static boolean_t	dns_ticking, dns_stopping;

#define DNS_BUCKET(id)	(&dns_table[(id) & dns_mask])

#pragma mark Questions

static void
dns_forget(q)
	struct dns_query *q;
{
	LIST_REMOVE(q, link);
	OSFree(q, sizeof(*q), dns_tag);
	if (--dns_pending == 0)
		done = 1;
}

static void
dns_send(q)
	struct dns_query *q;
{
	struct iovec iov = { dns_message };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t sent;

	iov.iov_len = dns_question(dns_message, q->id, q->name, q->type);
	(void)sock_send(dns_so, &msg, MSG_DONTWAIT, &sent);	/* the timer repeats it */
}

static errno_t
dns_ask(name, len, type)
	const char *name;
	size_t len;
	int type;
{
	struct dns_query *q;

	q = OSMalloc(sizeof(*q), dns_tag);
	if (q == NULL)
		return ENOMEM;
	bzero(q, sizeof(*q));
	strlcpy(q->name, name, MIN(len + 1, sizeof(q->name)));
	q->type = type;
	read_random(&q->id, sizeof(q->id));
	if (dns_question(dns_message, q->id, q->name, type) == 0) {
		OSFree(q, sizeof(*q), dns_tag);
		return EINVAL;
	}
	LIST_INSERT_HEAD(DNS_BUCKET(q->id), q, link);
	dns_pending++;
	dns_send(q);
	return 0;
}

static errno_t
dns_ask_all()
{
	const char *name = names, *comma;
	size_t len;
	errno_t error = 0;

	for (; error == 0 && name != NULL; name = comma ? comma + 1 : NULL) {
		comma = strchr(name, ',');
		len = comma ? comma - name : strlen(name);
		error = dns_ask(name, len, DNS_A);
		if (error == 0)
			error = dns_ask(name, len, DNS_AAAA);
	}
	return error;
}

#pragma mark Answers

static void
dns_report(q, answer)
	struct dns_query *q;
	struct dns_answer *answer;
{
	const char *type = q->type == DNS_A ? "A" : "AAAA";
	char text[INET6_ADDRSTRLEN];

	if (answer->code != 0)
		printf("dns: %s %s: refused, code %d\n", q->name, type, answer->code);
	else if (answer->count == 0)
		printf("dns: %s %s: none\n", q->name, type);
	else
		printf("dns: %s %s: %s\n", q->name, type,
		       inet_ntop(answer->family, answer->address, text, sizeof(text)));
	answered++;
}

static void
dns_answer(len)
	size_t len;
{
	struct dns_answer answer;
	struct dns_query *q;

	if (dns_parse(dns_message, len, &answer) != 0)
		return;
	LIST_FOREACH(q, DNS_BUCKET(answer.id), link) {
		if (q->id == answer.id) {
			dns_report(q, &answer);
			dns_forget(q);
			return;
		}
	}
}

static void
dns_upcall(socket_t so, void *cookie, int waitf)
{
	size_t len;
	mbuf_t m;

	lck_mtx_lock(dns_mtx);
	for (;;) {
		len = DNS_MESSAGE;
		if (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) != 0)
			break;
		mbuf_copydata(m, 0, len, dns_message);
		mbuf_freem(m);
		dns_answer(len);
	}
	lck_mtx_unlock(dns_mtx);
}

#pragma mark Timer

static void
dns_repeat()
{
	struct dns_query *q, *next;
	u_long i;

	for (i = 0; i <= dns_mask; i++) {
		LIST_FOREACH_SAFE(q, &dns_table[i], link, next) {
			if (++q->tries < DNS_TRIES) {
				dns_send(q);
				continue;
			}
			printf("dns: %s: no answer\n", q->name);
			failed++;
			dns_forget(q);
		}
	}
}

static void
dns_tick(unused)
	void *unused;
{
	struct timespec quarter = { 0, NSEC_PER_SEC / 4 };

	lck_mtx_lock(dns_mtx);
	if (dns_stopping || dns_pending == 0) {
		dns_ticking = FALSE;
		wakeup(&dns_ticking);
	} else {
		dns_repeat();
		bsd_timeout(dns_tick, NULL, &quarter);
	}
	lck_mtx_unlock(dns_mtx);
}

static void
dns_start_timer()
{
	struct timespec quarter = { 0, NSEC_PER_SEC / 4 };

	dns_ticking = TRUE;
	bsd_timeout(dns_tick, NULL, &quarter);
}

#pragma mark Start and stop

static void
dns_cleanup()
{
	u_long i;

	sock_close(dns_so);
	for (i = 0; i <= dns_mask; i++)
		while (!LIST_EMPTY(&dns_table[i]))
			dns_forget(LIST_FIRST(&dns_table[i]));
	hashdestroy(dns_table, M_TEMP, dns_mask);
	OSMalloc_Tagfree(dns_tag);
	lck_mtx_free(dns_mtx, dns_grp);
	lck_grp_free(dns_grp);
}

static errno_t
dns_open(sin)
	struct sockaddr_in *sin;
{
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_DGRAM, 0, dns_upcall, NULL, &dns_so);
	if (error == 0)
		error = sock_setsockopt(dns_so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	if (error == 0)
		error = sock_connect(dns_so, (struct sockaddr *)sin, 0);
	return error;
}

kern_return_t
dns_start(kmod_info_t *ki, void *data)
{
	struct sockaddr_in sin = { sizeof(sin), AF_INET, htons(port) };
	errno_t error;

	if (inet_aton(server, &sin.sin_addr) == 0) {
		printf("dns: server=%s: not an IPv4 address\n", server);
		return KERN_INVALID_ARGUMENT;
	}
	if (port < 1 || port > 65535) {
		printf("dns: port=%d: not a port\n", port);
		return KERN_INVALID_ARGUMENT;
	}

	dns_grp = lck_grp_alloc_init("org.netkpi.port.dns", LCK_GRP_ATTR_NULL);
	dns_mtx = lck_mtx_alloc_init(dns_grp, LCK_ATTR_NULL);
	dns_tag = OSMalloc_Tagalloc("org.netkpi.port.dns", OSMT_DEFAULT);
	dns_table = hashinit(DNS_HASH, M_TEMP, &dns_mask);
	error = dns_open(&sin);
	if (error == 0) {
		lck_mtx_lock(dns_mtx);
		error = dns_ask_all();
		lck_mtx_unlock(dns_mtx);
	}
	if (error != 0) {
		printf("dns: names=%s: cannot ask: error %d\n", names, error);
		dns_cleanup();
		return KERN_FAILURE;
	}
	dns_start_timer();
	return KERN_SUCCESS;
}

kern_return_t
dns_stop(kmod_info_t *ki, void *data)
{
	lck_mtx_lock(dns_mtx);
	dns_stopping = TRUE;
	while (dns_ticking)
		msleep(&dns_ticking, dns_mtx, PSOCK, "dnsstop", NULL);
	lck_mtx_unlock(dns_mtx);

	dns_cleanup();
	return KERN_SUCCESS;
}
