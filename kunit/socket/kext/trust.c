// SPDX-License-Identifier: GPL-2.0
/* Scenarios: what processes do to sockets that they share with a kext, or talk to. */

#include <sys/file.h>

#include "scenario.h"

/* A message of the kext's, asking for control messages. */
static struct st_message *with_control(struct kunit *test, size_t room)
{
	struct st_message *m = st_message(test, room);

	m->msg.msg_control = m->control;
	m->msg.msg_controllen = sizeof(m->control);
	return m;
}

/* Five bytes of the pattern came, and something that is not given to a kext. */
static void comes_cut(struct kunit *test, socket_t so, int flags)
{
	struct st_message *m = with_control(test, 5);

	EXPECT_EQ(test, st_receive(so, m, flags), 0);
	EXPECT_EQ(test, m->len, 5);
	EXPECT_PATTERN(test, m->buf, 5, 0);
	EXPECT_EQ(test, m->msg.msg_controllen, 0);
	EXPECT_EQ(test, m->msg.msg_flags & (MSG_CTRUNC | MSG_TRUNC), MSG_CTRUNC);
}

static void comes_whole(struct kunit *test, socket_t so)
{
	struct st_message *m = with_control(test, 5);

	EXPECT_EQ(test, st_receive(so, m, 0), 0);
	EXPECT_EQ(test, m->len, 5);
	EXPECT_EQ(test, m->msg.msg_flags & MSG_CTRUNC, 0);
}

/* The same as an mbuf. */
static void comes_cut_as_mbuf(struct kunit *test, socket_t so)
{
	struct st_message *m = with_control(test, 0);
	mbuf_t data = NULL;
	size_t len = 5;

	m->msg.msg_iov = NULL;
	m->msg.msg_iovlen = 0;
	EXPECT_EQ(test, sock_receivembuf(so, &m->msg, &data, 0, &len), 0);
	EXPECT_EQ(test, len, 5);
	EXPECT_EQ(test, m->msg.msg_flags & MSG_CTRUNC, MSG_CTRUNC);
	mbuf_freem(data);
}

static void send_five(struct kunit *test, struct st_peer *peer, const char *path, int fd)
{
	u_int8_t bytes[5];

	st_fill(bytes, 5, 0);
	ASSERT_EQ(test, st_peer_send_descriptor(peer, path, fd, bytes, 5), 5);
}

void rights_by_datagram_are_dropped(struct kunit *test)
{
	socket_t so = st_socket(test, AF_UNIX, SOCK_DGRAM);
	struct st_peer *peer = st_peer(test, AF_UNIX, SOCK_DGRAM);
	int fd = st_descriptor_of_no_socket(test), uses = st_descriptor_uses(fd), asked;
	const char *path = st_path(test);
	struct sockaddr_un sun;
	u_int8_t buf[5];

	ASSERT_EQ(test, sock_bind(so, st_un(&sun, path)), 0);
	for (asked = 0; asked < 2; asked++) {
		EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_TIMESTAMP, asked), 0);
		send_five(test, peer, path, fd);
		EXPECT_EQ(test, st_descriptor_uses(fd), uses + 1);
		comes_cut(test, so, MSG_PEEK);
		comes_cut(test, so, 0);
		send_five(test, peer, path, fd);
		comes_cut_as_mbuf(test, so);
		send_five(test, peer, path, fd);
		EXPECT_IO(test, st_recv(so, buf, 5, 0), 0, 5);
		EXPECT_EQ(test, st_descriptor_uses(fd), uses);
	}
	ASSERT_EQ(test, st_peer_connect_path(peer, path), 0);
	st_peer_send_pattern(test, peer, 0, 5);
	comes_whole(test, so);

	/* what nobody has read goes with the socket */
	send_five(test, peer, NULL, fd);
	st_close(test, so);
	SETTLES(test, st_descriptor_uses(fd) == uses);
}

/* A stream of a process to a kext. */
static struct st_peer *stream_to(struct kunit *test, socket_t *so)
{
	socket_t listener = st_socket(test, AF_UNIX, SOCK_STREAM);
	struct st_peer *peer = st_peer(test, AF_UNIX, SOCK_STREAM);
	const char *path = st_path(test);
	struct sockaddr_un sun;

	ASSERT_EQ(test, sock_bind(listener, st_un(&sun, path)), 0);
	ASSERT_EQ(test, sock_listen(listener, 1), 0);
	ASSERT_EQ(test, st_peer_connect_path(peer, path), 0);
	ASSERT_EQ(test, sock_accept(listener, NULL, 0, 0, NULL, NULL, so), 0);
	st_track(test, *so);
	return peer;
}

void rights_by_stream_are_dropped(struct kunit *test)
{
	int fd = st_descriptor_of_no_socket(test), uses = st_descriptor_uses(fd), asked;
	struct st_peer *peer;
	socket_t so;

	peer = stream_to(test, &so);
	for (asked = 0; asked < 2; asked++) {
		EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_TIMESTAMP, asked), 0);
		send_five(test, peer, NULL, fd);
		comes_cut(test, so, MSG_PEEK);
		comes_cut(test, so, 0);
		send_five(test, peer, NULL, fd);
		comes_cut_as_mbuf(test, so);
		st_peer_send_pattern(test, peer, 0, 5);
		comes_whole(test, so);
		EXPECT_EQ(test, st_descriptor_uses(fd), uses);
	}
}

/* They are dropped when MSG_WAITALL collects the bytes, and told with these. */
void rights_in_the_stash_are_dropped(struct kunit *test)
{
	int fd = st_descriptor_of_no_socket(test), uses = st_descriptor_uses(fd);
	struct st_message *m = with_control(test, 6);
	struct st_peer *peer;
	socket_t so;

	peer = stream_to(test, &so);
	send_five(test, peer, NULL, fd);
	EXPECT_EQ(test, st_nonblocking(so, 1), 0);
	EXPECT_EQ(test, st_receive(so, m, MSG_WAITALL), EWOULDBLOCK);
	EXPECT_EQ(test, st_descriptor_uses(fd), uses);
	comes_cut(test, so, MSG_PEEK);
	comes_cut(test, so, 0);
	st_peer_send_pattern(test, peer, 0, 5);
	comes_whole(test, so);
}

/* Of a process's socket that asks for them. */
void credentials_are_dropped(struct kunit *test)
{
	struct st_peer *mine, *other, *listener;
	int type, fd;
	socket_t so;

	for (type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
		const char *path = st_path(test);

		listener = st_peer(test, AF_UNIX, type);
		other = st_peer(test, AF_UNIX, type);
		ASSERT_EQ(test, st_peer_bind_path(listener, path), 0);
		if (type == SOCK_STREAM)
			ASSERT_EQ(test, st_peer_listen(listener, 1), 0);
		ASSERT_EQ(test, st_peer_connect_path(other, path), 0);
		mine = type == SOCK_STREAM ? st_peer_accept(listener) : listener;

		ASSERT_EQ(test, st_peer_set(mine, ST_PASSCRED, 1), 0);
		st_peer_set(mine, ST_PASSSEC, 1);	/* where there are labels */
		fd = st_descriptor(mine);
		ASSERT_EQ(test, file_socket(fd, &so), 0);
		st_peer_send_pattern(test, other, 0, 5);
		comes_cut(test, so, 0);
		send_five(test, other, NULL, fd);
		comes_cut_as_mbuf(test, so);
		EXPECT_EQ(test, file_drop(fd), 0);
	}
}

/* A TCP connection of two processes, one end of which is lent. */
struct lent {
	struct st_peer *mine, *other;
	int fd;
	socket_t so;
};

static void connect_two(struct kunit *test, struct lent *l)
{
	struct st_peer *listener = st_peer(test, AF_INET, SOCK_STREAM);

	ASSERT_EQ(test, st_peer_bind(listener, 0), 0);
	ASSERT_EQ(test, st_peer_listen(listener, 1), 0);
	l->mine = st_peer(test, AF_INET, SOCK_STREAM);
	ASSERT_EQ(test, st_peer_connect(l->mine, st_peer_port(listener)), 0);
	l->other = st_peer_accept(listener);
	l->fd = st_descriptor(l->mine);
}

static void take_back(void *fd)
{
	file_drop((int)(long)fd);
}

static void lend(struct kunit *test, struct lent *l)
{
	connect_two(test, l);
	ASSERT_EQ(test, file_socket(l->fd, &l->so), 0);
	st_defer(test, ST_CLOSE_SOCKETS, take_back, (void *)(long)l->fd);
}

/* Until it is taken back, and no call is under way then. */
static void watch(struct kunit *test, struct lent *l, struct st_cb *cb)
{
	EXPECT_EQ(test, st_set(l->so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1), 0);
	EXPECT_EQ(test, sock_setupcall(l->so, st_upcall, cb), 0);
}

static void both_tls(struct kunit *test, struct lent *l)
{
	int err = st_peer_tls(l->mine, 1, 1);

	if (err == -2)
		st_skip(test, "this kernel has no TLS");
	ASSERT_EQ(test, err, 0);
	ASSERT_EQ(test, st_peer_tls(l->other, 1, 1), 0);
}

void tls_before_it_is_lent(struct kunit *test)
{
	struct lent l;

	connect_two(test, &l);
	both_tls(test, &l);
	EXPECT_EQ(test, file_socket(l.fd, &l.so), EBUSY);
}

/* Every way of sending: what comes out at the other end was encrypted in between. */
static void sends_by_tls(struct kunit *test, struct lent *l)
{
	struct st_thread *reader;
	int i;

	for (i = 0; i < 3; i++) {
		st_send_pattern(test, l->so, 0, 5000);
		EXPECT_EQ(test, st_peer_read(l->other, 0, 5000), 5000);
		EXPECT_IO(test, st_sendm(l->so, st_mbuf(test, 60000, 0), 0), 0, 60000);
		EXPECT_EQ(test, st_peer_read(l->other, 0, 60000), 60000);
	}
	EXPECT_IO(test, st_send(l->so, "x", 1, MSG_OOB), EOPNOTSUPP, 0);
	EXPECT_IO(test, st_send(l->so, "", 0, 0), 0, 0);

	reader = st_peer_stream(l->other, 300000, 1, 20000);	/* the other way meanwhile */
	st_recv_pattern(test, l->so, 0, 300000);
	EXPECT(test, st_join(reader));
}

static void receives_by_tls(struct kunit *test, struct lent *l)
{
	u_int8_t *buf = st_alloc(test, 50000);
	struct st_blocked *blocked;

	EXPECT_IO(test, st_recv(l->so, buf, 10, MSG_DONTWAIT), EWOULDBLOCK, 0);
	st_peer_send_pattern(test, l->other, 0, 5000);
	SETTLES(test, st_readable(test, l->so));
	EXPECT_IO(test, st_recv(l->so, buf, 100, MSG_PEEK), 0, 100);
	EXPECT_IO(test, st_recv(l->so, buf, 3000, 0), 0, 3000);
	EXPECT_PATTERN(test, buf, 3000, 0);
	EXPECT_IO(test, st_recvm(test, l->so, buf, 50000, 0), 0, 2000);
	EXPECT_PATTERN(test, buf, 2000, 3000);
	EXPECT_EQ(test, st_readable(test, l->so), 0);

	/* bytes that have to come together, in records of their own */
	blocked = st_block_in_receive(test, l->so, 40000, MSG_WAITALL);
	st_peer_send_pattern(test, l->other, 0, 25000);
	st_peer_send_pattern(test, l->other, 25000, 15000);
	EXPECT_IO(test, st_result(test, blocked), 0, 40000);
	EXPECT_PATTERN(test, blocked->buf, 40000, 0);
	EXPECT_EQ(test, st_set(l->so, SOL_SOCKET, SO_RCVLOWAT, 10), 0);
	blocked = st_block_in_receive(test, l->so, 100, 0);
	st_peer_send_pattern(test, l->other, 0, 6);
	st_peer_send_pattern(test, l->other, 6, 6);
	EXPECT_IO(test, st_result(test, blocked), 0, 12);
	EXPECT_EQ(test, st_set(l->so, SOL_SOCKET, SO_RCVLOWAT, 1), 0);
}

void tls_while_it_is_lent(struct kunit *test)
{
	struct lent l;

	lend(test, &l);
	st_send_pattern(test, l.so, 0, 100);		/* in clear before */
	EXPECT_EQ(test, st_peer_read(l.other, 0, 100), 100);
	st_peer_send_pattern(test, l.other, 0, 100);
	st_recv_pattern(test, l.so, 0, 100);
	both_tls(test, &l);
	receives_by_tls(test, &l);
	sends_by_tls(test, &l);
	EXPECT_EQ(test, sock_shutdown(l.so, SHUT_WR), 0);
	EXPECT_EQ(test, st_peer_recv(l.other, &l.fd, 1), 0);
	st_close_descriptor(test, l.fd);
}

/*
 * Records and the FIN come in one go, and TLS looks at them in a thread of its own,
 * later than the kext.
 */
static void end_with_the_rest(struct kunit *test, struct lent *l)
{
	lend(test, l);
	both_tls(test, l);
	st_peer_lock(l->mine, 1);
	EXPECT(test, st_join(st_peer_stream(l->other, 6000, 3000, 3000)));
	st_peer_lock(l->mine, 0);
}

void tls_end_with_the_rest(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 6000);
	int n, rounds = st_rounds(10, 100);
	struct lent l;

	for (n = 0; n < rounds; n++) {
		end_with_the_rest(test, &l);
		st_recv_pattern(test, l.so, 0, 6000);
		EXPECT_IO(test, st_recv(l.so, buf, 1, 0), 0, 0);

		end_with_the_rest(test, &l);
		EXPECT_IO(test, st_recvm(test, l.so, buf, 6000, MSG_WAITALL), 0, 6000);
		EXPECT_PATTERN(test, buf, 6000, 0);

		end_with_the_rest(test, &l);
		EXPECT_IO(test, st_recv(l.so, buf, 100, MSG_PEEK), 0, 100);
		EXPECT_IO(test, st_recvm(test, l.so, buf, 6000, 0), 0, 6000);
	}
}

/* What is left in TCP's queue is no record, and nobody waits for the rest of it. */
void tls_end_in_a_record(struct kunit *test)
{
	u_int8_t buf[10];
	struct lent l;
	int err;

	lend(test, &l);
	err = st_peer_tls(l.mine, 0, 1);
	if (err == -2)
		st_skip(test, "this kernel has no TLS");
	ASSERT_EQ(test, err, 0);
	ASSERT_EQ(test, st_peer_send(l.other, "\27\3\3", 3), 3);
	EXPECT_IO(test, st_recv(l.so, buf, 10, MSG_DONTWAIT), EWOULDBLOCK, 0);
	st_peer_shutdown(l.other, SHUT_WR);
	EXPECT_IO(test, st_recv(l.so, buf, 10, 0), 0, 0);
	EXPECT_IO(test, st_recv(l.so, buf, 10, MSG_PEEK), 0, 0);
	EXPECT_IO(test, st_recv(l.so, buf, 10, MSG_WAITALL), 0, 0);
	EXPECT_IO(test, st_recvm(test, l.so, buf, 10, 0), 0, 0);
}

/* One direction in TLS, the other in clear. */
void tls_one_way_only(struct kunit *test)
{
	struct lent l;
	u_int8_t buf[100];
	int err;

	lend(test, &l);
	err = st_peer_tls(l.mine, 1, 0);
	if (err == -2)
		st_skip(test, "this kernel has no TLS");
	ASSERT_EQ(test, err, 0);
	st_peer_send_pattern(test, l.other, 0, 5000);
	st_recv_pattern(test, l.so, 0, 5000);
	EXPECT_IO(test, st_send(l.so, "SECRET", 6, 0), 0, 6);
	EXPECT_EQ(test, st_peer_recv(l.other, buf, 100), 6 + 29);	/* a record's head and tail */
	EXPECT_EQ(test, buf[0], 23);

	lend(test, &l);
	ASSERT_EQ(test, st_peer_tls(l.mine, 0, 1), 0);
	ASSERT_EQ(test, st_peer_tls(l.other, 1, 0), 0);
	st_peer_send_pattern(test, l.other, 0, 5000);
	st_recv_pattern(test, l.so, 0, 5000);
	st_send_pattern(test, l.so, 0, 5000);
	EXPECT_EQ(test, st_peer_read(l.other, 0, 5000), 5000);
}

/* The first part has gone in clear; the rest must not. */
void tls_in_the_middle_of_a_message(struct kunit *test)
{
	struct st_blocked *sender;
	struct lent l;
	u_int8_t *buf = st_alloc(test, 4096);
	long n, clear = 0;

	lend(test, &l);
	ASSERT_EQ(test, st_set(l.so, SOL_SOCKET, SO_SNDBUF, 20000), 0);
	sender = st_block_in_can_wait(test, l.so, st_mbuf(test, 4 << 20, 0));
	n = st_peer_tls(l.mine, 1, 0);
	if (n == -2)
		st_skip(test, "this kernel has no TLS");
	ASSERT_EQ(test, n, 0);
	while (!st_ended(sender->thread)) {
		n = st_peer_recv(l.other, buf, 4096);
		if (n <= 0)
			break;
		if (st_match(buf, n, clear) == (size_t)n)
			clear += n;
	}
	st_result(test, sender);
	/* no more than the buffers of both ends held when it was switched on */
	EXPECT(test, clear < 3 << 20);
}

void tls_upcalls(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_drain);
	struct st_thread *sender;
	struct lent l;

	lend(test, &l);
	watch(test, &l, cb);
	both_tls(test, &l);
	sender = st_peer_stream(l.other, 200000, 1, 30000);
	SETTLES(test, st_bytes(cb) == 200000);
	EXPECT(test, st_join(sender));
	EXPECT_EQ(test, sock_setupcall(l.so, NULL, NULL), 0);
}

/* A tunnel, a server in the kernel: the stream is theirs while they have it. */
void claimed_while_it_is_lent(struct kunit *test)
{
	struct lent l;
	u_int8_t byte;

	lend(test, &l);
	st_peer_send_pattern(test, l.other, 0, 10);
	st_peer_take(l.mine, 1);
	EXPECT_IO(test, st_send(l.so, "x", 1, 0), EBUSY, 0);
	EXPECT_IO(test, st_sendm(l.so, st_mbuf(test, 100, 0), 0), EBUSY, 0);
	EXPECT_IO(test, st_recv(l.so, &byte, 1, 0), EBUSY, 0);
	st_peer_take(l.mine, 0);
	st_recv_pattern(test, l.so, 0, 10);
	st_send_pattern(test, l.so, 0, 10);
	EXPECT_EQ(test, st_peer_read(l.other, 0, 10), 10);
}

/* A limit that is set in the middle of a message is not undone at its end. */
void limit_set_in_the_middle(struct kunit *test)
{
	struct st_peer *peer;
	socket_t so;

	peer = stream_to(test, &so);
	st_peer_sets_limit(peer);
	EXPECT_IO(test, st_sendm(so, st_mbuf(test, 9000, 0), 0), 0, 9000);
	EXPECT_EQ(test, st_sndbuf(so), ST_OTHER_LIMIT);
}

/* What it is raised to for a long message is for this one. */
void limit_after_a_message(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;
	int limit;

	st_tcp_limited(test, &t);
	limit = st_sndbuf(t.so);
	sender = st_block_in_can_wait(test, t.so, st_mbuf(test, 400000, 0));
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 400000), 400000);
	EXPECT_IO(test, st_result(test, sender), 0, 400000);
	EXPECT_EQ(test, st_sndbuf(t.so), limit);
}

/* Messages go in by bytes until Linux has no memory for one more. */
void limit_when_the_buffer_is_full(struct kunit *test)
{
	struct st_io io = { 0, 1 };
	struct st_tcp t;
	int limit, n;

	st_tcp_limited(test, &t);
	limit = st_sndbuf(t.so);
	for (n = 0; n < 100000 && !io.error; n++) {
		io = st_sendm(t.so, st_mbuf(test, 1000, n * 1000), MSG_DONTWAIT);
		EXPECT_EQ(test, st_sndbuf(t.so), limit);
	}
	EXPECT_IO(test, io, EWOULDBLOCK, 0);
}

void limit_after_a_message_by_path(struct kunit *test)
{
	int limit, n;
	socket_t so;

	stream_to(test, &so);
	ASSERT_EQ(test, st_set(so, SOL_SOCKET, SO_SNDBUF, 20000), 0);
	limit = st_sndbuf(so);
	for (n = 0; n < 3; n++) {
		EXPECT_IO(test, st_sendm(so, st_mbuf(test, 9000, 0), MSG_DONTWAIT),
			  n < 2 ? 0 : EWOULDBLOCK, n < 2 ? 9000 : 0);
		EXPECT_EQ(test, st_sndbuf(so), limit);
	}
}

/* SO_RCVLOWAT is the process's, and holds for the process only. */
void low_water_mark_of_the_process(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_drain);
	struct st_blocked *blocked;
	struct lent l;

	lend(test, &l);
	ASSERT_EQ(test, st_peer_set(l.mine, ST_RCVLOWAT, 1000), 0);
	blocked = st_block_in_receive(test, l.so, 5, 0);
	st_peer_send_pattern(test, l.other, 0, 5);
	EXPECT_IO(test, st_result(test, blocked), 0, 5);

	watch(test, &l, cb);
	st_peer_send_pattern(test, l.other, 0, 10);
	SETTLES(test, st_bytes(cb) == 10);
	st_peer_send_pattern(test, l.other, 10, 1);
	SETTLES(test, st_bytes(cb) == 11);
	EXPECT_EQ(test, cb->empty, 0);
	EXPECT_EQ(test, st_peer_get_rcvlowat(l.mine), 1000);
	EXPECT_EQ(test, sock_setupcall(l.so, NULL, NULL), 0);
}

/* IPV6_PKTINFO chooses the interface of every packet, also of a connected socket's. */
void packet_information_after_connecting(struct kunit *test)
{
	struct {
		u_int8_t addr[16];
		u_int32_t ifindex;
	} info;
	struct st_peer *peer = st_peer(test, AF_INET6, SOCK_DGRAM);
	socket_t so = st_socket(test, AF_INET6, SOCK_DGRAM);
	struct sockaddr_in6 sin6;
	struct st_io theirs, ours;

	/* before: what changes routes makes the socket forget its own */
	if (!st_link_local(test, info.addr, &info.ifindex))
		st_skip(test, "there is no other interface");
	ASSERT_EQ(test, st_peer_bind(peer, 0), 0);
	ASSERT_EQ(test, sock_connect(so, st_in6(&sin6, st_peer_port(peer)), 0), 0);
	EXPECT_IO(test, st_sendm(so, st_mbuf(test, 100, 0), 0), 0, 100);
	memset(info.addr, 0, sizeof(info.addr));
	ASSERT_EQ(test, sock_setsockopt(so, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info)), 0);
	theirs = st_send(so, "x", 1, 0);
	ours = st_sendm(so, st_mbuf(test, 100, 0), 0);
	EXPECT(test, theirs.error != 0);	/* ::1 is not behind that interface */
	EXPECT_EQ(test, ours.error, theirs.error);
}

/* A packet has the addresses of before or those of after, not one of each. */
struct sender {
	socket_t so;
	mbuf_t m;
	struct st_io io;
};

static void send_one(void *arg)
{
	struct sender *s = arg;

	s->io = st_sendm(s->so, s->m, 0);
}

void connect_in_progress(struct kunit *test)
{
	u_int8_t *packet = st_alloc(test, ST_PACKET_MAX);
	struct sender *s = st_alloc(test, sizeof(*s));
	u_int16_t after = st_closed_port(test, SOCK_DGRAM);
	struct st_thread *thread;
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf(test, 100, 0), 0), 0, 100);
	st_watch_datagrams_to(test, after);
	s->so = u.so;
	s->m = st_mbuf(test, 100, 0);
	st_connect_begin(u.so);
	thread = st_thread(test, send_one, s);
	EXPECT(test, st_asleep(thread));
	st_connect_end(u.so, after);
	ASSERT(test, st_join(thread));
	EXPECT_IO(test, s->io, 0, 100);
	EXPECT_EQ(test, st_watched(packet), 128);
	EXPECT_EQ(test, packet[19], 2);		/* 127.0.0.2 */
}

/* What the sender's buffer may hold counts for packets that are handed over whole, too. */
void send_limit_of_packets(struct kunit *test)
{
	struct st_io io = { 0, 0 };
	struct st_udp u;
	int n;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_SNDBUF, 20000), 0);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf(test, 1000, 0), 0), 0, 1000);
	st_hold_datagrams_to(test, u.peer_port);
	for (n = 0; n < 200 && io.error == 0; n++)
		io = st_sendm(u.so, st_mbuf(test, 1000, 0), MSG_DONTWAIT);
	EXPECT_EQ(test, io.error, EWOULDBLOCK);
	EXPECT(test, n > 5 && n < 100);
	st_let_go();
	EXPECT_IO(test, st_sendm(u.so, st_mbuf(test, 1000, 0), MSG_DONTWAIT), 0, 1000);
}
