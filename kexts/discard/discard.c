// SPDX-License-Identifier: GPL-2.0
/*
 * A discard server (RFC 863) with blocking sockets: one thread accepts, and
 * each connection has a thread that reads until there is nothing more.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/queue.h>
#include <sys/mbuf.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/OSAtomic.h>

#define DISCARD_CHUNK	(256 * 1024)
#define DISCARD_MAGIC	'sink'

int	port = 9;

int	served;			/* connections that have ended */
int	open;			/* those that have not */
long	bytes;

struct sink {
	int		magic;
	LIST_ENTRY(sink) link;
	socket_t	so;
};

static LIST_HEAD(, sink) sinks;
static lck_grp_t *grp;
static lck_mtx_t *mtx;		/* guards the list, open, served and accepting */
static socket_t listener;
static boolean_t accepting;

static kern_return_t
spawn(fn, arg)
	thread_continue_t fn;
	void *arg;
{
	thread_t thread;
	kern_return_t kr;

	kr = kernel_thread_start(fn, arg, &thread);
	if (kr == KERN_SUCCESS)
		thread_deallocate(thread);
	return kr;
}

static void
sink_end(s)
	struct sink *s;
{
	lck_mtx_lock(mtx);
	LIST_REMOVE(s, link);
	sock_close(s->so);
	served++;
	if (--open == 0)
		wakeup(&sinks);
	lck_mtx_unlock(mtx);
	s->magic = 0;
	FREE(s, M_TEMP);
}

static void
sink_thread(arg, wr)
	void *arg;
	wait_result_t wr;
{
	struct sink *s = arg;
	size_t len;
	mbuf_t m;

	if (s->magic != DISCARD_MAGIC)
		panic("discard: not a connection: %p", s);
	for (;;) {
		len = DISCARD_CHUNK;
		if (sock_receivembuf(s->so, NULL, &m, 0, &len) != 0 || m == NULL)
			break;
		OSAddAtomicLong(len, &bytes);
		mbuf_freem(m);
	}
	sink_end(s);
}

static void
sink_begin(so)
	socket_t so;
{
	struct sink *s;

	MALLOC(s, struct sink *, sizeof(*s), M_TEMP, M_WAITOK);
	s->magic = DISCARD_MAGIC;
	s->so = so;
	lck_mtx_lock(mtx);
	LIST_INSERT_HEAD(&sinks, s, link);
	open++;
	lck_mtx_unlock(mtx);
	if (spawn(sink_thread, s) != KERN_SUCCESS)
		sink_end(s);
}

static void
accept_thread(arg, wr)
	void *arg;
	wait_result_t wr;
{
	socket_t so;

	/* ends with ECONNABORTED when the listener is closed */
	while (sock_accept(listener, NULL, 0, 0, NULL, NULL, &so) == 0)
		sink_begin(so);

	lck_mtx_lock(mtx);
	accepting = FALSE;
	wakeup(&accepting);
	lck_mtx_unlock(mtx);
}

#pragma mark Start and stop

static errno_t
discard_listen()
{
	struct sockaddr_in sin = { sizeof(sin), AF_INET, htons(port) };
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, NULL, &listener);
	if (error != 0)
		return error;
	sock_setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	error = sock_bind(listener, (struct sockaddr *)&sin);
	if (error == 0)
		error = sock_listen(listener, 5);
	if (error == 0 && spawn(accept_thread, NULL) != KERN_SUCCESS)
		error = ENOMEM;
	if (error != 0)
		sock_close(listener);
	accepting = error == 0;
	return error;
}

static kern_return_t
discard_start(kmod_info_t *ki, void *data)
{
	errno_t error;

	if (port < 1 || port > 65535) {
		printf("discard: port=%d: not a port\n", port);
		return KERN_INVALID_ARGUMENT;
	}
	grp = lck_grp_alloc_init("org.netkpi.port.discard", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	lck_mtx_lock(mtx);
	error = discard_listen();
	lck_mtx_unlock(mtx);
	if (error != 0) {
		printf("discard: port %d: error %d\n", port, error);
		lck_mtx_free(mtx, grp);
		lck_grp_free(grp);
		return KERN_FAILURE;
	}
	return KERN_SUCCESS;
}

static kern_return_t
discard_stop(kmod_info_t *ki, void *data)
{
	struct sink *s;

	sock_close(listener);
	lck_mtx_lock(mtx);
	while (accepting)
		msleep(&accepting, mtx, PSOCK, "discard", NULL);
	LIST_FOREACH(s, &sinks, link)
		sock_shutdown(s->so, SHUT_RDWR);
	while (open > 0)
		msleep(&sinks, mtx, PSOCK, "discard", NULL);
	lck_mtx_unlock(mtx);

	printf("discard: %d connections, %ld bytes\n", served, bytes);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_SUCCESS;
}

KMOD_EXPLICIT_DECL(org.netkpi.port.discard, "1.0", discard_start, discard_stop)
