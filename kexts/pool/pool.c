// SPDX-License-Identifier: GPL-2.0
#include <kern/clock.h>
#include <kern/locks.h>
#include <kern/thread_call.h>
#include <libkern/OSMalloc.h>
#include <netinet/tcp.h>

#include "pool.h"

#define IDLE_SECONDS	2
#define PATIENCE	5		/* seconds for an answer */

int	opened;
int	reused;

static TAILQ_HEAD(conn_list, conn) idle = TAILQ_HEAD_INITIALIZER(idle);
static int		in_use, limit;
static boolean_t	interrupted;
static struct sockaddr_in server_address;
static lck_grp_t	*grp;
static lck_attr_t	*attr;
static lck_mtx_t	*mtx;		/* guards all above */
static OSMallocTag	tag;
static thread_call_t	reaper;

static void
conn_free(struct conn *c)
{
	sock_close(c->so);
	OSFree(c, sizeof(*c), tag);
}

static errno_t
conn_open(struct conn **conn)
{
	struct timeval tv = { PATIENCE, 0 };
	struct conn *c = OSMalloc(sizeof(*c), tag);
	int on = 1;
	errno_t error;

	if (c == NULL)
		return ENOMEM;
	bzero(c, sizeof(*c));
	error = sock_socket(PF_INET, SOCK_STREAM, 0, NULL, NULL, &c->so);
	if (error == 0)
		error = sock_setsockopt(c->so, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (error == 0)
		error = sock_setsockopt(c->so, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	if (error == 0)
		error = sock_connect(c->so, (struct sockaddr *)&server_address, 0);
	if (error != 0) {
		conn_free(c);
		return error;
	}
	*conn = c;
	return 0;
}

/* What has been idle for too long is taken off the list, to be closed outside the lock. */
static void
reap_old(struct conn_list *old, uint64_t age)
{
	uint64_t now = mach_absolute_time();
	struct conn *c, *next;

	lck_mtx_assert(mtx, LCK_MTX_ASSERT_OWNED);
	TAILQ_FOREACH_SAFE(c, &idle, link, next) {
		if (now - c->idle_since < age)
			continue;
		TAILQ_REMOVE(&idle, c, link);
		TAILQ_INSERT_TAIL(old, c, link);
	}
}

static void
close_old(uint64_t age)
{
	struct conn_list old = TAILQ_HEAD_INITIALIZER(old);
	struct conn *c;

	lck_mtx_lock(mtx);
	reap_old(&old, age);
	lck_mtx_unlock(mtx);
	while ((c = TAILQ_FIRST(&old)) != NULL) {
		TAILQ_REMOVE(&old, c, link);
		conn_free(c);
	}
}

static void
reap(thread_call_param_t p0, thread_call_param_t p1)
{
	uint64_t age, deadline;

	clock_interval_to_absolutetime_interval(IDLE_SECONDS, NSEC_PER_SEC, &age);
	close_old(age);
	clock_interval_to_deadline(1, NSEC_PER_SEC, &deadline);

	lck_mtx_lock(mtx);
	if (!interrupted)
		thread_call_enter_delayed(reaper, deadline);
	lck_mtx_unlock(mtx);
}

errno_t
pool_get(struct conn **conn)
{
	struct conn *c;
	errno_t error = 0;

	lck_mtx_lock(mtx);
	while (in_use == limit && !interrupted)
		msleep(&idle, mtx, PSOCK, "poolget", NULL);
	if (interrupted) {
		lck_mtx_unlock(mtx);
		return EINTR;
	}
	in_use++;
	c = TAILQ_LAST(&idle, conn_list);	/* the one most likely alive */
	if (c != NULL) {
		TAILQ_REMOVE(&idle, c, link);
		reused++;
	} else {
		opened++;
	}
	lck_mtx_unlock(mtx);

	if (c == NULL)
		error = conn_open(&c);
	if (error != 0)
		pool_put(NULL, FALSE);
	*conn = c;
	return error;
}

void
pool_put(struct conn *c, boolean_t keep)
{
	if (c != NULL && !keep)
		conn_free(c);

	lck_mtx_lock(mtx);
	if (c != NULL && keep) {
		c->used = TRUE;
		c->idle_since = mach_absolute_time();
		TAILQ_INSERT_TAIL(&idle, c, link);
	}
	in_use--;
	wakeup_one((caddr_t)&idle);
	lck_mtx_unlock(mtx);
}

void
pool_interrupt(void)
{
	lck_mtx_lock(mtx);
	interrupted = TRUE;
	wakeup(&idle);
	lck_mtx_unlock(mtx);
}

errno_t
pool_create(const struct sockaddr_in *to, int most)
{
	server_address = *to;
	limit = most;
	grp = lck_grp_alloc_init("org.netkpi.port.pool", LCK_GRP_ATTR_NULL);
	attr = lck_attr_alloc_init();
	lck_attr_setdebug(attr);
	mtx = lck_mtx_alloc_init(grp, attr);
	tag = OSMalloc_Tagalloc("org.netkpi.port.pool", OSMT_DEFAULT);
	reaper = thread_call_allocate_with_priority(reap, NULL, THREAD_CALL_PRIORITY_KERNEL);
	if (reaper == NULL)
		return ENOMEM;
	thread_call_enter(reaper);
	return 0;
}

void
pool_destroy(void)
{
	pool_interrupt();
	if (reaper != NULL) {
		thread_call_cancel_wait(reaper);
		thread_call_free(reaper);
	}
	close_old(0);
	OSMalloc_Tagfree(tag);
	lck_mtx_free(mtx, grp);
	lck_attr_free(attr);
	lck_grp_free(grp);
}
