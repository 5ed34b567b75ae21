// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams by mbuf on a connected socket, one after the other until it is stopped,
 * whatever comes of it: as a tunnel does.
 */
#include "idiom.h"

char	*to = "127.0.0.1";
int	port = 4000;
int	size = 1000;
int	pause;			/* milliseconds between two */
int	sent, failed, result;	/* of the last one that failed */

static lck_grp_t	*dg_grp;
static lck_mtx_t	*dg_mtx;
static socket_t		dg_so;
static boolean_t	dg_gone, dg_stopping;

static errno_t
dg_send(void)
{
	mbuf_t m = NULL;
	size_t len;
	errno_t error;

	error = mbuf_allocpacket(MBUF_WAITOK, size, NULL, &m);
	if (error != 0)
		return error;
	for (mbuf_t n = m; n != NULL; n = mbuf_next(n)) {
		len = MIN((size_t)size - mbuf_pkthdr_len(m), mbuf_maxlen(n));
		memset(mbuf_data(n), 'x', len);
		mbuf_setlen(n, len);
		mbuf_pkthdr_adjustlen(m, len);
	}
	return sock_sendmbuf(dg_so, NULL, m, 0, &len);
}

static void
dg_thread(void *arg, wait_result_t unused)
{
	struct timespec ts = { 0, pause * 1000000L };
	errno_t error;

	lck_mtx_lock(dg_mtx);
	while (!dg_stopping) {
		lck_mtx_unlock(dg_mtx);
		error = dg_send();
		if (error == 0) {
			sent++;
		} else {
			failed++;
			result = error;
		}
		lck_mtx_lock(dg_mtx);
		if (pause > 0 && !dg_stopping)
			msleep(&dg_stopping, dg_mtx, PSOCK, "dgpause", &ts);
	}
	dg_gone = TRUE;
	wakeup(&dg_gone);
	lck_mtx_unlock(dg_mtx);
}

static errno_t
dg_open(void)
{
	struct sockaddr_storage ss;
	errno_t error;

	error = idiom_address(to, port, &ss);
	if (error == 0)
		error = sock_socket(ss.ss_family, SOCK_DGRAM, 0, NULL, NULL, &dg_so);
	if (error == 0)
		error = sock_connect(dg_so, (struct sockaddr *)&ss, 0);
	return error;
}

static void
dg_close(void)
{
	sock_close(dg_so);
	lck_mtx_free(dg_mtx, dg_grp);
	lck_grp_free(dg_grp);
}

kern_return_t
datagrams_start(struct kmod_info *ki, void *data)
{
	thread_t thread;

	dg_grp = lck_grp_alloc_init("datagrams", LCK_GRP_ATTR_NULL);
	dg_mtx = lck_mtx_alloc_init(dg_grp, LCK_ATTR_NULL);
	if (dg_open() == 0 && kernel_thread_start(dg_thread, NULL, &thread) == KERN_SUCCESS) {
		thread_deallocate(thread);
		return KERN_SUCCESS;
	}
	dg_close();
	return KERN_FAILURE;
}

kern_return_t
datagrams_stop(struct kmod_info *ki, void *data)
{
	lck_mtx_lock(dg_mtx);
	dg_stopping = TRUE;
	wakeup(&dg_stopping);
	while (!dg_gone)
		msleep(&dg_gone, dg_mtx, PSOCK, "dgstop", NULL);
	lck_mtx_unlock(dg_mtx);
	dg_close();
	return KERN_SUCCESS;
}
