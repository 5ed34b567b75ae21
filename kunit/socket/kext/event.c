// SPDX-License-Identifier: GPL-2.0
/* Scenarios: event callbacks. */

#include "scenario.h"

struct events {
	int calls[2];
	u_int32_t seen[2];
};

static void on_event(socket_t so, void *cookie, u_int32_t event)
{
	struct events *e = cookie;
	int i = __atomic_load_n(&e->calls[0], __ATOMIC_SEQ_CST) ? 1 : 0;

	e->seen[i] = event;
	__atomic_fetch_add(&e->calls[i], 1, __ATOMIC_SEQ_CST);
}

/* After the peer has done something, one callback with exactly these bits. */
static struct events *expect_events(struct kunit *test, struct st_tcp *t, u_int32_t mask)
{
	struct events *e = st_alloc(test, sizeof(*e));

	st_tcp(test, t);
	ASSERT_EQ(test, sock_catchevents(t->so, on_event, e, mask), 0);
	return e;
}

void UPC24_events(struct kunit *test)
{
	struct events *e;
	struct st_tcp t;

	e = expect_events(test, &t, SO_FILT_HINT_CONNRESET | SO_FILT_HINT_CANTRCVMORE);
	st_peer_close(t.peer);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_CANTRCVMORE);

	e = expect_events(test, &t, SO_FILT_HINT_CONNRESET);
	st_peer_reset(t.peer);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_CONNRESET);
	NEVER(test, e->calls[1] != 0);

	e = expect_events(test, &t, SO_FILT_HINT_LOCKED | SO_FILT_HINT_CANTRCVMORE);
	st_peer_close(t.peer);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_LOCKED | SO_FILT_HINT_CANTRCVMORE);
}

void events_masked_out(struct kunit *test)
{
	struct events *e;
	struct st_tcp t;

	e = expect_events(test, &t, SO_FILT_HINT_TIMEOUT);
	st_peer_close(t.peer);
	NEVER(test, e->calls[0] != 0);
	e = expect_events(test, &t, SO_FILT_HINT_CANTRCVMORE);
	EXPECT_EQ(test, sock_catchevents(t.so, NULL, NULL, 0), 0);
	st_peer_close(t.peer);
	NEVER(test, e->calls[0] != 0);
}

void events_of_connecting(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET, SOCK_STREAM);
	struct events *e = st_alloc(test, sizeof(*e));
	struct sockaddr_in to;
	u_int16_t port;

	st_listener(test, &port);
	ASSERT_EQ(test, sock_catchevents(so, on_event, e, SO_FILT_HINT_CONNECTED |
					 SO_FILT_HINT_CONNINFO_UPDATED), 0);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), MSG_DONTWAIT), EINPROGRESS);
	SETTLES(test, e->calls[0] >= 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_CONNECTED | SO_FILT_HINT_CONNINFO_UPDATED);
}

void events_of_ending(struct kunit *test)
{
	struct events *e;
	struct st_tcp t;

	e = expect_events(test, &t, SO_FILT_HINT_CANTSENDMORE);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_CANTSENDMORE);

	e = expect_events(test, &t, SO_FILT_HINT_DISCONNECTED);
	st_peer_reset(t.peer);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_DISCONNECTED);
}

static void on_event_use_socket(socket_t so, void *cookie, u_int32_t event)
{
	struct events *e = cookie;
	u_int8_t byte;

	e->seen[0] = st_recv(so, &byte, 1, MSG_DONTWAIT).error;
	e->seen[1] = sock_shutdown(so, SHUT_WR);
	__atomic_fetch_add(&e->calls[0], 1, __ATOMIC_SEQ_CST);
}

/* V14: on the original this would deadlock. */
void V14_event_callback_may_call(struct kunit *test)
{
	struct events *e = st_alloc(test, sizeof(*e));
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, sock_catchevents(t.so, on_event_use_socket, e,
					 SO_FILT_HINT_CANTRCVMORE), 0);
	st_peer_shutdown(t.peer, SHUT_WR);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], 0);
	EXPECT_EQ(test, e->seen[1], 0);
}

static void body_must_not_be(struct st_cb *cb, socket_t so)
{
	EXPECT(cb->test, !st_got(cb));
}

static void on_event_close(socket_t so, void *cookie, u_int32_t event)
{
	struct st_cb *r = cookie;

	sock_close(so);
	__atomic_store_n(&r->got, 1, __ATOMIC_SEQ_CST);
}

void nothing_after_close_in_event(struct kunit *test)
{
	struct st_cb *r = st_cb(test, body_must_not_be);
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, sock_catchevents(t.so, on_event_close, r, SO_FILT_HINT_CANTRCVMORE), 0);
	ASSERT_EQ(test, sock_setupcall(t.so, st_upcall, r), 0);
	st_quiet(r);
	st_untrack(test, t.so);
	st_peer_shutdown(t.peer, SHUT_WR);
	SETTLES(test, st_got(r));
	st_no_more_calls(test, r);
	EXPECT_EQ(test, st_calls(r), 0);
}
