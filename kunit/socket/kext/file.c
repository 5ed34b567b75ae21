// SPDX-License-Identifier: GPL-2.0
/* Scenarios: sockets of descriptors. The peers are the process. */

#include <sys/file.h>

#include "scenario.h"

/* A connection between two sockets of the process, and the first one's descriptor. */
struct pair {
	struct st_peer *mine, *other;
	int fd;
};

static void make_pair(struct kunit *test, struct pair *p)
{
	struct st_peer *listener = st_peer(test, AF_INET, SOCK_STREAM);

	ASSERT_EQ(test, st_peer_bind(listener, 0), 0);
	ASSERT_EQ(test, st_peer_listen(listener, 1), 0);
	p->mine = st_peer(test, AF_INET, SOCK_STREAM);
	ASSERT_EQ(test, st_peer_connect(p->mine, st_peer_port(listener)), 0);
	p->other = st_peer_accept(listener);
	p->fd = st_descriptor(p->mine);
}

static socket_t borrow(struct kunit *test, int fd)
{
	socket_t so = NULL;

	ASSERT_EQ(test, file_socket(fd, &so), 0);
	ASSERT(test, so != NULL);
	return so;
}

void file_refuses(struct kunit *test)
{
	socket_t so = ST_NO_SOCKET;
	struct pair p;
	int file = st_descriptor_of_no_socket(test);

	EXPECT_EQ(test, file_socket(-1, &so), EBADF);
	EXPECT(test, so == NULL);
	EXPECT_EQ(test, file_socket(1000000, &so), EBADF);
	EXPECT_EQ(test, file_socket(file, &so), ENOTSOCK);
	EXPECT_EQ(test, file_drop(file), EBADF);
	EXPECT_EQ(test, file_drop(-1), EBADF);

	make_pair(test, &p);
	EXPECT_EQ(test, file_socket(p.fd, NULL), EINVAL);
	EXPECT_EQ(test, file_drop(p.fd), EBADF);
	st_peer_take(p.mine, 1);
	EXPECT_EQ(test, file_socket(p.fd, &so), EBUSY);
	st_peer_take(p.mine, 0);
	EXPECT_EQ(test, file_socket(st_descriptor(st_peer(test, AF_UNIX, SOCK_SEQPACKET)), &so),
		  EOPNOTSUPP);
	EXPECT_EQ(test, file_socket(st_descriptor(st_peer(test, 16, SOCK_RAW)), &so),
		  EOPNOTSUPP);		/* netlink */
	EXPECT(test, so == NULL);
}

void file_knows_its_socket(struct kunit *test)
{
	int domain = 0, type = 0, protocol = 0, copy;
	struct sockaddr_in sin;
	struct pair p;
	socket_t so;

	make_pair(test, &p);
	so = borrow(test, p.fd);
	copy = st_descriptor(p.mine);
	EXPECT(test, borrow(test, p.fd) == so);
	EXPECT(test, borrow(test, copy) == so);
	EXPECT_EQ(test, sock_gettype(so, &domain, &type, &protocol), 0);
	EXPECT_EQ(test, domain, AF_INET);
	EXPECT_EQ(test, type, SOCK_STREAM);
	EXPECT_EQ(test, sock_isconnected(so), 1);
	EXPECT_EQ(test, sock_iskernel(so), 0);
	EXPECT_EQ(test, sock_getpeername(so, (struct sockaddr *)&sin, sizeof(sin)), 0);
	EXPECT_EQ(test, ntohs(sin.sin_port), st_peer_port(p.other));

	EXPECT_EQ(test, file_drop(p.fd), 0);
	EXPECT_EQ(test, file_drop(copy), 0);
	EXPECT_EQ(test, file_drop(copy), EBADF);
	EXPECT_EQ(test, sock_isconnected(so), 1);
	EXPECT_EQ(test, file_drop(p.fd), 0);
	EXPECT_EQ(test, file_drop(p.fd), EBADF);
}

void file_both_ways(struct kunit *test)
{
	struct st_blocked *blocked;
	struct pair p;
	socket_t so;
	char byte;

	make_pair(test, &p);
	so = borrow(test, p.fd);
	st_peer_send_pattern(test, p.other, 0, 5000);
	st_recv_pattern(test, so, 0, 5000);
	st_send_pattern(test, so, 0, 5000);
	EXPECT_EQ(test, st_peer_read(p.other, 0, 5000), 5000);

	blocked = st_block_in_receive(test, so, 1, 0);
	EXPECT_EQ(test, st_peer_send(p.other, "x", 1), 1);
	EXPECT_EQ(test, st_result(test, blocked).len, 1);
	EXPECT_EQ(test, sock_connect(so, NULL, 0), EINVAL);
	EXPECT_IO(test, st_recv(so, &byte, 1, MSG_DONTWAIT), EWOULDBLOCK, 0);
	EXPECT_EQ(test, file_drop(p.fd), 0);
}

void file_upcall_to_the_end(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_drain);
	struct pair p;
	socket_t so;
	int calls;

	make_pair(test, &p);
	st_peer_send_pattern(test, p.other, 0, 100);	/* there before the upcall */
	so = borrow(test, p.fd);
	EXPECT_EQ(test, sock_setupcall(so, st_upcall, cb), 0);
	SETTLES(test, st_bytes(cb) == 100);
	st_peer_send_pattern(test, p.other, 100, 50000);
	SETTLES(test, st_bytes(cb) == 50100);
	EXPECT_EQ(test, cb->slept, cb->calls);

	st_no_more_calls(test, cb);
	calls = st_calls(cb);
	st_peer_close(p.other);
	EXPECT(test, st_called(cb, calls));
	EXPECT_EQ(test, file_drop(p.fd), 0);
	EXPECT_EQ(test, cb->overlaps, 0);
}

void file_write_upcall(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct pair p;
	socket_t so;
	size_t len;
	int calls;

	make_pair(test, &p);
	so = borrow(test, p.fd);
	EXPECT_EQ(test, st_nonblocking(so, 1), 0);
	EXPECT_EQ(test, sock_setupcalls(so, NULL, NULL, st_upcall, cb), 0);
	len = st_fill_up(test, so);
	calls = st_quiet(cb);
	EXPECT_EQ(test, st_peer_read(p.other, 0, len), len);
	EXPECT(test, st_called(cb, calls));
	EXPECT_EQ(test, file_drop(p.fd), 0);
}

/* While the kext has it, and after. */
void file_leaves_the_process_alone(struct kunit *test)
{
	struct st_thread *sender;
	struct pair p;

	make_pair(test, &p);
	borrow(test, p.fd);
	sender = st_peer_stream(p.other, 100000, 1, 3000);
	EXPECT_EQ(test, st_peer_read(p.mine, 0, 100000), 100000);
	EXPECT(test, st_join(sender));
	EXPECT_EQ(test, file_drop(p.fd), 0);

	sender = st_peer_stream(p.mine, 100000, 1, 3000);
	EXPECT_EQ(test, st_peer_read(p.other, 0, 100000), 100000);
	EXPECT(test, st_join(sender));
}

void file_retained_outlives_the_descriptor(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_drain);
	struct pair p;
	socket_t so;

	make_pair(test, &p);
	so = borrow(test, p.fd);
	sock_retain(so);
	EXPECT_EQ(test, file_drop(p.fd), 0);
	st_close_descriptor(test, p.fd);
	st_peer_close(p.mine);

	EXPECT_EQ(test, sock_setupcall(so, st_upcall, cb), 0);
	st_peer_send_pattern(test, p.other, 0, 3000);
	SETTLES(test, st_bytes(cb) == 3000);
	st_send_pattern(test, so, 0, 3000);
	EXPECT_EQ(test, st_peer_read(p.other, 0, 3000), 3000);
	sock_release(so);
	EXPECT(test, st_peer_at_eof(p.other));
}

void file_dropped_after_close(struct kunit *test)
{
	struct pair p;
	socket_t so;

	make_pair(test, &p);
	so = borrow(test, p.fd);
	st_close_descriptor(test, p.fd);
	st_peer_close(p.mine);
	st_send_pattern(test, so, 0, 10);
	EXPECT_EQ(test, file_drop(p.fd), 0);
	EXPECT_EQ(test, st_peer_read(p.other, 0, 10), 10);
	EXPECT(test, st_peer_at_eof(p.other));
	EXPECT_EQ(test, file_drop(p.fd), EBADF);
}

void file_is_not_closed_by_the_kext(struct kunit *test)
{
	struct pair p;
	socket_t so;

	st_misuse_expected(test);
	make_pair(test, &p);
	so = borrow(test, p.fd);
	sock_close(so);
	sock_close(so);
	st_send_pattern(test, so, 0, 10);
	EXPECT_EQ(test, st_peer_read(p.other, 0, 10), 10);
	sock_retain(so);
	EXPECT_EQ(test, file_drop(p.fd), 0);
	sock_close(so);
	st_send_pattern(test, so, 0, 10);
	EXPECT_EQ(test, st_peer_read(p.other, 0, 10), 10);
	sock_release(so);
	EXPECT_EQ(test, st_peer_send(p.mine, "x", 1), 1);
}

void file_release_too_many(struct kunit *test)
{
	struct pair p;
	socket_t so;

	st_misuse_expected(test);
	make_pair(test, &p);
	so = borrow(test, p.fd);
	sock_release(so);
	st_send_pattern(test, so, 0, 10);
	EXPECT_EQ(test, st_peer_read(p.other, 0, 10), 10);
	EXPECT_EQ(test, file_drop(p.fd), 0);
}

void file_datagrams(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_take_one);
	struct st_peer *mine = st_peer(test, AF_INET, SOCK_DGRAM);
	struct st_peer *other = st_peer(test, AF_INET, SOCK_DGRAM);
	char buf[8];
	socket_t so;
	int i, fd;

	ASSERT_EQ(test, st_peer_bind(mine, 0), 0);
	ASSERT_EQ(test, st_peer_bind(other, 0), 0);
	fd = st_descriptor(mine);
	so = borrow(test, fd);
	EXPECT_IO(test, st_send_to(so, st_peer_port(other), "abc", 3), 0, 3);
	EXPECT_EQ(test, st_peer_recv(other, buf, sizeof(buf)), 3);

	/* one call takes one: each of them is called for */
	EXPECT_EQ(test, sock_setupcall(so, st_upcall, cb), 0);
	for (i = 0; i < 50; i++)
		EXPECT_EQ(test, st_peer_send_to(other, st_peer_port(mine), "x", 1), 1);
	SETTLES(test, st_got(cb) == 50);
	EXPECT_EQ(test, file_drop(fd), 0);
	EXPECT_EQ(test, st_peer_send_to(other, st_peer_port(mine), "yz", 2), 2);
	EXPECT_EQ(test, st_peer_recv(mine, buf, sizeof(buf)), 2);
}

void file_unix(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_drain);
	struct st_peer *listener = st_peer(test, AF_UNIX, SOCK_STREAM);
	struct st_peer *mine = st_peer(test, AF_UNIX, SOCK_STREAM), *other;
	const char *path = st_path(test);
	int fd, calls;
	socket_t so;

	ASSERT_EQ(test, st_peer_bind_path(listener, path), 0);
	ASSERT_EQ(test, st_peer_listen(listener, 1), 0);
	ASSERT_EQ(test, st_peer_connect_path(mine, path), 0);
	other = st_peer_accept(listener);
	fd = st_descriptor(mine);
	so = borrow(test, fd);
	EXPECT_EQ(test, sock_setupcall(so, st_upcall, cb), 0);
	st_peer_send_pattern(test, other, 0, 3000);
	SETTLES(test, st_bytes(cb) == 3000);
	st_send_pattern(test, so, 0, 3000);
	EXPECT_EQ(test, st_peer_read(other, 0, 3000), 3000);
	calls = st_quiet(cb);
	st_peer_close(other);
	EXPECT(test, st_called(cb, calls));
	EXPECT_EQ(test, file_drop(fd), 0);
}

static void accept_one(struct st_cb *cb, socket_t so)
{
	socket_t *new_so = cb->arg;

	if (*new_so == NULL)
		cb->error = sock_accept(so, NULL, 0, MSG_DONTWAIT, NULL, NULL, new_so);
}

void file_listener(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, accept_one);
	struct st_peer *listener = st_peer(test, AF_INET, SOCK_STREAM), *client;
	socket_t so, *new_so = st_alloc(test, sizeof(*new_so));
	int fd;

	ASSERT_EQ(test, st_peer_bind(listener, 0), 0);
	ASSERT_EQ(test, st_peer_listen(listener, 5), 0);
	fd = st_descriptor(listener);
	so = borrow(test, fd);
	cb->arg = new_so;
	EXPECT_EQ(test, sock_setupcall(so, st_upcall, cb), 0);
	client = st_client(test, st_peer_port(listener));
	ASSERT(test, SETTLES(test, __atomic_load_n(new_so, __ATOMIC_SEQ_CST) != NULL));
	EXPECT_EQ(test, file_drop(fd), 0);

	/* what came of it is an ordinary socket of the kext's */
	st_track(test, *new_so);
	EXPECT_EQ(test, sock_iskernel(*new_so), 1);
	st_send_pattern(test, *new_so, 0, 1000);
	EXPECT_EQ(test, st_peer_read(client, 0, 1000), 1000);
	st_close(test, *new_so);
	EXPECT(test, st_peer_at_eof(client));
	client = st_client(test, st_peer_port(listener));
	st_peer_accept(listener);
}

void file_connects(struct kunit *test)
{
	struct st_peer *mine = st_peer(test, AF_INET, SOCK_STREAM);
	struct st_peer *listener = st_peer(test, AF_INET, SOCK_STREAM), *other;
	struct st_cb *cb = st_cb(test, NULL);
	struct sockaddr_in sin;
	socket_t so;
	int fd;

	ASSERT_EQ(test, st_peer_bind(listener, 0), 0);
	ASSERT_EQ(test, st_peer_listen(listener, 5), 0);
	fd = st_descriptor(mine);
	so = borrow(test, fd);
	EXPECT_EQ(test, sock_setupcall(so, st_upcall, cb), 0);
	EXPECT_EQ(test, sock_connect(so, st_in(&sin, st_peer_port(listener)), 0), 0);
	EXPECT(test, st_called(cb, 0));
	EXPECT_EQ(test, sock_isconnected(so), 1);
	EXPECT_EQ(test, sock_connect(so, st_in(&sin, st_peer_port(listener)), 0), EISCONN);
	other = st_peer_accept(listener);
	EXPECT_EQ(test, file_drop(fd), 0);
	st_peer_send_pattern(test, mine, 0, 100);
	EXPECT_EQ(test, st_peer_read(other, 0, 100), 100);
}

void file_without_memory(struct kunit *test)
{
	unsigned int n, left, failed = 0;
	struct pair p;
	errno_t error;
	socket_t so;

	if (!st_can_fail())
		st_skip(test, "this kernel's allocations do not fail");
	make_pair(test, &p);
	for (n = 1; n < 20; n++) {
		st_fail_nth(n);
		error = file_socket(p.fd, &so);
		left = st_fail_nth(0);
		if (left)
			break;
		failed += error != 0;
		EXPECT_EQ(test, error, error ? ENOBUFS : 0);	/* others are the allocator's own */
		EXPECT_EQ(test, so == NULL, error != 0);
		EXPECT_EQ(test, file_drop(p.fd), error ? EBADF : 0);
	}
	st_note(test, "%u allocations", n - 1);
	EXPECT(test, failed > 0);
	EXPECT_EQ(test, error, 0);
	EXPECT_EQ(test, file_drop(p.fd), 0);
}

/* Threads that ask, use and drop, while bytes pass. */
struct asker {
	struct kunit *test;
	int fd, rounds;
};

static void ask(void *arg)
{
	struct asker *a = arg;
	socket_t so;
	int i;

	for (i = 0; i < a->rounds; i++) {
		if (!EXPECT_EQ(a->test, file_socket(a->fd, &so), 0))
			break;
		if (i % 3 == 0)
			sock_retain(so);
		EXPECT_EQ(a->test, sock_isconnected(so), 1);
		EXPECT_EQ(a->test, file_drop(a->fd), 0);
		if (i % 3 == 0)
			sock_release(so);
	}
}

void file_asked_by_many(struct kunit *test)
{
	struct st_thread *threads[4], *sender;
	struct asker a = { test, 0, st_rounds(300, 20000) };
	struct pair p;
	int i;

	make_pair(test, &p);
	a.fd = p.fd;
	sender = st_peer_stream(p.other, 200000, 1, 3000);
	for (i = 0; i < 4; i++)
		threads[i] = st_thread(test, ask, &a);
	EXPECT_EQ(test, st_peer_read(p.mine, 0, 200000), 200000);
	for (i = 0; i < 4; i++)
		EXPECT(test, st_join(threads[i]));
	EXPECT(test, st_join(sender));
	EXPECT_EQ(test, file_drop(p.fd), EBADF);
}
