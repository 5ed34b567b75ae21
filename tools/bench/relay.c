// SPDX-License-Identifier: GPL-2.0
/*
 * usage: relay splice|sockmap PORT SINK_PORT
 *
 * A relay in user space, to compare with: what comes to PORT goes to SINK_PORT.
 * "splice" moves it through a pipe; "sockmap" has a BPF program redirect it in
 * the kernel. By plain system calls, so that a guest needs no library for it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHUNK	(64 * 1024)

static int die(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in) {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static int listen_at(int port)
{
	struct sockaddr_in at = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (void *)&at, sizeof(at)) || listen(fd, 8))
		die("listen");
	return fd;
}

static int connect_to(int port)
{
	struct sockaddr_in to = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (connect(fd, (void *)&to, sizeof(to)))
		die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

static void relay_by_splice(int in, int out)
{
	int pipes[2];
	ssize_t n, m;

	if (pipe(pipes))
		die("pipe");
	while ((n = splice(in, NULL, pipes[1], NULL, CHUNK, SPLICE_F_MOVE)) > 0)
		for (; n > 0; n -= m) {
			m = splice(pipes[0], NULL, out, NULL, n, SPLICE_F_MOVE);
			if (m <= 0)
				return;
		}
}

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int make_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_SOCKMAP, .key_size = 4, .value_size = 4, .max_entries = 2,
	};

	return bpf(BPF_MAP_CREATE, &attr);
}

/* return bpf_sk_redirect_map(skb, map, 0, 0) */
static int load_verdict(int map)
{
	struct bpf_insn code[] = {
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 2, .src_reg = BPF_PSEUDO_MAP_FD, .imm = map },
		{ },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3, .imm = 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 4, .imm = 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_sk_redirect_map },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SK_SKB, .insns = (uintptr_t)code, .insn_cnt = sizeof(code) / sizeof(*code),
		.license = (uintptr_t)"GPL", .expected_attach_type = BPF_SK_SKB_STREAM_VERDICT,
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

static int put(int map, uint32_t key, int fd)
{
	union bpf_attr attr = { .map_fd = map, .key = (uintptr_t)&key, .value = (uintptr_t)&fd };

	return bpf(BPF_MAP_UPDATE_ELEM, &attr);
}

static void relay_by_sockmap(int in, int out)
{
	int map = make_map(), verdict = map < 0 ? -1 : load_verdict(map);
	union bpf_attr attr = {
		.target_fd = map, .attach_bpf_fd = verdict, .attach_type = BPF_SK_SKB_STREAM_VERDICT,
	};
	struct pollfd end = { .fd = in, .events = POLLRDHUP };

	if (map < 0 || verdict < 0 || bpf(BPF_PROG_ATTACH, &attr) || put(map, 0, out) || put(map, 1, in))
		die("sockmap");
	poll(&end, 1, -1);
}

int main(int argc, char **argv)
{
	void (*relay)(int in, int out) = relay_by_splice;
	int listener;

	if (argc != 4)
		return 2;
	if (!strcmp(argv[1], "sockmap"))
		relay = relay_by_sockmap;
	signal(SIGCHLD, SIG_IGN);
	listener = listen_at(atoi(argv[2]));
	for (;;) {
		int in = accept(listener, NULL, NULL);

		if (in >= 0 && fork() == 0) {
			relay(in, connect_to(atoi(argv[3])));
			exit(0);
		}
		close(in);
	}
}
