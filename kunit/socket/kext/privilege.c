// SPDX-License-Identifier: GPL-2.0
/* Scenarios: what a socket may do is what its creator may, whoever calls. */

#include <sys/kauth.h>
#include <sys/systm.h>

#include "scenario.h"

static errno_t bind_reserved(socket_t so, u_int16_t port)
{
	struct sockaddr_in sin;

	return sock_bind(so, st_in(&sin, port));
}

/* Linux lets everybody bind a socket to an interface once. */
static errno_t take_device(socket_t so)
{
	errno_t error = sock_setsockopt(so, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);

	return error ? error : sock_setsockopt(so, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
}

static errno_t make_raw(void)
{
	socket_t so = NULL;
	errno_t error = sock_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP, NULL, NULL, &so);

	if (error == 0)
		sock_close(so);
	return error;
}

static void powerless(void *arg)
{
	struct kunit *test = arg;
	socket_t low;

	EXPECT_EQ(test, make_raw(), EPERM);
	EXPECT_EQ(test, bind_reserved(st_stream(test), 1000), EACCES);
	EXPECT_EQ(test, take_device(st_stream(test)), EPERM);
	low = st_stream(test);
	EXPECT_EQ(test, st_set(low, IPPROTO_IP, IP_PORTRANGE, IP_PORTRANGE_LOW), 0);
	EXPECT_EQ(test, bind_reserved(low, 0), EACCES);
}

static void no_superuser(void *arg)
{
	struct kunit *test = arg;

	EXPECT_EQ(test, suser(kauth_cred_get(), NULL), EPERM);
	EXPECT_EQ(test, kauth_cred_issuser(kauth_cred_get()), 0);
}

/* As in a container. */
void root_without_capabilities(struct kunit *test)
{
	EXPECT_EQ(test, suser(kauth_cred_get(), NULL), 0);
	st_with_capability(ST_NO_CAPABILITY, no_superuser, test);
	st_with_capability(ST_CAP_RAW, no_superuser, test);
	st_as_user(no_superuser, test);
	st_with_capability(ST_NO_CAPABILITY, powerless, test);
	st_as_user(powerless, test);
	st_with_capability(ST_CAP_ADMIN, powerless, test);
}

static void may_bind(void *arg)
{
	struct kunit *test = arg;

	EXPECT_EQ(test, make_raw(), EPERM);
	EXPECT_EQ(test, take_device(st_stream(test)), EPERM);
	EXPECT_EQ(test, bind_reserved(st_stream(test), 1000), 0);
}

static void may_send_raw(void *arg)
{
	struct kunit *test = arg;

	EXPECT_EQ(test, make_raw(), 0);
	EXPECT_EQ(test, take_device(st_stream(test)), 0);
	EXPECT_EQ(test, bind_reserved(st_stream(test), 1001), EACCES);
}

void one_capability_is_enough(struct kunit *test)
{
	st_with_capability(ST_CAP_BIND, may_bind, test);
	st_with_capability(ST_CAP_RAW, may_send_raw, test);
}

/* Sockets of a user without power. */
struct sockets {
	struct kunit *test;
	socket_t so[3];
};

static void make_sockets(void *arg)
{
	struct sockets *s = arg;
	int i;

	for (i = 0; i < 3; i++)
		s->so[i] = st_stream(s->test);
}

/* Three things that take power. */
static void try_all(struct sockets *s, errno_t bind_error, errno_t device_error)
{
	EXPECT_EQ(s->test, bind_reserved(s->so[0], 1000), bind_error);
	EXPECT_EQ(s->test, take_device(s->so[1]), device_error);
	EXPECT_EQ(s->test, st_set(s->so[2], IPPROTO_IP, IP_PORTRANGE, IP_PORTRANGE_LOW), 0);
	EXPECT_EQ(s->test, bind_reserved(s->so[2], 0), bind_error);
}

/* The scenario's own thread is the kernel's, and may do everything. */
void no_power_from_the_thread(struct kunit *test)
{
	struct sockets user = { test }, root = { test };

	st_as_user(make_sockets, &user);
	try_all(&user, EACCES, EPERM);
	make_sockets(&root);
	try_all(&root, 0, 0);
}

static void try_in_upcall(struct st_cb *cb, socket_t so)
{
	struct sockets *s = cb->arg;

	if (cb->calls == 1)
		try_all(s, EACCES, EPERM);
	__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST);
}

void no_power_from_the_upcall(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, try_in_upcall);
	struct sockets *s = st_alloc(test, sizeof(*s));
	struct st_tcp t;

	s->test = test;
	cb->arg = s;
	st_as_user(make_sockets, s);
	st_tcp_upcall(test, &t, st_upcall, cb);
	st_send_byte(test, &t);
	SETTLES(test, st_got(cb) > 0);
	EXPECT_EQ(test, sock_setupcall(t.so, NULL, NULL), 0);
	st_quiet(cb);
}

void given_up_and_given(struct kunit *test)
{
	struct sockets s = { test };
	int i;

	make_sockets(&s);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(test, sock_setpriv(s.so[i], 0), 0);
	try_all(&s, EACCES, EPERM);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(test, sock_setpriv(s.so[i], 1), 0);
		EXPECT_EQ(test, sock_setpriv(s.so[i], 1), 0);
	}
	try_all(&s, 0, 0);
}

static void listen_as_user(void *arg)
{
	struct sockets *s = arg;
	u_int16_t *port = st_alloc(s->test, sizeof(*port));

	s->so[0] = st_listener(s->test, port);
}

void accepted_has_the_listeners(struct kunit *test)
{
	struct sockets s = { test };
	socket_t so = NULL;

	st_as_user(listen_as_user, &s);
	st_client(test, st_port(test, s.so[0]));
	ASSERT_EQ(test, sock_accept(s.so[0], NULL, 0, 0, NULL, NULL, &so), 0);
	st_track(test, so);
	EXPECT_EQ(test, take_device(so), EPERM);

	EXPECT_EQ(test, sock_setpriv(s.so[0], 1), 0);
	st_client(test, st_port(test, s.so[0]));
	ASSERT_EQ(test, sock_accept(s.so[0], NULL, 0, 0, NULL, NULL, &so), 0);
	st_track(test, so);
	EXPECT_EQ(test, take_device(so), 0);
}

static void make_unix(void *arg)
{
	struct sockets *s = arg;

	s->so[0] = st_socket(s->test, AF_UNIX, SOCK_STREAM);
	s->so[1] = st_socket(s->test, AF_UNIX, SOCK_STREAM);
	s->so[2] = st_socket(s->test, AF_UNIX, SOCK_DGRAM);
}

/* Linux's sockets are root's here; and who has connected is told to the peer. */
void paths_are_the_creators(struct kunit *test)
{
	struct st_peer *listener = st_peer(test, AF_UNIX, SOCK_STREAM);
	struct st_peer *client = st_peer(test, AF_UNIX, SOCK_STREAM);
	struct st_peer *dgram = st_peer(test, AF_UNIX, SOCK_DGRAM);
	const char *theirs = st_path(test), *datagrams = st_path(test), *ours = st_path(test);
	struct sockets user = { test }, root = { test };
	struct sockaddr_un sun;
	struct msghdr msg = { .msg_name = &sun, .msg_namelen = sizeof(sun) };
	struct st_peer *accepted;
	size_t len;

	ASSERT_EQ(test, st_peer_bind_path(listener, theirs), 0);
	ASSERT_EQ(test, st_peer_listen(listener, 5), 0);
	ASSERT_EQ(test, st_peer_bind_path(dgram, datagrams), 0);
	st_as_user(make_unix, &user);
	make_unix(&root);
	EXPECT_EQ(test, sock_connect(user.so[0], st_un(&sun, theirs), 0), EACCES);
	EXPECT_EQ(test, sock_connect(root.so[0], st_un(&sun, theirs), 0), 0);
	accepted = st_peer_accept(listener);
	EXPECT_EQ(test, st_peer_of_user(accepted), 0);

	st_un(&sun, datagrams);
	EXPECT_EQ(test, sock_sendmbuf(user.so[2], &msg, st_mbuf(test, 9, 0), 0, &len), EACCES);
	EXPECT_EQ(test, sock_sendmbuf(root.so[2], &msg, st_mbuf(test, 9, 0), 0, &len), 0);

	/* a user's own, and the peer sees whose it is */
	EXPECT_EQ(test, sock_bind(user.so[0], st_un(&sun, ours)), 0);
	EXPECT_EQ(test, sock_listen(user.so[0], 1), 0);
	EXPECT_EQ(test, sock_connect(user.so[1], st_un(&sun, ours), 0), 0);
	ASSERT_EQ(test, st_peer_connect_path(client, ours), 0);
	EXPECT_EQ(test, st_peer_of_user(client), 1000);
}
