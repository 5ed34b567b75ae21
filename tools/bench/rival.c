// SPDX-License-Identifier: GPL-2.0
/*
 * usage: rival nfqueue NUMBER
 *        rival connect on|off
 *
 * What users pick instead of a kext's filter, to compare with. "nfqueue" accepts each
 * packet of a netfilter queue that it has looked at; "connect" puts a BPF program that
 * looks at the port on the root control group. By plain system calls, so that a guest
 * needs no library for it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <netinet/ip.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOOKED_AT	128	/* bytes of a packet */
#define ROOM		4096

static int die(const char *what)
{
	perror(what);
	exit(1);
}

/* --- nfqueue --- */

/* A message with one attribute. */
struct message {
	struct nlmsghdr nl;
	struct nfgenmsg nf;
	struct nlattr attr;
	union {
		struct nfqnl_msg_config_cmd command;
		struct nfqnl_msg_config_params params;
		struct nfqnl_msg_verdict_hdr verdict;
	};
} __attribute__((packed));

static unsigned long seen;

static void say(int fd, struct message *m, int type, int queue, int attr, size_t size)
{
	m->nl.nlmsg_len = offsetof(struct message, command) + NLA_ALIGN(size);
	m->nl.nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | type;
	m->nl.nlmsg_flags = NLM_F_REQUEST;
	m->nf.res_id = htons(queue);
	m->attr.nla_type = attr;
	m->attr.nla_len = NLA_HDRLEN + size;
	if (send(fd, m, m->nl.nlmsg_len, 0) < 0)
		die("send");
}

static int open_queue(int queue)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK };
	struct message command = { .command = { .command = NFQNL_CFG_CMD_BIND, .pf = htons(AF_INET) } };
	struct message params = { .params = { .copy_range = htonl(LOOKED_AT), .copy_mode = NFQNL_COPY_PACKET } };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);

	if (fd < 0 || bind(fd, (void *)&at, sizeof(at)))
		die("netlink");
	say(fd, &command, NFQNL_MSG_CONFIG, queue, NFQA_CFG_CMD, sizeof(command.command));
	say(fd, &params, NFQNL_MSG_CONFIG, queue, NFQA_CFG_PARAMS, sizeof(params.params));
	return fd;
}

static void look(const struct iphdr *ip)
{
	if (ip->protocol == IPPROTO_UDP)
		seen += ip->tot_len + ip->daddr;
}

static void answer(int fd, int queue, const char *buffer, ssize_t len)
{
	struct message yes = { .verdict = { .verdict = htonl(NF_ACCEPT) } };
	size_t at = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct nfgenmsg));

	while (at + NLA_HDRLEN <= (size_t)len) {
		const struct nlattr *attr = (const void *)(buffer + at);
		const void *data = buffer + at + NLA_HDRLEN;

		if (attr->nla_len < NLA_HDRLEN)
			return;
		if ((attr->nla_type & NLA_TYPE_MASK) == NFQA_PACKET_HDR)
			yes.verdict.id = ((const struct nfqnl_msg_packet_hdr *)data)->packet_id;
		if ((attr->nla_type & NLA_TYPE_MASK) == NFQA_PAYLOAD)
			look(data);
		at += NLA_ALIGN(attr->nla_len);
	}
	say(fd, &yes, NFQNL_MSG_VERDICT, queue, NFQA_VERDICT_HDR, sizeof(yes.verdict));
}

static void serve_queue(int queue)
{
	char buffer[ROOM] __attribute__((aligned(8)));
	int fd = open_queue(queue);
	ssize_t len;

	for (;;) {
		len = recv(fd, buffer, sizeof(buffer), 0);
		if (len < 0 && errno != ENOBUFS && errno != EINTR)
			die("recv");
		if (len >= NLMSG_HDRLEN && ((struct nlmsghdr *)buffer)->nlmsg_type >> 8 == NFNL_SUBSYS_QUEUE)
			answer(fd, queue, buffer, len);
	}
}

/* --- connect --- */

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int root_group(void)
{
	const char *folder = "/tmp/cgroup";

	mkdir(folder, 0755);
	if (open("/tmp/cgroup/cgroup.procs", O_RDONLY) < 0)
		mount("none", folder, "cgroup2", 0, NULL);
	return open(folder, O_RDONLY | O_DIRECTORY);
}

/* Looks at the port, and says yes. */
static int load_yes(void)
{
	struct bpf_insn code[] = {
		{ .code = BPF_LDX | BPF_W | BPF_MEM, .dst_reg = 2, .src_reg = 1,
		  .off = offsetof(struct bpf_sock_addr, user_port) },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_CGROUP_SOCK_ADDR, .insns = (uintptr_t)code,
		.insn_cnt = sizeof(code) / sizeof(*code), .license = (uintptr_t)"GPL",
		.expected_attach_type = BPF_CGROUP_INET4_CONNECT,
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

static int hook_connect(int on)
{
	union bpf_attr attr = { .target_fd = root_group(), .attach_type = BPF_CGROUP_INET4_CONNECT };

	if (on)
		attr.attach_bpf_fd = load_yes();
	if (bpf(on ? BPF_PROG_ATTACH : BPF_PROG_DETACH, &attr))
		die("bpf");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "nfqueue"))
		serve_queue(atoi(argv[2]));
	if (argc == 3 && !strcmp(argv[1], "connect"))
		return hook_connect(!strcmp(argv[2], "on"));
	fprintf(stderr, "usage: rival nfqueue NUMBER, rival connect on|off\n");
	return 2;
}
