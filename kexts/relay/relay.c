// SPDX-License-Identifier: GPL-2.0
#include <sys/kpi_mbuf.h>
#include <sys/queue.h>
#include <kern/locks.h>
#include <libkern/OSAtomic.h>
#include <libkern/OSMalloc.h>

#include "relay.h"

#define RELAY_CHUNK	(64 * 1024)	/* fits any send buffer */

/* One direction. Either side's upcall may move bytes, but only one at a time. */
struct flow {
	lck_mtx_t	*mtx;
	socket_t	from, to;
	boolean_t	over;
};

struct pair {
	CIRCLEQ_ENTRY(pair) link;
	boolean_t	listed;		/* who takes it off the list closes it */
	boolean_t	reached;	/* the server was there */
	struct flow	up, down;	/* to the server and back */
};

int	relayed;
int	open;
long	bytes;

static CIRCLEQ_HEAD(, pair) pairs = CIRCLEQ_HEAD_INITIALIZER(pairs);
static struct sockaddr_in server_address;
static lck_grp_t	*grp;
static lck_mtx_t	*mtx;		/* guards the list */
static OSMallocTag	tag;

#pragma mark Moving bytes

/* 0: as much as there was. EPIPE: the end. */
static errno_t
flow_move(struct flow *f)
{
	size_t len, sent;
	mbuf_t m;
	errno_t error;

	for (;;) {
		len = RELAY_CHUNK;
		error = sock_receivembuf(f->from, NULL, &m, MSG_DONTWAIT, &len);
		if (error != 0)
			return error == EWOULDBLOCK ? 0 : error;
		if (m == NULL)
			return EPIPE;
		error = sock_sendmbuf(f->to, NULL, m, 0, &sent);	/* waits for room */
		if (error != 0)
			return error;
		OSAddAtomicLong(sent, &bytes);
	}
}

static void
flow_run(struct flow *f)
{
	errno_t error;

	lck_mtx_lock(f->mtx);
	if (!f->over && sock_isconnected(f->to)) {
		error = flow_move(f);
		if (error != 0) {
			f->over = TRUE;
			sock_shutdown(f->to, SHUT_WR);
		}
		if (error != 0 && error != EPIPE)
			sock_shutdown(f->from, SHUT_RD);
	}
	lck_mtx_unlock(f->mtx);
}

#pragma mark Pairs

static void
pair_free(struct pair *p)
{
	sock_close(p->up.from);
	sock_close(p->up.to);
	lck_mtx_free(p->up.mtx, grp);
	lck_mtx_free(p->down.mtx, grp);
	OSFree(p, sizeof(*p), tag);
}

static boolean_t
pair_unlist(struct pair *p)
{
	boolean_t mine;

	lck_mtx_lock(mtx);
	mine = p->listed;
	if (mine) {
		CIRCLEQ_REMOVE(&pairs, p, link);
		open--;
	}
	p->listed = FALSE;
	lck_mtx_unlock(mtx);
	return mine;
}

/* Closing waits for the upcalls; shutting down first wakes those that send. */
static void
pair_end(struct pair *p)
{
	sock_shutdown(p->up.from, SHUT_RDWR);
	sock_shutdown(p->up.to, SHUT_RDWR);
	pair_free(p);
}

static boolean_t
pair_is_over(struct pair *p)
{
	int error = 0, len = sizeof(error);

	if ((p->up.over && p->down.over) || !sock_isconnected(p->up.from))
		return TRUE;
	if (sock_isconnected(p->up.to)) {
		p->reached = TRUE;
		return FALSE;
	}
	sock_getsockopt(p->up.to, SOL_SOCKET, SO_ERROR, &error, &len);
	return p->reached || error != 0;
}

static void
pair_upcall(socket_t so, void *cookie, int waitf)
{
	struct pair *p = cookie;

	flow_run(&p->up);
	flow_run(&p->down);
	if (pair_is_over(p) && pair_unlist(p))
		pair_end(p);
}

static struct pair *
pair_alloc(void)
{
	struct pair *p = OSMalloc(sizeof(*p), tag);

	if (p == NULL)
		return NULL;
	bzero(p, sizeof(*p));
	p->up.mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	p->down.mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	return p;
}

static errno_t
pair_open(struct pair *p, socket_t listener)
{
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_STREAM, 0, pair_upcall, p, &p->up.to);
	if (error != 0)
		return error;
	p->down.from = p->up.to;
	sock_setsockopt(p->up.to, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	error = sock_accept(listener, NULL, 0, MSG_DONTWAIT, pair_upcall, p, &p->up.from);
	if (error != 0)
		return error;
	p->down.to = p->up.from;
	sock_setsockopt(p->up.from, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	return 0;
}

errno_t
pair_accept(socket_t listener)
{
	struct pair *p = pair_alloc();
	errno_t error;

	if (p == NULL)
		return ENOMEM;
	error = pair_open(p, listener);
	if (error != 0) {
		pair_free(p);
		return error;
	}
	lck_mtx_lock(mtx);
	CIRCLEQ_INSERT_TAIL(&pairs, p, link);
	p->listed = TRUE;
	open++;
	relayed++;
	lck_mtx_unlock(mtx);

	/* the upcall sees how it ends; if it failed at once there is none */
	error = sock_connect(p->up.to, (struct sockaddr *)&server_address, MSG_DONTWAIT);
	if (error != 0 && error != EINPROGRESS && pair_unlist(p))
		pair_end(p);
	return 0;
}

errno_t
pairs_init(const struct sockaddr_in *to)
{
	server_address = *to;
	grp = lck_grp_alloc_init("org.netkpi.port.relay", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	tag = OSMalloc_Tagalloc("org.netkpi.port.relay", OSMT_DEFAULT);
	return tag == NULL ? ENOMEM : 0;
}

void
pairs_destroy(void)
{
	struct pair *p;

	for (;;) {
		lck_mtx_lock(mtx);
		p = CIRCLEQ_EMPTY(&pairs) ? NULL : CIRCLEQ_FIRST(&pairs);
		lck_mtx_unlock(mtx);
		if (p == NULL)
			break;
		if (pair_unlist(p))
			pair_end(p);
	}
	OSMalloc_Tagfree(tag);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
}
