// SPDX-License-Identifier: GPL-2.0
/*
 * One datagram per upcall, as OpenAFS takes them: exactly one receive, with the
 * sender's address, and an acknowledgement to it. An upcall that finds nothing
 * is counted: there should be none.
 */
#include "idiom.h"

int	port;			/* 0: any; what it became */
int	received;
int	empty;
int	unacknowledged;
long	bytes;
unsigned int crc;

static socket_t	burst_so;

static void
burst_acknowledge(struct sockaddr_storage *to, u_int32_t number)
{
	struct iovec iov = { &number, sizeof(number) };
	struct msghdr msg;
	size_t sent;

	bzero(&msg, sizeof(msg));
	msg.msg_name = to;
	msg.msg_namelen = to->ss_len;
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	if (sock_send(burst_so, &msg, 0, &sent) != 0)
		OSIncrementAtomic(&unacknowledged);
}

static void
burst_upcall(socket_t so, void *cookie, int waitf)
{
	struct sockaddr_storage from;
	struct msghdr msg;
	size_t len = 1000000;
	mbuf_t m = NULL;

	bzero(&msg, sizeof(msg));
	msg.msg_name = &from;
	msg.msg_namelen = sizeof(from);
	if (sock_receivembuf(so, &msg, &m, MSG_DONTWAIT, &len) != 0 || m == NULL) {
		OSIncrementAtomic(&empty);
		return;
	}
	crc ^= idiom_crc(0, m);
	mbuf_freem(m);
	bytes += len;
	burst_acknowledge(&from, OSIncrementAtomic(&received));
}

static errno_t
burst_open(void)
{
	struct sockaddr_in sin;
	errno_t error;

	bzero(&sin, sizeof(sin));
	sin.sin_len = sizeof(sin);
	sin.sin_family = AF_INET;
	sin.sin_port = htons(port);
	error = sock_bind(burst_so, (struct sockaddr *)&sin);
	if (error != 0)
		return error;
	port = 0;
	error = sock_getsockname(burst_so, (struct sockaddr *)&sin, sizeof(sin));
	if (error == 0)
		port = ntohs(sin.sin_port);
	return error;
}

kern_return_t
burst_start(struct kmod_info *ki, void *data)
{
	errno_t error;

	error = sock_socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, burst_upcall, NULL, &burst_so);
	if (error != 0)
		return error;
	idiom_set(burst_so, SOL_SOCKET, SO_RCVBUF, 4 * 1024 * 1024);
	error = burst_open();
	if (error != 0)
		sock_close(burst_so);
	return error;
}

kern_return_t
burst_stop(struct kmod_info *ki, void *data)
{
	sock_close(burst_so);
	return KERN_SUCCESS;
}
