// SPDX-License-Identifier: GPL-2.0
/* The native sides of messages from and to programs: a family of generic netlink. */

#include <net/genetlink.h>
#include <net/sock.h>

#include "native.h"

#define MESSAGE	1	/* the command, and its only attribute */

static struct bench *bench;		/* one runs at a time */

static int on_message(struct sk_buff *skb, struct genl_info *info)
{
	if (!info->attrs[MESSAGE])
		return -EINVAL;
	bench->sum += *(u8 *)nla_data(info->attrs[MESSAGE]);
	bench_event(bench, 1);
	return 0;
}

static const struct nla_policy policy[MESSAGE + 1] = { [MESSAGE] = { .type = NLA_BINARY } };
static const struct genl_small_ops ops[] = { { .cmd = MESSAGE, .doit = on_message } };

static struct genl_family family = {
	.name = "netkpi_bench",
	.version = 1,
	.maxattr = MESSAGE,
	.policy = policy,
	.small_ops = ops,
	.n_small_ops = ARRAY_SIZE(ops),
	.resv_start_op = MESSAGE + 1,
	.module = THIS_MODULE,
};

static int open_family(struct bench *b)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int err = genl_register_family(&family);

	if (err)
		return err;
	bench = b;
	b->object = &family;
	err = sock_create_kern(&init_net, AF_NETLINK, SOCK_RAW, NETLINK_GENERIC, &b->peer);
	if (err)
		return err;
	b->peer->sk->sk_rcvbuf = BENCH_BUFFER;	/* a batch of the longest */
	err = kernel_bind(b->peer, (void *)&addr, sizeof(addr));
	if (!err)
		err = kernel_getsockname(b->peer, (struct sockaddr *)&addr);
	b->work = (void *)(uintptr_t)addr.nl_pid;
	return min(err, 0);
}

static void close_family(struct bench *b)
{
	program_close(b);
	if (b->object)
		genl_unregister_family(&family);
}

static int tell(struct bench *b)
{
	struct sk_buff *skb = genlmsg_new(nla_total_size(b->size), GFP_KERNEL);
	void *header;

	if (!skb)
		return -ENOMEM;
	header = genlmsg_put(skb, 0, 0, &family, 0, MESSAGE);
	if (!header || nla_put(skb, MESSAGE, b->size, b->buffer)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	/* b->work is the program's port */
	return genlmsg_unicast(&init_net, skb, (uintptr_t)b->work);
}

/* What a program puts together before it sends; the bytes are where they are. */
static int program_tells(struct bench *b)
{
	struct {
		struct nlmsghdr nl;
		struct genlmsghdr genl;
		struct nlattr attr;
	} head = {
		.nl = { .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN) + nla_total_size(b->size),
			.nlmsg_type = family.id, .nlmsg_flags = NLM_F_REQUEST },
		.genl = { .cmd = MESSAGE, .version = 1 },
		.attr = { .nla_len = nla_attr_size(b->size), .nla_type = MESSAGE },
	};
	struct kvec vec[] = {
		{ &head, sizeof(head) },
		{ b->buffer, nla_total_size(b->size) - NLA_HDRLEN },
	};
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	struct msghdr msg = { .msg_name = &to, .msg_namelen = sizeof(to) };

	return kernel_sendmsg(b->peer, &msg, vec, 2, vec[0].iov_len + vec[1].iov_len) > 0 ? 0 : -EIO;
}

static int open_asking(struct bench *b)
{
	return open_family(b) ?: program_start(b, program_tells);
}

static unsigned long long run_down(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i, j;

	for (i = 0; i < b->n; i += BATCH) {
		for (j = 0; j < BATCH; j++)
			if (tell(b))
				return 0;
		if (program_read(b, BATCH))
			return 0;
	}
	return bench_now() - start;
}

static unsigned long long run_up(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (program_tells(b))
			return 0;
	return bench_now() - start;
}

static unsigned long long run_ask(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 1; i <= b->n; i++)
		if (tell(b) || bench_wait(b, i))
			return 0;
	return bench_now() - start;
}

const struct bench_side native_control_down = { open_family, run_down, close_family };
const struct bench_side native_control_up = { open_family, run_up, close_family };
const struct bench_side native_control_ask = { open_asking, run_ask, close_family };
