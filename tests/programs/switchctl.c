// SPDX-License-Identifier: GPL-2.0
/*
 * Talks to the kext switchboard, as a program on macOS does: nothing in here is
 * Linux's.
 *
 * usage: switchctl say TEXT | greet TEXT | stats | push COUNT | stream BYTES |
 *                  peer | root | hold
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <sys/sys_domain.h>
#include <sys/kern_control.h>
#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SWB_GREETING	1
#define SWB_STATISTICS	2
#define SWB_PUSH	3

struct swb_statistics {
	u_int32_t clients;
	u_int32_t messages;
	u_int64_t bytes;
};

static int
open_control(const char *name, int type)
{
	struct sockaddr_ctl addr;
	struct ctl_info info;
	int fd;

	fd = socket(PF_SYSTEM, type, SYSPROTO_CONTROL);
	if (fd == -1)
		err(1, "socket");

	bzero(&info, sizeof(info));
	strlcpy(info.ctl_name, name, sizeof(info.ctl_name));
	if (ioctl(fd, CTLIOCGINFO, &info) == -1)
		err(1, "ioctl");

	bzero(&addr, sizeof(addr));
	addr.sc_len = sizeof(addr);
	addr.sc_family = AF_SYSTEM;
	addr.ss_sysaddr = AF_SYS_CONTROL;
	addr.sc_id = info.ctl_id;
	addr.sc_unit = 0;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == -1)
		err(1, "connect");
	return fd;
}

static int
open_switchboard(void)
{
	return open_control("org.example.switchboard", SOCK_DGRAM);
}

static void
say(const char *text)
{
	int fd = open_switchboard();
	char answer[1024];
	ssize_t n;

	if (send(fd, text, strlen(text), 0) == -1)
		err(1, "send");
	n = recv(fd, answer, sizeof(answer) - 1, 0);
	if (n == -1)
		err(1, "recv");
	answer[n] = '\0';
	puts(answer);
}

static void
greet(const char *text)
{
	int fd = open_switchboard();
	char now[32];
	socklen_t len = sizeof(now);

	if (setsockopt(fd, SYSPROTO_CONTROL, SWB_GREETING, text, strlen(text)) == -1)
		err(1, "setsockopt");
	if (getsockopt(fd, SYSPROTO_CONTROL, SWB_GREETING, now, &len) == -1)
		err(1, "getsockopt");
	printf("%.*s\n", (int)len, now);
}

static void
stats(void)
{
	int fd = open_switchboard();
	struct swb_statistics stat;
	socklen_t len = 0;

	if (getsockopt(fd, SYSPROTO_CONTROL, SWB_STATISTICS, NULL, &len) == -1)
		err(1, "getsockopt for the size");
	if (len != sizeof(stat))
		errx(1, "size %u", (unsigned int)len);
	if (getsockopt(fd, SYSPROTO_CONTROL, SWB_STATISTICS, &stat, &len) == -1)
		err(1, "getsockopt");
	printf("%u clients, %u messages, %llu bytes\n", stat.clients, stat.messages,
	       (unsigned long long)stat.bytes);
}

/* All of them are there, in order, and poll says so until the last is read. */
static void
push(u_int32_t count)
{
	int fd = open_switchboard();
	struct pollfd p = { .fd = fd, .events = POLLIN };
	u_int32_t pushed, n, got = 0;
	socklen_t len = sizeof(pushed);

	if (poll(&p, 1, 0) != 0)
		errx(1, "readable too early");
	if (setsockopt(fd, SYSPROTO_CONTROL, SWB_PUSH, &count, sizeof(count)) == -1)
		err(1, "setsockopt");
	if (getsockopt(fd, SYSPROTO_CONTROL, SWB_PUSH, &pushed, &len) == -1)
		err(1, "getsockopt");
	while (poll(&p, 1, 0) == 1) {
		if (read(fd, &n, sizeof(n)) != sizeof(n) || n != got)
			errx(1, "number %u is not %u", n, got);
		got++;
	}
	if (got != pushed)
		errx(1, "%u read, %u pushed", got, pushed);
	printf("%s\n", got == count ? "all" : "some");
}

/* What goes out comes back. */
static void
stream(size_t bytes)
{
	int fd = open_control("org.example.switchboard.stream", SOCK_STREAM);
	char out[4096], in[4096];
	size_t done, i, n;

	for (done = 0; done < bytes; done += n) {
		n = bytes - done < sizeof(out) ? bytes - done : sizeof(out);
		for (i = 0; i < n; i++)
			out[i] = (char)(done + i * 7);
		if (write(fd, out, n) != (ssize_t)n)
			err(1, "write");
		if (recv(fd, in, n, MSG_WAITALL) != (ssize_t)n)
			err(1, "recv");
		if (memcmp(in, out, n) != 0)
			errx(1, "other bytes came back");
	}
	printf("%zu bytes\n", done);
}

static void
peer(void)
{
	struct sockaddr_ctl addr;
	socklen_t len = sizeof(addr);

	if (getpeername(open_switchboard(), (struct sockaddr *)&addr, &len) == -1)
		err(1, "getpeername");
	printf("length %u, family %d, address %d, unit %u\n", addr.sc_len,
	       addr.sc_family == AF_SYSTEM, addr.ss_sysaddr == AF_SYS_CONTROL, addr.sc_unit);
}

/* Stays connected, without reading, until its input ends. */
static void
hold(void)
{
	u_int32_t count = 100000;
	int fd = open_switchboard();
	char byte;

	if (setsockopt(fd, SYSPROTO_CONTROL, SWB_PUSH, &count, sizeof(count)) == -1)
		err(1, "setsockopt");
	puts("holding");
	fflush(stdout);
	while (read(0, &byte, 1) == 1)
		;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	const char *arg = argc > 2 ? argv[2] : "";

	if (strcmp(what, "say") == 0)
		say(arg);
	else if (strcmp(what, "greet") == 0)
		greet(arg);
	else if (strcmp(what, "stats") == 0)
		stats();
	else if (strcmp(what, "push") == 0)
		push(atoi(arg));
	else if (strcmp(what, "stream") == 0)
		stream(atoi(arg));
	else if (strcmp(what, "peer") == 0)
		peer();
	else if (strcmp(what, "root") == 0)
		close(open_control("org.example.switchboard.root", SOCK_DGRAM));
	else if (strcmp(what, "hold") == 0)
		hold();
	else
		errx(2, "usage: switchctl say TEXT | greet TEXT | stats | push COUNT | stream BYTES | peer | root | hold");
	return 0;
}
