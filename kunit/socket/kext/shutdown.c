// SPDX-License-Identifier: GPL-2.0
/* Scenarios: shutting down. */

#include "scenario.h"

void RCV30_shutdown_read(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[100];
	long sent = 0;
	int i;

	st_tcp_with(test, &t, 100);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RD), 0);
	EXPECT_IO(test, st_recv(t.so, buf, 100, 0), 0, 0);
	EXPECT_EQ(test, st_readable(test, t.so), 0);	/* what was unread is gone */
	st_peer_send_pattern(test, t.peer, 100, 50);
	for (i = 0; i < 20; i++) {
		EXPECT_IO(test, st_recv(t.so, buf, 100, MSG_DONTWAIT), 0, 0);
		EXPECT_IO(test, st_recvm(test, t.so, buf, 100, MSG_DONTWAIT), 0, 0);
		st_pause_ms(2);
	}
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RD), ENOTCONN);
	/* nor does the peer get stuck: it is reset, or what it sends is dropped */
	for (i = 0; i < 100 && sent >= 0; i++)
		sent = st_peer_send(t.peer, buf, sizeof(buf));
	EXPECT(test, sent == sizeof(buf) || sent == -ECONNRESET || sent == -EPIPE);
}

static const struct shutdown_case {
	const char *name;
	int first, how;
	errno_t error;
	int can_read, can_write;	/* afterwards; read of a shut side is the end */
} shutdown_cases[] = {
	{ "read",		-1,	SHUT_RD,	0,	 0, 1 },
	{ "write",		-1,	SHUT_WR,	0,	 1, 0 },
	{ "both",		-1,	SHUT_RDWR,	0,	 0, 0 },
	{ "read twice",		SHUT_RD, SHUT_RD,	ENOTCONN, 0, 1 },
	{ "write twice",	SHUT_WR, SHUT_WR,	ENOTCONN, 1, 0 },
	{ "both after read",	SHUT_RD, SHUT_RDWR,	ENOTCONN, 0, 1 },
	{ "both after write",	SHUT_WR, SHUT_RDWR,	ENOTCONN, 0, 0 },
	{ "nonsense",		-1,	3,		EINVAL,	 1, 1 },
	{ "negative",		-1,	-1,		EINVAL,	 1, 1 },
};

void shutdown_table(struct kunit *test)
{
	const struct shutdown_case *c;
	struct st_tcp t;
	u_int8_t byte = 0;

	for (c = shutdown_cases; c < shutdown_cases + sizeof(shutdown_cases) / sizeof(*c); c++) {
		errno_t error, read, write;

		st_tcp(test, &t);
		if (c->first >= 0)
			EXPECT_EQ(test, sock_shutdown(t.so, c->first), 0);
		error = sock_shutdown(t.so, c->how);
		read = st_recv(t.so, &byte, 1, MSG_DONTWAIT).error;
		write = st_send(t.so, &byte, 1, 0).error;
		if (error != c->error || read != (c->can_read ? EWOULDBLOCK : 0) ||
		    write != (c->can_write ? 0 : EPIPE))
			st_fail(test, __FILE__, __LINE__, "%s gave %d, read %d, write %d",
				c->name, error, read, write);
	}
}

/* The peer's FIN closes our reading side, as far as shutdown is concerned. */
void shutdown_after_peers_end(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte;

	st_tcp(test, &t);
	st_peer_shutdown(t.peer, SHUT_WR);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, 0), 0, 0);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RD), ENOTCONN);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RDWR), ENOTCONN);
	EXPECT_IO(test, st_send(t.so, "x", 1, 0), 0, 1);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
}

/* On a listener and on a socket that never connected shutdown does nothing. */
void shutdown_unconnected(struct kunit *test)
{
	u_int16_t port;
	socket_t so = NULL, listener = st_listener(test, &port);
	struct st_tcp t;

	EXPECT_EQ(test, sock_shutdown(listener, SHUT_RDWR), ENOTCONN);
	st_client(test, port);
	EXPECT_EQ(test, sock_accept(listener, NULL, 0, MSG_DONTWAIT, NULL, NULL, &so), 0);
	if (so)
		st_track(test, so);
	EXPECT_EQ(test, sock_shutdown(st_socket(test, AF_INET, SOCK_STREAM), SHUT_RD), ENOTCONN);
	st_tcp(test, &t);
	st_tcp_reset(test, &t);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RDWR), ENOTCONN);
}

/* The peer's end is not data: it does not reset what was shut down for reading. */
void shutdown_read_then_peers_end(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RD), 0);
	st_peer_shutdown(t.peer, SHUT_WR);
	NEVER(test, !sock_isconnected(t.so));
	EXPECT_IO(test, st_recv(t.so, &byte, 1, 0), 0, 0);
	st_send_pattern(test, t.so, 0, 100);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 100), 100);
}

static void shut_read(void *arg)
{
	sock_shutdown(arg, SHUT_RD);
}

/* Nor is data that came before, though the upcall is told of the end before it is thrown away. */
void shutdown_read_of_unread_data(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_thread *thread;
	struct st_tcp t;
	int calls;

	st_tcp_upcall(test, &t, st_upcall, cb);
	st_peer_send_pattern(test, t.peer, 0, 100);
	SETTLES(test, st_readable(test, t.so) == 100);
	calls = st_quiet(cb);
	st_lock(t.so, 1);
	thread = st_thread(test, shut_read, t.so);
	st_called(cb, calls);
	EXPECT(test, st_asleep(thread));
	st_lock(t.so, 0);
	EXPECT(test, st_join(thread));
	EXPECT(test, sock_isconnected(t.so));
	st_send_pattern(test, t.so, 0, 100);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 100), 100);
}

/* Nor is what came behind an urgent byte. */
void shutdown_read_of_urgent_data(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_peer_send_flags(t.peer, "abc", 3, ST_MSG_OOB), 3);
	ASSERT_EQ(test, st_peer_send(t.peer, "defgh", 5), 5);
	SETTLES(test, st_received(t.so) == 8);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RD), 0);
	EXPECT_EQ(test, st_received(t.so), 0);
	EXPECT(test, sock_isconnected(t.so));
	st_send_pattern(test, t.so, 0, 100);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 100), 100);
}

/* With the read side, too, shut down a connection is none any more when the peer has the end. */
void shutdown_one_after_the_other(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	EXPECT(test, sock_isconnected(t.so));
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RD), 0);
	SETTLES(test, !sock_isconnected(t.so));
}

/* While connecting: no more attempt after the write side is shut down. */
void shutdown_connecting(struct kunit *test)
{
	socket_t so = st_connecting(test), other = st_connecting(test);
	u_int8_t byte;

	EXPECT_EQ(test, sock_shutdown(so, SHUT_WR), 0);
	EXPECT_IO(test, st_send(so, "x", 1, 0), EPIPE, 0);
	EXPECT_IO(test, st_recv(so, &byte, 1, MSG_DONTWAIT), 0, 0);
	EXPECT_EQ(test, sock_isconnected(so), 0);
	EXPECT_EQ(test, sock_shutdown(other, SHUT_RD), 0);
	EXPECT_IO(test, st_recv(other, &byte, 1, MSG_DONTWAIT), 0, 0);
}
