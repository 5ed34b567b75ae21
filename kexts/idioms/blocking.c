// SPDX-License-Identifier: GPL-2.0
/*
 * A client that blocks: one thread, no upcall. Each request waits a second for
 * its answer and, since a time-out takes nothing, simply asks to receive again.
 */
#include "idiom.h"

char	*to = "127.0.0.1";
int	port;
int	requests = 10;
int	size = 1000;
int	answered, timeouts, ended, result;

static lck_grp_t	*bl_grp;
static lck_mtx_t	*bl_mtx;
static socket_t		bl_so;
static boolean_t	bl_stopping, bl_gone;

static errno_t
bl_send(u_int8_t *buf)
{
	struct iovec iov = { buf, size };
	struct msghdr msg;
	size_t len;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	return sock_send(bl_so, &msg, 0, &len);
}

static errno_t
bl_receive(u_int8_t *buf)
{
	struct iovec iov[2] = { { buf, size / 2 }, { buf + size / 2, size - size / 2 } };
	struct msghdr msg;
	size_t len;
	errno_t error;

	for (;;) {
		bzero(&msg, sizeof(msg));
		msg.msg_iov = iov;
		msg.msg_iovlen = 2;
		error = sock_receive(bl_so, &msg, MSG_WAITALL, &len);
		if (error != EWOULDBLOCK || bl_stopping)
			break;
		timeouts++;
	}
	return error == 0 && len != (size_t)size ? ECONNABORTED : error;
}

static errno_t
bl_exchange(u_int8_t *out, u_int8_t *in)
{
	errno_t error;

	read_random(out, size);
	error = bl_send(out);
	if (error == 0)
		error = bl_receive(in);
	if (error == 0 && bcmp(in, out, size) != 0)
		error = EBADMSG;
	if (error == 0)
		answered++;
	return error;
}

static errno_t
bl_exchanges(void)
{
	u_int8_t *buf = _MALLOC(2 * size, M_TEMP, M_WAITOK);
	errno_t error = 0;

	while (error == 0 && answered < requests && !bl_stopping)
		error = bl_exchange(buf, buf + size);
	_FREE(buf, M_TEMP);
	return error;
}

static void
bl_thread(void *arg, wait_result_t unused)
{
	struct sockaddr_storage ss;
	errno_t error;

	error = idiom_address(to, port, &ss);
	if (error == 0)
		error = sock_connect(bl_so, (struct sockaddr *)&ss, 0);
	if (error == 0)
		error = bl_exchanges();
	lck_mtx_lock(bl_mtx);
	result = error;
	ended = 1;
	bl_gone = TRUE;
	wakeup(&bl_gone);
	lck_mtx_unlock(bl_mtx);
}

kern_return_t
blocking_start(struct kmod_info *ki, void *data)
{
	thread_t thread;
	errno_t error;

	bl_grp = lck_grp_alloc_init("blocking", LCK_GRP_ATTR_NULL);
	bl_mtx = lck_mtx_alloc_init(bl_grp, LCK_ATTR_NULL);
	error = sock_socket(to[0] == '/' ? AF_LOCAL : AF_INET, SOCK_STREAM, 0, NULL, NULL,
			    &bl_so);
	if (error == 0) {
		idiom_timeout(bl_so, SO_RCVTIMEO, 1);
		idiom_timeout(bl_so, SO_SNDTIMEO, 1);
		if (kernel_thread_start(bl_thread, NULL, &thread) == KERN_SUCCESS) {
			thread_deallocate(thread);
			return KERN_SUCCESS;
		}
		sock_close(bl_so);
		error = ENOMEM;
	}
	lck_mtx_free(bl_mtx, bl_grp);
	lck_grp_free(bl_grp);
	return error;
}

kern_return_t
blocking_stop(struct kmod_info *ki, void *data)
{
	bl_stopping = TRUE;
	sock_shutdown(bl_so, SHUT_RDWR);
	lck_mtx_lock(bl_mtx);
	while (!bl_gone)
		msleep(&bl_gone, bl_mtx, PSOCK, "blstop", NULL);
	lck_mtx_unlock(bl_mtx);
	sock_close(bl_so);
	lck_mtx_free(bl_mtx, bl_grp);
	lck_grp_free(bl_grp);
	return KERN_SUCCESS;
}
