/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs that use sockets in every way share: they write down what they see. */
#ifndef SOCKCALLS_H
#define SOCKCALLS_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* A line: the call, and its result or errno. */
static inline long said(const char *what, long result)
{
	if (result < 0)
		printf("%s: %s\n", what, strerrorname_np(errno) ?: "?");
	else
		printf("%s: %ld\n", what, result);
	return result;
}

#define SAY(call)	said(#call, call)

static inline void must(const char *what, long result)
{
	if (result >= 0)
		return;
	printf("%s: %s\n", what, strerrorname_np(errno));
	exit(1);
}

#define MUST(call)	must(#call, call)

/* Port 0 of the loopback interface. */
static inline socklen_t loopback(struct sockaddr_storage *name, int family)
{
	struct sockaddr_in *in = (struct sockaddr_in *)name;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)name;

	memset(name, 0, sizeof(*name));
	name->ss_family = family;
	if (family == AF_INET)
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		in6->sin6_addr = in6addr_loopback;
	return family == AF_INET ? sizeof(*in) : sizeof(*in6);
}

/* A socket that is bound there, and its name. */
static inline int bound(int family, int type, struct sockaddr_storage *name, socklen_t *len)
{
	int s = socket(family, type, 0);

	MUST(s);
	*len = loopback(name, family);
	MUST(bind(s, (struct sockaddr *)name, *len));
	MUST(getsockname(s, (struct sockaddr *)name, len));
	return s;
}

static inline int listening(int family, struct sockaddr_storage *name, socklen_t *len)
{
	int s = bound(family, SOCK_STREAM, name, len);

	MUST(listen(s, 100));
	return s;
}

/* pair[0] has connected, pair[1] was accepted; or two datagrams' sockets. */
static inline void connected(int family, int type, int pair[2])
{
	struct sockaddr_storage name, other;
	socklen_t len, other_len;
	int s = type == SOCK_STREAM ? listening(family, &name, &len) : bound(family, type, &name, &len);

	pair[0] = bound(family, type, &other, &other_len);
	MUST(connect(pair[0], (struct sockaddr *)&name, len));
	if (type == SOCK_STREAM) {
		pair[1] = accept(s, NULL, NULL);
		close(s);
	} else {
		pair[1] = s;
		MUST(connect(s, (struct sockaddr *)&other, other_len));
	}
	MUST(pair[1]);
}

static inline void both_closed(int pair[2])
{
	close(pair[0]);
	close(pair[1]);
}

static inline int inq(int s)
{
	int n = -1;

	ioctl(s, FIONREAD, &n);
	return n;
}

/* At least @n bytes have come; a minute, not for luck. */
static inline void arrived(int s, int n)
{
	int i;

	for (i = 0; i < 60000 && inq(s) < n; i++)
		usleep(1000);
	if (inq(s) < n)
		printf("never came: %d bytes\n", n);
}

static inline int readable(int s)
{
	struct pollfd p = { .fd = s, .events = POLLIN };

	poll(&p, 1, 10000);
	return p.revents;
}

#endif /* SOCKCALLS_H */
