// SPDX-License-Identifier: GPL-2.0
/*
 * A program that uses its sockets by every kind of call that Linux has, and writes
 * down what it sees. Run with and without filters it writes the same.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <linux/tcp.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "sockcalls.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#define UDP_GRO		104
#endif

static void set(int s, int level, int name, int value)
{
	char what[64];

	snprintf(what, sizeof(what), "setsockopt %d/%d", level, name);
	said(what, setsockopt(s, level, name, &value, sizeof(value)));
}

/* What there is to read, as text. */
static void reads(const char *what, int s, int flags)
{
	char buf[256];
	ssize_t n = recv(s, buf, sizeof(buf), flags);

	if (n < 0)
		said(what, n);
	else
		printf("%s: \"%.*s\"\n", what, (int)n, buf);
}

static void several_at_once(int family, int type)
{
	struct iovec iov[4] = { { "first", 5 }, { "", 0 }, { "third", 5 }, { "4", 1 } };
	struct mmsghdr out[4] = { 0 }, in[6] = { 0 };
	char bufs[6][32] = { 0 };
	struct iovec room[6];
	int pair[2], i, n;

	connected(family, type, pair);
	for (i = 0; i < 4; i++)
		out[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	for (i = 0; i < 6; i++) {
		room[i] = (struct iovec){ bufs[i], 4 };
		in[i].msg_hdr = (struct msghdr){ .msg_iov = &room[i], .msg_iovlen = 1 };
	}
	SAY(sendmmsg(pair[0], out, 4, 0));
	for (i = 0; i < 4; i++)
		printf("sent %u\n", out[i].msg_len);
	if (type == SOCK_STREAM)
		arrived(pair[1], 11);
	n = SAY(recvmmsg(pair[1], in, 6, MSG_DONTWAIT, NULL));
	for (i = 0; i < n; i++)
		printf("got %u \"%s\" flags %#x\n", in[i].msg_len, bufs[i], in[i].msg_hdr.msg_flags);
	SAY(recvmmsg(pair[1], in, 6, MSG_DONTWAIT, NULL));
	both_closed(pair);
}

/* A program that asks for it is told when its memory is its own again. */
static void zerocopy(int type)
{
	char control[256], buf[3000];
	int pair[2], i;

	connected(AF_INET, type, pair);
	memset(buf, 'z', sizeof(buf));
	SAY(send(pair[0], buf, 10, MSG_ZEROCOPY));		/* which means nothing yet */
	set(pair[0], SOL_SOCKET, SO_ZEROCOPY, 1);
	for (i = 0; i < 3; i++)
		SAY(send(pair[0], buf, sizeof(buf), MSG_ZEROCOPY));
	for (i = 0; i < 3;) {
		struct msghdr msg = { .msg_control = control, .msg_controllen = sizeof(control) };
		struct sock_extended_err *e;

		readable(pair[0]);
		while (recvmsg(pair[0], &msg, MSG_ERRQUEUE) < 0)
			usleep(1000);
		e = (struct sock_extended_err *)CMSG_DATA(CMSG_FIRSTHDR(&msg));
		printf("told: errno %u origin %u, copied %u\n", e->ee_errno, e->ee_origin, e->ee_code);
		i += e->ee_data - e->ee_info + 1;
	}
	printf("told of %d\n", i);
	for (i = 0; i < 9010 && readable(pair[1]) & POLLIN;)
		i += recv(pair[1], buf, sizeof(buf), 0);
	printf("received %d\n", i);
	both_closed(pair);
}

/* Twice: the first gets a cookie, the second sends its data with the SYN. */
static void fastopen(int family)
{
	struct sockaddr_storage name;
	socklen_t len;
	int s = listening(family, &name, &len), i, c, a, qlen = 5;

	SAY(setsockopt(s, IPPROTO_TCP, TCP_FASTOPEN, &qlen, sizeof(qlen)));
	for (i = 0; i < 4; i++) {
		c = socket(family, SOCK_STREAM, 0);
		if (i < 2) {
			SAY(sendto(c, "in the SYN", 10, MSG_FASTOPEN, (struct sockaddr *)&name, len));
		} else {
			set(c, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1);
			SAY(connect(c, (struct sockaddr *)&name, len));
			SAY(send(c, "in the SYN", 10, 0));
		}
		a = accept(s, NULL, NULL);
		SAY(send(a, "answer", 6, 0));
		arrived(a, 10);
		reads("server", a, 0);
		reads("client", c, MSG_WAITALL & 0);
		close(c);
		reads("end", a, 0);
		close(a);
	}
	c = socket(family, SOCK_STREAM, 0);
	SAY(sendto(c, "x", 1, MSG_FASTOPEN, NULL, 0));
	SAY(sendto(c, NULL, 0, MSG_FASTOPEN, (struct sockaddr *)&name, len));
	SAY(sendto(c, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&name, len));
	close(c);
	close(s);
}

/* The control messages of a read; times only by their kind. */
static void control_of(const char *what, int s, int flags)
{
	char buf[100], control[512];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	ssize_t n;

	n = recvmsg(s, &msg, flags);
	said(what, n);
	if (n < 0)
		return;
	printf("flags %#x, control %zu\n", msg.msg_flags, msg.msg_controllen);
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		printf("control %d/%d, %zu bytes, %s\n", c->cmsg_level, c->cmsg_type, c->cmsg_len,
		       *(long *)CMSG_DATA(c) ? "something" : "nothing");
}

static void stamped(int family, int type, int name, int value)
{
	int pair[2];

	connected(family, type, pair);
	set(pair[1], SOL_SOCKET, name, value);
	SAY(send(pair[0], "first", 5, 0));
	arrived(pair[1], 5);
	control_of("peek", pair[1], MSG_PEEK);
	control_of("first", pair[1], 0);
	SAY(send(pair[0], "second", 6, 0));
	arrived(pair[1], 6);
	control_of("second", pair[1], 0);
	both_closed(pair);
}

static void timestamps(void)
{
	int type, kind, options = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM };

	for (kind = 0; kind < 2; kind++) {
		type = types[kind];
		printf("# timestamps of type %d\n", type);
		stamped(AF_INET, type, SO_TIMESTAMP, 1);
		stamped(AF_INET6, type, SO_TIMESTAMPNS, 1);
		stamped(AF_INET, type, SO_TIMESTAMPING, options);
	}
}

/* Control messages of datagrams, and how much TCP has. */
static void ancillary(void)
{
	int pair[2];

	connected(AF_INET, SOCK_STREAM, pair);
	set(pair[1], IPPROTO_TCP, TCP_INQ, 1);
	SAY(send(pair[0], "0123456789", 10, 0));
	arrived(pair[1], 10);
	control_of("inq", pair[1], 0);
	both_closed(pair);

	connected(AF_INET6, SOCK_DGRAM, pair);
	set(pair[1], IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	set(pair[1], IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
	set(pair[1], IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
	SAY(send(pair[0], "x", 1, 0));
	readable(pair[1]);
	control_of("IPv6", pair[1], 0);
	both_closed(pair);

	connected(AF_INET, SOCK_DGRAM, pair);
	set(pair[1], IPPROTO_IP, IP_RECVTTL, 1);
	set(pair[1], IPPROTO_IP, IP_RECVTOS, 1);
	set(pair[1], IPPROTO_IP, IP_RECVORIGDSTADDR, 1);
	set(pair[1], SOL_SOCKET, SO_RXQ_OVFL, 1);
	SAY(send(pair[0], "x", 1, 0));
	readable(pair[1]);
	control_of("IPv4", pair[1], 0);
	both_closed(pair);
}

/* Control messages that a program sends. */
static void with_control(void)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { "ttl", 3 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	int pair[2];

	connected(AF_INET, SOCK_DGRAM, pair);
	set(pair[1], IPPROTO_IP, IP_RECVTTL, 1);
	*c = (struct cmsghdr){ .cmsg_level = IPPROTO_IP, .cmsg_type = IP_TTL, .cmsg_len = CMSG_LEN(4) };
	*(int *)CMSG_DATA(c) = 7;
	SAY(sendmsg(pair[0], &msg, 0));
	readable(pair[1]);
	control_of("ttl", pair[1], 0);
	c->cmsg_type = 99;
	SAY(sendmsg(pair[0], &msg, 0));
	c->cmsg_len = 1;
	SAY(sendmsg(pair[0], &msg, 0));
	both_closed(pair);
	connected(AF_INET, SOCK_STREAM, pair);
	SAY(sendmsg(pair[0], &msg, 0));
	*c = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SO_MARK, .cmsg_len = CMSG_LEN(4) };
	SAY(sendmsg(pair[0], &msg, 0));
	arrived(pair[1], 3);
	reads("what came", pair[1], 0);
	both_closed(pair);
}

static void more(void)
{
	int pair[2];

	connected(AF_INET, SOCK_STREAM, pair);
	SAY(send(pair[0], "one ", 4, MSG_MORE));
	SAY(send(pair[0], "two", 3, 0));
	arrived(pair[1], 7);
	reads("together", pair[1], 0);
	set(pair[0], IPPROTO_TCP, TCP_CORK, 1);
	SAY(send(pair[0], "corked", 6, 0));
	set(pair[0], IPPROTO_TCP, TCP_CORK, 0);
	arrived(pair[1], 6);
	reads("uncorked", pair[1], 0);
	both_closed(pair);

	connected(AF_INET, SOCK_DGRAM, pair);
	SAY(send(pair[0], "one ", 4, MSG_MORE));
	SAY(send(pair[0], "two ", 4, MSG_MORE));
	reads("not yet", pair[1], MSG_DONTWAIT);
	SAY(send(pair[0], "three", 5, 0));
	readable(pair[1]);
	reads("one datagram", pair[1], 0);
	set(pair[0], IPPROTO_UDP, UDP_CORK, 1);
	SAY(send(pair[0], "a", 1, 0));
	SAY(send(pair[0], "b", 1, 0));
	set(pair[0], IPPROTO_UDP, UDP_CORK, 0);
	readable(pair[1]);
	reads("another", pair[1], MSG_DONTWAIT);
	both_closed(pair);
}

/* Datagrams that Linux cuts and joins. */
static void segments(void)
{
	char buf[3000];
	int pair[2], i;

	connected(AF_INET, SOCK_DGRAM, pair);
	set(pair[0], IPPROTO_UDP, UDP_SEGMENT, 1000);
	memset(buf, 's', sizeof(buf));
	SAY(send(pair[0], buf, 2500, 0));
	for (i = 0; i < 3; i++)
		said("segment", recv(pair[1], buf, sizeof(buf), 0));
	set(pair[1], IPPROTO_UDP, UDP_GRO, 1);
	SAY(send(pair[0], buf, 2000, 0));
	for (i = 0; i < 2000 && readable(pair[1]);)
		i += recv(pair[1], buf, sizeof(buf), 0);
	printf("%d in all\n", i);
	both_closed(pair);
}

static void accepting(void)
{
	struct sockaddr_storage name, peer, mine;
	socklen_t len, peer_len = sizeof(peer), mine_len = sizeof(mine);
	int s = listening(AF_INET, &name, &len), c, a;

	fcntl(s, F_SETFL, O_NONBLOCK);
	SAY(accept4(s, NULL, NULL, 0));
	c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	connect(c, (struct sockaddr *)&name, len);
	readable(s);
	a = accept4(s, (struct sockaddr *)&peer, &peer_len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	MUST(a);
	printf("flags %#x %#x\n", fcntl(a, F_GETFL), fcntl(a, F_GETFD));
	getsockname(c, (struct sockaddr *)&mine, &mine_len);
	printf("peer %d: %s\n", peer_len, memcmp(&peer, &mine, peer_len) ? "somebody" : "the client");
	SAY(accept4(s, NULL, NULL, 0x40));
	SAY(accept4(c, NULL, NULL, 0));
	reads("nothing", a, 0);
	SAY(listen(c, 1));
	SAY(connect(s, (struct sockaddr *)&name, len));
	SAY(connect(c, (struct sockaddr *)&name, len));
	close(a);
	close(c);
	c = socket(AF_INET, SOCK_STREAM, 0);
	SAY(connect(c, (struct sockaddr *)&name, len));
	peer_len = 4;
	a = accept(s, (struct sockaddr *)&peer, &peer_len);
	printf("short name: %d\n", peer_len);
	close(a);
	close(c);
	close(s);
}

/* A socket goes to another process by a message, and is closed here. */
static void handed_over(void)
{
	union { char buf[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control = { 0 };
	char c = 'x';
	struct iovec iov = { &c, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *cmsg;
	int pair[2], unix_pair[2], fd;

	connected(AF_INET, SOCK_STREAM, pair);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, unix_pair);
	cmsg = CMSG_FIRSTHDR(&msg);
	*cmsg = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(4) };
	memcpy(CMSG_DATA(cmsg), &pair[1], sizeof(int));
	SAY(sendmsg(unix_pair[0], &msg, 0));
	close(pair[1]);
	SAY(send(pair[0], "on its way", 10, 0));
	if (!fork()) {
		MUST(recvmsg(unix_pair[1], &msg, 0));
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
		reads("the other process", fd, 0);
		SAY(send(fd, "and back", 8, 0));
		fflush(stdout);
		_exit(0);
	}
	close(unix_pair[0]);
	close(unix_pair[1]);
	wait(NULL);
	reads("from there", pair[0], 0);
	reads("end", pair[0], 0);
	close(pair[0]);
}

/* Files, pipes and sockets in all directions. */
static void spliced(void)
{
	char name[] = "/tmp/sockcalls.XXXXXX", buf[64];
	int file = mkstemp(name), pair[2], pipes[2], other[2], n;
	off_t off = 2;

	connected(AF_INET, SOCK_STREAM, pair);
	connected(AF_INET6, SOCK_STREAM, other);
	MUST(pipe(pipes));
	unlink(name);
	MUST(write(file, "0123456789", 10));
	SAY(sendfile(pair[0], file, &off, 5));
	arrived(pair[1], 5);
	SAY(splice(pair[1], NULL, pipes[1], NULL, 3, 0));
	SAY(tee(pipes[0], pipes[1], 10, SPLICE_F_NONBLOCK) <= 3);
	SAY(splice(pipes[0], NULL, other[0], NULL, 100, SPLICE_F_MORE));
	SAY(splice(pair[1], NULL, pipes[1], NULL, 100, 0));
	fcntl(pair[1], F_SETFL, O_NONBLOCK);
	SAY(splice(pair[1], NULL, pipes[1], NULL, 100, 0));
	fcntl(pair[1], F_SETFL, 0);
	n = splice(pipes[0], NULL, other[0], NULL, 100, 0);
	printf("forwarded %s\n", n > 0 ? "something" : "nothing");
	arrived(other[1], 5);
	reads("there", other[1], 0);
	SAY(vmsplice(pipes[1], &(struct iovec){ "mapped", 6 }, 1, 0));
	SAY(splice(pipes[0], NULL, pair[0], NULL, 6, 0));
	arrived(pair[1], 6);
	SAY(read(pair[1], buf, 0));
	SAY(pread(pair[1], buf, 10, 0));
	SAY(readv(pair[1], (struct iovec[]){ { buf, 2 }, { buf + 2, 60 } }, 2));
	SAY(writev(pair[0], (struct iovec[]){ { "a", 1 }, { NULL, 0 }, { "bc", 2 } }, 3));
	SAY(pwritev2(pair[0], &(struct iovec){ "x", 1 }, 1, -1, RWF_NOWAIT));
	arrived(pair[1], 3);
	SAY(preadv2(pair[1], &(struct iovec){ buf, 10 }, 1, -1, RWF_NOWAIT));
	SAY(lseek(pair[1], 0, SEEK_SET));
	close(pair[0]);
	SAY(splice(pair[1], NULL, pipes[1], NULL, 100, 0));
	close(pair[1]);
	both_closed(other);
	both_closed(pipes);
	close(file);
}

static volatile sig_atomic_t signals;

static void count(int signal)
{
	signals++;
}

static void asynchronous(void)
{
	int pair[2], i;

	signals = 0;
	signal(SIGIO, count);
	connected(AF_INET, SOCK_STREAM, pair);
	fcntl(pair[1], F_SETOWN, getpid());
	fcntl(pair[1], F_SETFL, O_ASYNC | O_NONBLOCK);
	SAY(send(pair[0], "x", 1, 0));
	for (i = 0; i < 60000 && !signals; i++)
		usleep(1000);
	printf("a signal: %d\n", signals > 0);
	reads("read", pair[1], 0);
	reads("no more", pair[1], 0);
	both_closed(pair);
}

static int polled(int s, int events)
{
	struct pollfd p = { .fd = s, .events = events };

	poll(&p, 1, 0);
	return p.revents;
}

static void endings(void)
{
	struct linger hard = { 1, 0 };
	int pair[2];

	signals = 0;
	signal(SIGPIPE, count);
	connected(AF_INET, SOCK_STREAM, pair);
	printf("idle %#x\n", polled(pair[1], POLLIN | POLLOUT | POLLRDHUP));
	SAY(send(pair[0], "last", 4, 0));
	SAY(shutdown(pair[0], SHUT_WR));
	readable(pair[1]);
	while (!(polled(pair[1], POLLRDHUP) & POLLRDHUP))
		usleep(1000);
	printf("with data %#x\n", polled(pair[1], POLLIN | POLLOUT | POLLRDHUP));
	reads("last", pair[1], 0);
	printf("at the end %#x\n", polled(pair[1], POLLIN | POLLOUT | POLLRDHUP));
	reads("end", pair[1], 0);
	SAY(send(pair[0], "x", 1, 0));
	SAY(send(pair[0], "x", 1, MSG_NOSIGNAL));
	printf("signals %d\n", signals);
	SAY(send(pair[1], "still", 5, 0));
	arrived(pair[0], 5);
	SAY(shutdown(pair[0], SHUT_RD));
	reads("shut", pair[0], 0);
	reads("shut", pair[0], 0);
	SAY(shutdown(pair[0], 3));
	both_closed(pair);

	connected(AF_INET, SOCK_STREAM, pair);
	setsockopt(pair[0], SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	SAY(send(pair[0], "before", 6, 0));
	arrived(pair[1], 6);
	close(pair[0]);
	while (!(polled(pair[1], 0) & POLLERR))
		usleep(1000);
	printf("reset %#x\n", polled(pair[1], POLLIN | POLLOUT | POLLRDHUP));
	reads("reset", pair[1], 0);
	reads("after", pair[1], 0);
	SAY(send(pair[1], "x", 1, MSG_NOSIGNAL));
	close(pair[1]);
}

static void refused_datagram(void)
{
	struct sockaddr_storage name;
	char control[256];
	struct msghdr msg = { .msg_control = control, .msg_controllen = sizeof(control) };
	struct sock_extended_err *e;
	socklen_t len, size = sizeof(int);
	int s = bound(AF_INET, SOCK_DGRAM, &name, &len), c = socket(AF_INET, SOCK_DGRAM, 0), err = 0;

	close(s);
	SAY(connect(c, (struct sockaddr *)&name, len));
	set(c, IPPROTO_IP, IP_RECVERR, 1);
	SAY(send(c, "x", 1, 0));
	while (!(polled(c, 0) & POLLERR))
		usleep(1000);
	printf("error %#x\n", polled(c, POLLIN | POLLOUT));
	SAY(recvmsg(c, &msg, MSG_ERRQUEUE));
	e = (struct sock_extended_err *)CMSG_DATA(CMSG_FIRSTHDR(&msg));
	printf("errno %u origin %u type %u code %u\n", e->ee_errno, e->ee_origin, e->ee_type, e->ee_code);
	SAY(getsockopt(c, SOL_SOCKET, SO_ERROR, &err, &size));
	printf("SO_ERROR %d\n", err);
	SAY(recvmsg(c, &msg, MSG_ERRQUEUE));
	reads("nothing", c, MSG_DONTWAIT);
	close(c);
}

static void peeking(int family, int type)
{
	char buf[4];
	int pair[2];

	connected(family, type, pair);
	SAY(send(pair[0], "0123456789", 10, 0));
	SAY(send(pair[0], "abcdef", 6, 0));
	arrived(pair[1], type == SOCK_STREAM ? 16 : 10);
	reads("peek", pair[1], MSG_PEEK);
	SAY(recv(pair[1], buf, sizeof(buf), MSG_PEEK | MSG_TRUNC));
	set(pair[1], SOL_SOCKET, SO_PEEK_OFF, 2);
	SAY(recv(pair[1], buf, sizeof(buf), MSG_PEEK | MSG_DONTWAIT));
	printf("\"%.4s\"\n", buf);
	SAY(recv(pair[1], buf, sizeof(buf), MSG_PEEK | MSG_DONTWAIT));
	printf("\"%.4s\"\n", buf);
	SAY(recv(pair[1], buf, sizeof(buf), 0));
	SAY(recv(pair[1], buf, sizeof(buf), MSG_PEEK | MSG_DONTWAIT));
	printf("\"%.4s\"\n", buf);
	reads("rest", pair[1], MSG_DONTWAIT);
	reads("none", pair[1], MSG_DONTWAIT);
	both_closed(pair);
}

/* Pages instead of a copy; whoever asks for them must be ready to read as well. */
static void mapped(void)
{
	struct tcp_zerocopy_receive zc = { 0 };
	socklen_t len = sizeof(zc);
	int pair[2];
	void *p;

	connected(AF_INET, SOCK_STREAM, pair);
	p = mmap(NULL, 65536, PROT_READ, MAP_SHARED, pair[1], 0);
	printf("mapped %s\n", p == MAP_FAILED ? strerrorname_np(errno) : "fine");
	zc.address = (unsigned long)p;
	zc.length = 65536;
	SAY(getsockopt(pair[1], IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, &zc, &len));
	printf("pages %u, to read %u\n", zc.length, zc.recv_skip_hint);
	SAY(send(pair[0], "few", 3, 0));
	arrived(pair[1], 3);
	zc.length = 65536;
	SAY(getsockopt(pair[1], IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, &zc, &len));
	printf("pages %u, to read %u\n", zc.length, zc.recv_skip_hint);
	reads("few", pair[1], 0);
	both_closed(pair);
	munmap(p, 65536);
}

static void *reads_blocked(void *arg)
{
	char c;

	return (void *)recv(*(int *)arg, &c, 1, 0);
}

/* Threads in the same socket: one is let go by what another does. */
static void threads(int type)
{
	pthread_t thread;
	void *result;
	int pair[2];

	connected(AF_INET, type, pair);
	pthread_create(&thread, NULL, reads_blocked, &pair[1]);
	usleep(20000);
	SAY(shutdown(pair[1], SHUT_RD));
	pthread_join(thread, &result);
	said("blocked", (long)result);
	both_closed(pair);

	connected(AF_INET, type, pair);
	pthread_create(&thread, NULL, reads_blocked, &pair[1]);
	usleep(20000);
	SAY(send(pair[0], "x", 1, 0));
	pthread_join(thread, &result);
	said("blocked", (long)result);
	both_closed(pair);
}

static void edges(void)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP }, got;
	int pair[2], e = epoll_create1(0), n;

	connected(AF_INET, SOCK_STREAM, pair);
	SAY(epoll_ctl(e, EPOLL_CTL_ADD, pair[1], &event));
	n = epoll_wait(e, &got, 1, 0);
	printf("edge %d %#x\n", n, n > 0 ? got.events : 0);
	printf("edge %d\n", epoll_wait(e, &got, 1, 0));
	SAY(send(pair[0], "ab", 2, 0));
	n = epoll_wait(e, &got, 1, 10000);
	printf("edge %d %#x\n", n, n > 0 ? got.events : 0);
	reads("ab", pair[1], 0);
	printf("edge %d\n", epoll_wait(e, &got, 1, 0));
	event.events = EPOLLIN | EPOLLONESHOT;
	SAY(epoll_ctl(e, EPOLL_CTL_MOD, pair[1], &event));
	SAY(send(pair[0], "c", 1, 0));
	printf("once %d\n", epoll_wait(e, &got, 1, 10000));
	printf("once %d\n", epoll_wait(e, &got, 1, 0));
	both_closed(pair);
	close(e);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	several_at_once(AF_INET, SOCK_DGRAM);
	several_at_once(AF_INET6, SOCK_STREAM);
	zerocopy(SOCK_STREAM);
	zerocopy(SOCK_DGRAM);
	fastopen(AF_INET);
	fastopen(AF_INET6);
	timestamps();
	ancillary();
	with_control();
	more();
	segments();
	accepting();
	handed_over();
	spliced();
	asynchronous();
	endings();
	refused_datagram();
	peeking(AF_INET, SOCK_STREAM);
	peeking(AF_INET6, SOCK_DGRAM);
	mapped();
	threads(SOCK_STREAM);
	edges();
	printf("all of it\n");
	return 0;
}
