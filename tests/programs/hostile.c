// SPDX-License-Identifier: GPL-2.0
/*
 * What a hostile program does to kernel controls: each call with what it must not
 * be given, storms of connections, threads that close what others use. Prints TAP;
 * the kext is switchboard. The argument "user" gives up all privileges first.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/kern_control.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME	"org.example.switchboard"
static void *volatile bad_address = (void *)8;
#define BAD	bad_address

static int number, failed;

static void check(const char *name, long have, long want)
{
	number++;
	if (have != want) {
		failed++;
		printf("# %ld, not %ld\nnot ", have, want);
	}
	printf("ok %d - %s\n", number, name);
}

/* The errno of a call, 0 if it succeeded. */
#define error_of(call)	((call) < 0 ? errno : 0)

static int open_socket(int type)
{
	return socket(PF_SYSTEM, type, SYSPROTO_CONTROL);
}

static unsigned int id_of(const char *name)
{
	struct ctl_info info = { 0 };
	int fd = open_socket(SOCK_DGRAM);

	strlcpy(info.ctl_name, name, sizeof(info.ctl_name));
	if (ioctl(fd, CTLIOCGINFO, &info))
		info.ctl_id = 0;
	close(fd);
	return info.ctl_id;
}

static struct sockaddr_ctl address(unsigned int id, unsigned int unit)
{
	struct sockaddr_ctl addr = {
		.sc_len = sizeof(addr), .sc_family = AF_SYSTEM, .ss_sysaddr = AF_SYS_CONTROL,
		.sc_id = id, .sc_unit = unit,
	};

	return addr;
}

static int connect_to(int fd, unsigned int id)
{
	struct sockaddr_ctl addr = address(id, 0);

	return connect(fd, (struct sockaddr *)&addr, sizeof(addr));
}

static int open_client(const char *name, int type)
{
	int fd = open_socket(type);

	if (connect_to(fd, id_of(name))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void wrong_sockets(void)
{
	check("SOCK_RAW", error_of(open_socket(SOCK_RAW)), EPROTOTYPE);
	check("SOCK_SEQPACKET", error_of(open_socket(SOCK_SEQPACKET)), EPROTOTYPE);
	check("protocol 3", error_of(socket(PF_SYSTEM, SOCK_DGRAM, 3)), EPROTONOSUPPORT);
	check("protocol -1", error_of(socket(PF_SYSTEM, SOCK_DGRAM, -1)), EPROTONOSUPPORT);
}

static void wrong_names(void)
{
	struct ctl_info info;
	int fd = open_socket(SOCK_DGRAM);

	memset(&info, 'x', sizeof(info));
	check("CTLIOCGINFO of an endless name", error_of(ioctl(fd, CTLIOCGINFO, &info)), EINVAL);
	memset(&info, 0, sizeof(info));
	check("of no name", error_of(ioctl(fd, CTLIOCGINFO, &info)), EINVAL);
	strcpy(info.ctl_name, "nobody");
	check("of nobody", error_of(ioctl(fd, CTLIOCGINFO, &info)), ENOENT);
	check("at no address", error_of(ioctl(fd, CTLIOCGINFO, BAD)), EFAULT);
	check("CTLIOCGCOUNT at no address", error_of(ioctl(fd, CTLIOCGCOUNT, BAD)), EFAULT);
	check("no such request", error_of(ioctl(fd, _IO('N', 99), &info)), ENOTTY);
	close(fd);
}

static int connect_sized(int fd, unsigned int id, socklen_t len)
{
	char addr[200] = { 0 };
	struct sockaddr_ctl name = address(id, 0);

	memcpy(addr, &name, sizeof(name));
	return error_of(connect(fd, (struct sockaddr *)addr, len));
}

static void wrong_addresses(void)
{
	unsigned int id = id_of(NAME);
	int fd = open_socket(SOCK_DGRAM);

	check("connect: 0 bytes", connect_sized(fd, id, 0), EINVAL);
	check("1 byte", connect_sized(fd, id, 1), EINVAL);
	check("31 bytes", connect_sized(fd, id, 31), EINVAL);
	check("33 bytes", connect_sized(fd, id, 33), EINVAL);
	check("200 bytes", connect_sized(fd, id, 200), EINVAL);
	check("-1 bytes", connect_sized(fd, id, -1), EINVAL);
	check("no address", error_of(connect(fd, BAD, 32)), EFAULT);
	check("no such control", error_of(connect_to(fd, id + 1000)), ENOENT);
	check("another type", error_of(connect_to(fd, id_of(NAME ".stream"))), EPROTOTYPE);
	check("bind", error_of(bind(fd, (struct sockaddr *)&(struct sockaddr_ctl){ 0 }, 32)), EOPNOTSUPP);
	check("listen", error_of(listen(fd, 1)), EOPNOTSUPP);
	check("accept", error_of(accept(fd, NULL, NULL)), EOPNOTSUPP);
	check("getsockname", error_of(getsockname(fd, (struct sockaddr *)&(struct sockaddr_ctl){ 0 },
						   &(socklen_t){ 32 })), EOPNOTSUPP);
	check("getpeername before", error_of(getpeername(fd, (struct sockaddr *)&(struct sockaddr_ctl){ 0 },
							  &(socklen_t){ 32 })), ENOTCONN);
	check("send before", error_of(send(fd, "x", 1, MSG_NOSIGNAL)), ENOTCONN);
	check("recv before", error_of(recv(fd, &(char){ 0 }, 1, 0)), ENOTCONN);
	check("setsockopt before", error_of(setsockopt(fd, 2, 1, "x", 1)), ENOTCONN);
	check("shutdown before", error_of(shutdown(fd, SHUT_RDWR)), ENOTCONN);
	check("connect", error_of(connect_to(fd, id)), 0);
	check("again", error_of(connect_to(fd, id)), EISCONN);
	check("socketpair", error_of(socketpair(PF_SYSTEM, SOCK_DGRAM, 2, (int [2]){ 0 })), EOPNOTSUPP);
	close(fd);
}

static void wrong_data(void)
{
	static char much[64 * 1024 + 1];
	struct sockaddr_ctl addr = address(id_of(NAME), 0);
	int fd = open_client(NAME, SOCK_DGRAM);
	char byte;

	check("send: too much", error_of(send(fd, much, sizeof(much), 0)), EMSGSIZE);
	check("send from no address", error_of(send(fd, BAD, 10, 0)), EFAULT);
	check("send with an address", error_of(sendto(fd, "x", 1, 0, (struct sockaddr *)&addr,
						       sizeof(addr))), EISCONN);
	check("a stream of no address", error_of(write(open_client(NAME ".stream", SOCK_STREAM), BAD, 100)), EFAULT);
	check("recv when there is nothing", error_of(recv(fd, &byte, 1, MSG_DONTWAIT)), EAGAIN);
	check("send", send(fd, "x", 1, 0), 1);
	check("recv to no address", error_of(recv(fd, BAD, 1, 0)), EFAULT);
	check("recv out of band", error_of(recv(fd, &byte, 1, MSG_OOB)), EOPNOTSUPP);
	check("recv of errors", error_of(recv(fd, &byte, 1, MSG_ERRQUEUE)), EOPNOTSUPP);
	close(fd);
}

static void wrong_options(void)
{
	static char much[2 << 20];
	int fd = open_client(NAME, SOCK_DGRAM);
	char value[64];
	socklen_t len = sizeof(value);

	check("setsockopt: level 0", error_of(setsockopt(fd, 0, 1, "x", 1)), EINVAL);
	check("level -1", error_of(setsockopt(fd, -1, 1, "x", 1)), EINVAL);
	check("-1 bytes", error_of(setsockopt(fd, 2, 1, "x", -1)), EINVAL);
	check("2 MiB", error_of(setsockopt(fd, 2, 1, much, sizeof(much))), EINVAL);
	check("from no address", error_of(setsockopt(fd, 2, 1, BAD, 4)), EFAULT);
	check("no such option", error_of(setsockopt(fd, 2, 99, "x", 1)), ENOPROTOOPT);
	check("getsockopt: level 0", error_of(getsockopt(fd, 0, 1, value, &len)), EINVAL);
	check("no length", error_of(getsockopt(fd, 2, 1, value, BAD)), EFAULT);
	len = -1;
	check("length -1", error_of(getsockopt(fd, 2, 1, value, &len)), EINVAL);
	len = 64;
	check("to no address", error_of(getsockopt(fd, 2, 1, BAD, &len)), EFAULT);
	close(fd);
}

/* Whatever is not the kext's answer stays as the program left it. */
static void nothing_else_is_shown(void)
{
	unsigned char answer[256];
	socklen_t len = sizeof(answer);
	int fd = open_client(NAME, SOCK_DGRAM);
	size_t i, changed = 0;

	memset(answer, 0xa5, sizeof(answer));
	check("getsockopt", error_of(getsockopt(fd, 2, 2, answer, &len)), 0);
	check("as long as it is", len, 16);
	for (i = len; i < sizeof(answer); i++)
		changed += answer[i] != 0xa5;
	check("and not a byte more", changed, 0);
	memset(answer, 0xa5, sizeof(answer));
	len = sizeof(answer);
	check("getpeername", error_of(getpeername(fd, (struct sockaddr *)answer, &len)), 0);
	for (i = 12, changed = 0; i < 32; i++)
		changed += answer[i] != 0;
	for (i = 32; i < sizeof(answer); i++)
		changed += answer[i] != 0xa5;
	check("shows nothing else", changed, 0);
	send(fd, "x", 1, 0);
	memset(answer, 0xa5, sizeof(answer));
	len = recv(fd, answer, sizeof(answer), 0);
	for (i = len, changed = 0; i < sizeof(answer); i++)
		changed += answer[i] != 0xa5;
	check("nor does recv", changed, 0);
	close(fd);
}

/* A thousand connections, some of them closed at once, others all together. */
static void storm(void)
{
	unsigned int id = id_of(NAME);
	int fds[200], round, i, bad = 0;

	for (round = 0; round < 20; round++) {
		for (i = 0; i < 200; i++) {
			fds[i] = open_socket(SOCK_DGRAM);
			bad += connect_to(fds[i], id) != 0;
			if (i % 3 == 0)
				close(fds[i]);
		}
		for (i = 0; i < 200; i++)
			if (i % 3)
				close(fds[i]);
	}
	check("a storm of connections", bad, 0);
}

static volatile int stop;
static unsigned int target;

static void *connects_and_disconnects(void *arg)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	int fd = *(int *)arg;

	while (!stop) {
		connect_to(fd, target);
		connect(fd, &none, sizeof(none));
	}
	return NULL;
}

static void *sends(void *arg)
{
	int fd = *(int *)arg, count = 10;
	char buf[64];
	socklen_t len;

	while (!stop) {
		send(fd, "hello", 5, MSG_NOSIGNAL | MSG_DONTWAIT);
		len = sizeof(buf);
		getsockopt(fd, 2, 1, buf, &len);
		setsockopt(fd, 2, 3, &count, sizeof(count));
		getpeername(fd, (struct sockaddr *)buf, &len);
	}
	return NULL;
}

static void *reads(void *arg)
{
	struct pollfd p = { .fd = *(int *)arg, .events = POLLIN };
	char buf[64];
	int n;

	while (!stop) {
		recv(p.fd, buf, sizeof(buf), MSG_DONTWAIT);
		recv(p.fd, buf, 1, MSG_DONTWAIT | MSG_PEEK);
		ioctl(p.fd, FIONREAD, &n);
		poll(&p, 1, 1);
	}
	return NULL;
}

/* All calls on one socket at the same time, while it comes and goes. */
static void all_at_once(const char *name, int type)
{
	void *(*const work[])(void *) = { connects_and_disconnects, sends, reads, sends, reads };
	pthread_t threads[5];
	int fd = open_socket(type), i;

	target = id_of(name);
	stop = 0;
	for (i = 0; i < 5; i++)
		pthread_create(&threads[i], NULL, work[i], &fd);
	usleep(500000);
	stop = 1;
	for (i = 0; i < 5; i++)
		pthread_join(threads[i], NULL);
	check("all calls at once, and the connection comes and goes", close(fd), 0);
}

static void epoll_tells(void)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int e = epoll_create1(0), fd = open_client(NAME, SOCK_DGRAM), i, told = 0;

	epoll_ctl(e, EPOLL_CTL_ADD, fd, &event);
	for (i = 0; i < 10; i++) {
		send(fd, "x", 1, 0);
		told += epoll_wait(e, &event, 1, 1000);
	}
	check("epoll tells of each message", told, 10);
	check("and then of none", epoll_wait(e, &event, 1, 0), 0);
	close(fd);
	close(e);
}

/* A process that is killed in the middle leaves nothing. */
static void killed(void)
{
	pid_t pid = fork();

	if (!pid) {
		int i, fd;

		for (i = 0; i < 50; i++) {
			fd = open_client(NAME, SOCK_DGRAM);
			send(fd, "left behind", 11, 0);
		}
		recv(fd, &(char){ 0 }, 1, 0);
		recv(fd, &(char){ 0 }, 1, 0);
		_exit(0);
	}
	usleep(100000);
	kill(pid, SIGKILL);
	check("a program that is killed", waitpid(pid, NULL, 0), pid);
}

static void elsewhere(void)
{
	pid_t pid = fork();
	int status = 0;

	if (!pid) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
			_exit(77);
		_exit(error_of(open_socket(SOCK_DGRAM)));
	}
	waitpid(pid, &status, 0);
	if (WEXITSTATUS(status) == 77)
		printf("ok %d - another network namespace # SKIP no namespaces\n", ++number);
	else
		check("another network namespace", WEXITSTATUS(status), EAFNOSUPPORT);
}

/* As root of a user namespace of its own, which is no privilege here. */
static void own_root(void)
{
	pid_t pid = fork();
	int status = 0;

	if (!pid) {
		if (unshare(CLONE_NEWUSER))
			_exit(77);
		_exit(error_of(open_client(NAME ".root", SOCK_DGRAM)));
	}
	waitpid(pid, &status, 0);
	if (WEXITSTATUS(status) == 77)
		printf("ok %d - root of a user namespace # SKIP no namespaces\n", ++number);
	else
		check("root of a user namespace", WEXITSTATUS(status), EPERM);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1 && !strcmp(argv[1], "user") && (setgid(65534) || setuid(65534)))
		return 1;
	wrong_sockets();
	wrong_names();
	wrong_addresses();
	wrong_data();
	wrong_options();
	nothing_else_is_shown();
	epoll_tells();
	storm();
	all_at_once(NAME, SOCK_DGRAM);
	all_at_once(NAME ".stream", SOCK_STREAM);
	killed();
	elsewhere();
	own_root();
	check("the superuser's control", error_of(open_client(NAME ".root", SOCK_DGRAM)),
	      geteuid() ? EPERM : 0);
	printf("1..%d\n", number);
	return failed > 0;
}
