/*
 * Sends connections for one port to a proxy on this host, and tells it in a line where
 * the program wanted to go: in front of whatever the program sends, and at once if it
 * sends nothing.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/kpi_socketfilter.h>
#include <sys/malloc.h>
#include <netinet/in.h>
#include <libkern/OSAtomic.h>
#include <string.h>
#include <mach/mach_types.h>

#define HANDLE	0x6465746f	/* 'deto' */

int	from = 7091, to = 7090;
int	detours, headers;

static boolean_t	filter_is_there;

/* Of each socket: where it wanted to go, and whether the proxy has been told. */
struct way {
	struct sockaddr_in	wanted;
	volatile UInt32		pending;
};

static errno_t
detour_attach(void **cookie, socket_t so)
{
	*cookie = _MALLOC(sizeof(struct way), M_TEMP, M_WAITOK | M_ZERO);
	return *cookie ? 0 : ENOMEM;
}

static void
detour_detach(void *cookie, socket_t so)
{
	_FREE(cookie, M_TEMP);
}

static void
detour_unregistered(sflt_handle handle)
{
	filter_is_there = FALSE;
}

static errno_t
detour_connect(void *cookie, socket_t so, const struct sockaddr *sa)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)(uintptr_t)sa;
	struct way *way = cookie;

	if (sa->sa_family != AF_INET || sin->sin_port != htons(from))
		return 0;
	way->wanted = *sin;
	way->pending = 1;
	sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sin->sin_port = htons(to);
	OSIncrementAtomic(&detours);
	return 0;
}

/* Once; what is injected comes to detour_out, too, when nothing is pending any more. */
static void
tell_proxy(struct way *way, socket_t so)
{
	char line[64], addr[20];
	mbuf_t m = NULL;

	if (!OSCompareAndSwap(1, 0, &way->pending))
		return;
	inet_ntop(AF_INET, &way->wanted.sin_addr, addr, sizeof(addr));
	snprintf(line, sizeof(line), "TO %s %d\n", addr, ntohs(way->wanted.sin_port));
	if (mbuf_allocpacket(MBUF_WAITOK, strlen(line), NULL, &m) != 0)
		return;
	if (mbuf_copyback(m, 0, strlen(line), line, MBUF_WAITOK) != 0) {
		mbuf_freem(m);
		return;
	}
	if (sock_inject_data_out(so, NULL, m, NULL, 0) == 0)
		OSIncrementAtomic(&headers);
}

static void
detour_notify(void *cookie, socket_t so, sflt_event_t event, void *param)
{
	if (event == sock_evt_connected)
		tell_proxy(cookie, so);
}

static errno_t
detour_out(void *cookie, socket_t so, const struct sockaddr *sa, mbuf_t *data, mbuf_t *control,
    sflt_data_flag_t flags)
{
	tell_proxy(cookie, so);
	return 0;
}

static struct sflt_filter filter = {
	.sf_handle = HANDLE,
	.sf_flags = SFLT_GLOBAL,
	.sf_name = "org.netkpi.detour",
	.sf_unregistered = detour_unregistered,
	.sf_attach = detour_attach,
	.sf_detach = detour_detach,
	.sf_notify = detour_notify,
	.sf_data_out = detour_out,
	.sf_connect_out = detour_connect,
};

kern_return_t
detour_start(kmod_info_t *ki, void *data)
{
	filter_is_there = TRUE;
	if (sflt_register(&filter, PF_INET, SOCK_STREAM, IPPROTO_TCP) != 0)
		return KERN_FAILURE;
	return KERN_SUCCESS;
}

kern_return_t
detour_stop(kmod_info_t *ki, void *data)
{
	sflt_unregister(HANDLE);
	return filter_is_there ? KERN_FAILURE : KERN_SUCCESS;
}
