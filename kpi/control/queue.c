// SPDX-License-Identifier: GPL-2.0
/*
 * What a kext has sent and a client not yet read.
 *
 * Limits are in bytes of payload, because kexts compute with them. What is kept in
 * memory may be a multiple of that, as on macOS: as many short messages fit here as
 * there.
 */

#include "../mbuf/chain.h"
#include "control_priv.h"

/* An mbuf takes three times the memory that it does on macOS, which allows eightfold. */
#define MEMORY_PER_BYTE	24

void kpi_ctl_queue_init(struct kpi_ctl_client *client)
{
	spin_lock_init(&client->queue.lock);
	mutex_init(&client->reader);
}

/* SO_RCVBUF raises the limit. Linux shows twice what was asked for. */
size_t kpi_ctl_limit(const struct kpi_ctl_client *client)
{
	return READ_ONCE(client->sk.sk_rcvbuf) / 2;
}

/**
 * kpi_ctl_queue_open() - begin to take what is sent to a client
 * @client: the socket, its control set
 */
void kpi_ctl_queue_open(struct kpi_ctl_client *client)
{
	u32 size = min_t(u32, client->control->reg.ctl_recvsize, KPI_CTL_SIZE_MAX);

	WRITE_ONCE(client->sk.sk_rcvbuf, 2 * size);
	spin_lock_bh(&client->queue.lock);
	client->queue.open = true;
	spin_unlock_bh(&client->queue.lock);
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
void kpi_ctl_queue_close(struct kpi_ctl_client *client)
{
	struct kpi_ctl_queue *q = &client->queue;
	mbuf_t m;

	mutex_lock(&client->reader);
	spin_lock_bh(&q->lock);
	m = q->head;
	q->open = false;
	q->head = NULL;
	q->tail = NULL;
	q->bytes = 0;
	q->memory = 0;
	spin_unlock_bh(&q->lock);
	client->offset = 0;
	free_packets(m);
	mutex_unlock(&client->reader);
}

static size_t space_of(const struct kpi_ctl_client *client)
{
	const struct kpi_ctl_queue *q = &client->queue;
	size_t limit = kpi_ctl_limit(client);

	if (q->bytes >= limit || q->memory >= limit * MEMORY_PER_BYTE)
		return 0;
	return limit - q->bytes;
}

/* What can still be sent to a client; -EINVAL if there is nobody to read it. */
ssize_t kpi_ctl_space(struct kpi_ctl_client *client)
{
	ssize_t space;

	spin_lock_bh(&client->queue.lock);
	space = client->queue.open ? space_of(client) : -EINVAL;
	spin_unlock_bh(&client->queue.lock);
	return space;
}

/* How much has to be there for a reader to be told. */
static size_t low_water(const struct kpi_ctl_client *client)
{
	return min_t(size_t, READ_ONCE(client->sk.sk_rcvlowat), kpi_ctl_limit(client));
}

/* Bytes that a reader still has to wait for; -EINVAL if there is none. */
ssize_t kpi_ctl_missing(struct kpi_ctl_client *client)
{
	size_t want = low_water(client);
	ssize_t missing = -EINVAL;

	spin_lock_bh(&client->queue.lock);
	if (client->queue.open)
		missing = want > client->queue.bytes ? want - client->queue.bytes : 0;
	spin_unlock_bh(&client->queue.lock);
	return missing;
}

/* A datagram is read as it is; of a stream there have to be enough bytes. */
bool kpi_ctl_is_readable(const struct kpi_ctl_client *client)
{
	if (!READ_ONCE(client->queue.head))
		return false;
	return client->sk.sk_type == SOCK_DGRAM ||
	       READ_ONCE(client->queue.bytes) >= low_water(client);
}

static void link_packet(struct kpi_ctl_queue *q, mbuf_t m, size_t len)
{
	lockdep_assert_held(&q->lock);

	if (q->tail)
		kpi_mbuf_setnextpkt(q->tail, m);
	else
		WRITE_ONCE(q->head, m);
	q->tail = m;
	WRITE_ONCE(q->bytes, q->bytes + len);
	q->memory += kpi_chain_memory(m);
}

static int append(struct kpi_ctl_client *client, mbuf_t m, size_t len, u32 flags)
{
	size_t space = space_of(client);

	lockdep_assert_held(&client->queue.lock);

	if (!client->queue.open)
		return -EINVAL;
	if (!space || len > space)
		return -ENOBUFS;
	if (flags & CTL_DATA_EOR)
		kpi_mbuf_setflags_mask(m, MBUF_EOR, MBUF_EOR);
	link_packet(&client->queue, m, len);
	return 0;
}

/**
 * kpi_ctl_append() - queue a packet for a client
 * @client: the socket; under rcu_read_lock()
 * @m:      the packet, consumed on success
 * @flags:  CTL_DATA_...
 *
 * Return: 0; -EINVAL if nobody reads any more; -ENOBUFS if it does not fit.
 */
int kpi_ctl_append(struct kpi_ctl_client *client, mbuf_t m, u32 flags)
{
	int err;

	spin_lock_bh(&client->queue.lock);
	err = append(client, m, kpi_mbuf_pkthdr_len(m), flags);
	spin_unlock_bh(&client->queue.lock);
	if (!err && !(flags & CTL_DATA_NOWAKEUP))
		READ_ONCE(client->sk.sk_data_ready)(&client->sk);
	return err;
}

/* The packet to read next, or NULL; it stays while the reader's lock is held. */
mbuf_t kpi_ctl_first(struct kpi_ctl_client *client)
{
	mbuf_t m;

	lockdep_assert_held(&client->reader);

	spin_lock_bh(&client->queue.lock);
	m = client->queue.head;
	spin_unlock_bh(&client->queue.lock);
	return m;
}

/* The one behind it. */
mbuf_t kpi_ctl_next(struct kpi_ctl_client *client, mbuf_t m)
{
	mbuf_t next;

	lockdep_assert_held(&client->reader);

	spin_lock_bh(&client->queue.lock);
	next = kpi_mbuf_nextpkt(m);
	spin_unlock_bh(&client->queue.lock);
	return next;
}

/* Some bytes of the first packet have been read, but not all. */
void kpi_ctl_taken(struct kpi_ctl_client *client, size_t bytes)
{
	struct kpi_ctl_queue *q = &client->queue;

	lockdep_assert_held(&client->reader);

	client->offset += bytes;
	spin_lock_bh(&q->lock);
	WRITE_ONCE(q->bytes, q->bytes - bytes);
	spin_unlock_bh(&q->lock);
}

/* The first packet is done with, its last bytes included. */
void kpi_ctl_drop_first(struct kpi_ctl_client *client)
{
	struct kpi_ctl_queue *q = &client->queue;
	mbuf_t m = q->head;

	lockdep_assert_held(&client->reader);

	spin_lock_bh(&q->lock);
	WRITE_ONCE(q->head, kpi_mbuf_nextpkt(m));
	if (!q->head)
		q->tail = NULL;
	WRITE_ONCE(q->bytes, q->bytes - (kpi_mbuf_pkthdr_len(m) - client->offset));
	q->memory -= kpi_chain_memory(m);
	spin_unlock_bh(&q->lock);

	client->offset = 0;
	kpi_mbuf_setnextpkt(m, NULL);
	kpi_mbuf_freem(m);
}
