// SPDX-License-Identifier: GPL-2.0
/*
 * What has been sent to a socket of the family and not yet read.
 *
 * Limits are in bytes of payload, because kexts compute with them. What is kept in
 * memory may be a multiple of that, as on macOS: as many short messages fit here as
 * there.
 */

#include "../mbuf/chain.h"
#include "control_priv.h"

/* An mbuf takes three times the memory that it does on macOS, which allows eightfold. */
#define MEMORY_PER_BYTE	24

void kpi_sys_init(struct kpi_sys_socket *s)
{
	spin_lock_init(&s->queue.lock);
	mutex_init(&s->reader);
}

/* SO_RCVBUF raises the limit. Linux shows twice what was asked for. */
static size_t limit_of(const struct kpi_sys_socket *s)
{
	return READ_ONCE(s->sk.sk_rcvbuf) / 2;
}

/**
 * kpi_sys_open() - begin to take what is sent to a socket
 * @s:     the socket
 * @limit: bytes of payload that may wait
 */
void kpi_sys_open(struct kpi_sys_socket *s, size_t limit)
{
	WRITE_ONCE(s->sk.sk_rcvbuf, 2 * min_t(size_t, limit, KPI_CTL_SIZE_MAX));
	spin_lock_bh(&s->queue.lock);
	s->queue.open = true;
	spin_unlock_bh(&s->queue.lock);
}

static void free_packets(mbuf_t m)
{
	while (m) {
		mbuf_t next = kpi_mbuf_nextpkt(m);

		kpi_mbuf_setnextpkt(m, NULL);
		kpi_mbuf_freem(m);
		m = next;
	}
}

/* What is there goes unread. Waits for a reader that is copying. */
void kpi_sys_close(struct kpi_sys_socket *s)
{
	struct kpi_sys_queue *q = &s->queue;
	mbuf_t m;

	mutex_lock(&s->reader);
	spin_lock_bh(&q->lock);
	m = q->head;
	q->open = false;
	q->head = NULL;
	q->tail = NULL;
	q->bytes = 0;
	q->memory = 0;
	spin_unlock_bh(&q->lock);
	s->offset = 0;
	free_packets(m);
	mutex_unlock(&s->reader);
}

static size_t space_of(const struct kpi_sys_socket *s)
{
	const struct kpi_sys_queue *q = &s->queue;
	size_t limit = limit_of(s);

	if (q->bytes >= limit || q->memory >= limit * MEMORY_PER_BYTE)
		return 0;
	return limit - q->bytes;
}

/* What can still be sent; -EINVAL if there is nobody to read it. */
ssize_t kpi_sys_space(struct kpi_sys_socket *s)
{
	ssize_t space;

	spin_lock_bh(&s->queue.lock);
	space = s->queue.open ? space_of(s) : -EINVAL;
	spin_unlock_bh(&s->queue.lock);
	return space;
}

/* How much has to be there for a reader to be told. */
static size_t low_water(const struct kpi_sys_socket *s)
{
	return min_t(size_t, READ_ONCE(s->sk.sk_rcvlowat), limit_of(s));
}

/* Bytes that a reader still has to wait for; -EINVAL if there is none. */
ssize_t kpi_sys_missing(struct kpi_sys_socket *s)
{
	size_t want = low_water(s);
	ssize_t missing = -EINVAL;

	spin_lock_bh(&s->queue.lock);
	if (s->queue.open)
		missing = want > s->queue.bytes ? want - s->queue.bytes : 0;
	spin_unlock_bh(&s->queue.lock);
	return missing;
}

/* A datagram is read as it is; of a stream there have to be enough bytes. */
bool kpi_sys_is_readable(const struct kpi_sys_socket *s)
{
	if (!READ_ONCE(s->queue.head))
		return false;
	return s->sk.sk_type != SOCK_STREAM ||
	       READ_ONCE(s->queue.bytes) >= low_water(s);
}

static void link_packet(struct kpi_sys_queue *q, mbuf_t m, size_t len)
{
	lockdep_assert_held(&q->lock);

	kpi_mbuf_setnextpkt(m, NULL);	/* it may be out of a list of the kext's */
	if (q->tail)
		kpi_mbuf_setnextpkt(q->tail, m);
	else
		WRITE_ONCE(q->head, m);
	q->tail = m;
	WRITE_ONCE(q->bytes, q->bytes + len);
	q->memory += kpi_chain_memory(m);
}

static int append(struct kpi_sys_socket *s, mbuf_t m, size_t len, u32 flags)
{
	size_t space = space_of(s);

	lockdep_assert_held(&s->queue.lock);

	if (!s->queue.open)
		return -EINVAL;
	if (!space || len > space)
		return -ENOBUFS;
	if (flags & CTL_DATA_EOR)
		kpi_mbuf_setflags_mask(m, MBUF_EOR, MBUF_EOR);
	link_packet(&s->queue, m, len);
	return 0;
}

/**
 * kpi_sys_append() - queue a packet for a socket
 * @s:     the socket; under rcu_read_lock()
 * @m:     the packet, consumed on success
 * @flags: CTL_DATA_...
 *
 * Return: 0; -EINVAL if nobody reads any more; -ENOBUFS if it does not fit.
 */
int kpi_sys_append(struct kpi_sys_socket *s, mbuf_t m, u32 flags)
{
	int err;

	spin_lock_bh(&s->queue.lock);
	err = append(s, m, kpi_mbuf_pkthdr_len(m), flags);
	spin_unlock_bh(&s->queue.lock);
	if (!err && !(flags & CTL_DATA_NOWAKEUP))
		READ_ONCE(s->sk.sk_data_ready)(&s->sk);
	return err;
}

/* At least 1 if there is a packet. */
size_t kpi_sys_first_length(struct kpi_sys_socket *s)
{
	size_t len = 0;

	spin_lock_bh(&s->queue.lock);
	if (s->queue.head)
		len = max_t(size_t, kpi_mbuf_pkthdr_len(s->queue.head), 1);
	spin_unlock_bh(&s->queue.lock);
	return len;
}

/* The packet to read next, or NULL; it stays while the reader's lock is held. */
mbuf_t kpi_sys_first(struct kpi_sys_socket *s)
{
	mbuf_t m;

	lockdep_assert_held(&s->reader);

	spin_lock_bh(&s->queue.lock);
	m = s->queue.head;
	spin_unlock_bh(&s->queue.lock);
	return m;
}

/* The one behind it. */
mbuf_t kpi_sys_next(struct kpi_sys_socket *s, mbuf_t m)
{
	mbuf_t next;

	lockdep_assert_held(&s->reader);

	spin_lock_bh(&s->queue.lock);
	next = kpi_mbuf_nextpkt(m);
	spin_unlock_bh(&s->queue.lock);
	return next;
}

/* Some bytes of the first packet have been read, but not all. */
void kpi_sys_taken(struct kpi_sys_socket *s, size_t bytes)
{
	struct kpi_sys_queue *q = &s->queue;

	lockdep_assert_held(&s->reader);

	s->offset += bytes;
	spin_lock_bh(&q->lock);
	WRITE_ONCE(q->bytes, q->bytes - bytes);
	spin_unlock_bh(&q->lock);
}

/* The first packet is done with, its last bytes included. */
void kpi_sys_drop_first(struct kpi_sys_socket *s)
{
	struct kpi_sys_queue *q = &s->queue;
	mbuf_t m = q->head;

	lockdep_assert_held(&s->reader);

	spin_lock_bh(&q->lock);
	WRITE_ONCE(q->head, kpi_mbuf_nextpkt(m));
	if (!q->head)
		q->tail = NULL;
	WRITE_ONCE(q->bytes, q->bytes - (kpi_mbuf_pkthdr_len(m) - s->offset));
	q->memory -= kpi_chain_memory(m);
	spin_unlock_bh(&q->lock);

	s->offset = 0;
	kpi_mbuf_setnextpkt(m, NULL);
	kpi_mbuf_freem(m);
}
