// SPDX-License-Identifier: GPL-2.0
/* Scenarios: datagrams. */

#include "socket_scenario.h"

/* A message with one buffer, a name and room for control data. */
struct message {
	struct msghdr msg;
	struct iovec iov;
	union {
		struct sockaddr_storage storage;
		struct sockaddr_in sin;
	} name;
	u_int8_t buf[4000];
	u_int8_t control[128];
	size_t len;
};

static struct message *message(struct kunit *test, size_t room)
{
	struct message *m = st_alloc(test, sizeof(*m));

	memset(&m->name, 0xee, sizeof(m->name));
	m->iov.iov_base = m->buf;
	m->iov.iov_len = room;
	m->msg.msg_iov = &m->iov;
	m->msg.msg_iovlen = 1;
	m->msg.msg_name = &m->name;
	m->msg.msg_namelen = sizeof(m->name);
	return m;
}

static errno_t receive(socket_t so, struct message *m, int flags)
{
	return sock_receive(so, &m->msg, flags, &m->len);
}

static void from_peer(struct kunit *test, struct st_udp *u, size_t off, size_t n)
{
	u_int8_t *buf = st_alloc(test, n);
	int before = st_get(test, u->so, SOL_SOCKET, SO_NUMRCVPKT);

	st_fill(buf, n, off);
	ASSERT_EQ(test, st_peer_send_to(u->peer, u->port, buf, n), n);
	SETTLES(test, st_get(test, u->so, SOL_SOCKET, SO_NUMRCVPKT) == before + 1);
}

void DGR1_source_address(struct kunit *test)
{
	struct message *m = message(test, 0);
	struct st_udp u;
	size_t len = 1000000;
	mbuf_t data = NULL;

	st_udp(test, &u);
	from_peer(test, &u, 0, 100);
	m->msg.msg_iov = NULL;
	m->msg.msg_iovlen = 0;
	EXPECT_EQ(test, sock_receivembuf(u.so, &m->msg, &data, 0, &len), 0);
	EXPECT_EQ(test, len, 100);
	EXPECT_EQ(test, mbuf_pkthdr_len(data), 100);
	EXPECT_EQ(test, mbuf_copydata(data, 0, 100, m->buf), 0);
	EXPECT_PATTERN(test, m->buf, 100, 0);
	mbuf_freem(data);
	EXPECT_EQ(test, m->name.sin.sin_len, 16);
	EXPECT_EQ(test, m->name.sin.sin_family, AF_INET);
	EXPECT_EQ(test, ntohs(m->name.sin.sin_port), u.peer_port);
	EXPECT_EQ(test, ntohl(m->name.sin.sin_addr.s_addr), INADDR_LOOPBACK);
	EXPECT_EQ(test, m->msg.msg_namelen, 128);
	EXPECT_EQ(test, m->msg.msg_flags, 0);
}

void DGR2_longer_than_asked_for(struct kunit *test)
{
	struct msghdr msg = { };
	struct st_udp u;
	u_int8_t buf[300];
	size_t len = 300;
	mbuf_t m = NULL;

	st_udp(test, &u);
	from_peer(test, &u, 0, 1000);
	from_peer(test, &u, 0, 5);
	EXPECT_EQ(test, sock_receivembuf(u.so, &msg, &m, 0, &len), 0);
	EXPECT_EQ(test, len, 300);
	EXPECT(test, msg.msg_flags & MSG_TRUNC);
	EXPECT_EQ(test, mbuf_pkthdr_len(m), 300);
	EXPECT_EQ(test, mbuf_copydata(m, 0, 300, buf), 0);
	EXPECT_PATTERN(test, buf, 300, 0);
	mbuf_freem(m);
	EXPECT_IO(test, st_recvm(test, u.so, buf, 300, 0), 0, 5);
	EXPECT_PATTERN(test, buf, 5, 0);
	EXPECT_IO(test, st_recv(u.so, buf, 300, MSG_DONTWAIT), EWOULDBLOCK, 0);
}

/* The same by sock_receive(). */
void longer_than_buffer(struct kunit *test)
{
	struct message *m = message(test, 300);
	struct st_udp u;

	st_udp(test, &u);
	from_peer(test, &u, 0, 1000);
	from_peer(test, &u, 0, 5);
	EXPECT_EQ(test, receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 300);
	EXPECT(test, m->msg.msg_flags & MSG_TRUNC);
	EXPECT_PATTERN(test, m->buf, 300, 0);
	EXPECT_EQ(test, receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 5);
	EXPECT_EQ(test, m->msg.msg_flags & MSG_TRUNC, 0);
}

void DGR3_donttrunc(struct kunit *test)
{
	struct message *m = message(test, 300);
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_DONTTRUNC, 1), 0);
	from_peer(test, &u, 0, 1000);
	EXPECT_EQ(test, receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 300);
	EXPECT(test, m->msg.msg_flags & MSG_RCVMORE);
	EXPECT_PATTERN(test, m->buf, 300, 0);
	m->iov.iov_len = 1000;
	EXPECT_EQ(test, receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 700);
	EXPECT_EQ(test, m->msg.msg_flags & (MSG_RCVMORE | MSG_TRUNC), 0);
	EXPECT_PATTERN(test, m->buf, 700, 300);
	EXPECT_EQ(test, ntohs(m->name.sin.sin_port), u.peer_port);
}

void DGR4_empty(struct kunit *test)
{
	struct st_udp u;
	u_int8_t byte[10];
	size_t len = 100;
	mbuf_t m = NULL;

	st_udp(test, &u);
	from_peer(test, &u, 0, 0);
	from_peer(test, &u, 0, 7);
	EXPECT(test, st_readable(test, u.so) > 0);
	EXPECT_EQ(test, sock_receivembuf(u.so, NULL, &m, 0, &len), 0);
	EXPECT_EQ(test, len, 0);
	ASSERT(test, m != NULL);
	EXPECT_EQ(test, mbuf_len(m), 0);
	EXPECT_EQ(test, mbuf_pkthdr_len(m), 0);
	mbuf_freem(m);
	EXPECT_IO(test, st_recvm(test, u.so, byte, 10, 0), 0, 7);
	from_peer(test, &u, 0, 0);
	EXPECT_IO(test, st_recv(u.so, byte, 10, 0), 0, 0);
	EXPECT_IO(test, st_recv(u.so, byte, 10, MSG_DONTWAIT), EWOULDBLOCK, 0);
}

void DGR5_no_destination(struct kunit *test)
{
	struct st_udp u;

	st_udp(test, &u);
	EXPECT_IO(test, st_send(u.so, "x", 1, 0), EDESTADDRREQ, 0);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf(test, 10, 0), 0), EDESTADDRREQ, 0);
}

void DGR6_connected_with_name(struct kunit *test)
{
	struct st_udp u;
	u_int8_t buf[10];

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_send_to(u.so, u.peer_port, "named", 5), EISCONN, 0);
	EXPECT_IO(test, st_send(u.so, "x", 1, 0), 0, 1);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, sizeof(buf)), 1);
	EXPECT_EQ(test, buf[0], 'x');
}

void DGR7_too_long(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf_attached(test, 65508, 0, freed), 0), EMSGSIZE, 0);
	EXPECT_EQ(test, *freed, 1);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf(test, 65507, 0), 0), 0, 65507);
	EXPECT_EQ(test, st_peer_read(u.peer, 0, 1), 1);
}

void DGR8_send_limit(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 3000);
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_SNDBUF, 2000), 0);
	EXPECT_IO(test, st_send(u.so, buf, 2001, 0), EMSGSIZE, 0);
	EXPECT_IO(test, st_send(u.so, buf, 2000, 0), 0, 2000);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, 3000), 2000);
}

/* V7: without SO_SNDBUF the host's limits hold, not the original's 9216. */
void V7_default_limit_is_the_hosts(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 60000);
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_send(u.so, buf, 60000, 0), 0, 60000);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, 60000), 60000);
}

static void refuse(struct kunit *test, struct st_udp *u, struct st_cb *cb)
{
	int calls = st_calls(cb);

	st_peer_close(u->peer);
	EXPECT_IO(test, st_send(u->so, "?", 1, 0), 0, 1);
	st_called(cb, calls);
}

void DGR9_refused(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_peer *late;
	struct st_udp u;
	u_int8_t byte;

	st_udp_upcall(test, &u, st_upcall, cb);
	st_udp_connect(test, &u);
	st_called(cb, 0);
	refuse(test, &u, cb);
	late = st_peer(test, AF_INET, SOCK_DGRAM);
	ASSERT_EQ(test, st_peer_bind(late, u.peer_port), 0);
	EXPECT_IO(test, st_send(u.so, "1", 1, 0), ECONNREFUSED, 0);
	EXPECT_IO(test, st_recv(u.so, &byte, 1, MSG_DONTWAIT), EWOULDBLOCK, 0);
	/* once, and nothing of that was sent */
	EXPECT_IO(test, st_send(u.so, "2", 1, 0), 0, 1);
	EXPECT_EQ(test, st_peer_recv(late, &byte, 1), 1);
	EXPECT_EQ(test, byte, '2');
}

void DGR10_data_then_refused(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_udp u;
	u_int8_t buf[10];

	st_udp_upcall(test, &u, st_upcall, cb);
	st_udp_connect(test, &u);
	from_peer(test, &u, 0, 5);
	SETTLES(test, st_calls(cb) >= 2);
	refuse(test, &u, cb);
	EXPECT_IO(test, st_recv(u.so, buf, 10, 0), 0, 5);
	EXPECT_IO(test, st_recv(u.so, buf, 10, 0), ECONNREFUSED, 0);
	EXPECT_IO(test, st_recv(u.so, buf, 10, MSG_DONTWAIT), EWOULDBLOCK, 0);
}

/* A blocked receiver hears of it. */
void refusal_wakes_receiver(struct kunit *test)
{
	struct st_blocked *receiver;
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	receiver = st_block_in_receive(test, u.so, 10, 0);
	st_peer_close(u.peer);
	EXPECT_IO(test, st_send(u.so, "?", 1, 0), 0, 1);
	EXPECT_IO(test, st_result(test, receiver), ECONNREFUSED, 0);
}

void DGR11_bad_checksum(struct kunit *test)
{
	struct st_udp u;
	u_int8_t buf[10];

	st_udp(test, &u);
	ASSERT(test, st_send_bad_checksum(test, u.peer_port, u.port, "bad", 3));
	ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "good", 4), 4);
	EXPECT_IO(test, st_recvm(test, u.so, buf, 10, 0), 0, 4);
	EXPECT(test, !memcmp(buf, "good", 4));
	EXPECT_IO(test, st_recv(u.so, buf, 10, MSG_DONTWAIT), EWOULDBLOCK, 0);
}

/* Alone it neither ends a wait nor is it an empty datagram. */
void bad_checksum_alone(struct kunit *test)
{
	struct st_blocked *receiver;
	struct st_udp u;

	st_udp(test, &u);
	receiver = st_block_in_receive(test, u.so, 10, 0);
	ASSERT(test, st_send_bad_checksum(test, u.peer_port, u.port, "bad", 3));
	EXPECT(test, st_asleep(receiver->thread));
	ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "good", 4), 4);
	EXPECT_IO(test, st_result(test, receiver), 0, 4);
}

void DGR12_name_cut_off(struct kunit *test)
{
	struct message *m = message(test, 10);
	u_int8_t *name = (u_int8_t *)&m->name;
	struct st_udp u;
	int i;

	st_udp(test, &u);
	from_peer(test, &u, 0, 5);
	m->msg.msg_namelen = 8;
	EXPECT_EQ(test, receive(u.so, m, 0), 0);
	EXPECT_EQ(test, name[0], 16);
	EXPECT_EQ(test, name[1], AF_INET);
	EXPECT_EQ(test, name[7], 1);
	for (i = 8; i < 128; i++)
		EXPECT_EQ(test, name[i], 0xee);
	EXPECT_EQ(test, m->msg.msg_namelen, 8);

	/* no room at all */
	from_peer(test, &u, 0, 5);
	m->msg.msg_namelen = 0;
	memset(name, 0xee, 128);
	EXPECT_EQ(test, receive(u.so, m, 0), 0);
	EXPECT_EQ(test, name[0], 0xee);
}

static void body_receive_one(struct st_cb *cb, socket_t so)
{
	u_int8_t byte[4];
	struct st_io io = st_recv(so, byte, sizeof(byte), MSG_DONTWAIT);

	if (io.error)
		cb->empty++;
	else
		__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST);
}

void DGR13_one_per_upcall(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_receive_one);
	struct st_udp u;
	int i;

	st_udp_upcall(test, &u, st_upcall, cb);
	for (i = 0; i < 50; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_got(cb) == 50);
	NEVER(test, st_got(cb) != 50);
	EXPECT_EQ(test, cb->empty, 0);
	EXPECT_EQ(test, st_calls(cb), 50);
}

void DGR14_shutdown_unconnected(struct kunit *test)
{
	struct st_udp u;
	u_int8_t buf[10];

	st_udp(test, &u);
	EXPECT_EQ(test, sock_shutdown(u.so, SHUT_RDWR), ENOTCONN);
	from_peer(test, &u, 0, 5);
	EXPECT_IO(test, st_recv(u.so, buf, 10, 0), 0, 5);
	EXPECT_IO(test, st_send_to(u.so, u.peer_port, "x", 1), 0, 1);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, 10), 1);
}

void DGR15_shutdown_connected(struct kunit *test)
{
	struct st_udp u;
	u_int8_t buf[10];

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_EQ(test, sock_shutdown(u.so, SHUT_RD), 0);
	st_peer_send_to(u.peer, u.port, "x", 1);
	EXPECT_IO(test, st_recv(u.so, buf, 10, MSG_DONTWAIT), 0, 0);
	EXPECT_IO(test, st_recvm(test, u.so, buf, 10, MSG_DONTWAIT), 0, 0);
	EXPECT_IO(test, st_send(u.so, "y", 1, 0), 0, 1);
	EXPECT_EQ(test, sock_shutdown(u.so, SHUT_WR), 0);
	EXPECT_IO(test, st_send(u.so, "z", 1, 0), EPIPE, 0);
}

void DGR16_fragmented(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 20000);
	struct st_udp u;

	st_loopback_mtu(test, 1500);
	st_udp(test, &u);
	from_peer(test, &u, 0, 20000);
	EXPECT_IO(test, st_recvm(test, u.so, buf, 20000, 0), 0, 20000);
	EXPECT_PATTERN(test, buf, 20000, 0);
	from_peer(test, &u, 7, 20000);
	EXPECT_IO(test, st_recv(u.so, buf, 20000, 0), 0, 20000);
	EXPECT_PATTERN(test, buf, 20000, 7);
	/* cut off in the middle of the fragments, too */
	from_peer(test, &u, 9, 20000);
	EXPECT_IO(test, st_recvm(test, u.so, buf, 10001, 0), 0, 10001);
	EXPECT_PATTERN(test, buf, 10001, 9);
	/* and out */
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf(test, 20000, 11), 0), 0, 20000);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, 20000), 20000);
	EXPECT_PATTERN(test, buf, 20000, 11);
}

void DGR17_no_urgent_data(struct kunit *test)
{
	struct st_udp u;
	u_int8_t byte;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_send(u.so, "x", 1, MSG_OOB), EOPNOTSUPP, 0);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf(test, 10, 0), MSG_OOB), EOPNOTSUPP, 0);
	EXPECT_IO(test, st_recv(u.so, &byte, 1, MSG_OOB), EOPNOTSUPP, 0);
}

void DGR18_send_nothing(struct kunit *test)
{
	struct iovec iov[2] = { { test, 0 }, { test, 0 } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	struct st_udp u;
	u_int8_t byte;
	size_t len = ST_UNTOUCHED;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_EQ(test, sock_send(u.so, &msg, 0, &len), 0);
	EXPECT_EQ(test, len, 0);
	EXPECT_EQ(test, st_peer_recv(u.peer, &byte, 1), 0);
}

/* An end of record means nothing here. */
void end_of_record_is_ignored(struct kunit *test)
{
	struct st_udp u;
	u_int8_t byte[4];

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_send(u.so, "abc", 3, MSG_EOR), 0, 3);
	EXPECT_EQ(test, st_peer_recv(u.peer, byte, 4), 3);
}

void peek_datagram(struct kunit *test)
{
	struct message *m = message(test, 20);
	struct st_udp u;
	size_t len = 100;
	mbuf_t data = (mbuf_t)ST_NO_SOCKET;

	st_udp(test, &u);
	from_peer(test, &u, 0, 50);
	EXPECT_EQ(test, receive(u.so, m, MSG_PEEK), 0);
	EXPECT_EQ(test, m->len, 20);
	EXPECT(test, m->msg.msg_flags & MSG_TRUNC);
	EXPECT_EQ(test, ntohs(m->name.sin.sin_port), u.peer_port);
	EXPECT_EQ(test, sock_receivembuf(u.so, NULL, &data, MSG_PEEK, &len), 0);
	EXPECT_EQ(test, len, 50);
	EXPECT(test, data == NULL);
	m->iov.iov_len = 100;
	EXPECT_EQ(test, receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 50);
	EXPECT_PATTERN(test, m->buf, 50, 0);
}

/* The time-out, the signal and WAITALL of a datagram socket. */
void waits_like_a_stream(struct kunit *test)
{
	struct st_blocked *receiver;
	struct st_udp u;
	u_int8_t buf[10];
	long long begin;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set_time(u.so, SO_RCVTIMEO, 0, 100000), 0);
	begin = st_now_ms();
	EXPECT_IO(test, st_recv(u.so, buf, 10, 0), EWOULDBLOCK, 0);
	EXPECT(test, st_now_ms() - begin >= 100);
	ASSERT_EQ(test, st_set_time(u.so, SO_RCVTIMEO, 0, 0), 0);
	receiver = st_block_in_receive(test, u.so, 10, 0);
	st_signal(receiver->thread);
	EXPECT_INTERRUPTED(test, st_result(test, receiver).error);
	from_peer(test, &u, 0, 3);
	EXPECT_IO(test, st_recv(u.so, buf, 10, MSG_WAITALL), 0, 3);
}

/* One control message of what a receive gave, if it is there. */
static void *control(struct message *m, int level, int type, size_t len)
{
	struct cmsghdr *cmsg;

	for (cmsg = CMSG_FIRSTHDR(&m->msg); cmsg; cmsg = CMSG_NXTHDR(&m->msg, cmsg))
		if (cmsg->cmsg_level == level && cmsg->cmsg_type == type &&
		    cmsg->cmsg_len == CMSG_LEN(len))
			return CMSG_DATA(cmsg);
	return NULL;
}

static void with_control(struct message *m)
{
	m->msg.msg_control = m->control;
	m->msg.msg_controllen = sizeof(m->control);
}

void control_data_on_receive(struct kunit *test)
{
	struct message *m = message(test, 100);
	struct in_addr *to;
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVDSTADDR, 1), 0);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVTTL, 1), 0);
	from_peer(test, &u, 0, 10);
	with_control(m);
	EXPECT_EQ(test, receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 10);
	EXPECT_EQ(test, m->msg.msg_flags & MSG_CTRUNC, 0);
	to = control(m, IPPROTO_IP, IP_RECVDSTADDR, sizeof(*to));
	if (EXPECT(test, to))
		EXPECT_EQ(test, ntohl(to->s_addr), INADDR_LOOPBACK);
}

void control_data_by_mbuf(struct kunit *test)
{
	struct message *m = message(test, 100);
	struct in_addr *to;
	struct st_udp u;
	size_t len = 100;
	mbuf_t data = NULL;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVDSTADDR, 1), 0);
	from_peer(test, &u, 0, 10);
	with_control(m);
	m->msg.msg_iov = NULL;
	m->msg.msg_iovlen = 0;
	EXPECT_EQ(test, sock_receivembuf(u.so, &m->msg, &data, 0, &len), 0);
	mbuf_freem(data);
	to = control(m, IPPROTO_IP, IP_RECVDSTADDR, sizeof(*to));
	if (EXPECT(test, to))
		EXPECT_EQ(test, ntohl(to->s_addr), INADDR_LOOPBACK);
}

void control_data_not_asked_for(struct kunit *test)
{
	struct message *m = message(test, 100);
	struct st_udp u;

	st_udp(test, &u);
	from_peer(test, &u, 0, 10);
	with_control(m);
	EXPECT_EQ(test, receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->msg.msg_controllen, 0);
	EXPECT_EQ(test, m->msg.msg_flags, 0);
}

void control_data_without_room(struct kunit *test)
{
	struct message *m = message(test, 100);
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVDSTADDR, 1), 0);
	from_peer(test, &u, 0, 10);
	with_control(m);
	m->msg.msg_controllen = 13;
	memset(m->control, 0xee, sizeof(m->control));
	EXPECT_EQ(test, receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 10);
	EXPECT(test, m->msg.msg_flags & MSG_CTRUNC);
	EXPECT(test, m->msg.msg_controllen <= 13);
	EXPECT_EQ(test, m->control[13], 0xee);
}

static struct cmsghdr *put_control(struct message *m, int level, int type,
				   const void *data, size_t len)
{
	struct cmsghdr *cmsg = (struct cmsghdr *)m->control;

	cmsg->cmsg_len = CMSG_LEN(len);
	cmsg->cmsg_level = level;
	cmsg->cmsg_type = type;
	memcpy(CMSG_DATA(cmsg), data, len);
	m->msg.msg_control = m->control;
	m->msg.msg_controllen = CMSG_SPACE(len);
	return cmsg;
}

/* The TTL of one datagram, seen by a second socket of the layer. */
void control_data_on_send(struct kunit *test)
{
	struct message *out = message(test, 10), *in = message(test, 100);
	socket_t from = st_socket(test, AF_INET, SOCK_DGRAM);
	struct st_udp u;
	int ttl = 42, *seen;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVTTL, 1), 0);
	st_in(&out->name.sin, u.port);
	put_control(out, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	EXPECT_EQ(test, sock_send(from, &out->msg, 0, &out->len), 0);
	EXPECT_EQ(test, out->len, 10);
	with_control(in);
	EXPECT_EQ(test, receive(u.so, in, 0), 0);
	seen = control(in, IPPROTO_IP, IP_TTL, sizeof(*seen));
	if (EXPECT(test, seen))
		EXPECT_EQ(test, *seen, 42);
}

/* Kinds the layer does not know are ignored; rights are refused. */
void control_data_unknown(struct kunit *test)
{
	struct message *m = message(test, 10);
	struct st_udp u;
	u_int8_t buf[10];
	int fd = 0;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	m->msg.msg_name = NULL;
	m->msg.msg_namelen = 0;
	put_control(m, 4711, 12, &fd, sizeof(fd));
	EXPECT_EQ(test, sock_send(u.so, &m->msg, 0, &m->len), 0);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, 10), 10);
	put_control(m, SOL_SOCKET, SCM_RIGHTS, &fd, sizeof(fd));
	EXPECT_EQ(test, sock_send(u.so, &m->msg, 0, &m->len), EOPNOTSUPP);
}

/* A length that lies must not make the layer read beyond the buffer. */
void control_data_nonsense(struct kunit *test)
{
	struct message *m = message(test, 10);
	struct cmsghdr *cmsg;
	struct st_udp u;
	int value = 1;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	m->msg.msg_name = NULL;
	cmsg = put_control(m, IPPROTO_IP, IP_TTL, &value, sizeof(value));
	cmsg->cmsg_len = 3;
	EXPECT(test, sock_send(u.so, &m->msg, 0, &m->len) != EFAULT);
	cmsg->cmsg_len = 0xfffffff0;
	EXPECT(test, sock_send(u.so, &m->msg, 0, &m->len) != EFAULT);
	cmsg->cmsg_len = 4000;
	EXPECT(test, sock_send(u.so, &m->msg, 0, &m->len) != EFAULT);
}

static const struct name_case {
	const char *name;
	u_int8_t len, family;
	u_int16_t port;
	errno_t error;
} name_cases[] = {
	{ "inet6",	16,  AF_INET6, 9, EAFNOSUPPORT },
	{ "short",	15,  AF_INET,  9, EINVAL },
	{ "one",	1,   AF_INET,  9, EINVAL },
	{ "beyond 128",	129, AF_INET,  9, EINVAL },
};

/* Names that no datagram can go to. */
void bad_names_on_send(struct kunit *test)
{
	struct message *m = message(test, 10);
	const struct name_case *c;
	struct st_udp u;

	st_udp(test, &u);
	for (c = name_cases; c < name_cases + sizeof(name_cases) / sizeof(*c); c++) {
		errno_t error;

		st_in(&m->name.sin, c->port);
		m->name.sin.sin_len = c->len;
		m->name.sin.sin_family = c->family;
		error = sock_send(u.so, &m->msg, 0, &m->len);
		if (error != c->error || m->len)
			st_fail(test, __FILE__, __LINE__, "%s gave %d, not %d",
				c->name, error, c->error);
	}
	/* length 0: the length of the message counts */
	st_in(&m->name.sin, u.peer_port)->sa_len = 0;
	m->msg.msg_namelen = 16;
	EXPECT_EQ(test, sock_send(u.so, &m->msg, 0, &m->len), 0);
	EXPECT_EQ(test, st_peer_recv(u.peer, m->buf, 100), 10);
}

/* What the queue holds, by option and by request. */
void queue_is_told(struct kunit *test)
{
	struct st_udp u;
	u_int8_t buf[100];

	st_udp(test, &u);
	EXPECT_EQ(test, st_readable(test, u.so), 0);
	EXPECT_EQ(test, st_get(test, u.so, SOL_SOCKET, SO_NREAD), 0);
	from_peer(test, &u, 0, 33);
	from_peer(test, &u, 0, 44);
	EXPECT_EQ(test, st_readable(test, u.so), 33);
	EXPECT_EQ(test, st_get(test, u.so, SOL_SOCKET, SO_NREAD), 33);
	EXPECT_EQ(test, st_get(test, u.so, SOL_SOCKET, SO_NUMRCVPKT), 2);
	EXPECT_IO(test, st_recv(u.so, buf, 100, 0), 0, 33);
	EXPECT_EQ(test, st_get(test, u.so, SOL_SOCKET, SO_NUMRCVPKT), 1);
}

/* A raw socket is given the IP header, too. */
void raw_socket_sees_headers(struct kunit *test)
{
	socket_t raw = NULL;
	struct st_udp u;
	u_int8_t buf[200];
	struct st_io io;

	ASSERT_EQ(test, sock_socket(AF_INET, SOCK_RAW, IPPROTO_UDP, NULL, NULL, &raw), 0);
	st_track(test, raw);
	st_udp(test, &u);
	from_peer(test, &u, 0, 10);
	io = st_recvm(test, raw, buf, sizeof(buf), 0);
	EXPECT_EQ(test, io.error, 0);
	EXPECT_EQ(test, io.len, 20 + 8 + 10);
	EXPECT_EQ(test, buf[0] >> 4, 4);
	EXPECT_EQ(test, buf[9], IPPROTO_UDP);
	EXPECT_PATTERN(test, buf + 28, 10, 0);
}

/* V13: how much is queued goes by the host's accounting; what is queued is whole. */
void V13_drops_by_memory(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 1000);
	struct st_udp u;
	int i, got = 0;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_RCVBUF, 20000), 0);
	st_fill(buf, 1000, 0);
	for (i = 0; i < 300; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, buf, 1000), 1000);
	while (!st_recv(u.so, buf, 1000, MSG_DONTWAIT).error) {
		EXPECT_PATTERN(test, buf, 1000, 0);
		got++;
	}
	EXPECT(test, got >= 10 && got < 300);
	from_peer(test, &u, 0, 1000);
	EXPECT_IO(test, st_recv(u.so, buf, 1000, 0), 0, 1000);
}
