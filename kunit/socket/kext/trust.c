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
