// SPDX-License-Identifier: GPL-2.0
/* Scenarios: what upcalls leave to others. */

#include <sys/file.h>

#include "scenario.h"

#define CPUS_MAX	8

/* The CPU on which everything happens that has to share one. */
#define ONE_CPU		0

/*
 * A peer sends as fast as it can, every datagram is much work for the upcall,
 * and a thread of somebody else works beside, on each CPU. Work is counted, not
 * time: so it does not matter how fast the machine is, and what else runs on it.
 */
struct share {
	struct st_udp u;
	int stop;
	long upcalls;		/* units of work done in upcalls, */
	long others;		/* and by the threads beside */
};

/* Much more than sending a datagram is. */
#define UNITS_A_DATAGRAM	2000
#define UNITS_IN_ALL		600000

static void work(long *done)
{
	u_int32_t x = __atomic_load_n(done, __ATOMIC_RELAXED);
	int i;

	for (i = 0; i < 500; i++) {
		x = x * 1664525 + 1013904223;
		__asm__ volatile("" : "+r" (x));
	}
	__atomic_fetch_add(done, 1, __ATOMIC_SEQ_CST);
}

static int stopped(struct share *s)
{
	return __atomic_load_n(&s->stop, __ATOMIC_SEQ_CST);
}

static void body_work(struct st_cb *cb, socket_t so)
{
	struct share *s = cb->arg;
	int i;

	st_body_take_one(cb, so);
	for (i = 0; i < UNITS_A_DATAGRAM && !stopped(s); i++)
		work(&s->upcalls);
}

static void work_beside(void *arg)
{
	struct share *s = arg;

	while (!stopped(s)) {
		work(&s->others);
		st_give_way();
	}
}

static void flood(void *arg)
{
	struct share *s = arg;

	while (!stopped(s)) {
		st_peer_send_to(s->u.peer, s->u.port, "x", 1);
		st_give_way();
	}
}

static void end_share(void *arg)
{
	struct share *s = arg;

	__atomic_store_n(&s->stop, 1, __ATOMIC_SEQ_CST);
}

static long done(struct share *s)
{
	return __atomic_load_n(&s->upcalls, __ATOMIC_SEQ_CST) +
	       __atomic_load_n(&s->others, __ATOMIC_SEQ_CST);
}

void flood_leaves_others_their_share(struct kunit *test)
{
	struct share *s = st_alloc(test, sizeof(*s));
	struct st_cb *cb = st_cb(test, body_work);
	struct st_thread *sender, *other[CPUS_MAX];
	int i, cpus = st_cpus() < CPUS_MAX ? st_cpus() : CPUS_MAX;

	cb->arg = s;
	st_udp_upcall(test, &s->u, st_upcall, cb);
	st_defer(test, ST_OPEN_GATES, end_share, s);
	sender = st_thread_on(test, ONE_CPU, flood, s);
	for (i = 0; i < cpus; i++)
		other[i] = st_thread_on(test, i, work_beside, s);
	SETTLES(test, done(s) >= UNITS_IN_ALL);
	end_share(s);
	EXPECT(test, st_join(sender));
	for (i = 0; i < cpus; i++)
		EXPECT(test, st_join(other[i]));
	st_note(test, "%ld by upcalls, %ld beside", s->upcalls, s->others);
	EXPECT(test, s->upcalls > 0);
	EXPECT(test, s->others > s->upcalls / 3);
}

/* More than a work queue of Linux's has room for. */
#define SLEEPERS	520

static void body_sleep(struct st_cb *cb, socket_t so)
{
	while (!st_event_wait(cb->gate))
		;
}

struct sleepers {
	struct kunit *test;
	struct st_cb *cb;
	socket_t connecting;
	u_int16_t port[SLEEPERS];
	struct st_peer *peer;
};

/* On one CPU, so that all is queued there. */
static void all_on_one_cpu(void *arg)
{
	struct sleepers *s = arg;
	struct sockaddr_in to;
	int i;

	for (i = 0; i < SLEEPERS; i++)
		EXPECT_EQ(s->test, st_peer_send_to(s->peer, s->port[i], "x", 1), 1);
	EXPECT_EQ(s->test, sock_connect(s->connecting, st_in_at(&to, ST_BLACKHOLE, 9),
					MSG_DONTWAIT), EINPROGRESS);
}

static struct sleepers *sleepers(struct kunit *test)
{
	struct sleepers *s = st_alloc(test, sizeof(*s));
	struct sockaddr_in sin;
	socket_t so;
	int i;

	s->test = test;
	s->cb = st_cb(test, body_sleep);
	s->peer = st_peer(test, AF_INET, SOCK_DGRAM);
	for (i = 0; i < SLEEPERS; i++) {
		so = st_socket_upcall(test, AF_INET, SOCK_DGRAM, st_upcall, s->cb);
		ASSERT_EQ(test, sock_bind(so, st_in(&sin, 0)), 0);
		s->port[i] = st_port(test, so);
	}
	return s;
}

static void drop(void *fd)
{
	file_drop((long)fd);
}

/* A thread that reads from a socket of a descriptor; nothing is there yet. */
static struct st_blocked *block_in_borrowed(struct kunit *test, struct st_peer **other)
{
	struct st_peer *mine = st_peer(test, AF_INET, SOCK_DGRAM);
	socket_t so = NULL;
	long fd;

	ASSERT_EQ(test, st_peer_bind(mine, 0), 0);
	*other = st_peer(test, AF_INET, SOCK_DGRAM);
	ASSERT_EQ(test, st_peer_connect(*other, st_peer_port(mine)), 0);
	fd = st_descriptor(mine);
	ASSERT_EQ(test, file_socket(fd, &so), 0);
	st_defer(test, ST_CLOSE_SOCKETS, drop, (void *)fd);
	return st_block_in_receive(test, so, 10, 0);
}

/* What ends a wait does not wait for upcalls that sleep, however many. */
void sleeping_upcalls_end_no_wait_late(struct kunit *test)
{
	struct sleepers *s = sleepers(test);
	struct st_peer *other;
	struct st_blocked *reader = block_in_borrowed(test, &other);
	struct timeval tv = { .tv_sec = ST_DEADLINE_MS / 1000 };

	s->connecting = st_stream(test);
	ASSERT_EQ(test, st_set(s->connecting, IPPROTO_TCP, TCP_CONNECTIONTIMEOUT, 1), 0);
	st_blackhole(test, 1);
	ASSERT(test, st_join(st_thread_on(test, ONE_CPU, all_on_one_cpu, s)));
	SETTLES(test, st_inside(s->cb) >= 500);
	EXPECT_EQ(test, sock_connectwait(s->connecting, &tv), ETIMEDOUT);
	EXPECT_EQ(test, st_peer_send(other, "0123456789", 10), 10);
	EXPECT_IO(test, st_result(test, reader), 0, 10);
	EXPECT(test, st_inside(s->cb) >= 500);
	st_event_set(s->cb->gate);
	SETTLES(test, st_calls(s->cb) == SLEEPERS && !st_inside(s->cb));
}
