// SPDX-License-Identifier: GPL-2.0
/*
 * A program that uses its sockets by io_uring, and writes down what it sees. Run with
 * and without filters it writes the same; on a kernel without io_uring that is little.
 */
#define _GNU_SOURCE
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "sockcalls.h"

#define ENTRIES		16
#define BUFFERS		4
#define BUFFER_SIZE	64

struct outcome {
	int res;
	unsigned int flags;
};

static int ring;
static struct io_uring_params params;
static char *sq, *cq;
static struct io_uring_sqe *sqes;
static char buffers[BUFFERS][BUFFER_SIZE];

static unsigned int *at(char *base, unsigned int off)
{
	return (unsigned int *)(base + off);
}

static char *map(size_t size, off_t what)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, what);

	if (p == MAP_FAILED)
		MUST(-1);
	return p;
}

static int open_ring(void)
{
	ring = syscall(__NR_io_uring_setup, ENTRIES, &params);
	if (said("io_uring", ring < 0 ? -1 : 0) < 0)
		return 0;
	sq = map(params.sq_off.array + ENTRIES * sizeof(int), IORING_OFF_SQ_RING);
	cq = map(params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
	sqes = (void *)map(ENTRIES * sizeof(*sqes), IORING_OFF_SQES);
	return 1;
}

/* Begins a request. */
static void submit(const struct io_uring_sqe *sqe)
{
	unsigned int *tail = at(sq, params.sq_off.tail), slot = *tail & (ENTRIES - 1);

	sqes[slot] = *sqe;
	at(sq, params.sq_off.array)[slot] = slot;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	MUST(syscall(__NR_io_uring_enter, ring, 1, 0, 0, NULL, 0));
}

/* Ends one, the first that is ready. */
static struct outcome result(void)
{
	unsigned int *head = at(cq, params.cq_off.head);
	struct io_uring_cqe *cqe;
	struct outcome out;

	while (*head == __atomic_load_n(at(cq, params.cq_off.tail), __ATOMIC_ACQUIRE))
		MUST(syscall(__NR_io_uring_enter, ring, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0));
	cqe = (struct io_uring_cqe *)(cq + params.cq_off.cqes) + (*head & (params.cq_entries - 1));
	out = (struct outcome){ cqe->res, cqe->flags };
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return out;
}

static int ready(void)
{
	return *at(cq, params.cq_off.head) != __atomic_load_n(at(cq, params.cq_off.tail), __ATOMIC_ACQUIRE);
}

static int told(const char *what, struct outcome cqe)
{
	errno = -cqe.res;
	return said(what, cqe.res < 0 ? -1 : cqe.res);
}

static int all_of(const char *what, struct io_uring_sqe sqe)
{
	submit(&sqe);
	return told(what, result());
}

#define RW(op, s, buf, n)	\
	(struct io_uring_sqe){ .opcode = IORING_OP_##op, .fd = s, .addr = (unsigned long)(buf), .len = n }

static void one_by_one(int family, int type)
{
	struct iovec iov = { "by message", 10 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	char buf[100] = "";
	int pair[2];

	printf("# family %d, type %d\n", family, type);
	connected(family, type, pair);
	all_of("send", RW(SEND, pair[0], "hello", 5));
	all_of("recv", RW(RECV, pair[1], buf, 100));
	submit(&RW(RECV, pair[1], buf, 100));			/* waits */
	printf("ready %d\n", ready());
	all_of("send", RW(SEND, pair[0], "woken", 5));		/* either may be first; both are 5 */
	told("recv", result());
	printf("\"%s\"\n", buf);
	all_of("sendmsg", RW(SENDMSG, pair[0], &msg, 1));
	iov.iov_base = buf;
	all_of("recvmsg", RW(RECVMSG, pair[1], &msg, 1));
	all_of("write", RW(WRITE, pair[0], "written", 7));
	all_of("read", RW(READ, pair[1], buf, 100));
	submit(&(struct io_uring_sqe){ .opcode = IORING_OP_POLL_ADD, .fd = pair[1], .poll32_events = POLLIN });
	printf("ready %d\n", ready());
	MUST(send(pair[0], "x", 1, 0));
	told("poll", result());
	all_of("read", RW(READ, pair[1], buf, 100));
	all_of("send nowhere", RW(SEND, pair[0], (void *)8, 5));
	MUST(send(pair[0], "y", 1, 0));
	all_of("recv nowhere", RW(RECV, pair[1], (void *)8, 5));
	both_closed(pair);
}

static void connections(void)
{
	struct sockaddr_storage name;
	socklen_t len;
	int s = listening(AF_INET, &name, &len), c = socket(AF_INET, SOCK_STREAM, 0), a;
	char buf[10] = "";

	submit(&RW(ACCEPT, s, NULL, 0));
	submit(&(struct io_uring_sqe){ .opcode = IORING_OP_CONNECT, .fd = c, .addr = (unsigned long)&name, .off = len });
	a = result().res;
	a = a > 0 ? (result(), a) : result().res;		/* either is first */
	said("accepted", a > 0 ? 0 : -1);
	all_of("send", RW(SEND, a, "hi", 2));
	all_of("recv", RW(RECV, c, buf, 10));
	submit(&RW(RECV, c, buf, 10));
	all_of("shutdown", (struct io_uring_sqe){ .opcode = IORING_OP_SHUTDOWN, .fd = a, .len = SHUT_WR });
	told("the end", result());
	close(a);
	close(c);
	close(s);
}

/* Buffers that the kernel chooses from, and one request for many datagrams. */
static void many_from_one(int type)
{
	struct io_uring_sqe recv = { .opcode = IORING_OP_RECV, .flags = IOSQE_BUFFER_SELECT, .buf_group = 7,
				     .ioprio = IORING_RECV_MULTISHOT };
	struct outcome cqe;
	int pair[2], i;

	printf("# many, type %d\n", type);
	connected(AF_INET, type, pair);
	all_of("buffers", (struct io_uring_sqe){ .opcode = IORING_OP_PROVIDE_BUFFERS, .fd = BUFFERS,
		.addr = (unsigned long)buffers, .len = BUFFER_SIZE, .buf_group = 7 });
	recv.fd = pair[1];
	submit(&recv);
	for (i = 0; i < BUFFERS; i++) {
		MUST(send(pair[0], "0123456789", 10, 0));
		cqe = result();
		told("one of many", cqe);
		printf("more %d\n", cqe.flags & IORING_CQE_F_MORE ? 1 : 0);
	}
	MUST(send(pair[0], "x", 1, 0));
	told("no buffer", result());
	both_closed(pair);
}

/* Without a copy: a second word comes when the memory is free again. */
static void zerocopy(int type)
{
	static char buf[5000];
	struct outcome cqe;
	int pair[2], n;

	printf("# zero copy, type %d\n", type);
	connected(AF_INET, type, pair);
	submit(&RW(SEND_ZC, pair[0], buf, 5000));
	cqe = result();
	told("sent", cqe);
	if (cqe.flags & IORING_CQE_F_MORE) {
		for (n = 0; n < 5000 && readable(pair[1]);)
			n += recv(pair[1], buf, 5000, 0);
		printf("received %d\n", n);
		cqe = result();
		printf("free %d\n", cqe.flags & IORING_CQE_F_NOTIF ? 1 : 0);
	}
	both_closed(pair);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (open_ring()) {
		one_by_one(AF_INET, SOCK_STREAM);
		one_by_one(AF_INET6, SOCK_STREAM);
		one_by_one(AF_INET, SOCK_DGRAM);
		connections();
		many_from_one(SOCK_DGRAM);
		many_from_one(SOCK_STREAM);
		zerocopy(SOCK_STREAM);
		zerocopy(SOCK_DGRAM);
	}
	printf("all of it\n");
	return 0;
}
