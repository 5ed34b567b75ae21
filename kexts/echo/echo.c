// SPDX-License-Identifier: GPL-2.0
/*
 * An echo server (RFC 862) for TCP and UDP, all of it in upcalls. What comes in
 * goes out as the same mbufs.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/queue.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <kern/locks.h>
#include <libkern/OSAtomic.h>
#include <libkern/OSMalloc.h>

#define ECHO_CHUNK	(64 * 1024)	/* fits any send buffer */

int	port = 7;

int	connections;
int	datagrams;
long	bytes;

struct conn {
	TAILQ_ENTRY(conn) link;
	socket_t	so;
	boolean_t	listed;		/* who takes it off the list closes it */
};

static TAILQ_HEAD(, conn) conns = TAILQ_HEAD_INITIALIZER(conns);
static lck_grp_t	*grp;
static lck_mtx_t	*mtx;		/* guards the list */
static OSMallocTag	tag;
static socket_t		tcp_so, udp_so;

static boolean_t
conn_unlist(struct conn *c)
{
	boolean_t mine;

	lck_mtx_lock(mtx);
	mine = c->listed;
	if (mine)
		TAILQ_REMOVE(&conns, c, link);
	c->listed = FALSE;
	lck_mtx_unlock(mtx);
	return mine;
}

/* Waits for the upcall, unless that is who calls. */
static void
conn_close(struct conn *c)
{
	sock_shutdown(c->so, SHUT_RDWR);
	sock_close(c->so);
	OSFree(c, sizeof(*c), tag);
}

static void
conn_upcall(socket_t so, void *cookie, int waitf)
{
	struct conn *c = cookie;
	size_t len, sent;
	mbuf_t m;
	errno_t error;

	for (;;) {
		len = ECHO_CHUNK;
		error = sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len);
		if (error != 0 || m == NULL)
			break;
		error = sock_sendmbuf(so, NULL, m, 0, &sent);
		if (error != 0)
			break;
		OSAddAtomicLong(sent, &bytes);
	}
	if (error != EWOULDBLOCK && conn_unlist(c))
		conn_close(c);
}

static void
listen_upcall(socket_t so, void *cookie, int waitf)
{
	struct conn *c;
	int on = 1;

	c = OSMalloc(sizeof(*c), tag);
	if (c == NULL)
		return;
	lck_mtx_lock(mtx);
	if (sock_accept(so, NULL, 0, MSG_DONTWAIT, conn_upcall, c, &c->so) != 0) {
		OSFree(c, sizeof(*c), tag);
	} else {
		sock_setsockopt(c->so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
		c->listed = TRUE;
		TAILQ_INSERT_TAIL(&conns, c, link);
		connections++;
	}
	lck_mtx_unlock(mtx);
}

static void
udp_upcall(socket_t so, void *cookie, int waitf)
{
	struct sockaddr_storage from;
	struct msghdr msg = { &from, sizeof(from) };
	size_t len = 65535, sent;
	mbuf_t m;

	if (sock_receivembuf(so, &msg, &m, MSG_DONTWAIT, &len) != 0)
		return;
	msg.msg_flags = 0;
	if (sock_sendmbuf(so, &msg, m, MSG_DONTWAIT, &sent) == 0)
		OSIncrementAtomic(&datagrams);
}

#pragma mark Start and stop

static errno_t
echo_bind(int type, sock_upcall upcall, socket_t *so)
{
	struct sockaddr_in sin = { sizeof(sin), AF_INET, htons(port) };
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, type, 0, upcall, NULL, so);
	if (error != 0)
		return error;
	sock_setsockopt(*so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	sock_setsockopt(*so, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return sock_bind(*so, (struct sockaddr *)&sin);
}

static errno_t
echo_open(void)
{
	errno_t error;

	error = echo_bind(SOCK_DGRAM, udp_upcall, &udp_so);
	if (error == 0)
		error = echo_bind(SOCK_STREAM, listen_upcall, &tcp_so);
	if (error == 0)
		error = sock_listen(tcp_so, 16);
	return error;
}

static void
echo_close(void)
{
	struct conn *c;

	sock_close(udp_so);
	sock_close(tcp_so);		/* nothing is accepted from here on */
	for (;;) {
		lck_mtx_lock(mtx);
		c = TAILQ_FIRST(&conns);
		if (c != NULL) {
			TAILQ_REMOVE(&conns, c, link);
			c->listed = FALSE;
		}
		lck_mtx_unlock(mtx);
		if (c == NULL)
			break;
		conn_close(c);
	}
	OSMalloc_Tagfree(tag);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
}

kern_return_t
echo_start(kmod_info_t *ki, void *data)
{
	errno_t error;

	if (port < 1 || port > 65535) {
		printf("echo: port=%d: not a port\n", port);
		return KERN_INVALID_ARGUMENT;
	}
	grp = lck_grp_alloc_init("org.netkpi.port.echo", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	tag = OSMalloc_Tagalloc("org.netkpi.port.echo", OSMT_DEFAULT);
	error = echo_open();
	if (error != 0) {
		printf("echo: port %d: error %d\n", port, error);
		echo_close();
		return KERN_FAILURE;
	}
	return KERN_SUCCESS;
}

kern_return_t
echo_stop(kmod_info_t *ki, void *data)
{
	echo_close();
	printf("echo: %d connections, %ld bytes, %d datagrams\n", connections, bytes, datagrams);
	return KERN_SUCCESS;
}
