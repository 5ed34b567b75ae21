/*
 * Asks a whois server. In the shape of an older kext: typedefs of pointers, one
 * mutex for everything, a thread call for the time-out, a sysctl to look at.
 */
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/proc.h>
#include <sys/syslog.h>
#include <sys/sysctl.h>
#include <sys/socket.h>
#include <sys/filio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <kern/locks.h>
#include <kern/clock.h>
#include <libkern/OSMalloc.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

#include <whois.h>

#pragma mark globals

struct whois_list	whois_queries = TAILQ_HEAD_INITIALIZER(whois_queries);
lck_mtx_t		*whois_mutex;

static lck_grp_t	*whois_grp;
static lck_grp_attr_t	*whois_grp_attr;
static OSMallocTag	whois_tag;
static thread_call_t	whois_timer;
static SInt32		whois_asked;
static int		whois_timeout = 5;

SYSCTL_DECL(_net_whois);
SYSCTL_NODE(_net, OID_AUTO, whois, CTLFLAG_RW | CTLFLAG_LOCKED, NULL, "whois client");
SYSCTL_INT(_net_whois, OID_AUTO, timeout, CTLTYPE_INT | CTLFLAG_RW | CTLFLAG_LOCKED, &whois_timeout, 0, "seconds");

static int
whois_sysctl_pending SYSCTL_HANDLER_ARGS
{
#pragma unused(oidp, arg1, arg2)
	whois_query_t	query;
	int		pending = 0;

	lck_mtx_lock(whois_mutex);
	TAILQ_FOREACH(query, &whois_queries, wq_link)
		pending++;
	lck_mtx_unlock(whois_mutex);
	return SYSCTL_OUT(req, &pending, sizeof(pending));
}
SYSCTL_PROC(_net_whois, OID_AUTO, pending, CTLTYPE_INT | CTLFLAG_RD, 0, 0, whois_sysctl_pending, "I", "pending");

static void
whois_finish(whois_query_t query, errno_t error)
{
	lck_mtx_assert(whois_mutex, LCK_MTX_ASSERT_OWNED);
	query->wq_error = error;
	query->wq_state = WHOIS_DONE;
	wakeup((caddr_t)query);
}

static void
whois_expire(thread_call_param_t p0, thread_call_param_t p1)
{
	whois_query_t	query, next;
	struct timespec	now;

	nanouptime(&now);
	lck_mtx_lock(whois_mutex);
	TAILQ_FOREACH_SAFE(query, &whois_queries, wq_link, next) {
		if (query->wq_state != WHOIS_DONE && now.tv_sec - query->wq_started.tv_sec > whois_timeout)
			whois_finish(query, ETIMEDOUT);
	}
	lck_mtx_unlock(whois_mutex);
}

static errno_t
whois_send(whois_query_t query)
{
	struct iovec	iov[2];
	struct msghdr	msg;
	size_t		sent = 0;

	memset(&msg, 0, sizeof(msg));
	iov[0].iov_base = query->wq_name;
	iov[0].iov_len = strnlen(query->wq_name, sizeof(query->wq_name));
	iov[1].iov_base = "\r\n";
	iov[1].iov_len = 2;
	msg.msg_iov = iov;
	msg.msg_iovlen = 2;
	return sock_send(query->wq_so, &msg, MSG_DONTWAIT, &sent);
}

static void
whois_upcall(socket_t so, void *cookie, __unused int waitf)
{
	whois_query_t	query = (whois_query_t)cookie;
	size_t		len;
	mbuf_t		m;
	errno_t		error = 0;
	int		optlen = sizeof(error);

	lck_mtx_lock(whois_mutex);
	if (query->wq_state == WHOIS_CONNECTING) {
		if (sock_isconnected(so)) {
			query->wq_state = WHOIS_ASKED;
			error = whois_send(query);
		} else
			sock_getsockopt(so, SOL_SOCKET, SO_ERROR, &error, &optlen);
	}
	while (query->wq_state == WHOIS_ASKED && error == 0) {
		len = 16384;
		m = NULL;
		error = sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len);
		if (error == 0 && m == NULL) {
			whois_finish(query, 0);
			break;
		}
		if (error == 0)
			whois_append(query, m);
	}
	if (error != 0 && error != EWOULDBLOCK)
		whois_finish(query, error);
	lck_mtx_unlock(whois_mutex);
}

errno_t
whois_ask(const char *name, u_int32_t server, whois_query_t *queryp)
{
	struct sockaddr_in	sin = { .sin_len = sizeof(sin), .sin_family = AF_INET };
	whois_query_t		query;
	uint64_t		deadline;
	int			on = 1;
	errno_t			error;

	query = OSMalloc(sizeof(*query), whois_tag);
	if (query == NULL)
		return ENOMEM;
	bzero(query, sizeof(*query));
	strlcpy(query->wq_name, name, sizeof(query->wq_name));
	nanouptime(&query->wq_started);

	error = sock_socket(PF_INET, SOCK_STREAM, IPPROTO_TCP, whois_upcall, query, &query->wq_so);
	if (error) {
		OSFree(query, sizeof(*query), whois_tag);
		return error;
	}
	sock_ioctl(query->wq_so, FIONBIO, &on);
	sock_setsockopt(query->wq_so, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));

	sin.sin_port = htons(43);
	sin.sin_addr.s_addr = server;
	lck_mtx_lock(whois_mutex);
	TAILQ_INSERT_TAIL(&whois_queries, query, wq_link);
	lck_mtx_unlock(whois_mutex);
	error = sock_connect(query->wq_so, (struct sockaddr *)&sin, MSG_DONTWAIT);
	if (error && error != EINPROGRESS) {
		whois_forget(query);
		return error;
	}

	OSIncrementAtomic(&whois_asked);
	clock_interval_to_deadline(whois_timeout, NSEC_PER_SEC, &deadline);
	thread_call_enter_delayed(whois_timer, deadline);

	lck_mtx_lock(whois_mutex);
	while (query->wq_state != WHOIS_DONE && error != EINTR)
		error = msleep(query, whois_mutex, PSOCK | PCATCH, "whois", NULL);
	lck_mtx_unlock(whois_mutex);
	*queryp = query;
	return query->wq_error;
}

void
whois_forget(whois_query_t query)
{
	lck_mtx_lock(whois_mutex);
	TAILQ_REMOVE(&whois_queries, query, wq_link);
	lck_mtx_unlock(whois_mutex);

	sock_close(query->wq_so);
	mbuf_freem(query->wq_head);
	OSFree(query, sizeof(*query), whois_tag);
}

kern_return_t
whois_start(kmod_info_t *ki, void *d)
{
	whois_query_t	query = NULL;
	char		line[80];
	errno_t		error;

	whois_grp_attr = lck_grp_attr_alloc_init();
	lck_grp_attr_setdefault(whois_grp_attr);
	whois_grp = lck_grp_alloc_init("whois", whois_grp_attr);
	lck_grp_attr_free(whois_grp_attr);
	whois_mutex = lck_mtx_alloc_init(whois_grp, NULL);
	whois_tag = OSMalloc_Tagalloc("org.example.whois", OSMT_DEFAULT);
	whois_timer = thread_call_allocate(whois_expire, NULL);

	sysctl_register_oid(&sysctl__net_whois);
	sysctl_register_oid(&sysctl__net_whois_timeout);
	sysctl_register_oid(&sysctl__net_whois_pending);

	error = whois_ask("example.org", htonl(INADDR_LOOPBACK), &query);
	if (error)
		log(LOG_NOTICE, "whois: nobody answers: %d\n", error);
	else if (whois_line(query, line, sizeof(line)) >= 0)
		log(LOG_INFO, "whois: %s\n", line);
	if (query != NULL)
		whois_forget(query);
	return KERN_SUCCESS;
}

kern_return_t
whois_stop(kmod_info_t *ki, void *d)
{
	if (!TAILQ_EMPTY(&whois_queries))
		return KERN_FAILURE;

	thread_call_cancel(whois_timer);
	thread_call_free(whois_timer);
	sysctl_unregister_oid(&sysctl__net_whois_pending);
	sysctl_unregister_oid(&sysctl__net_whois_timeout);
	sysctl_unregister_oid(&sysctl__net_whois);
	lck_mtx_free(whois_mutex, whois_grp);
	lck_grp_free(whois_grp);
	OSMalloc_Tagfree(whois_tag);
	return KERN_SUCCESS;
}
