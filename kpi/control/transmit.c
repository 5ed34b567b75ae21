// SPDX-License-Identifier: GPL-2.0
/* What a client sends goes to the kext at once, in the client's thread. */

#include <linux/signal.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>

#include "../mbuf/chain.h"
#include "control_priv.h"

/* What a kext knows of the flags of a send call. */
#define FLAGS_SHOWN	(MSG_OOB | MSG_DONTROUTE | MSG_DONTWAIT | MSG_EOR | MSG_NOSIGNAL)

static int fill(mbuf_t m, struct iov_iter *from)
{
	struct kpi_walk walk = { .m = m };
	struct kpi_piece piece;

	while (kpi_walk_next(&walk, &piece))
		if (!copy_from_iter_full(piece.addr, piece.len, from))
			return -EFAULT;
	return 0;
}

/* The kext consumes the packet whatever it says. */
static int send_packet(struct kpi_ctl_client *client, struct msghdr *msg, size_t len)
{
	const struct kpi_control *control = client->control;
	errno_t error;
	mbuf_t m;

	m = kpi_chain_alloc(len, GFP_KERNEL, control->kext);
	if (!m)
		return -ENOBUFS;
	if (fill(m, &msg->msg_iter)) {
		kpi_mbuf_freem(m);
		return -EFAULT;
	}
	error = control->reg.ctl_send(control->ref, client->unit, client->unitinfo, m,
				      msg->msg_flags & FLAGS_SHOWN);
	return kpi_ctl_result(error);
}

/* A call that was cut short, but has sent something, says how much. */
static bool is_cut_short(int err)
{
	return err == -EAGAIN || err == -EINTR || err == -ERESTARTSYS || err == -EFAULT;
}

static int send_stream(struct kpi_ctl_client *client, struct msghdr *msg, size_t len,
		       size_t chunk)
{
	size_t sent = 0;

	while (sent < len) {
		size_t n = min(len - sent, chunk);
		int err = send_packet(client, msg, n);

		if (err)
			return sent && is_cut_short(err) ? sent : err;
		sent += n;
		if (sent < len && fatal_signal_pending(current))
			return sent;
	}
	return sent;
}

static int send_datagram(struct kpi_ctl_client *client, struct msghdr *msg, size_t len,
			 size_t most)
{
	if (len > most)
		return -EMSGSIZE;
	return send_packet(client, msg, len) ?: len;
}

static int send_message(struct kpi_ctl_client *client, struct msghdr *msg, size_t len)
{
	const struct bsd_kern_ctl_reg *reg = &client->control->reg;
	size_t most = min_t(size_t, reg->ctl_sendsize, KPI_CTL_SIZE_MAX);

	if (msg->msg_namelen)
		return -EISCONN;
	if (!reg->ctl_send)
		return -EOPNOTSUPP;
	if (client->sys.sk.sk_type == SOCK_STREAM)
		return send_stream(client, msg, len, most);
	return send_datagram(client, msg, len, most);
}

static int broken_pipe(const struct msghdr *msg)
{
	if (!(msg->msg_flags & MSG_NOSIGNAL))
		send_sig(SIGPIPE, current, 0);
	return -EPIPE;
}

int kpi_ctl_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct kpi_ctl_client *client = kpi_ctl_client_of(sock->sk);
	int n;

	if (READ_ONCE(client->sys.sk.sk_shutdown) & SEND_SHUTDOWN)
		return broken_pipe(msg);
	n = kpi_ctl_call_begin(client);
	if (n)
		return n;
	n = send_message(client, msg, len);
	kpi_ctl_call_end(client);
	return n;
}
