// SPDX-License-Identifier: GPL-2.0
/*
 * A mount that stays up while its server does not: connect without waiting,
 * look at the attempt once a second, try again a little later after a refusal,
 * and begin anew when the connection is lost.
 */
#include "idiom.h"

char	*to = "127.0.0.1";
int	port;
int	refused, connected, lost, echoed, result;

static lck_grp_t	*rc_grp;
static lck_mtx_t	*rc_mtx;
static boolean_t	rc_stopping, rc_gone;

/* Nothing to do for so long, or until the kext is to stop. */
static boolean_t
rc_pause(int ms)
{
	struct timespec ts = { ms / 1000, (ms % 1000) * 1000000L };
	boolean_t stopping;

	lck_mtx_lock(rc_mtx);
	if (!rc_stopping)
		msleep(&rc_stopping, rc_mtx, PSOCK, "rcpause", &ts);
	stopping = rc_stopping;
	lck_mtx_unlock(rc_mtx);
	return stopping;
}

static errno_t
rc_wait(socket_t so)
{
	struct timeval tv = { 1, 0 };
	int error;

	while ((error = sock_connectwait(so, &tv)) == EINPROGRESS)
		if (rc_stopping)
			return ECANCELED;
	return error;
}

static errno_t
rc_connect(socket_t *so)
{
	struct sockaddr_storage ss;
	errno_t error;

	error = idiom_address(to, port, &ss);
	if (error == 0)
		error = sock_socket(ss.ss_family, SOCK_STREAM, 0, NULL, NULL, so);
	if (error != 0)
		return error;
	idiom_timeout(*so, SO_RCVTIMEO, 1);
	error = sock_connect(*so, (struct sockaddr *)&ss, MSG_DONTWAIT);
	if (error == EINPROGRESS)
		error = rc_wait(*so);
	if (error != 0)
		sock_close(*so);
	return error;
}

static errno_t
rc_echo(socket_t so)
{
	char out = 'e', in = 0;
	struct iovec iov = { &out, 1 };
	struct msghdr msg;
	size_t len;
	errno_t error;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	error = sock_send(so, &msg, 0, &len);
	if (error != 0)
		return error;
	iov.iov_base = &in;
	error = sock_receive(so, &msg, 0, &len);
	if (error == 0 && (len != 1 || in != out))
		error = ECONNABORTED;
	return error;
}

static void
rc_serve(socket_t so)
{
	errno_t error = 0;

	connected++;
	while (error == 0) {
		error = rc_echo(so);
		if (error == 0)
			echoed++;
		if (rc_pause(20))
			break;
	}
	if (error != 0)
		lost++;
	sock_close(so);
}

static void
rc_thread(void *arg, wait_result_t unused)
{
	socket_t so;
	errno_t error;

	do {
		error = rc_connect(&so);
		if (error == ECONNREFUSED)
			refused++;
		else if (error != 0)
			result = error;
		else
			rc_serve(so);
	} while (!rc_pause(50));

	lck_mtx_lock(rc_mtx);
	rc_gone = TRUE;
	wakeup(&rc_gone);
	lck_mtx_unlock(rc_mtx);
}

kern_return_t
reconnect_start(struct kmod_info *ki, void *data)
{
	thread_t thread;

	rc_grp = lck_grp_alloc_init("reconnect", LCK_GRP_ATTR_NULL);
	rc_mtx = lck_mtx_alloc_init(rc_grp, LCK_ATTR_NULL);
	if (kernel_thread_start(rc_thread, NULL, &thread) == KERN_SUCCESS) {
		thread_deallocate(thread);
		return KERN_SUCCESS;
	}
	lck_mtx_free(rc_mtx, rc_grp);
	lck_grp_free(rc_grp);
	return KERN_RESOURCE_SHORTAGE;
}

kern_return_t
reconnect_stop(struct kmod_info *ki, void *data)
{
	lck_mtx_lock(rc_mtx);
	rc_stopping = TRUE;
	wakeup(&rc_stopping);
	while (!rc_gone)
		msleep(&rc_gone, rc_mtx, PSOCK, "rcstop", NULL);
	lck_mtx_unlock(rc_mtx);
	lck_mtx_free(rc_mtx, rc_grp);
	lck_grp_free(rc_grp);
	return KERN_SUCCESS;
}
