// SPDX-License-Identifier: GPL-2.0
/*
 * A hostile program: its sockets get every argument that they must not, and it writes
 * down what they say. Run with and without filters it writes the same.
 *
 * sockfuzz pointers: wrong memory and lengths in every call
 * sockfuzz options: numbers of all levels, sizes and values, and requests
 * sockfuzz sockets N: N of them opened and closed, many at the same time
 * sockfuzz storm SECONDS: threads that take the sockets away from each other
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <time.h>

#include "sockcalls.h"

static void *volatile bad_address = (void *)8;
#define BAD	bad_address

/* Eight bytes, and behind them no memory. */
static char *edge(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(p + page, page, PROT_NONE);
	memset(p + page - 8, 'e', 8);
	return p + page - 8;
}

static void drain(const char *what, int s)
{
	char buf[1000];

	said(what, recv(s, buf, sizeof(buf), MSG_DONTWAIT));
}

static void wrong_data(int family, int type)
{
	struct iovec iov[2] = { { "good", 4 }, { BAD, 10 } };
	struct mmsghdr two[2] = { { .msg_hdr = { .msg_iov = iov, .msg_iovlen = 1 } },
				  { .msg_hdr = { .msg_iov = iov + 1, .msg_iovlen = 1 } } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	int pair[2];

	printf("# data, family %d, type %d\n", family, type);
	connected(family, type, pair);
	SAY(send(pair[0], BAD, 10, 0));
	SAY(send(pair[0], edge(), 100, 0));
	SAY(send(pair[0], BAD, 0, 0));
	SAY(sendmsg(pair[0], BAD, 0));
	SAY(sendmmsg(pair[0], two, 2, 0));
	SAY(sendmmsg(pair[0], BAD, 2, 0));
	msg.msg_iov = iov + 1;
	msg.msg_iovlen = 1;
	SAY(sendmsg(pair[0], &msg, 0));
	msg.msg_iov = BAD;
	SAY(sendmsg(pair[0], &msg, 0));
	msg.msg_iovlen = 5000;
	SAY(sendmsg(pair[0], &msg, 0));
	msg = (struct msghdr){ .msg_iov = iov, .msg_iovlen = 1, .msg_control = BAD, .msg_controllen = 100 };
	SAY(sendmsg(pair[0], &msg, 0));
	msg = (struct msghdr){ .msg_iov = iov, .msg_iovlen = 1, .msg_name = BAD, .msg_namelen = 16 };
	SAY(sendmsg(pair[0], &msg, 0));
	SAY(sendto(pair[0], "x", 1, 0, BAD, 16));
	SAY(sendto(pair[0], "x", 1, 0, BAD, -1));
	SAY(send(pair[0], "x", 1, ~0));
	both_closed(pair);
}

static void wrong_room(int family, int type)
{
	struct iovec iov = { BAD, 10 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct mmsghdr two[2] = { { .msg_hdr = msg }, { .msg_hdr = msg } };
	socklen_t len = -1;
	char buf[64];
	int pair[2], i;

	printf("# room, family %d, type %d\n", family, type);
	connected(family, type, pair);
	for (i = 0; i < 12; i++)
		MUST(send(pair[0], "0123456789", 10, 0));
	arrived(pair[1], type == SOCK_STREAM ? 120 : 10);
	SAY(recv(pair[1], BAD, 10, 0));
	SAY(recv(pair[1], edge(), 10, 0));
	SAY(recv(pair[1], edge(), 8, 0));
	SAY(recv(pair[1], BAD, 10, MSG_PEEK));
	SAY(recv(pair[1], BAD, 10, MSG_TRUNC));
	SAY(recv(pair[1], BAD, 0, 0));
	SAY(recvfrom(pair[1], buf, 4, 0, BAD, BAD));
	SAY(recvfrom(pair[1], buf, 4, 0, (void *)buf, &len));
	SAY(recvmsg(pair[1], &msg, 0));
	SAY(recvmsg(pair[1], BAD, 0));
	SAY(recvmmsg(pair[1], two, 2, MSG_DONTWAIT, NULL));
	SAY(recvmmsg(pair[1], BAD, 2, MSG_DONTWAIT, NULL));
	iov = (struct iovec){ buf, 4 };
	msg.msg_control = BAD;
	msg.msg_controllen = 100;
	SAY(recvmsg(pair[1], &msg, MSG_DONTWAIT));
	drain("what is left", pair[1]);
	SAY(recv(pair[1], buf, 10, MSG_OOB));
	SAY(recv(pair[1], buf, 10, MSG_ERRQUEUE | MSG_DONTWAIT));
	SAY(recv(pair[1], buf, 10, MSG_DONTWAIT | 0x40000000));
	both_closed(pair);
}

static void wrong_names(int family, int type)
{
	struct sockaddr_storage name;
	socklen_t len = loopback(&name, family), negative = -1, none = 0;
	int s = socket(family, type, 0), i;
	char buf[128];

	printf("# names, family %d, type %d\n", family, type);
	for (i = -1; i < 20; i++) {
		printf("%d ", i);
		SAY(bind(s, (struct sockaddr *)&name, i));
		close(s);
		s = socket(family, type, 0);
	}
	for (i = -1; i < 130; i += 3) {
		printf("%d ", i);
		SAY(connect(s, (struct sockaddr *)&name, i));
		close(s);
		s = socket(family, type, 0);
	}
	SAY(bind(s, BAD, len));
	SAY(connect(s, BAD, len));
	for (i = 0; i < 50; i++) {
		name.ss_family = i;
		printf("%d ", i);
		SAY(connect(s, (struct sockaddr *)&name, sizeof(name)));
		SAY(bind(s, (struct sockaddr *)&name, sizeof(name)));
		SAY(sendto(s, "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&name, sizeof(name)));
		close(s);
		s = socket(family, type, 0);
	}
	SAY(getsockname(s, BAD, &len));
	SAY(getsockname(s, (struct sockaddr *)&name, BAD));
	SAY(getsockname(s, (struct sockaddr *)buf, &negative));
	SAY(getsockname(s, (struct sockaddr *)buf, &none));
	SAY(getpeername(s, BAD, BAD));
	SAY(listen(s, -1));
	fcntl(s, F_SETFL, O_NONBLOCK);
	SAY(accept(s, BAD, BAD));
	SAY(shutdown(s, 99));
	close(s);
}

static void wrong_accept(void)
{
	struct sockaddr_storage name;
	socklen_t len;
	int s = listening(AF_INET, &name, &len), c = socket(AF_INET, SOCK_STREAM, 0);

	MUST(connect(c, (struct sockaddr *)&name, len));
	len = 16;
	SAY(accept(s, BAD, &len));
	drain("the connection is gone", c);
	close(c);
	close(s);
}

static void wrong_pointers(void)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM }, families[] = { AF_INET, AF_INET6 };
	int i;

	for (i = 0; i < 4; i++) {
		wrong_data(families[i & 1], types[i / 2]);
		wrong_room(families[i & 1], types[i / 2]);
		wrong_names(families[i & 1], types[i / 2]);
	}
	wrong_accept();
}

/* What an option says to sizes and values, one after the other on the same socket. */
static void try_option(int family, int type, int level, int name)
{
	static const int sizes[] = { 0, 1, 4, 16, 40, 300, -1 };
	static char value[512];
	int s = socket(family, type, 0);
	unsigned int i;
	socklen_t len;

	printf("%d/%d get", level, name);
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		memset(value, 0, sizeof(value));
		len = sizes[i];
		if (getsockopt(s, level, name, value, &len))
			printf(" %d", errno);
		else
			printf(" +%d", len);
	}
	printf(" set");
	for (i = 0; i < 3 * sizeof(sizes) / sizeof(*sizes); i++) {
		memset(value, i % 3 == 2 ? 0xff : 0, sizeof(value));
		if (i % 3 == 1)
			value[0] = 1;
		printf(" %d", setsockopt(s, level, name, value, sizes[i / 3]) ? errno : 0);
	}
	len = 4;
	printf(" bad %d", getsockopt(s, level, name, BAD, &len) ? errno : 0);
	printf(" %d", getsockopt(s, level, name, value, BAD) ? errno : 0);
	printf(" %d\n", setsockopt(s, level, name, BAD, 4) ? errno : 0);
	close(s);
}

static void try_requests(int family, int type)
{
	static const unsigned int requests[] = {
		FIONREAD, 0x5411, 0x894b, 0x8905, 0x8906, 0x8907, 0x8903, 0x8904, 0x8910, 0x8912, 0x8913,
		0x8915, 0x8917, 0x8919, 0x891b, 0x891d, 0x8921, 0x8927, 0x8933, 0x8938, 0x8942, 0x89f0,
		0x89ff, 0x5421, 0x5452, 0, 1, 0xffffffff,
	};
	unsigned int i;

	for (i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
		int s = socket(family, type, 0);
		char buf[256] = "";

		printf("request %#x: %d", requests[i], ioctl(s, requests[i], buf) ? errno : 0);
		printf(" %d\n", ioctl(s, requests[i], BAD) ? errno : 0);
		close(s);
	}
}

static void options(void)
{
	static const int levels[] = { SOL_SOCKET, IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IPV6,
				      IPPROTO_ICMPV6, 255, 300, -1 };
	unsigned int kind, i;
	int name;

	for (kind = 0; kind < 4; kind++) {
		int family = kind & 1 ? AF_INET6 : AF_INET, type = kind & 2 ? SOCK_DGRAM : SOCK_STREAM;

		printf("# family %d, type %d\n", family, type);
		for (i = 0; i < sizeof(levels) / sizeof(*levels); i++)
			for (name = -1; name < (levels[i] < 100 && levels[i] >= 0 ? 130 : 10); name++)
				try_option(family, type, levels[i], name);
		try_requests(family, type);
	}
}

/* In crowds, so that many are there at the same time. */
static void crowds(int wanted)
{
	struct rlimit limit = { 20000, 20000 };
	static int crowd[10000];
	int n, i;

	MUST(setrlimit(RLIMIT_NOFILE, &limit));
	while (wanted > 0) {
		for (n = 0; n < 10000 && n < wanted; n++) {
			crowd[n] = socket(n & 1 ? AF_INET6 : AF_INET, n & 2 ? SOCK_DGRAM : SOCK_STREAM, 0);
			MUST(crowd[n]);
		}
		wanted -= n;
		for (i = 0; i < n; i++)
			close(crowd[i * 7919L % n]);	/* a prime: each once, if n is no multiple */
		for (i = 0; i < n; i++)
			close(crowd[i]);
	}
}

static int shared[8];
static time_t until;

static int reopen(void)
{
	int pair[2];

	connected(rand() & 1 ? AF_INET : AF_INET6, rand() & 1 ? SOCK_STREAM : SOCK_DGRAM, pair);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	fcntl(pair[1], F_SETFL, O_NONBLOCK);
	dup2(pair[0], shared[rand() % 8]);
	dup2(pair[1], shared[rand() % 8]);
	both_closed(pair);
	return 0;
}

static void changes(int s)
{
	int one = 1;

	switch (rand() % 6) {
	case 0:
		reopen();
		break;
	case 1:
		shutdown(s, rand() % 3);
		break;
	case 2:
		setsockopt(s, IPPROTO_TCP, 1, &one, 4);
		break;
	case 3:
		setsockopt(s, IPPROTO_TCP, 31, "tls", 3);
		break;
	case 4:
		connect(s, &(struct sockaddr){ AF_UNSPEC }, sizeof(struct sockaddr));
		break;
	default:
		listen(s, 1);
	}
}

static void uses(int s, char *buf, size_t size)
{
	switch (rand() % 6) {
	case 0:
		inq(s);
		break;
	case 1:
		poll(&(struct pollfd){ .fd = s, .events = POLLIN | POLLOUT }, 1, 20);
		break;
	case 2:
		recv(s, buf, rand() % size, MSG_DONTWAIT | (rand() & MSG_PEEK));
		break;
	case 3:
		accept(s, NULL, NULL);
		break;
	default:
		send(s, buf, rand() % size, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
}

static void *harasses(void *unused)
{
	char buf[5000] = "";

	while (time(NULL) < until) {
		int s = shared[rand() % 8];

		if (rand() % 2)
			changes(s);
		else
			uses(s, buf, sizeof(buf));
	}
	return NULL;
}

/* Nothing of it waits for long. */
static void storm(int seconds)
{
	pthread_t threads[6];
	int i;

	until = time(NULL) + seconds;
	for (i = 0; i < 8; i++)
		shared[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	for (i = 0; i < 6; i++)
		pthread_create(&threads[i], NULL, harasses, NULL);
	for (i = 0; i < 6; i++)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int n = argc > 2 ? atoi(argv[2]) : 0;

	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "pointers"))
		wrong_pointers();
	else if (!strcmp(what, "options"))
		options();
	else if (!strcmp(what, "sockets"))
		crowds(n);
	else if (!strcmp(what, "storm"))
		storm(n);
	else
		return 2;
	printf("all of it\n");
	return 0;
}
