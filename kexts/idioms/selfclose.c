// SPDX-License-Identifier: GPL-2.0
/*
 * A socket that ends itself: its upcall reads to the end of the connection,
 * closes the socket, and opens the next one, until enough were opened. Nobody
 * else ever touches it.
 */
#include "idiom.h"

char	*to = "127.0.0.1";
int	port;
int	rounds = 1;
int	opened, finished, failed;
long	bytes;
int	closewait;

static lck_grp_t	*sc_grp;
static lck_mtx_t	*sc_mtx;	/* guards the two below */
static boolean_t	sc_stopping;
static int		sc_alive;

static errno_t sc_open(void);

static void
sc_finish(socket_t so, boolean_t ok)
{
	boolean_t again;

	sock_close(so);
	lck_mtx_lock(sc_mtx);
	if (ok)
		finished++;
	else
		failed++;
	again = !sc_stopping && opened < rounds;
	lck_mtx_unlock(sc_mtx);
	if (again && sc_open() != 0)
		OSIncrementAtomic(&failed);
	lck_mtx_lock(sc_mtx);
	sc_alive--;
	wakeup(&sc_alive);
	lck_mtx_unlock(sc_mtx);
}

static void
sc_upcall(socket_t so, void *cookie, int waitf)
{
	errno_t error;
	size_t len;
	mbuf_t m;

	for (;;) {
		len = 65536;
		m = NULL;
		error = sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len);
		if (error == EWOULDBLOCK)
			return;
		if (error != 0 || m == NULL)
			break;
		bytes += len;
		mbuf_freem(m);
	}
	sc_finish(so, error == 0);
}

static errno_t
sc_open(void)
{
	struct sockaddr_storage ss;
	socket_t so;
	errno_t error;

	error = idiom_address(to, port, &ss);
	if (error == 0)
		error = sock_socket(ss.ss_family, SOCK_STREAM, 0, NULL, NULL, &so);
	if (error != 0)
		return error;
	idiom_set(so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, closewait);
	lck_mtx_lock(sc_mtx);
	opened++;
	sc_alive++;
	lck_mtx_unlock(sc_mtx);
	error = sock_connect(so, (struct sockaddr *)&ss, MSG_DONTWAIT);
	if (error == 0 || error == EINPROGRESS) {
		/* from here on the socket is the upcall's */
		sock_setupcall(so, sc_upcall, NULL);
		return 0;
	}
	sock_close(so);
	lck_mtx_lock(sc_mtx);
	sc_alive--;
	lck_mtx_unlock(sc_mtx);
	return error;
}

kern_return_t
selfclose_start(struct kmod_info *ki, void *data)
{
	errno_t error;

	sc_grp = lck_grp_alloc_init("selfclose", LCK_GRP_ATTR_NULL);
	sc_mtx = lck_mtx_alloc_init(sc_grp, LCK_ATTR_NULL);
	error = sc_open();
	if (error == 0)
		return KERN_SUCCESS;
	lck_mtx_free(sc_mtx, sc_grp);
	lck_grp_free(sc_grp);
	return error;
}

/* Waits for the last upcall to close its socket; asked again, waits again. */
kern_return_t
selfclose_stop(struct kmod_info *ki, void *data)
{
	struct timespec ts = { 5, 0 };
	int alive;

	lck_mtx_lock(sc_mtx);
	sc_stopping = TRUE;
	while (sc_alive > 0)
		if (msleep(&sc_alive, sc_mtx, PSOCK, "scstop", &ts) == EWOULDBLOCK)
			break;
	alive = sc_alive;
	lck_mtx_unlock(sc_mtx);
	if (alive > 0)
		return KERN_FAILURE;
	lck_mtx_free(sc_mtx, sc_grp);
	lck_grp_free(sc_grp);
	return KERN_SUCCESS;
}
