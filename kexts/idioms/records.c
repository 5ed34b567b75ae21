// SPDX-License-Identifier: GPL-2.0
/*
 * Record marking over TCP, as RPC has it: four bytes of length, then the record.
 * The socket is non-blocking; the upcall asks for all of the header or all of
 * the record with MSG_WAITALL and gets all or nothing.
 */
#include "idiom.h"

char	*to = "127.0.0.1";
int	port;
int	records, ended, result;
long	bytes;
unsigned int crc;

static socket_t		rec_so;
static u_int32_t	rec_left;	/* of the current record; 0: header next */

static errno_t
rec_header(socket_t so)
{
	u_int32_t mark;
	struct iovec iov = { &mark, sizeof(mark) };
	struct msghdr msg;
	size_t len;
	errno_t error;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	error = sock_receive(so, &msg, MSG_WAITALL, &len);
	if (error != 0)
		return error;
	if (len != sizeof(mark))
		return len == 0 ? ECONNABORTED : EBADRPC;
	rec_left = ntohl(mark) & 0x7fffffff;
	return 0;
}

static errno_t
rec_body(socket_t so)
{
	size_t len = rec_left;
	mbuf_t m = NULL;
	errno_t error;

	error = sock_receivembuf(so, NULL, &m, MSG_WAITALL, &len);
	if (error != 0)
		return error;
	crc = idiom_crc(crc, m);
	mbuf_freem(m);
	if (len != rec_left)
		return EBADRPC;
	bytes += len;
	rec_left = 0;
	OSIncrementAtomic(&records);
	return 0;
}

static void
rec_upcall(socket_t so, void *cookie, int waitf)
{
	errno_t error;

	if (ended || !sock_isconnected(so))
		return;
	do {
		error = rec_left ? rec_body(so) : rec_header(so);
	} while (error == 0);
	if (error == EWOULDBLOCK)
		return;
	result = error == ECONNABORTED ? 0 : error;
	ended = 1;
}

kern_return_t
records_start(struct kmod_info *ki, void *data)
{
	struct sockaddr_storage ss;
	int on = 1;
	errno_t error;

	error = idiom_address(to, port, &ss);
	if (error == 0)
		error = sock_socket(ss.ss_family, SOCK_STREAM, 0, rec_upcall, NULL, &rec_so);
	if (error != 0)
		return error;
	sock_ioctl(rec_so, FIONBIO, &on);
	idiom_set(rec_so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1);
	error = sock_connect(rec_so, (struct sockaddr *)&ss, MSG_DONTWAIT);
	if (error == 0 || error == EINPROGRESS)
		return KERN_SUCCESS;
	sock_close(rec_so);
	return error;
}

kern_return_t
records_stop(struct kmod_info *ki, void *data)
{
	sock_close(rec_so);
	return KERN_SUCCESS;
}
