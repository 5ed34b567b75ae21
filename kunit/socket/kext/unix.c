// SPDX-License-Identifier: GPL-2.0
/* Scenarios: AF_UNIX. */

#include "scenario.h"

struct un_pair {
	socket_t so;
	struct st_peer *peer;
	const char *path;
};

static struct st_peer *server(struct kunit *test, const char *path, int type)
{
	struct st_peer *peer = st_peer(test, AF_UNIX, type);

	ASSERT_EQ(test, st_peer_bind_path(peer, path), 0);
	if (type == SOCK_STREAM)
		ASSERT_EQ(test, st_peer_listen(peer, 5), 0);
	return peer;
}

static void un_pair(struct kunit *test, struct un_pair *p, sock_upcall upcall, void *cookie)
{
	struct st_peer *listener;
	struct sockaddr_un sun;

	p->path = st_path(test);
	listener = server(test, p->path, SOCK_STREAM);
	p->so = st_socket_upcall(test, AF_UNIX, SOCK_STREAM, upcall, cookie);
	ASSERT_EQ(test, sock_connect(p->so, st_un(&sun, p->path), 0), 0);
	p->peer = st_peer_accept(listener);
}

static socket_t un_listener(struct kunit *test, const char *path, sock_upcall upcall,
			    void *cookie)
{
	socket_t so = st_socket_upcall(test, AF_UNIX, SOCK_STREAM, upcall, cookie);
	struct sockaddr_un sun;

	ASSERT_EQ(test, sock_bind(so, st_un(&sun, path)), 0);
	ASSERT_EQ(test, sock_listen(so, 5), 0);
	return so;
}

void UNX1_connect(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	socket_t so = st_socket_upcall(test, AF_UNIX, SOCK_STREAM, st_upcall, cb);
	const char *path = st_path(test);
	struct sockaddr_un sun;

	server(test, path, SOCK_STREAM);
	st_un(&sun, path);
	/* no NUL within the length: what follows is not part of the path */
	memset(sun.sun_path + strlen(path), 'x', 20);
	EXPECT_EQ(test, sock_connect(so, (struct sockaddr *)&sun, MSG_DONTWAIT), 0);
	EXPECT_EQ(test, sock_isconnected(so), 1);
	st_called(cb, 0);
	EXPECT_EQ(test, sock_connect(so, (struct sockaddr *)&sun, 0), EISCONN);
}

void UNX2_connect_refused(struct kunit *test)
{
	const char *none = st_path(test), *plain = st_path(test), *stale = st_path(test);
	const char *dgram = st_path(test);
	struct sockaddr_un sun;
	socket_t so = st_socket(test, AF_UNIX, SOCK_STREAM);
	errno_t error;

	EXPECT_EQ(test, sock_connect(so, st_un(&sun, none), 0), ENOENT);
	ASSERT_EQ(test, st_make_file(plain), 0);
	error = sock_connect(so, st_un(&sun, plain), 0);
	EXPECT(test, error == ENOTSOCK || error == ECONNREFUSED);
	st_peer_close(server(test, stale, SOCK_STREAM));
	EXPECT_EQ(test, sock_connect(so, st_un(&sun, stale), 0), ECONNREFUSED);
	server(test, dgram, SOCK_DGRAM);
	EXPECT_EQ(test, sock_connect(so, st_un(&sun, dgram), 0), EPROTOTYPE);
	/* none of these spoils the socket */
	server(test, none, SOCK_STREAM);
	EXPECT_EQ(test, sock_connect(so, st_un(&sun, none), 0), 0);
}

void UNX3_bad_paths(struct kunit *test)
{
	union {
		struct sockaddr_un sun;
		u_int8_t room[256];
	} to;
	struct st_peer *abstract = st_peer(test, AF_UNIX, SOCK_STREAM);
	socket_t so = st_socket(test, AF_UNIX, SOCK_STREAM);
	struct sockaddr *sa = (struct sockaddr *)&to;

	st_un(&to.sun, "/tmp/x");
	to.sun.sun_len = 2;
	EXPECT_EQ(test, sock_bind(so, sa), EINVAL);
	to.sun.sun_len = 0;
	EXPECT_EQ(test, sock_bind(so, sa), EINVAL);
	st_un(&to.sun, "/tmp/x");
	to.sun.sun_path[0] = 0;
	to.sun.sun_len = 20;
	EXPECT_EQ(test, sock_bind(so, sa), ENOENT);
	EXPECT_EQ(test, sock_connect(so, sa, 0), ENOENT);
	/* V12: longer than the host allows, which the original would take */
	memset(&to, 'x', sizeof(to));
	to.sun.sun_family = AF_UNIX;
	to.sun.sun_len = 2 + 108;
	EXPECT_EQ(test, sock_bind(so, sa), ENAMETOOLONG);
	to.sun.sun_len = 255;
	EXPECT_EQ(test, sock_bind(so, sa), ENAMETOOLONG);
	EXPECT_EQ(test, sock_connect(so, sa, 0), ENAMETOOLONG);
	/* no path at all, whatever it looks like */
	st_un(&to.sun, "/tmp/x");
	to.sun.sun_family = AF_INET;
	EXPECT_EQ(test, sock_bind(so, sa), EAFNOSUPPORT);
	EXPECT_EQ(test, sock_connect(so, sa, 0), EAFNOSUPPORT);
	/* still not bound */
	EXPECT_EQ(test, sock_listen(so, 1), EINVAL);
	EXPECT(test, st_peer_connect_path(abstract, "") != 0);
}

/* V12: the longest path the host allows goes. */
void V12_longest_path(struct kunit *test)
{
	union {
		struct sockaddr_un sun;
		u_int8_t room[256];
	} to;
	socket_t so = st_socket(test, AF_UNIX, SOCK_STREAM);
	socket_t client = st_socket(test, AF_UNIX, SOCK_STREAM);
	const char *path = st_path(test);
	size_t n = strlen(path);

	memset(&to, '_', sizeof(to));
	memcpy(to.sun.sun_path, path, n);
	to.sun.sun_family = AF_UNIX;
	to.sun.sun_len = 2 + 107;
	EXPECT_EQ(test, sock_bind(so, (struct sockaddr *)&to), 0);
	EXPECT_EQ(test, sock_listen(so, 1), 0);
	EXPECT_EQ(test, sock_connect(client, (struct sockaddr *)&to, 0), 0);
}

void path_in_use(struct kunit *test)
{
	const char *path = st_path(test);
	socket_t so = st_socket(test, AF_UNIX, SOCK_STREAM);
	struct sockaddr_un sun;

	un_listener(test, path, NULL, NULL);
	EXPECT_EQ(test, sock_bind(so, st_un(&sun, path)), EADDRINUSE);
	EXPECT_EQ(test, sock_bind(so, st_un(&sun, "/no/such/place")), ENOENT);
}

static void body_accept(struct st_cb *cb, socket_t so)
{
	struct sockaddr_un *from = cb->arg;
	socket_t new_so = NULL;

	cb->error = sock_accept(so, (struct sockaddr *)from, sizeof(*from), MSG_DONTWAIT,
				NULL, NULL, &new_so);
	if (cb->error)
		return;
	sock_close(new_so);
	__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST);
}

void UNX4_listener(struct kunit *test)
{
	struct sockaddr_un *from = st_alloc(test, sizeof(*from));
	struct st_cb *cb = st_cb(test, body_accept);
	const char *path = st_path(test);

	cb->arg = from;
	un_listener(test, path, st_upcall, cb);
	ASSERT_EQ(test, st_peer_connect_path(st_peer(test, AF_UNIX, SOCK_STREAM), path), 0);
	SETTLES(test, st_got(cb) == 1);
	EXPECT_EQ(test, from->sun_family, AF_LOCAL);
	EXPECT_EQ(test, from->sun_len, 16);
}

void UNX5_peer_closes(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct un_pair p;
	u_int8_t byte;
	int calls;

	un_pair(test, &p, st_upcall, cb);
	st_called(cb, 0);
	calls = st_calls(cb);
	st_peer_close(p.peer);
	st_called(cb, calls);
	EXPECT_IO(test, st_recv(p.so, &byte, 1, 0), 0, 0);
	EXPECT_EQ(test, sock_isconnected(p.so), 0);
	EXPECT_IO(test, st_send(p.so, "x", 1, 0), EPIPE, 0);
}

/* The closer had not read all; the survivor sees the end all the same, and no error. */
void peer_closes_with_unread_data(struct kunit *test)
{
	struct un_pair p;
	u_int8_t byte;

	un_pair(test, &p, NULL, NULL);
	EXPECT_IO(test, st_send(p.so, "unread", 6, 0), 0, 6);
	st_peer_close(p.peer);
	EXPECT_IO(test, st_recv(p.so, &byte, 1, 0), 0, 0);
	EXPECT_EQ(test, st_get(test, p.so, SOL_SOCKET, SO_ERROR), 0);
}

void UNX6_can_wait(struct kunit *test)
{
	struct st_blocked *sender;
	struct un_pair p;

	un_pair(test, &p, NULL, NULL);
	sender = st_block_in_can_wait(test, p.so, st_mbuf(test, 1 << 20, 0));
	EXPECT(test, st_get(test, p.so, SOL_SOCKET, SO_NWRITE) > 0);
	EXPECT_EQ(test, st_peer_read(p.peer, 0, 1 << 20), 1 << 20);
	EXPECT_IO(test, st_result(test, sender), 0, 1 << 20);
}

void UNX7_datagrams(struct kunit *test)
{
	socket_t so = st_socket(test, AF_UNIX, SOCK_DGRAM);
	const char *path = st_path(test), *theirs = st_path(test);
	struct st_peer *peer = server(test, theirs, SOCK_DGRAM);
	struct sockaddr_un sun;
	struct msghdr msg = { .msg_name = &sun, .msg_namelen = sizeof(sun) };
	size_t len = 100;
	mbuf_t m = NULL;
	char buf[10];

	bzero(&sun, sizeof(sun));
	EXPECT_EQ(test, sock_getsockname(so, (struct sockaddr *)&sun, sizeof(sun)), 0);
	EXPECT_EQ(test, sun.sun_len, 16);
	EXPECT_EQ(test, sun.sun_family, AF_LOCAL);
	EXPECT_EQ(test, sun.sun_path[0], 0);

	ASSERT_EQ(test, sock_bind(so, st_un(&sun, path)), 0);
	ASSERT_EQ(test, st_peer_connect_path(peer, path), 0);
	EXPECT_EQ(test, st_peer_send(peer, "", 0), 0);
	EXPECT_EQ(test, sock_receivembuf(so, &msg, &m, 0, &len), 0);
	EXPECT_EQ(test, len, 0);
	ASSERT(test, m != NULL);
	EXPECT_EQ(test, mbuf_len(m), 0);
	mbuf_freem(m);
	EXPECT_EQ(test, sun.sun_family, AF_UNIX);
	EXPECT(test, !strcmp(sun.sun_path, theirs));
	EXPECT_EQ(test, sun.sun_len, 2 + strlen(theirs) + 1);

	ASSERT_EQ(test, sock_connect(so, st_un(&sun, theirs), 0), 0);
	EXPECT_IO(test, st_send(so, "hello", 5, 0), 0, 5);
	EXPECT_EQ(test, st_peer_recv(peer, buf, sizeof(buf)), 5);
}

/* The receiver's queue is full: the datagram is lost, nobody waits. */
void datagrams_do_not_wait(struct kunit *test)
{
	socket_t so = st_socket(test, AF_UNIX, SOCK_DGRAM);
	const char *theirs = st_path(test);
	struct sockaddr_un sun;
	struct st_io io = { 0, 0 };
	int i;

	server(test, theirs, SOCK_DGRAM);
	ASSERT_EQ(test, sock_connect(so, st_un(&sun, theirs), 0), 0);
	for (i = 0; i < 5000 && !io.error; i++)
		io = st_send(so, "x", 1, 0);
	EXPECT_EQ(test, io.error, ENOBUFS);
}

void stream_both_ways(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_drain);
	struct st_thread *sender;
	struct un_pair p;

	un_pair(test, &p, st_upcall, cb);
	sender = st_peer_stream(p.peer, 300000, 1, 9000);
	SETTLES(test, st_bytes(cb) == 300000);
	EXPECT(test, st_join(sender));
	st_send_pattern(test, p.so, 0, 20000);
	EXPECT_EQ(test, sock_shutdown(p.so, SHUT_WR), 0);
	EXPECT_EQ(test, st_peer_drain(p.peer, 0), 20000);
}

void waitall_and_peek(struct kunit *test)
{
	struct un_pair p;
	u_int8_t buf[100];

	un_pair(test, &p, NULL, NULL);
	ASSERT_EQ(test, st_nonblocking(p.so, 1), 0);
	st_peer_send_pattern(test, p.peer, 0, 3);
	EXPECT_IO(test, st_recv(p.so, buf, 100, MSG_PEEK), 0, 3);
	EXPECT_IO(test, st_recv(p.so, buf, 4, MSG_WAITALL), EWOULDBLOCK, 0);
	EXPECT_EQ(test, st_readable(test, p.so), 3);
	st_peer_send_pattern(test, p.peer, 3, 1);
	EXPECT_IO(test, st_recvm(test, p.so, buf, 4, MSG_WAITALL), 0, 4);
	EXPECT_PATTERN(test, buf, 4, 0);
	EXPECT_IO(test, st_recvm(test, p.so, buf, 4, 0), EWOULDBLOCK, 0);
}

/* An atomic send on a stream: all of it, although the peer is slow. */
void sendmbuf_is_atomic(struct kunit *test)
{
	struct st_blocked *sender;
	struct un_pair p;

	un_pair(test, &p, NULL, NULL);
	ASSERT_EQ(test, st_set(p.so, SOL_SOCKET, SO_SNDBUF, 65536), 0);
	EXPECT_IO(test, st_sendm(p.so, st_mbuf(test, 65537, 0), 0), EMSGSIZE, 0);
	sender = st_block_in_sendmbuf(test, p.so, st_mbuf(test, 65536, 0));
	EXPECT_EQ(test, st_peer_read(p.peer, 0, 65536), 65536);
	EXPECT_IO(test, st_result(test, sender), 0, 65536);
}

void names_of_a_bound_stream(struct kunit *test)
{
	struct sockaddr_un sun;
	struct un_pair p;

	un_pair(test, &p, NULL, NULL);
	bzero(&sun, sizeof(sun));
	EXPECT_EQ(test, sock_getpeername(p.so, (struct sockaddr *)&sun, sizeof(sun)), 0);
	EXPECT(test, !strcmp(sun.sun_path, p.path));
	EXPECT_EQ(test, sun.sun_len, 2 + strlen(p.path) + 1);
}

void no_rights_over_unix(struct kunit *test)
{
	struct iovec iov = { "x", 1 };
	struct {
		struct cmsghdr header;
		int fd;
	} control = { { 16, SOL_SOCKET, SCM_RIGHTS }, 0 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct un_pair p;
	size_t len;

	un_pair(test, &p, NULL, NULL);
	EXPECT_EQ(test, sock_send(p.so, &msg, 0, &len), EOPNOTSUPP);
	EXPECT_IO(test, st_recv(p.so, &len, 1, MSG_OOB), EOPNOTSUPP, 0);
}

void close_wakes_blocked_unix(struct kunit *test)
{
	struct st_blocked *receiver;
	struct un_pair p;

	un_pair(test, &p, NULL, NULL);
	receiver = st_block_in_receive(test, p.so, 10, 0);
	st_close(test, p.so);
	EXPECT_IO(test, st_result(test, receiver), 0, 0);
	EXPECT(test, st_peer_at_eof(p.peer));
}

/* The local levels of option and class refuse what is not theirs. */
void unix_options(struct kunit *test)
{
	socket_t so = st_socket(test, AF_UNIX, SOCK_STREAM);
	int value = 0, len = sizeof(value);
	size_t size = sizeof(value);

	EXPECT_EQ(test, sock_getsockopt(so, SOL_LOCAL, LOCAL_PEERCRED, &value, &len),
		  EOPNOTSUPP);
	EXPECT_EQ(test, st_set(so, SOL_LOCAL, LOCAL_PEERCRED, 1), EOPNOTSUPP);
	EXPECT(test, sock_settclassopt(so, &value, sizeof(value)) != 0);
	EXPECT_EQ(test, sock_gettclassopt(so, &value, &size), EINVAL);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_SNDBUF, 12345), 0);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_SNDBUF), 12345);
}

/* A pair of datagram sockets: ours, bound, and the peer, connected to it. */
static socket_t un_datagrams(struct kunit *test, struct st_peer **peer, const char **theirs,
			     sock_upcall upcall, void *cookie)
{
	socket_t so = st_socket_upcall(test, AF_UNIX, SOCK_DGRAM, upcall, cookie);
	const char *path = st_path(test);
	struct sockaddr_un sun;

	*theirs = st_path(test);
	*peer = server(test, *theirs, SOCK_DGRAM);
	ASSERT_EQ(test, sock_bind(so, st_un(&sun, path)), 0);
	ASSERT_EQ(test, st_peer_connect_path(*peer, path), 0);
	return so;
}

void datagrams_by_upcall(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_take_one);
	struct st_peer *peer;
	const char *theirs;
	int i;

	un_datagrams(test, &peer, &theirs, st_upcall, cb);
	for (i = 0; i < 8; i++)
		ASSERT_EQ(test, st_peer_send(peer, "x", 1), 1);
	SETTLES(test, cb->got == 8);
	EXPECT_EQ(test, cb->empty, 0);
}

void datagrams_cut_off(struct kunit *test)
{
	struct st_message *m = st_message(test, 30);
	struct st_peer *peer;
	const char *theirs;
	u_int8_t buf[100];
	size_t len = 100;
	mbuf_t data = (mbuf_t)ST_NO_SOCKET;
	socket_t so = un_datagrams(test, &peer, &theirs, NULL, NULL);

	st_fill(buf, 100, 0);
	ASSERT_EQ(test, st_peer_send(peer, buf, 100), 100);
	EXPECT_EQ(test, sock_receivembuf(so, NULL, &data, MSG_PEEK, &len), 0);
	EXPECT_EQ(test, len, 100);
	EXPECT(test, data == NULL);
	EXPECT_EQ(test, st_receive(so, m, MSG_PEEK), 0);
	EXPECT(test, m->msg.msg_flags & MSG_TRUNC);
	EXPECT_EQ(test, st_receive(so, m, 0), 0);
	EXPECT_EQ(test, m->len, 30);
	EXPECT(test, m->msg.msg_flags & MSG_TRUNC);
	EXPECT_PATTERN(test, m->buf, 30, 0);

	ASSERT_EQ(test, st_set(so, SOL_SOCKET, SO_DONTTRUNC, 1), 0);
	ASSERT_EQ(test, st_peer_send(peer, buf, 100), 100);
	EXPECT_EQ(test, st_receive(so, m, MSG_PEEK), 0);
	EXPECT(test, m->msg.msg_flags & MSG_RCVMORE);
	EXPECT_EQ(test, st_receive(so, m, 0), 0);
	EXPECT_EQ(test, m->len, 30);
	EXPECT(test, m->msg.msg_flags & MSG_RCVMORE);
	EXPECT_IO(test, st_recvm(test, so, buf, 100, 0), 0, 70);
	EXPECT_PATTERN(test, buf, 70, 30);
}

/* The other side has gone: once an error, then there is no association. */
void datagram_peer_gone(struct kunit *test)
{
	struct sockaddr_un sun;
	struct st_peer *peer;
	const char *theirs;
	socket_t so = un_datagrams(test, &peer, &theirs, NULL, NULL);

	ASSERT_EQ(test, sock_connect(so, st_un(&sun, theirs), 0), 0);
	EXPECT_EQ(test, sock_isconnected(so), 1);
	EXPECT_IO(test, st_send(so, "x", 1, 0), 0, 1);
	st_peer_close(peer);
	EXPECT_IO(test, st_send(so, "x", 1, 0), ECONNRESET, 0);
	EXPECT_EQ(test, sock_isconnected(so), 0);
	EXPECT_IO(test, st_send(so, "x", 1, 0), EDESTADDRREQ, 0);
}

/* Into many mbufs at once, and fewer bytes than there was room for. */
void large_reads(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 1 << 20);
	size_t got = 0;
	struct un_pair p;

	un_pair(test, &p, NULL, NULL);
	st_peer_stream(p.peer, 600000, 100000, 150000);
	while (got < 600000) {
		struct st_io io = st_recvm(test, p.so, buf, 1 << 20, 0);

		ASSERT_EQ(test, io.error, 0);
		ASSERT(test, io.len > 0);
		EXPECT_PATTERN(test, buf, io.len, got);
		got += io.len;
	}
	EXPECT_IO(test, st_recvm(test, p.so, buf, 1, 0), 0, 0);
}

/* The path it has is in use, but that is not why. */
void bound_twice(struct kunit *test)
{
	const char *path = st_path(test);
	socket_t so = st_socket(test, AF_UNIX, SOCK_STREAM);
	struct sockaddr_un sun;

	EXPECT_EQ(test, sock_bind(so, st_un(&sun, path)), 0);
	EXPECT_EQ(test, sock_bind(so, st_un(&sun, path)), EINVAL);
	EXPECT_EQ(test, sock_bind(so, st_un(&sun, "/no/such/place")), EINVAL);
	EXPECT_EQ(test, sock_listen(so, 1), 0);
}

/* Linux has urgent bytes here, which an ordinary read skips. */
void urgent_bytes_are_not_counted(struct kunit *test)
{
	struct un_pair p;
	u_int8_t buf[8];

	un_pair(test, &p, NULL, NULL);
	if (st_peer_send_flags(p.peer, "!", 1, ST_MSG_OOB) != 1)
		st_skip(test, "this kernel has none");
	EXPECT_EQ(test, st_readable(test, p.so), 0);
	EXPECT_IO(test, st_recv(p.so, buf, 8, MSG_DONTWAIT), EWOULDBLOCK, 0);
	EXPECT_IO(test, st_recv(p.so, buf, 8, MSG_DONTWAIT | MSG_PEEK), EWOULDBLOCK, 0);
	EXPECT_EQ(test, st_peer_send(p.peer, "ab", 2), 2);
	EXPECT_EQ(test, st_readable(test, p.so), 2);
	EXPECT_IO(test, st_recvm(test, p.so, buf, 8, MSG_DONTWAIT), 0, 2);
	EXPECT(test, buf[0] == 'a' && buf[1] == 'b');
	EXPECT_EQ(test, st_readable(test, p.so), 0);

	EXPECT_EQ(test, st_set(p.so, SOL_SOCKET, SO_OOBINLINE, 1), 0);
	EXPECT_EQ(test, st_peer_send_flags(p.peer, "!", 1, ST_MSG_OOB), 1);
	EXPECT_EQ(test, st_readable(test, p.so), 1);
	EXPECT_IO(test, st_recv(p.so, buf, 8, MSG_DONTWAIT), 0, 1);
}

void urgent_bytes_call_nobody(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_take_one);
	struct un_pair p;
	int i;

	un_pair(test, &p, st_upcall, cb);
	st_called(cb, 0);
	st_quiet(cb);
	cb->empty = 0;
	for (i = 0; i < 8; i++) {
		if (st_peer_send_flags(p.peer, "!", 1, ST_MSG_OOB) != 1)
			st_skip(test, "this kernel has none");
		st_no_more_calls(test, cb);
		EXPECT_EQ(test, st_peer_send(p.peer, "x", 1), 1);
		SETTLES(test, st_got(cb) == i + 1);
		st_quiet(cb);
	}
	EXPECT_EQ(test, cb->empty, 0);
}
