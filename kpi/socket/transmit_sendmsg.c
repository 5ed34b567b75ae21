// SPDX-License-Identifier: GPL-2.0
/*
 * Handing bytes to streams by Linux's own sendmsg: to AF_UNIX, and to TCP when TLS
 * or a BPF program has to see every byte. All is copied.
 *
 * Linux locks the socket itself, so that two senders would mix their messages:
 * snd_lock keeps them apart.
 */

#include <linux/atomic.h>
#include <linux/net.h>

#include "privilege.h"
#include "send.h"
#include "transport.h"
#include "wait.h"

/* Memory, not bytes: Linux does not count them here. */
size_t kpi_unix_unsent(struct __socket *so)
{
	return sk_wmem_alloc_get(so->sk);
}

/* Passes what is gone already: the message may have begun another way. */
static void begin(struct kpi_tx *tx)
{
	struct kpi_piece piece;
	size_t left = tx->sent;

	kpi_feed_begin(tx);
	while (left && kpi_source_next(&tx->feed->source, left, &piece))
		left -= piece.len;
	tx->by_sendmsg = true;
}

static ssize_t send_run(struct kpi_tx *tx, size_t max, int flags)
{
	struct iov_iter *iter = &tx->feed->iter;
	struct msghdr msg = { .msg_flags = flags | MSG_NOSIGNAL, .msg_iter = *iter };
	ssize_t n;

	iov_iter_truncate(&msg.msg_iter, max);
	n = sock_sendmsg(tx->so->sock, &msg);
	if (n > 0) {
		iov_iter_advance(iter, n);
		tx->sent += n;
	}
	return n;
}

static ssize_t send(struct kpi_tx *tx, size_t len, int flags)
{
	size_t end = tx->sent + len;
	ssize_t n = 1;

	while (n > 0 && tx->sent < end) {
		if (!iov_iter_count(&tx->feed->iter))
			kpi_feed_next(tx->feed, end - tx->sent);
		n = send_run(tx, end - tx->sent, flags);
	}
	return n;
}

/* What Linux's limit has to be for the rest of the message, whatever it is now. */
static int limit_for(const struct kpi_tx *tx)
{
	struct sock *sk = tx->so->sk;
	int queued = kpi_so_is_inet(tx->so) ? READ_ONCE(sk->sk_wmem_queued)
					    : sk_wmem_alloc_get(sk);

	return min_t(s64, (s64)queued + kpi_memory_for(tx->len), INT_MAX);
}

/*
 * Linux's limit is out of the way for one message, so that its waiting is only for
 * memory, and short. Who sets another one meanwhile has the last word.
 */
static ssize_t send_atomic(struct kpi_tx *tx)
{
	struct sock *sk = tx->so->sk;
	int limit, raised;
	ssize_t n;

	do {
		limit = READ_ONCE(sk->sk_sndbuf);
		raised = max(limit, limit_for(tx));
	} while (cmpxchg(&sk->sk_sndbuf, limit, raised) != limit);

	n = send(tx, tx->len - tx->sent, 0);
	cmpxchg(&sk->sk_sndbuf, raised, limit);
	return n;
}

static int push(struct kpi_tx *tx)
{
	struct __socket *so = tx->so;
	ssize_t n;

	if (!tx->by_sendmsg)
		begin(tx);
	do {
		n = kpi_tx_admit(tx, so->transport->unsent(so));
		if (n <= 0)
			return n;
		n = tx->atomic ? send_atomic(tx) : send(tx, n, MSG_DONTWAIT);
	} while (n > 0 && tx->sent < tx->len);
	return min_t(ssize_t, n, 0);
}

int kpi_sendmsg_push(struct kpi_tx *tx)
{
	const struct cred *old;
	int err;

	if (tx->flags & KPI_MSG_OOB)
		return -EOPNOTSUPP;
	err = kpi_so_lock(tx->so, &tx->so->snd_lock, tx->flags);
	if (err)
		return err;
	old = kpi_so_cred_begin(tx->so);
	err = push(tx);
	kpi_so_cred_end(old);
	mutex_unlock(&tx->so->snd_lock);
	return err;
}

bool kpi_unix_may_push(struct kpi_tx *tx)
{
	return kpi_tx_has_space(tx, kpi_unix_unsent(tx->so));
}
