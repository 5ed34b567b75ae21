// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that fetch a page again and again through the pool. The server closes
 * connections when it likes: a request that a used connection did not take is
 * put again on another.
 */
#include <mach/mach_types.h>
#include <sys/kpi_mbuf.h>
#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/OSAtomic.h>

#include "pool.h"

#define THREADS_MAX	32
#define HEAD_SIZE	1024

char	*server = "127.0.0.1";
int	port = 80;
int	threads = 6;			/* that share two thirds as many connections */
int	requests = 50;			/* of each */

int	done;
int	good;
int	failed;
int	retried;

static lck_grp_t *grp;
static lck_mtx_t *mtx;
static int running;		/* threads; guarded by mtx */
static volatile boolean_t stopping;

static errno_t
send_request(socket_t so)
{
	char request[80];
	struct iovec iov = { request };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t sent;

	iov.iov_len = snprintf(request, sizeof(request), "GET / HTTP/1.1\r\nHost: %s\r\n\r\n",
			       server);
	return sock_send(so, &msg, 0, &sent);
}

/* The head of the response, and where in it the body begins. EPIPE: nothing came. */
static errno_t
receive_head(socket_t so, char *head, size_t *used, char **body)
{
	struct iovec iov;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t len;
	errno_t error;

	for (*used = 0; *used < HEAD_SIZE - 1; ) {
		iov.iov_base = head + *used;
		iov.iov_len = HEAD_SIZE - 1 - *used;
		error = sock_receive(so, &msg, 0, &len);
		if (error != 0 || len == 0)
			return *used == 0 ? EPIPE : EBADMSG;
		*used += len;
		head[*used] = '\0';
		*body = strnstr(head, "\r\n\r\n", *used);
		if (*body != NULL) {
			*body += 4;
			return 0;
		}
	}
	return EMSGSIZE;
}

static errno_t
receive_rest(socket_t so, size_t left)
{
	size_t len;
	mbuf_t m;
	errno_t error;

	while (left > 0) {
		len = left;
		error = sock_receivembuf(so, NULL, &m, MSG_WAITALL, &len);
		if (error != 0)
			return error;
		if (m == NULL)
			return EBADMSG;
		mbuf_freem(m);
		left -= len;
	}
	return 0;
}

static errno_t
exchange(struct conn *c, boolean_t *keep)
{
	char head[HEAD_SIZE], *body, *length;
	size_t used, total;
	errno_t error;

	*keep = FALSE;
	if (send_request(c->so) != 0)
		return EPIPE;
	error = receive_head(c->so, head, &used, &body);
	if (error != 0)
		return error;
	length = strnstr(head, "Content-Length: ", used);
	if (length == NULL || strncmp(head, "HTTP/1.1 200", 12) != 0)
		return EBADMSG;
	total = body - head + strtoul(length + 16, NULL, 10);
	if (total < used)
		return EBADMSG;
	error = receive_rest(c->so, total - used);
	*keep = error == 0 && strnstr(head, "Connection: close", used) == NULL;
	return error;
}

static errno_t
fetch(void)
{
	boolean_t keep, again;
	struct conn *c;
	errno_t error;

	do {
		error = pool_get(&c);
		if (error != 0)
			return error;
		error = exchange(c, &keep);
		again = error == EPIPE && c->used && !stopping;
		if (again)
			OSIncrementAtomic(&retried);
		pool_put(c, keep);
	} while (again);
	return error;
}

static void
fetch_thread(void *arg, wait_result_t wr)
{
	int i;

	for (i = 0; i < requests && !stopping; i++)
		OSIncrementAtomic(fetch() == 0 ? &good : &failed);

	lck_mtx_lock(mtx);
	if (--running == 0) {
		done = 1;
		wakeup(&running);
	}
	lck_mtx_unlock(mtx);
}

static void
fetch_cleanup(void)
{
	pool_destroy();
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
}

static void
fetch_wait(void)
{
	stopping = TRUE;
	pool_interrupt();
	lck_mtx_lock(mtx);
	while (running > 0)
		msleep(&running, mtx, PSOCK, "fetchstop", NULL);
	lck_mtx_unlock(mtx);
}

static errno_t
start_threads(void)
{
	thread_t thread;
	int i;

	running = threads;
	for (i = 0; i < threads; i++) {
		if (kernel_thread_start(fetch_thread, NULL, &thread) != KERN_SUCCESS)
			break;
		thread_deallocate(thread);
	}
	if (i == threads)
		return 0;
	lck_mtx_lock(mtx);
	running -= threads - i;
	lck_mtx_unlock(mtx);
	return ENOMEM;
}

static boolean_t
bad_parameters(struct sockaddr_in *to)
{
	if (inet_aton(server, &to->sin_addr) == 0)
		printf("pool: server=%s: not an IPv4 address\n", server);
	else if (port < 1 || port > 65535)
		printf("pool: port=%d: not a port\n", port);
	else if (threads < 1 || threads > THREADS_MAX)
		printf("pool: threads=%d: must be 1 to %d\n", threads, THREADS_MAX);
	else if (requests < 1)
		printf("pool: requests=%d: must be 1 or more\n", requests);
	else
		return FALSE;
	return TRUE;
}

kern_return_t
fetch_start(kmod_info_t *ki, void *data)
{
	struct sockaddr_in to = { sizeof(to), AF_INET, htons(port) };

	if (bad_parameters(&to))
		return KERN_INVALID_ARGUMENT;

	grp = lck_grp_alloc_init("org.netkpi.port.pool.fetch", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	if (pool_create(&to, howmany(2 * threads, 3)) != 0 || start_threads() != 0) {
		fetch_wait();
		fetch_cleanup();
		return KERN_RESOURCE_SHORTAGE;
	}
	return KERN_SUCCESS;
}

kern_return_t
fetch_stop(kmod_info_t *ki, void *data)
{
	fetch_wait();
	fetch_cleanup();
	printf("pool: %d good, %d failed, %d opened, %d reused, %d retried\n", good, failed,
	       opened, reused, retried);
	return KERN_SUCCESS;
}
