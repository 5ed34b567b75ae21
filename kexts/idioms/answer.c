// SPDX-License-Identifier: GPL-2.0
/*
 * A socket read asynchronously, the way the documentation of the interface shows
 * it: opened with an upcall and a number for a cookie, made non-blocking by a
 * request, connected without waiting; the upcall asks for all four bytes of an
 * answer at once and is told to come back until all four are there.
 */
#include <kern/debug.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <net/kpi_protocol.h>
#include <net/ethernet.h>
#include <sys/param.h>
#include <sys/filio.h>
#include <sys/systm.h>
#include <netinet/in.h>
#include <mach/mach_types.h>

#define ANSWER_COOKIE	0x00000042

int		port;
int		would_block;		/* upcalls that came too early */
int		upcalls, ended;
unsigned int	value;			/* the four bytes, as they came */

static socket_t	answer_so;

errno_t set_nonblocking(socket_t so, int on);
static void answer_upcall(socket_t so, void *cookie, int waitf);

errno_t
open_socket_and_start_listener(void)
{
	struct sockaddr_in to;
	uint32_t cookie = ANSWER_COOKIE;
	errno_t err;

	if ((err = sock_socket(PF_INET, SOCK_STREAM, 0, (sock_upcall)&answer_upcall,
			       (void *)cookie, &answer_so)))
		return err;
	set_nonblocking(answer_so, 1);
	bzero(&to, sizeof(to));
	to.sin_len = sizeof(to);
	to.sin_family = AF_INET;
	to.sin_port = htons(port);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	err = sock_connect(answer_so, (struct sockaddr *)&to, MSG_DONTWAIT);
	if (err == EINPROGRESS)
		return 0;
	sock_close(answer_so);
	return err;
}

static void
answer_upcall(socket_t so, void *cookie, int waitf)
{
	size_t len = sizeof(value);
	mbuf_t data;
	errno_t err;

	upcalls++;
	if (cookie != (void *)ANSWER_COOKIE || ended || !sock_isconnected(so))
		return;
	err = sock_receivembuf(so, NULL, &data, MSG_WAITALL, &len);
	if (err == EWOULDBLOCK) {
		would_block++;
		return;
	}
	if (err || len < sizeof(value)) {
		ended = err ? err : ECONNABORTED;
		return;
	}
	err = mbuf_copydata(data, 0, sizeof(value), &value);
	mbuf_freem(data);
	ended = err ? err : 1;
}

errno_t
set_nonblocking(socket_t so, int on)
{
	int val = on;

	if (on != 0 && on != 1)
		return EINVAL;
	return sock_ioctl(so, FIONBIO, &val);
}

kern_return_t
answer_start(struct kmod_info *ki, void *data)
{
	return open_socket_and_start_listener();
}

kern_return_t
answer_stop(struct kmod_info *ki, void *data)
{
	sock_close(answer_so);
	return KERN_SUCCESS;
}
