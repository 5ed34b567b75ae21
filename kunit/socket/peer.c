// SPDX-License-Identifier: GPL-2.0
/* Ordinary Linux sockets: the other end of the scenarios. */

#include <linux/anon_inodes.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/init.h>
#include <linux/net.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/un.h>

#include <net/sock.h>
#include <net/tcp.h>

#include <kunit/test.h>

#include "compat/socket.h"
#include "test.h"

#define READ_SIZE	4096

struct st_peer {
	struct socket *sock;
	struct kunit *test;
	int family;
};

union address {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
	struct sockaddr_storage storage;
};

/* 7.3 has a type of its own for addresses of unknown size. */
#define as_address(address)	((void *)&(address)->sa)

static int loopback(union address *address, int family, u16 port)
{
	memset(address, 0, sizeof(*address));
	address->sa.sa_family = family;
	if (family == AF_INET6) {
		address->in6.sin6_port = htons(port);
		address->in6.sin6_addr = in6addr_loopback;
		return sizeof(address->in6);
	}
	address->in.sin_port = htons(port);
	address->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sizeof(address->in);
}

static int path_address(union address *address, const char *path)
{
	memset(address, 0, sizeof(*address));
	address->un.sun_family = AF_UNIX;
	strscpy(address->un.sun_path, path, sizeof(address->un.sun_path));
	return offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1;
}

static void close_peer(void *data)
{
	struct st_peer *peer = data;

	if (peer->sock && peer->sock->file)
		fput(peer->sock->file);
	else if (peer->sock)
		sock_release(peer->sock);
	peer->sock = NULL;
}

static struct st_peer *adopt(struct kunit *test, struct socket *sock)
{
	struct st_peer *peer = st_alloc(test, sizeof(*peer));

	peer->sock = sock;
	peer->test = test;
	peer->family = sock->sk->sk_family;
	sock->sk->sk_rcvtimeo = msecs_to_jiffies(ST_DEADLINE_MS);
	sock->sk->sk_sndtimeo = msecs_to_jiffies(ST_DEADLINE_MS);
	if (sock->sk->sk_protocol == IPPROTO_TCP)
		tcp_sock_set_nodelay(sock->sk);
	st_defer(test, ST_CLOSE_SOCKETS, close_peer, peer);
	return peer;
}

struct st_peer *st_peer(struct kunit *test, int family, int type)
{
	struct socket *sock;

	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, family, type, 0, &sock), 0);
	return adopt(test, sock);
}

static void close_descriptor(void *fd)
{
	close_fd((long)fd);
}

/* Descriptors are those of the kernel's own threads. */
static int install(struct kunit *test, struct file *file)
{
	long fd = get_unused_fd_flags(O_CLOEXEC);

	KUNIT_ASSERT_GE(test, fd, 0L);
	fd_install(fd, file);
	st_defer(test, ST_CLOSE_SOCKETS, close_descriptor, (void *)fd);
	return fd;
}

int st_descriptor(struct st_peer *peer)
{
	if (!peer->sock->file)
		KUNIT_ASSERT_FALSE(peer->test, IS_ERR(sock_alloc_file(peer->sock, 0, NULL)));
	return install(peer->test, get_file(peer->sock->file));
}

int st_descriptor_of_no_socket(struct kunit *test)
{
	static const struct file_operations none;
	struct file *file = anon_inode_getfile("[kunit]", &none, NULL, O_RDONLY);

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	return install(test, file);
}

void st_close_descriptor(struct kunit *test, int fd)
{
	st_undefer(test, close_descriptor, (void *)(long)fd);
	close_fd(fd);
}

/* Without the one that looks. */
int st_descriptor_uses(int fd)
{
	struct file *file = fget(fd);
	int uses;

	if (!file)
		return 0;
	uses = file_count(file) - 1;
	fput(file);
	return uses;
}

long st_peer_send_descriptor(struct st_peer *peer, const char *path, int fd,
			     const void *data, size_t len)
{
	char control[CMSG_SPACE(sizeof(int))] __aligned(sizeof(size_t)) = {};
	struct kvec vec = { .iov_base = (void *)data, .iov_len = len };
	struct cmsghdr *cmsg = (struct cmsghdr *)control;
	struct msghdr msg = {
		.msg_flags = MSG_NOSIGNAL, .msg_control = control, .msg_controllen = sizeof(control),
	};
	union address address;

	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	*(int *)CMSG_DATA(cmsg) = fd;
	if (path) {
		msg.msg_name = &address;
		msg.msg_namelen = path_address(&address, path);
	}
	iov_iter_kvec(&msg.msg_iter, ITER_SOURCE, &vec, 1, len);
	return kpi_compat_sendmsg(peer->sock, &msg);
}

int st_peer_set(struct st_peer *peer, int name, int value)
{
	return sock_setsockopt(peer->sock, SOL_SOCKET, name, KERNEL_SOCKPTR(&value),
			       sizeof(value));
}

int st_peer_tls(struct st_peer *peer, int tx, int rx)
{
	return st_socket_tls(peer->sock, tx, rx);
}

void st_peer_lock(struct st_peer *peer, int on)
{
	if (on)
		lock_sock(peer->sock->sk);
	else
		release_sock(peer->sock->sk);
}

int st_peer_of_user(struct st_peer *peer)
{
	return st_peer_user(peer->sock);
}

void st_peer_sets_limit(struct st_peer *peer)
{
	st_limit_when_it_arrives(peer->sock);
}

int st_peer_get_rcvlowat(struct st_peer *peer)
{
	return READ_ONCE(peer->sock->sk->sk_rcvlowat);
}

void st_peer_take(struct st_peer *peer, int on)
{
	rcu_assign_sk_user_data(peer->sock->sk, on ? peer : NULL);
}

static long usual_limits[3];

static void restore_limits(void *prot)
{
	memcpy(((struct proto *)prot)->sysctl_mem, usual_limits, sizeof(usual_limits));
}

/* Linux counts per CPU first, so there is some more; how much, the kernel's configuration says. */
void st_peer_tight(struct st_peer *peer, int on)
{
	struct proto *prot = peer->sock->sk->sk_prot;
	int i;

	if (!on) {
		st_undefer(peer->test, restore_limits, prot);
		restore_limits(prot);
		return;
	}
	memcpy(usual_limits, prot->sysctl_mem, sizeof(usual_limits));
	st_defer(peer->test, ST_OPEN_GATES, restore_limits, prot);
	for (i = 0; i < 3; i++)
		WRITE_ONCE(prot->sysctl_mem[i], atomic_long_read(prot->memory_allocated));
}

int st_peer_bind(struct st_peer *peer, u16 port)
{
	union address address;
	int len = loopback(&address, peer->family, port);

	return kernel_bind(peer->sock, as_address(&address), len);
}

int st_peer_bind_path(struct st_peer *peer, const char *path)
{
	union address address;
	int len = path_address(&address, path);

	return kpi_compat_bind(peer->sock, &address.storage, len);
}

int st_peer_listen(struct st_peer *peer, int backlog)
{
	return kernel_listen(peer->sock, backlog);
}

int st_peer_connect(struct st_peer *peer, u16 port)
{
	union address address;
	int len = loopback(&address, peer->family, port);

	return kernel_connect(peer->sock, as_address(&address), len, 0);
}

int st_peer_connect_path(struct st_peer *peer, const char *path)
{
	union address address;
	int len = path_address(&address, path);

	return kpi_compat_connect(peer->sock, &address.storage, len, 0);
}

struct st_peer *st_peer_accept(struct st_peer *listener)
{
	struct socket *sock;

	KUNIT_ASSERT_EQ(listener->test, kernel_accept(listener->sock, &sock, 0), 0);
	return adopt(listener->test, sock);
}

u16 st_peer_port(struct st_peer *peer)
{
	union address address;

	if (kernel_getsockname(peer->sock, &address.sa) < 0)
		return 0;
	return ntohs(peer->family == AF_INET6 ? address.in6.sin6_port : address.in.sin_port);
}

long st_peer_send_flags(struct st_peer *peer, const void *data, size_t len, int flags)
{
	struct msghdr msg = { .msg_flags = flags | MSG_NOSIGNAL };
	struct kvec vec = { .iov_base = (void *)data, .iov_len = len };

	return kernel_sendmsg(peer->sock, &msg, &vec, 1, len);
}

long st_peer_send(struct st_peer *peer, const void *data, size_t len)
{
	return st_peer_send_flags(peer, data, len, 0);
}

long st_peer_send_to(struct st_peer *peer, u16 port, const void *data, size_t len)
{
	union address address;
	struct msghdr msg = {
		.msg_name = &address,
		.msg_namelen = loopback(&address, peer->family, port),
		.msg_flags = MSG_NOSIGNAL,
	};
	struct kvec vec = { .iov_base = (void *)data, .iov_len = len };

	return kernel_sendmsg(peer->sock, &msg, &vec, 1, len);
}

long st_peer_recv_flags(struct st_peer *peer, void *data, size_t len, int flags)
{
	struct msghdr msg = { };
	struct kvec vec = { .iov_base = data, .iov_len = len };

	return kernel_recvmsg(peer->sock, &msg, &vec, 1, len, flags);
}

long st_peer_recv(struct st_peer *peer, void *data, size_t len)
{
	return st_peer_recv_flags(peer, data, len, 0);
}

int st_peer_shutdown(struct st_peer *peer, int how)
{
	return kernel_sock_shutdown(peer->sock, how);
}

void st_peer_close(struct st_peer *peer)
{
	st_undefer(peer->test, close_peer, peer);
	close_peer(peer);
}

void st_peer_reset(struct st_peer *peer)
{
	sock_no_linger(peer->sock->sk);
	st_peer_close(peer);
}

int st_peer_got_reset(struct st_peer *peer)
{
	u8 byte;
	long n;

	do {
		n = st_peer_recv(peer, &byte, 1);
	} while (n == 1);
	return n == -ECONNRESET || n == -EPIPE;
}

int st_peer_at_eof(struct st_peer *peer)
{
	u8 byte;

	return st_peer_recv(peer, &byte, 1) == 0;
}

long st_peer_read(struct st_peer *peer, size_t off, size_t len)
{
	size_t done = 0;
	u8 *buf = kmalloc(READ_SIZE, GFP_KERNEL | __GFP_NOFAIL);

	while (done < len) {
		long n = st_peer_recv(peer, buf, min_t(size_t, READ_SIZE, len - done));

		if (n <= 0)
			break;
		if (st_match(buf, n, off + done) != n) {
			kfree(buf);
			return -EBADMSG;
		}
		done += n;
	}
	kfree(buf);
	return done;
}

long st_peer_drain(struct st_peer *peer, size_t off)
{
	return st_peer_read(peer, off, SIZE_MAX);
}

struct stream {
	struct st_peer *peer;
	size_t total, min, max;
	u8 piece[];
};

static void stream_thread(void *data)
{
	struct stream *stream = data;
	size_t done = 0;

	while (done < stream->total) {
		size_t len = stream->min +
			     get_random_u32() % (stream->max - stream->min + 1);

		len = min(len, stream->total - done);
		st_fill(stream->piece, len, done);
		if (st_peer_send(stream->peer, stream->piece, len) != len)
			return;
		done += len;
	}
	st_peer_shutdown(stream->peer, SHUT_WR);
}

struct st_thread *st_peer_stream(struct st_peer *peer, size_t total, size_t min, size_t max)
{
	struct stream *stream = st_alloc(peer->test, sizeof(*stream) + max);

	stream->peer = peer;
	stream->total = total;
	stream->min = min;
	stream->max = max;
	return st_thread(peer->test, stream_thread, stream);
}

/* A raw socket sends the UDP header as it finds it. */
int st_send_bad_checksum(struct kunit *test, u16 from, u16 to, size_t len)
{
	struct {
		struct udphdr header;
		u8 payload[512];
	} datagram = { };
	union address address;
	struct msghdr msg = {
		.msg_name = &address,
		.msg_namelen = loopback(&address, AF_INET, 0),
	};
	struct kvec vec = { .iov_base = &datagram, .iov_len = sizeof(datagram.header) + len };
	struct socket *sock;
	int n;

	KUNIT_ASSERT_LE(test, len, sizeof(datagram.payload));
	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, AF_INET, SOCK_RAW, IPPROTO_UDP,
					       &sock), 0);
	datagram.header.source = htons(from);
	datagram.header.dest = htons(to);
	datagram.header.len = htons(vec.iov_len);
	datagram.header.check = htons(0xbad);
	n = kernel_sendmsg(sock, &msg, &vec, 1, vec.iov_len);
	sock_release(sock);
	return n == vec.iov_len;
}
