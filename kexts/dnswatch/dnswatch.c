/*
 * Reads what programs ask the DNS, and what they are told, between them and their
 * sockets: who asks for a name of a list is refused, and an answer that ends with an
 * address that nobody is to reach does not arrive.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/kpi_socketfilter.h>
#include <sys/proc.h>
#include <netinet/in.h>
#include <libkern/OSAtomic.h>
#include <string.h>
#include <mach/mach_types.h>

#define HANDLE		0x646e7377	/* 'dnsw' */
#define DNS_HEADER	12
#define NAME_MAX_LEN	255

char	*blocked = "";		/* a name, and all below it */
char	*hidden = "192.0.2.66";
int	port = 53;
int	questions, refused, answers, concealed;

static struct in_addr	hidden_addr;
static boolean_t	filter_is_there;

static errno_t
watch_attach(void **cookie, socket_t so)
{
	*cookie = NULL;
	return 0;
}

static void
watch_detach(void *cookie, socket_t so)
{
}

static void
watch_unregistered(sflt_handle handle)
{
	filter_is_there = FALSE;
}

/* The name of the first question, dots between labels; its length, or -1. */
static int
question(mbuf_t m, char *name)
{
	size_t off = DNS_HEADER;
	u_int8_t len;
	int n = 0;

	for (;;) {
		if (mbuf_copydata(m, off++, 1, &len) || len > 63)
			return -1;
		if (len == 0)
			break;
		if (n + len + 2 > NAME_MAX_LEN || mbuf_copydata(m, off, len, name + n + (n > 0)))
			return -1;
		if (n)
			name[n++] = '.';
		n += len;
		off += len;
	}
	name[n] = 0;
	return n;
}

static boolean_t
is_blocked(const char *name, int n)
{
	int len = strlen(blocked);

	if (len == 0 || n < len || (n > len && name[n - len - 1] != '.'))
		return FALSE;
	return strncasecmp(name + n - len, blocked, len) == 0;
}

static boolean_t
is_dns(const struct sockaddr *sa)
{
	return sa->sa_family == AF_INET &&
	    ((const struct sockaddr_in *)sa)->sin_port == htons(port);
}

/* Of a connected socket the address is its own. */
static boolean_t
goes_to_dns(socket_t so, const struct sockaddr *to)
{
	struct sockaddr_in peer;

	if (to != NULL)
		return is_dns(to);
	return sock_getpeername(so, (struct sockaddr *)&peer, sizeof(peer)) == 0 &&
	    is_dns((struct sockaddr *)&peer);
}

static errno_t
watch_out(void *cookie, socket_t so, const struct sockaddr *to, mbuf_t *data, mbuf_t *control,
    sflt_data_flag_t flags)
{
	char name[NAME_MAX_LEN + 1], program[32];
	int n;

	if (!goes_to_dns(so, to))
		return 0;
	n = question(*data, name);
	OSIncrementAtomic(&questions);
	if (n < 0 || !is_blocked(name, n))
		return 0;
	proc_selfname(program, sizeof(program));
	printf("dnswatch: %s asks for %s\n", program, name);
	OSIncrementAtomic(&refused);
	return EPERM;
}

static errno_t
watch_in(void *cookie, socket_t so, const struct sockaddr *from, mbuf_t *data, mbuf_t *control,
    sflt_data_flag_t flags)
{
	size_t len = mbuf_pkthdr_len(*data);
	struct in_addr last;

	if (from == NULL || !is_dns(from) || len < DNS_HEADER + sizeof(last))
		return 0;
	OSIncrementAtomic(&answers);
	if (mbuf_copydata(*data, len - sizeof(last), sizeof(last), &last) ||
	    last.s_addr != hidden_addr.s_addr)
		return 0;
	OSIncrementAtomic(&concealed);
	return EPERM;
}

static struct sflt_filter filter = {
	.sf_handle = HANDLE,
	.sf_flags = SFLT_GLOBAL,
	.sf_name = "org.netkpi.dnswatch",
	.sf_unregistered = watch_unregistered,
	.sf_attach = watch_attach,
	.sf_detach = watch_detach,
	.sf_data_in = watch_in,
	.sf_data_out = watch_out,
};

kern_return_t
dnswatch_start(kmod_info_t *ki, void *data)
{
	if (!inet_aton(hidden, &hidden_addr))
		return KERN_INVALID_ARGUMENT;
	filter_is_there = TRUE;
	if (sflt_register(&filter, PF_INET, SOCK_DGRAM, IPPROTO_UDP) != 0)
		return KERN_FAILURE;
	return KERN_SUCCESS;
}

kern_return_t
dnswatch_stop(kmod_info_t *ki, void *data)
{
	sflt_unregister(HANDLE);
	return filter_is_there ? KERN_FAILURE : KERN_SUCCESS;
}
