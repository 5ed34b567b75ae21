// SPDX-License-Identifier: GPL-2.0
/*
 * The upcall of an SMB client: it only sets a flag and wakes a thread. The
 * thread reads: a header without waiting, the rest of it and the body with
 * MSG_WAITALL, in pieces of half the receive buffer, again after each time-out.
 */
#include "idiom.h"

#define WK_BUFFER	65536

char	*to = "127.0.0.1";
int	port;
int	messages, timeouts, wakeups, ended, result;
long	bytes;
unsigned int crc;

static lck_grp_t	*wk_grp;
static lck_mtx_t	*wk_mtx;
static socket_t		wk_so;
static boolean_t	wk_event, wk_stopping, wk_gone;

static void
wk_upcall(socket_t so, void *cookie, int waitf)
{
	lck_mtx_lock(wk_mtx);
	wk_event = TRUE;
	wakeups++;
	wakeup(&wk_event);
	lck_mtx_unlock(wk_mtx);
}

/* EAGAIN means that nothing was taken: just ask again. */
static errno_t
wk_read(void *buf, size_t want, int flags)
{
	struct iovec iov = { buf, want };
	struct msghdr msg;
	size_t len;
	errno_t error;

	for (;;) {
		bzero(&msg, sizeof(msg));
		msg.msg_iov = &iov;
		msg.msg_iovlen = 1;
		error = sock_receive(wk_so, &msg, flags, &len);
		if (error == 0 && len == 0)
			return EPIPE;
		if (error == 0 && len < want) {
			iov.iov_base = (char *)iov.iov_base + len;
			iov.iov_len = want -= len;
			flags = MSG_WAITALL;
			continue;
		}
		if (error != EWOULDBLOCK || flags == MSG_DONTWAIT || wk_stopping)
			return error;
		timeouts++;
	}
}

static errno_t
wk_body(size_t left)
{
	while (left > 0) {
		size_t len = MIN(left, WK_BUFFER / 2);
		mbuf_t m = NULL;
		errno_t error = sock_receivembuf(wk_so, NULL, &m, MSG_WAITALL, &len);

		if (error == EWOULDBLOCK && !wk_stopping) {
			timeouts++;
			continue;
		}
		if (error != 0)
			return error;
		if (m == NULL)
			return EPIPE;
		crc = idiom_crc(crc, m);
		mbuf_freem(m);
		left -= len;
		bytes += len;
	}
	return 0;
}

static errno_t
wk_message(void)
{
	u_int32_t header;
	errno_t error = wk_read(&header, sizeof(header), MSG_DONTWAIT);

	if (error == 0)
		error = wk_body(ntohl(header));
	if (error == 0)
		messages++;
	return error;
}

static errno_t
wk_messages(void)
{
	errno_t error;

	do {
		error = wk_message();
	} while (error == 0);
	return error;
}

static void
wk_thread(void *arg, wait_result_t unused)
{
	errno_t error = EWOULDBLOCK;

	lck_mtx_lock(wk_mtx);
	while (!wk_stopping && error == EWOULDBLOCK) {
		if (!wk_event) {
			msleep(&wk_event, wk_mtx, PSOCK, "wkwait", NULL);
			continue;
		}
		wk_event = FALSE;
		lck_mtx_unlock(wk_mtx);
		error = sock_isconnected(wk_so) ? wk_messages() : EWOULDBLOCK;
		lck_mtx_lock(wk_mtx);
	}
	result = error == EPIPE || error == EWOULDBLOCK ? 0 : error;
	ended = 1;
	wk_gone = TRUE;
	wakeup(&wk_gone);
	lck_mtx_unlock(wk_mtx);
}

static errno_t
wk_connect(void)
{
	struct sockaddr_storage ss;
	errno_t error;

	error = idiom_address(to, port, &ss);
	if (error == 0)
		error = sock_socket(ss.ss_family, SOCK_STREAM, 0, wk_upcall, NULL, &wk_so);
	if (error != 0)
		return error;
	idiom_set(wk_so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1);
	idiom_set(wk_so, SOL_SOCKET, SO_RCVBUF, WK_BUFFER);
	idiom_timeout(wk_so, SO_RCVTIMEO, 1);
	error = sock_connect(wk_so, (struct sockaddr *)&ss, MSG_DONTWAIT);
	if (error == 0 || error == EINPROGRESS)
		return 0;
	sock_close(wk_so);
	return error;
}

kern_return_t
worker_start(struct kmod_info *ki, void *data)
{
	thread_t thread;
	errno_t error;

	wk_grp = lck_grp_alloc_init("worker", LCK_GRP_ATTR_NULL);
	wk_mtx = lck_mtx_alloc_init(wk_grp, LCK_ATTR_NULL);
	error = wk_connect();
	if (error == 0) {
		if (kernel_thread_start(wk_thread, NULL, &thread) == KERN_SUCCESS) {
			thread_deallocate(thread);
			return KERN_SUCCESS;
		}
		sock_close(wk_so);
		error = ENOMEM;
	}
	lck_mtx_free(wk_mtx, wk_grp);
	lck_grp_free(wk_grp);
	return error;
}

kern_return_t
worker_stop(struct kmod_info *ki, void *data)
{
	lck_mtx_lock(wk_mtx);
	wk_stopping = TRUE;
	wakeup(&wk_event);
	lck_mtx_unlock(wk_mtx);
	sock_shutdown(wk_so, SHUT_RDWR);
	lck_mtx_lock(wk_mtx);
	while (!wk_gone)
		msleep(&wk_gone, wk_mtx, PSOCK, "wkstop", NULL);
	lck_mtx_unlock(wk_mtx);
	sock_close(wk_so);
	lck_mtx_free(wk_mtx, wk_grp);
	lck_grp_free(wk_grp);
	return KERN_SUCCESS;
}
