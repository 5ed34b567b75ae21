// SPDX-License-Identifier: GPL-2.0
/* Scenarios: control messages of datagrams. */

#include "scenario.h"

/* One control message of what a receive gave, if it is there. */
static void *control(struct st_message *m, int level, int type, size_t len)
{
	struct cmsghdr *cmsg;

	for (cmsg = CMSG_FIRSTHDR(&m->msg); cmsg; cmsg = CMSG_NXTHDR(&m->msg, cmsg))
		if (cmsg->cmsg_level == level && cmsg->cmsg_type == type &&
		    cmsg->cmsg_len == CMSG_LEN(len))
			return CMSG_DATA(cmsg);
	return NULL;
}

static void with_control(struct st_message *m)
{
	m->msg.msg_control = m->control;
	m->msg.msg_controllen = sizeof(m->control);
}

void control_data_on_receive(struct kunit *test)
{
	struct st_message *m = st_message(test, 100);
	struct in_addr *to;
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVDSTADDR, 1), 0);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVTTL, 1), 0);
	st_from_peer(test, &u, 0, 10);
	with_control(m);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 10);
	EXPECT_EQ(test, m->msg.msg_flags & MSG_CTRUNC, 0);
	to = control(m, IPPROTO_IP, IP_RECVDSTADDR, sizeof(*to));
	if (EXPECT(test, to))
		EXPECT_EQ(test, ntohl(to->s_addr), INADDR_LOOPBACK);
}

void control_data_by_mbuf(struct kunit *test)
{
	struct st_message *m = st_message(test, 100);
	struct in_addr *to;
	struct st_udp u;
	size_t len = 100;
	mbuf_t data = NULL;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVDSTADDR, 1), 0);
	st_from_peer(test, &u, 0, 10);
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
	struct st_message *m = st_message(test, 100);
	struct st_udp u;

	st_udp(test, &u);
	st_from_peer(test, &u, 0, 10);
	with_control(m);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->msg.msg_controllen, 0);
	EXPECT_EQ(test, m->msg.msg_flags, 0);
}

void control_data_without_room(struct kunit *test)
{
	struct st_message *m = st_message(test, 100);
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVDSTADDR, 1), 0);
	st_from_peer(test, &u, 0, 10);
	with_control(m);
	m->msg.msg_controllen = 13;
	memset(m->control, 0xee, sizeof(m->control));
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 10);
	EXPECT(test, m->msg.msg_flags & MSG_CTRUNC);
	EXPECT(test, m->msg.msg_controllen <= 13);
	EXPECT_EQ(test, m->control[13], 0xee);
}

static struct cmsghdr *put_control(struct st_message *m, int level, int type,
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
	struct st_message *out = st_message(test, 10), *in = st_message(test, 100);
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
	EXPECT_EQ(test, st_receive(u.so, in, 0), 0);
	seen = control(in, IPPROTO_IP, IP_TTL, sizeof(*seen));
	if (EXPECT(test, seen))
		EXPECT_EQ(test, *seen, 42);
}

/* Kinds the layer does not know are ignored; rights are refused. */
void control_data_unknown(struct kunit *test)
{
	struct st_message *m = st_message(test, 10);
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
	struct st_message *m = st_message(test, 10);
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

void packet_information(struct kunit *test)
{
	struct st_message *m = st_message(test, 100);
	u_int8_t *info;
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_PKTINFO, 1), 0);
	st_from_peer(test, &u, 0, 10);
	with_control(m);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	info = control(m, IPPROTO_IP, IP_PKTINFO, 12);
	if (EXPECT(test, info))
		EXPECT_EQ(test, info[0], 1);	/* the loopback's index */
}

void timestamp(struct kunit *test)
{
	struct st_message *m = st_message(test, 100);
	struct timeval *tv;
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_TIMESTAMP, 1), 0);
	st_from_peer(test, &u, 0, 10);
	with_control(m);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	tv = control(m, SOL_SOCKET, SCM_TIMESTAMP, sizeof(*tv));
	if (EXPECT(test, tv)) {
		EXPECT(test, tv->tv_sec > 1000000000);
		EXPECT(test, tv->tv_usec >= 0 && tv->tv_usec < 1000000);
	}
}

/* The type of service is one byte on macOS. */
void type_of_service(struct kunit *test)
{
	struct st_message *out = st_message(test, 10), *in = st_message(test, 100);
	socket_t from = st_socket(test, AF_INET, SOCK_DGRAM);
	u_int8_t tos = 0x20, *seen;
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVTOS, 1), 0);
	st_in(&out->name.sin, u.port);
	put_control(out, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	EXPECT_EQ(test, sock_send(from, &out->msg, 0, &out->len), 0);
	with_control(in);
	EXPECT_EQ(test, st_receive(u.so, in, 0), 0);
	seen = control(in, IPPROTO_IP, IP_TOS, 1);
	if (EXPECT(test, seen))
		EXPECT_EQ(test, *seen, 0x20);
}

/* Two messages: the second begins at a multiple of 4, not of 8. */
void two_messages(struct kunit *test)
{
	struct st_message *m = st_message(test, 10), *in = st_message(test, 100);
	socket_t from = st_socket(test, AF_INET, SOCK_DGRAM);
	struct cmsghdr *second;
	u_int8_t tos = 0x20, *seen_tos;
	int ttl = 42, *seen_ttl;
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVTOS, 1), 0);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVTTL, 1), 0);
	st_in(&m->name.sin, u.port);
	put_control(m, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	second = (struct cmsghdr *)(m->control + 16);
	second->cmsg_len = CMSG_LEN(sizeof(ttl));
	second->cmsg_level = IPPROTO_IP;
	second->cmsg_type = IP_TTL;
	memcpy(CMSG_DATA(second), &ttl, sizeof(ttl));
	m->msg.msg_controllen = 16 + CMSG_SPACE(sizeof(ttl));
	EXPECT_EQ(test, sock_send(from, &m->msg, 0, &m->len), 0);
	with_control(in);
	EXPECT_EQ(test, st_receive(u.so, in, 0), 0);
	seen_tos = control(in, IPPROTO_IP, IP_TOS, 1);
	seen_ttl = control(in, IPPROTO_IP, IP_TTL, sizeof(int));
	EXPECT(test, seen_tos && *seen_tos == 0x20);
	EXPECT(test, seen_ttl && *seen_ttl == 42);
}

/* With control messages Linux receives, without them the layer does; the data are the same. */
void truncation_with_control(struct kunit *test)
{
	struct st_message *m = st_message(test, 300);
	u_int8_t buf[1000];
	struct st_udp u;
	size_t len = 300;
	mbuf_t data = NULL;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, IPPROTO_IP, IP_RECVDSTADDR, 1), 0);
	with_control(m);
	st_from_peer(test, &u, 0, 1000);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 300);
	EXPECT(test, m->msg.msg_flags & MSG_TRUNC);

	m->msg.msg_iov = NULL;
	m->msg.msg_iovlen = 0;
	with_control(m);
	st_from_peer(test, &u, 0, 0);
	EXPECT_EQ(test, sock_receivembuf(u.so, &m->msg, &data, 0, &len), 0);
	EXPECT_EQ(test, len, 0);
	ASSERT(test, data != NULL);
	mbuf_freem(data);

	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_DONTTRUNC, 1), 0);
	with_control(m);
	st_from_peer(test, &u, 0, 1000);
	len = 300;
	EXPECT_EQ(test, sock_receivembuf(u.so, &m->msg, &data, 0, &len), 0);
	EXPECT_EQ(test, len, 300);
	EXPECT(test, m->msg.msg_flags & MSG_RCVMORE);
	mbuf_freem(data);
	EXPECT_IO(test, st_recvm(test, u.so, buf, 1000, 0), 0, 700);
	EXPECT_PATTERN(test, buf, 700, 300);
	with_control(m);
	st_from_peer(test, &u, 0, 50);
	len = 300;
	EXPECT_EQ(test, sock_receivembuf(u.so, &m->msg, &data, MSG_PEEK, &len), 0);
	EXPECT_EQ(test, len, 50);
	EXPECT(test, data == NULL);
}
