// SPDX-License-Identifier: GPL-2.0
/*
 * A mutex that changes hands: a thread takes it before each request, the upcall
 * that receives the answer lets it go. Two threads ask; so at most one request is
 * under way, and the upcall unlocks what another thread has locked.
 */
#include "idiom.h"

char	*to = "127.0.0.1";
int	port;
int	requests = 1000;
int	answered, wrong, ended, result;

static lck_grp_t	*ho_grp;
static lck_mtx_t	*ho_request;	/* locked by the thread, unlocked by the upcall */
static lck_mtx_t	*ho_mtx;
static socket_t		ho_so;
static u_int32_t	ho_asked;
static size_t		ho_have;
static u_int32_t	ho_answer;
static boolean_t	ho_waiting, ho_stopping;
static u_int32_t	ho_number;	/* of the last request */
static int		ho_threads;	/* that have not ended */

#define HO_THREADS	2

/* One answer, or what is there of it. */
static errno_t
ho_receive(socket_t so)
{
	struct iovec iov = { (char *)&ho_answer + ho_have, sizeof(ho_answer) - ho_have };
	struct msghdr msg;
	size_t len;
	errno_t error;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	error = sock_receive(so, &msg, MSG_DONTWAIT, &len);
	if (error != 0)
		return error;
	if (len == 0)
		return ECONNABORTED;
	ho_have += len;
	return 0;
}

/* Who waits gets on with it only when the mutex is free: both under ho_mtx. */
static void
ho_let_go(void)
{
	lck_mtx_lock(ho_mtx);
	if (ho_waiting) {
		ho_waiting = FALSE;
		wakeup(&ho_waiting);
		lck_mtx_unlock(ho_request);
	}
	lck_mtx_unlock(ho_mtx);
}

static void
ho_upcall(socket_t so, void *cookie, int waitf)
{
	errno_t error;

	while ((error = ho_receive(so)) == 0) {
		if (ho_have < sizeof(ho_answer))
			continue;
		ho_have = 0;
		if (ho_answer != ho_asked)
			wrong++;
		answered++;
		ho_let_go();
	}
	if (error == EWOULDBLOCK)
		return;
	result = error;
	ho_stopping = TRUE;
	ho_let_go();
}

static errno_t
ho_ask(u_int32_t number)
{
	struct iovec iov = { &number, sizeof(number) };
	struct msghdr msg;
	size_t sent;

	ho_asked = number;
	ho_waiting = TRUE;
	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	return sock_send(ho_so, &msg, 0, &sent);
}

/* Until this request is answered: the mutex is not ours any more then. */
static void
ho_wait(void)
{
	lck_mtx_lock(ho_mtx);
	while (ho_waiting)
		msleep(&ho_waiting, ho_mtx, PSOCK, "howait", NULL);
	lck_mtx_unlock(ho_mtx);
}

static void
ho_thread(void *arg, wait_result_t unused)
{
	int i;

	for (i = 0; i < requests / HO_THREADS && !ho_stopping; i++) {
		lck_mtx_lock(ho_request);
		if (ho_stopping) {
			lck_mtx_unlock(ho_request);
			break;
		}
		if (ho_ask(++ho_number) != 0)
			ho_let_go();
		ho_wait();
	}
	lck_mtx_lock(ho_mtx);
	if (--ho_threads == 0)
		ended = 1;
	wakeup(&ho_threads);
	lck_mtx_unlock(ho_mtx);
}

static errno_t
ho_connect(void)
{
	struct sockaddr_storage ss;
	errno_t error;

	error = idiom_address(to, port, &ss);
	if (error == 0)
		error = sock_socket(ss.ss_family, SOCK_STREAM, 0, NULL, NULL, &ho_so);
	if (error != 0)
		return error;
	idiom_set(ho_so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1);
	idiom_set(ho_so, IPPROTO_TCP, TCP_NODELAY, 1);
	error = sock_connect(ho_so, (struct sockaddr *)&ss, 0);
	if (error == 0)
		error = sock_setupcall(ho_so, ho_upcall, NULL);
	if (error != 0)
		sock_close(ho_so);
	return error;
}

static void
ho_free(void)
{
	lck_mtx_free(ho_mtx, ho_grp);
	lck_mtx_free(ho_request, ho_grp);
	lck_grp_free(ho_grp);
}

static int
ho_start_threads(void)
{
	thread_t thread;
	int i;

	lck_mtx_lock(ho_mtx);
	for (i = 0; i < HO_THREADS; i++) {
		if (kernel_thread_start(ho_thread, NULL, &thread) != KERN_SUCCESS)
			break;
		thread_deallocate(thread);
		ho_threads++;
	}
	lck_mtx_unlock(ho_mtx);
	return i;
}

kern_return_t
handover_start(struct kmod_info *ki, void *data)
{
	errno_t error;

	ho_grp = lck_grp_alloc_init("handover", LCK_GRP_ATTR_NULL);
	ho_request = lck_mtx_alloc_init(ho_grp, LCK_ATTR_NULL);
	ho_mtx = lck_mtx_alloc_init(ho_grp, LCK_ATTR_NULL);
	error = ho_connect();
	if (error == 0) {
		if (ho_start_threads() > 0)
			return KERN_SUCCESS;
		sock_close(ho_so);
		error = ENOMEM;
	}
	ho_free();
	return error;
}

kern_return_t
handover_stop(struct kmod_info *ki, void *data)
{
	ho_stopping = TRUE;
	sock_shutdown(ho_so, SHUT_RDWR);
	ho_let_go();
	lck_mtx_lock(ho_mtx);
	while (ho_threads > 0)
		msleep(&ho_threads, ho_mtx, PSOCK, "hostop", NULL);
	lck_mtx_unlock(ho_mtx);
	sock_close(ho_so);
	ho_free();
	return KERN_SUCCESS;
}
