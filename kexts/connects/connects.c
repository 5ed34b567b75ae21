// SPDX-License-Identifier: GPL-2.0
/*
 * Many connections at the same time: all are begun without waiting for any, and
 * when all are there, each asks an HTTP server for its start page and ends with
 * the answer.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <kern/locks.h>
#include <kern/thread_call.h>
#include <libkern/OSAtomic.h>

#define SOCKETS_MAX	20000

char	*server = "127.0.0.1";
int	port = 8000;			/* the first of the servers' ports */
int	ports = 4;
int	sockets = 1000;

int	done;
int	connected;
int	failed;
int	answered;

struct dial {
	socket_t	so;
	boolean_t	open, good;	/* only the upcall changes them */
};

static struct dial	*dials;
static lck_grp_t	*grp;
static lck_mtx_t	*mtx;		/* guards so of all of them */
static thread_call_t	ask_call;
static SInt32		settled, ended;

/* Whoever gets the socket closes it. */
static void
dial_close(d)
	struct dial *d;
{
	socket_t so;

	lck_mtx_lock(mtx);
	so = d->so;
	d->so = NULL;
	lck_mtx_unlock(mtx);
	sock_close(so);
}

static void
dial_end(d)
	struct dial *d;
{
	if (d->good)
		OSIncrementAtomic(&answered);
	dial_close(d);
	if (OSIncrementAtomic(&ended) + 1 == sockets)
		done = 1;
}

static void
dial_settled()
{
	if (OSIncrementAtomic(&settled) + 1 == sockets)
		thread_call_enter(ask_call);
}

static void
ask_all(thread_call_param_t p0, thread_call_param_t p1)
{
	static char request[] = "GET / HTTP/1.0\r\n\r\n";
	struct iovec iov = { request, sizeof(request) - 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t sent;
	int i;

	for (i = 0; i < sockets; i++) {
		lck_mtx_lock(mtx);
		if (dials[i].so != NULL && dials[i].open)
			(void)sock_send(dials[i].so, &msg, MSG_DONTWAIT, &sent);
		lck_mtx_unlock(mtx);
	}
}

static void
dial_established(d, so)
	struct dial *d;
	socket_t so;
{
	int error = 0, len = sizeof(error);

	if (sock_isconnected(so)) {
		d->open = TRUE;
		OSIncrementAtomic(&connected);
		dial_settled();
		return;
	}
	if (sock_getsockopt(so, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == 0)
		return;			/* still under way */
	if (OSIncrementAtomic(&failed) == 0)
		printf("connects: %s: error %d\n", server, error);
	dial_settled();
	dial_end(d);
}

static void
dial_receive(d, so)
	struct dial *d;
	socket_t so;
{
	char first[13] = "";
	size_t len;
	mbuf_t m;
	errno_t error;

	for (;;) {
		len = 65536;
		error = sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len);
		if (error == EWOULDBLOCK)
			return;
		if (error != 0 || m == NULL)
			break;
		if (mbuf_copydata(m, 0, sizeof(first) - 1, first) == 0 &&
		    strcmp(first, "HTTP/1.1 200") == 0)
			d->good = TRUE;
		mbuf_freem(m);
	}
	dial_end(d);
}

static void
dial_upcall(socket_t so, void *cookie, int waitf)
{
	struct dial *d = &dials[(int)cookie];

	if (d->so != so)
		return;			/* has ended */
	if (d->open)
		dial_receive(d, so);
	else
		dial_established(d, so);
}

static errno_t
dial_begin(i, to)
	int i;
	struct sockaddr_in *to;
{
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_STREAM, 0, dial_upcall, (void *)i, &dials[i].so);
	if (error != 0)
		return error;
	sock_setsockopt(dials[i].so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	to->sin_port = htons(port + i % ports);
	error = sock_connect(dials[i].so, (struct sockaddr *)to, MSG_DONTWAIT);
	return error == EINPROGRESS ? 0 : error;
}

static void
connects_close()
{
	int i;

	for (i = 0; i < sockets; i++)
		dial_close(&dials[i]);
	thread_call_cancel_wait(ask_call);
	thread_call_free(ask_call);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	FREE(dials, M_TEMP);
}

static boolean_t
bad_parameters(to)
	struct sockaddr_in *to;
{
	if (inet_aton(server, &to->sin_addr) == 0)
		printf("connects: server=%s: not an IPv4 address\n", server);
	else if (port < 1 || ports < 1 || port + ports > 65536)
		printf("connects: port=%d ports=%d: not ports\n", port, ports);
	else if (sockets < 1 || sockets > SOCKETS_MAX)
		printf("connects: sockets=%d: must be 1 to %d\n", sockets, SOCKETS_MAX);
	else
		return FALSE;
	return TRUE;
}

kern_return_t
connects_start(kmod_info_t *ki, void *data)
{
	struct sockaddr_in to = { sizeof(to), AF_INET };
	errno_t error = 0;
	int i;

	if (bad_parameters(&to))
		return KERN_INVALID_ARGUMENT;

	MALLOC(dials, struct dial *, sockets * sizeof(*dials), M_TEMP, M_WAITOK | M_ZERO);
	grp = lck_grp_alloc_init("org.netkpi.port.connects", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	ask_call = thread_call_allocate(ask_all, NULL);
	for (i = 0; error == 0 && i < sockets; i++)
		error = dial_begin(i, &to);
	if (error != 0) {
		printf("connects: socket %d: error %d\n", i, error);
		connects_close();
		return KERN_FAILURE;
	}
	return KERN_SUCCESS;
}

kern_return_t
connects_stop(kmod_info_t *ki, void *data)
{
	connects_close();
	printf("connects: %d connected, %d failed, %d answered\n", connected, failed, answered);
	return KERN_SUCCESS;
}
