// SPDX-License-Identifier: GPL-2.0
/*
 * The callback server of an NFS client: the listener's upcall takes one
 * connection, sets six options and then only stores the new socket; the
 * connection's upcall looks itself up. Connections that ended are closed by a
 * timer, never inside an upcall.
 */
#include "idiom.h"
#include <sys/queue.h>
#include <sys/malloc.h>

struct cb_conn {
	TAILQ_ENTRY(cb_conn) link;
	socket_t so;
	int busy, ended;
};

int	port;
int	accepted, accept_empty, option_failed;
int	early;			/* upcalls before the socket was stored */
int	messages, closed;
long	bytes;

static lck_grp_t	*cb_grp;
static lck_mtx_t	*cb_mtx;
static TAILQ_HEAD(, cb_conn) cb_conns;
static socket_t		cb_listener;
static boolean_t	cb_stopping, cb_timer_gone;
static struct timespec	cb_period = { 0, 50000000 };

static void
cb_echo(struct cb_conn *conn, socket_t so)
{
	size_t len, sent;
	mbuf_t m;

	for (;;) {
		len = 65536;
		m = NULL;
		if (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) != 0)
			return;
		if (m == NULL)
			break;
		OSIncrementAtomic(&messages);
		OSAddAtomic64(len, (SInt64 *)&bytes);
		if (sock_sendmbuf(so, NULL, m, 0, &sent) != 0)
			break;
	}
	conn->ended = 1;
}

static void
cb_receive(socket_t so, void *cookie, int waitf)
{
	struct cb_conn *conn = cookie;

	lck_mtx_lock(cb_mtx);
	if (conn->so != so) {
		early++;
		lck_mtx_unlock(cb_mtx);
		return;
	}
	while (conn->busy)
		msleep(conn, cb_mtx, PSOCK, "cbbusy", NULL);
	conn->busy = 1;
	lck_mtx_unlock(cb_mtx);

	cb_echo(conn, so);

	lck_mtx_lock(cb_mtx);
	conn->busy = 0;
	wakeup(conn);
	lck_mtx_unlock(cb_mtx);
}

static void
cb_options(socket_t so)
{
	int failed = 0;

	failed += idiom_timeout(so, SO_RCVTIMEO, 5) != 0;
	failed += idiom_timeout(so, SO_SNDTIMEO, 5) != 0;
	failed += idiom_set(so, IPPROTO_TCP, TCP_NODELAY, 1) != 0;
	failed += idiom_set(so, SOL_SOCKET, SO_NOADDRERR, 1) != 0;
	failed += idiom_set(so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1) != 0;
	failed += idiom_set(so, SOL_SOCKET, SO_KEEPALIVE, 1) != 0;
	if (failed)
		OSAddAtomic(failed, &option_failed);
}

static void
cb_accept(socket_t so, void *cookie, int waitf)
{
	struct cb_conn *conn;
	socket_t new_so = NULL;

	MALLOC(conn, struct cb_conn *, sizeof(*conn), M_TEMP, M_WAITOK | M_ZERO);
	if (sock_accept(so, NULL, 0, MSG_DONTWAIT, cb_receive, conn, &new_so) != 0) {
		OSIncrementAtomic(&accept_empty);
		FREE(conn, M_TEMP);
		return;
	}
	cb_options(new_so);
	lck_mtx_lock(cb_mtx);
	conn->so = new_so;
	TAILQ_INSERT_TAIL(&cb_conns, conn, link);
	accepted++;
	lck_mtx_unlock(cb_mtx);
}

static void
cb_destroy(struct cb_conn *conn)
{
	sock_setupcall(conn->so, NULL, NULL);
	sock_shutdown(conn->so, SHUT_RDWR);
	sock_close(conn->so);
	FREE(conn, M_TEMP);
	OSIncrementAtomic(&closed);
}

/* The first connection that is over, or any. */
static struct cb_conn *
cb_next(boolean_t any)
{
	struct cb_conn *conn;

	lck_mtx_lock(cb_mtx);
	TAILQ_FOREACH(conn, &cb_conns, link)
		if (any || (conn->ended && !conn->busy))
			break;
	if (conn != NULL)
		TAILQ_REMOVE(&cb_conns, conn, link);
	lck_mtx_unlock(cb_mtx);
	return conn;
}

static void
cb_timer(void *arg)
{
	struct cb_conn *conn;

	while ((conn = cb_next(FALSE)) != NULL)
		cb_destroy(conn);
	lck_mtx_lock(cb_mtx);
	if (cb_stopping) {
		cb_timer_gone = TRUE;
		wakeup(&cb_timer_gone);
	} else {
		bsd_timeout(cb_timer, NULL, &cb_period);
	}
	lck_mtx_unlock(cb_mtx);
}

static errno_t
cb_listen(void)
{
	struct sockaddr_in sin;
	errno_t error;

	bzero(&sin, sizeof(sin));
	sin.sin_len = sizeof(sin);
	sin.sin_family = AF_INET;
	sin.sin_port = htons(port);
	idiom_set(cb_listener, SOL_SOCKET, SO_REUSEADDR, 1);
	error = sock_bind(cb_listener, (struct sockaddr *)&sin);
	if (error == 0)
		error = sock_listen(cb_listener, 128);
	if (error == 0)
		error = sock_getsockname(cb_listener, (struct sockaddr *)&sin, sizeof(sin));
	port = ntohs(sin.sin_port);
	return error;
}

kern_return_t
callback_start(struct kmod_info *ki, void *data)
{
	errno_t error;

	TAILQ_INIT(&cb_conns);
	cb_grp = lck_grp_alloc_init("callback", LCK_GRP_ATTR_NULL);
	cb_mtx = lck_mtx_alloc_init(cb_grp, LCK_ATTR_NULL);
	error = sock_socket(AF_INET, SOCK_STREAM, IPPROTO_TCP, cb_accept, NULL, &cb_listener);
	if (error == 0) {
		error = cb_listen();
		if (error == 0) {
			bsd_timeout(cb_timer, NULL, &cb_period);
			return KERN_SUCCESS;
		}
		sock_close(cb_listener);
	}
	lck_mtx_free(cb_mtx, cb_grp);
	lck_grp_free(cb_grp);
	return error;
}

kern_return_t
callback_stop(struct kmod_info *ki, void *data)
{
	struct cb_conn *conn;

	idiom_set(cb_listener, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1);
	sock_close(cb_listener);
	lck_mtx_lock(cb_mtx);
	cb_stopping = TRUE;
	while (!cb_timer_gone)
		msleep(&cb_timer_gone, cb_mtx, PSOCK, "cbstop", NULL);
	lck_mtx_unlock(cb_mtx);
	while ((conn = cb_next(TRUE)) != NULL)
		cb_destroy(conn);
	lck_mtx_free(cb_mtx, cb_grp);
	lck_grp_free(cb_grp);
	return KERN_SUCCESS;
}
