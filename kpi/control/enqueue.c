// SPDX-License-Identifier: GPL-2.0
/* What a kext sends to a client: ctl_enqueuedata() and its kin. */

#include "../mbuf/chain.h"
#include "../mbuf/header.h"
#include "control_priv.h"

/* Refusals that need no packet. */
static int check_space(kern_ctl_ref ref, u32 unit, size_t len)
{
	struct kpi_ctl_client *client;
	ssize_t space = -EINVAL;

	rcu_read_lock();
	client = kpi_ctl_find_client(ref, unit);
	if (client)
		space = kpi_sys_space(&client->sys);
	rcu_read_unlock();
	if (space < 0)
		return space;
	return len > space ? -ENOBUFS : 0;
}

static int enqueue(kern_ctl_ref ref, u32 unit, mbuf_t m, u32 flags)
{
	struct kpi_ctl_client *client;
	int err = -EINVAL;

	rcu_read_lock();
	client = kpi_ctl_find_client(ref, unit);
	if (client)
		err = kpi_sys_append(&client->sys, m, flags);
	rcu_read_unlock();
	return err;
}

/* A packet of these bytes, or NULL without memory. */
mbuf_t kpi_packet_of(const void *data, size_t len, struct kpi_kext *owner)
{
	mbuf_t m = kpi_chain_alloc(len, GFP_ATOMIC | __GFP_NOWARN, owner);
	struct kpi_walk walk = { .m = m };
	struct kpi_piece piece;

	while (m && kpi_walk_next(&walk, &piece)) {
		memcpy(piece.addr, data, piece.len);
		data += piece.len;
	}
	return m;
}

static int enqueue_data(kern_ctl_ref ref, u32 unit, const void *data, size_t len, u32 flags,
			struct kpi_kext *owner)
{
	mbuf_t m;
	int err;

	if (!data && len)
		return -EINVAL;
	err = check_space(ref, unit, len);
	if (err)
		return err;
	m = kpi_packet_of(data, len, owner);
	if (!m)
		return -ENOMEM;
	err = enqueue(ref, unit, m, flags);
	if (err)
		kpi_mbuf_freem(m);
	return err;
}

/**
 * kpi_ctl_enqueuedata() - send bytes to a client
 * @kctlref: the control
 * @unit:    the client
 * @data:    the bytes, borrowed: they are copied
 * @len:     how many
 * @flags:   CTL_DATA_NOWAKEUP: whoever waits for data goes on waiting;
 *           CTL_DATA_EOR: of a stream, a record ends here
 *
 * All of them are sent, or none. To a datagram control one call is one datagram.
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled; never sleeps.
 * Return: 0; EINVAL for a wrong reference, or a unit that nobody has; ENOBUFS if the
 * client's buffer has no room for all of it; ENOMEM.
 */
errno_t kpi_ctl_enqueuedata(kern_ctl_ref kctlref, u_int32_t unit, void *data, size_t len,
			    u_int32_t flags)
{
	return kpi_errno(enqueue_data(kctlref, unit, data, len, flags, kpi_kext_caller()));
}
KPI_EXPORT(kpi_ctl_enqueuedata);

/* What a reader will go by. */
static const char *wrong_with(mbuf_t m)
{
	const char *wrong = kpi_mbuf_wrong(m);

	if (wrong)
		return wrong;
	if (!kpi_is_packet(m))
		return "mbuf has no packet header";
	if (kpi_chain_len(m) != kpi_hdr(m)->len)
		return "packet length is not the sum of the lengths";
	return NULL;
}

/**
 * kpi_ctl_enqueuembuf() - send a packet to a client
 * @kctlref: the control
 * @unit:    the client
 * @m:       the packet, consumed on success
 * @flags:   as for kpi_ctl_enqueuedata()
 *
 * The packet waits as it is, and is copied once, to the client's memory.
 *
 * macOS difference: a packet header that is missing or tells a wrong length is EINVAL.
 *
 * Context: Interrupts enabled; never sleeps.
 * Return: 0; EINVAL; ENOBUFS. On an error the packet is the caller's.
 */
errno_t kpi_ctl_enqueuembuf(kern_ctl_ref kctlref, u_int32_t unit, mbuf_t m, u_int32_t flags)
{
	const char *wrong = wrong_with(m);

	if (wrong) {
		kpi_misuse(wrong);
		return EINVAL;
	}
	return kpi_errno(enqueue(kctlref, unit, m, flags));
}
KPI_EXPORT(kpi_ctl_enqueuembuf);

/* Sends packets until one is refused; *@list is then the first that is left. */
static int enqueue_list(kern_ctl_ref ref, u32 unit, mbuf_t *list, u32 flags,
			const char **wrong)
{
	while (*list) {
		mbuf_t m = *list, next = kpi_mbuf_nextpkt(m);
		int err;

		*wrong = wrong_with(m);
		if (*wrong)
			return -EINVAL;
		kpi_mbuf_setnextpkt(m, NULL);
		err = enqueue(ref, unit, m, flags | (next ? CTL_DATA_NOWAKEUP : 0));
		if (err) {
			kpi_mbuf_setnextpkt(m, next);
			return err;
		}
		*list = next;
	}
	return 0;
}

/* The last of a list wakes; if it was refused, those before it are there all the same. */
static void wake(kern_ctl_ref ref, u32 unit)
{
	struct kpi_ctl_client *client;

	rcu_read_lock();
	client = kpi_ctl_find_client(ref, unit);
	if (client)
		READ_ONCE(client->sys.sk.sk_data_ready)(&client->sys.sk);
	rcu_read_unlock();
}

/**
 * kpi_ctl_enqueuembuf_list() - send packets to a client
 * @kctlref:  the control
 * @unit:     the client
 * @m_list:   the packets, linked by mbuf_nextpkt(); those that are sent are consumed
 * @flags:    as for kpi_ctl_enqueuedata()
 * @m_remain: where the first packet that is left goes, or NULL; may be NULL if it is
 *            not wanted
 *
 * The client is woken once.
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled; never sleeps.
 * Return: 0; EINVAL; ENOBUFS: the packets left are the caller's.
 */
errno_t kpi_ctl_enqueuembuf_list(kern_ctl_ref kctlref, u_int32_t unit, mbuf_t m_list,
				 u_int32_t flags, mbuf_t *m_remain)
{
	const char *wrong = NULL;
	mbuf_t left = m_list;
	int err = m_list ? enqueue_list(kctlref, unit, &left, flags, &wrong) : -EINVAL;

	if (wrong)
		kpi_misuse(wrong);
	if (err && left != m_list && !(flags & CTL_DATA_NOWAKEUP))
		wake(kctlref, unit);
	if (m_remain)
		*m_remain = left;
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ctl_enqueuembuf_list);

/**
 * kpi_ctl_getenqueuespace() - how much a client has room for
 * @kctlref: the control
 * @unit:    the client
 * @space:   where the number of bytes goes
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled; never sleeps.
 * Return: 0 or EINVAL.
 */
errno_t kpi_ctl_getenqueuespace(kern_ctl_ref kctlref, u_int32_t unit, size_t *space)
{
	struct kpi_ctl_client *client;
	ssize_t n = -EINVAL;

	rcu_read_lock();
	client = space ? kpi_ctl_find_client(kctlref, unit) : NULL;
	if (client)
		n = kpi_sys_space(&client->sys);
	rcu_read_unlock();
	if (n < 0)
		return EINVAL;
	*space = n;
	return 0;
}
KPI_EXPORT(kpi_ctl_getenqueuespace);

/**
 * kpi_ctl_getenqueuereadable() - how much a client has to get before it reads
 * @kctlref:    the control
 * @unit:       the client
 * @difference: where the number of bytes goes: what is missing to its low-water mark,
 *              0 if nothing is
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled; never sleeps.
 * Return: 0 or EINVAL.
 */
errno_t kpi_ctl_getenqueuereadable(kern_ctl_ref kctlref, u_int32_t unit, u_int32_t *difference)
{
	struct kpi_ctl_client *client;
	ssize_t n = -EINVAL;

	rcu_read_lock();
	client = difference ? kpi_ctl_find_client(kctlref, unit) : NULL;
	if (client)
		n = kpi_sys_missing(&client->sys);
	rcu_read_unlock();
	if (n < 0)
		return EINVAL;
	*difference = n;
	return 0;
}
KPI_EXPORT(kpi_ctl_getenqueuereadable);
