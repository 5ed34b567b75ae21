// SPDX-License-Identifier: GPL-2.0
/*
 * Connections that are always in use, byte for byte, until standard input ends: old
 * ones that stay, and new ones all the time. Says how much went, or what went wrong.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>

#include "sockcalls.h"

#define OLD	8

static volatile int stop;
static unsigned long total, fresh;

static void wrong(const char *what, long n)
{
	printf("wrong: %s: %ld, %s\n", what, n, strerrorname_np(errno));
	exit(1);
}

static unsigned char byte_at(unsigned long place)
{
	return place * 31 + place / 251;
}

static void fill(unsigned char *buf, unsigned long place, size_t n)
{
	while (n--)
		*buf++ = byte_at(place++);
}

static void compare(const unsigned char *buf, unsigned long place, size_t n)
{
	for (; n--; place++)
		if (*buf++ != byte_at(place))
			wrong("byte", place);
}

/* So much goes one way, in pieces of odd sizes, and comes as it went. */
static void stream(int from, int to, unsigned long *place, size_t len)
{
	static __thread unsigned char buf[20000];
	size_t done = 0;
	ssize_t n;

	fill(buf, *place, len);
	n = send(from, buf, len, 0);
	if (n != (ssize_t)len)
		wrong("send", n);
	memset(buf, 0, len);
	for (; done < len; done += n) {
		n = recv(to, buf + done, 1 + (len - done) * 2 / 3, 0);
		if (n <= 0)
			wrong("recv", n);
	}
	compare(buf, *place, len);
	*place += len;
	__atomic_add_fetch(&total, len, __ATOMIC_RELAXED);
}

static void datagram(int from, int to, unsigned long *place, size_t len)
{
	unsigned char buf[1400];
	ssize_t n;

	fill(buf, *place, len);
	n = send(from, buf, len, 0);
	if (n != (ssize_t)len)
		wrong("send", n);
	memset(buf, 0, len);
	n = recv(to, buf, sizeof(buf), 0);
	if (n != (ssize_t)len)
		wrong("recv", n);
	compare(buf, *place, len);
	*place += len;
}

static void *stays(void *arg)
{
	int kind = (long)arg, pair[2], type = kind & 2 ? SOCK_DGRAM : SOCK_STREAM, i;
	unsigned long there = 0, back = 0;

	connected(kind & 1 ? AF_INET6 : AF_INET, type, pair);
	for (i = 0; !stop; i++) {
		size_t len = 1 + i * 37 % (type == SOCK_DGRAM ? 1400 : 20000);

		if (type == SOCK_DGRAM) {
			datagram(pair[0], pair[1], &there, len);
		} else {
			stream(pair[0], pair[1], &there, len);
			stream(pair[1], pair[0], &back, 1 + len / 7);
		}
	}
	both_closed(pair);
	return NULL;
}

static void *comes_and_goes(void *arg)
{
	int pair[2];

	while (!stop) {
		unsigned long place = 0;

		connected(fresh & 1 ? AF_INET6 : AF_INET, SOCK_STREAM, pair);
		stream(pair[0], pair[1], &place, 1000);
		both_closed(pair);
		fresh++;
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[OLD + 1];
	char c;
	long i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < OLD; i++)
		pthread_create(&threads[i], NULL, stays, (void *)i);
	pthread_create(&threads[OLD], NULL, comes_and_goes, NULL);
	while (read(0, &c, 1) > 0)
		;
	stop = 1;
	for (i = 0; i <= OLD; i++)
		pthread_join(threads[i], NULL);
	printf("fine: %lu bytes, %lu new connections\n", total, fresh);
	return 0;
}
