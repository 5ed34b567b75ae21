// SPDX-License-Identifier: GPL-2.0
/*
 * An echo server: accepts in the listener's upcall and sends back what each
 * connection's upcall receives. The chain that was received is the chain that
 * is sent; nobody copies it.
 *
 * A connection is never closed by its own upcall, which may still be running
 * then: it is marked, and closed by the next accept or by the stop routine.
 */

#include "demo.h"

#include <sys/malloc.h>
#include <sys/queue.h>

struct connection {
	LIST_ENTRY(connection) link;
	socket_t so;
	boolean_t finished;
};

static struct {
	lck_mtx_t *lock;	/* guards the list and the counts */
	socket_t so;
	LIST_HEAD(, connection) connections;
	int accepted;
	uint64_t bytes;
} echo;

/* Sends back one piece; FALSE when there is nothing more to do now. */
static boolean_t
echo_once(struct connection *c, socket_t so)
{
	size_t len = 64 * 1024;
	mbuf_t chain;
	errno_t error;

	error = sock_receivembuf(so, NULL, &chain, MSG_DONTWAIT, &len);
	if (error == EWOULDBLOCK)
		return FALSE;
	if (error == 0 && chain != NULL)
		error = sock_sendmbuf(so, NULL, chain, 0, NULL);
	else
		sock_shutdown(so, SHUT_WR);

	lck_mtx_lock(echo.lock);
	echo.bytes += len;
	c->finished = error != 0 || len == 0;
	lck_mtx_unlock(echo.lock);
	return !c->finished;
}

static void
connection_upcall(socket_t so, void *cookie, int waitf)
{
	struct connection *c = cookie;

	if (c->finished)
		return;
	while (echo_once(c, so))
		;
}

/* Closes the connections that have finished, or all of them. */
static void
reap(boolean_t all)
{
	struct connection *c, *next;

	lck_mtx_lock(echo.lock);
	LIST_FOREACH_SAFE(c, &echo.connections, link, next) {
		if (!all && !c->finished)
			continue;
		LIST_REMOVE(c, link);
		lck_mtx_unlock(echo.lock);

		sock_close(c->so);	/* waits for a running upcall */
		_FREE(c, M_TEMP);

		lck_mtx_lock(echo.lock);
		next = LIST_FIRST(&echo.connections);
	}
	lck_mtx_unlock(echo.lock);
}

static void
listener_upcall(socket_t so, void *cookie, int waitf)
{
	struct connection *c;
	int on = 1;
	errno_t error;

	reap(FALSE);
	c = _MALLOC(sizeof(*c), M_TEMP, M_WAITOK | M_ZERO);
	error = sock_accept(so, NULL, 0, MSG_DONTWAIT, connection_upcall, c, &c->so);
	if (error != 0) {
		_FREE(c, M_TEMP);
		return;
	}
	sock_setsockopt(c->so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));

	lck_mtx_lock(echo.lock);
	LIST_INSERT_HEAD(&echo.connections, c, link);
	echo.accepted++;
	lck_mtx_unlock(echo.lock);
}

static errno_t
open_listener(void)
{
	struct sockaddr_in any;
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_STREAM, 0, listener_upcall, NULL, &echo.so);
	if (error != 0)
		return error;
	sock_setsockopt(echo.so, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	sock_setsockopt(echo.so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));

	bzero(&any, sizeof(any));
	any.sin_len = sizeof(any);
	any.sin_family = AF_INET;
	any.sin_port = htons(listen);
	error = sock_bind(echo.so, (struct sockaddr *)&any);
	if (error != 0)
		return error;
	return sock_listen(echo.so, 16);
}

errno_t
echo_start(void)
{
	errno_t error;

	echo.lock = lck_mtx_alloc_init(demo_locks, LCK_ATTR_NULL);
	LIST_INIT(&echo.connections);
	if (listen == 0)
		return 0;

	error = open_listener();
	if (error != 0)
		printf("echo: cannot listen on port %d: error %d\n", listen, error);
	return error;
}

void
echo_stop(void)
{
	if (echo.lock == NULL)
		return;

	sock_close(echo.so);	/* waits for a running upcall */
	reap(TRUE);
	if (listen != 0)
		printf("echo: %d connections, %llu bytes\n", echo.accepted, echo.bytes);
	lck_mtx_free(echo.lock, demo_locks);
}
