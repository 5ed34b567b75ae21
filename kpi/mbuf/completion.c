// SPDX-License-Identifier: GPL-2.0
/* Telling kexts what became of a packet they sent. */

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "../interface/interface_priv.h"
#include "cpu.h"
#include "header.h"

/*
 * A packet names callbacks by their place in the table. The era tells who had the
 * place when, so that a packet never calls a successor.
 */
struct tx_callback {
	mbuf_tx_compl_func func;
	struct kpi_kext *kext;
	u8 era;
};

static struct tx_callback __rcu *callbacks[KPI_TX_CALLBACKS];	/* W: callbacks_lock */
static DEFINE_MUTEX(callbacks_lock);
static atomic_long_t last_pktid;

/* Calls every callback that was asked for and is still registered. */
void kpi_tx_complete(struct kpi_pkthdr_moved *moved, ifnet_t ifp)
{
	u64 ts = moved->flags & KPI_PKT_TS_VALID ? moved->timestamp : 0;
	unsigned long wanted = moved->tx_wanted;
	const struct tx_callback *callback;
	int i;

	moved->tx_wanted = 0;
	rcu_read_lock();
	for_each_set_bit(i, &wanted, KPI_TX_CALLBACKS) {
		callback = rcu_dereference(callbacks[i]);
		if (callback && callback->era == moved->tx_era[i])
			callback->func(moved->pktid, ifp, ts, moved->tx_arg,
				       moved->tx_data, moved->status);
	}
	rcu_read_unlock();
}

/* What an sk_buff carries to the network when somebody wants to know. */
struct tx_follow {
	struct kpi_pkthdr_moved moved;
};

static atomic_long_t followed;

long kpi_mbuf_followed(void)
{
	return atomic_long_read(&followed);
}

/* The driver, or whoever else has the sk_buff, is done with it. */
static void tx_done(struct sk_buff *skb)
{
	struct tx_follow *follow = skb_shinfo(skb)->destructor_arg;

	rcu_read_lock();	/* and kpi_socket_exit() waits until this has returned */
	kpi_tx_complete(&follow->moved, skb->dev ? kpi_ifnet_of(skb->dev) : NULL);
	kfree(follow);
	atomic_long_dec(&followed);
	module_put(THIS_MODULE);
	rcu_read_unlock();
}

/* Completes a packet when the network lets go of its sk_buff. */
void kpi_tx_follow(struct sk_buff *skb, struct kpi_pkthdr_moved *moved, gfp_t gfp)
{
	struct tx_follow *follow;

	if (!moved->tx_wanted)
		return;
	follow = kpi_refused(gfp) ? NULL : kmalloc(sizeof(*follow), gfp);
	if (!follow) {
		kpi_tx_complete(moved, NULL);
		return;
	}
	follow->moved = *moved;
	atomic_long_inc(&followed);
	__module_get(THIS_MODULE);
	skb_shinfo(skb)->destructor_arg = follow;
	skb->destructor = tx_done;
}

static struct tx_callback *callback_locked(int i)
{
	return rcu_dereference_protected(callbacks[i], lockdep_is_held(&callbacks_lock));
}

/* The place of a callback, or -ENOENT; for NULL a free place. */
static int callback_find(mbuf_tx_compl_func func)
{
	int i;

	for (i = 0; i < KPI_TX_CALLBACKS; i++) {
		const struct tx_callback *callback = callback_locked(i);

		if ((callback ? callback->func : NULL) == func)
			return i;
	}
	return -ENOENT;
}

static int callback_add(mbuf_tx_compl_func func)
{
	static u8 era;
	struct tx_callback *callback;
	int i;

	if (callback_find(func) >= 0)
		return -EEXIST;
	i = callback_find(NULL);
	if (i < 0)
		return -ENOSPC;
	callback = kmalloc(sizeof(*callback), GFP_KERNEL);
	if (!callback)
		return -ENOMEM;

	callback->func = func;
	callback->kext = kpi_kext_of(func);
	callback->era = ++era;
	kpi_kext_charge(callback->kext, KPI_HELD_CALLBACK, 1);
	rcu_assign_pointer(callbacks[i], callback);
	return 0;
}

static int callback_remove(mbuf_tx_compl_func func)
{
	struct tx_callback *callback;
	int i = callback_find(func);

	if (i < 0)
		return i;
	callback = callback_locked(i);
	RCU_INIT_POINTER(callbacks[i], NULL);
	synchronize_rcu();
	kpi_kext_charge(callback->kext, KPI_HELD_CALLBACK, -1);
	kfree(callback);
	return 0;
}

/**
 * kpi_mbuf_register_tx_compl_callback() - announce a completion callback
 * @callback: may be named in kpi_mbuf_set_timestamp_requested() from now on
 *
 * The callback runs where a packet is freed or its transmission completes, which
 * may be with bottom halves disabled: it must not sleep, nor (un)register.
 *
 * macOS difference: the callback must not sleep.
 *
 * Context: Process context; may sleep.
 * Return: 0; EINVAL for NULL; EEXIST; ENOSPC if 8 are registered; ENOMEM.
 */
errno_t kpi_mbuf_register_tx_compl_callback(mbuf_tx_compl_func callback)
{
	int err;

	kpi_might_sleep();
	if (!callback)
		return EINVAL;

	mutex_lock(&callbacks_lock);
	err = callback_add(callback);
	mutex_unlock(&callbacks_lock);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_mbuf_register_tx_compl_callback);

/**
 * kpi_mbuf_unregister_tx_compl_callback() - withdraw a completion callback
 * @callback: the callback
 *
 * Packets that still name it will not call it. On return it runs nowhere.
 *
 * macOS difference: must not be called from the callback itself.
 *
 * Context: Process context; may sleep.
 * Return: 0; EINVAL for NULL; ENOENT.
 */
errno_t kpi_mbuf_unregister_tx_compl_callback(mbuf_tx_compl_func callback)
{
	int err;

	kpi_might_sleep();
	if (!callback)
		return EINVAL;

	mutex_lock(&callbacks_lock);
	err = callback_remove(callback);
	mutex_unlock(&callbacks_lock);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_mbuf_unregister_tx_compl_callback);

/**
 * kpi_mbuf_get_timestamp_requested() - does anybody wait for completion?
 * @mbuf:      the packet
 * @requested: out: 1 or 0
 *
 * Borrows the packet.
 *
 * macOS difference: a NULL @requested is EINVAL.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet.
 */
errno_t kpi_mbuf_get_timestamp_requested(mbuf_t mbuf, boolean_t *requested)
{
	if (!kpi_packet_ok(mbuf) || !requested)
		return EINVAL;
	*requested = !!(kpi_hdr(mbuf)->moved.flags & KPI_PKT_TS_WANTED);
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_timestamp_requested);

/* Notes that a packet wants a callback to be called. */
static int callback_want(struct kpi_pkthdr_moved *moved, mbuf_tx_compl_func func)
{
	int i;

	for (i = 0; i < KPI_TX_CALLBACKS; i++) {
		const struct tx_callback *callback = rcu_dereference(callbacks[i]);

		if (!callback || callback->func != func)
			continue;
		moved->tx_wanted |= BIT(i);
		moved->tx_era[i] = callback->era;
		return 0;
	}
	return -ENOENT;
}

/**
 * kpi_mbuf_set_timestamp_requested() - ask to be told when a packet is out
 * @mbuf:     the packet
 * @pktid:    out: number that the callback will be called with
 * @callback: a registered callback
 *
 * Borrows the packet. Several callbacks may be asked for; the number is the same
 * for all. Each is called once: when the driver is done with the packet, or
 * without an interface when it is freed before or loses its packet header.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL for no packet or a NULL pointer; ENOENT if @callback is not
 * registered.
 */
errno_t kpi_mbuf_set_timestamp_requested(mbuf_t mbuf, uintptr_t *pktid,
					 mbuf_tx_compl_func callback)
{
	struct kpi_pkthdr_moved *moved;
	int err;

	if (!kpi_packet_ok(mbuf) || !pktid || !callback)
		return EINVAL;
	moved = &kpi_hdr(mbuf)->moved;
	rcu_read_lock();
	err = callback_want(moved, callback);
	rcu_read_unlock();
	if (err)
		return kpi_errno(err);

	if (!(moved->flags & KPI_PKT_TS_WANTED))
		moved->pktid = atomic_long_inc_return(&last_pktid);
	moved->flags |= KPI_PKT_TS_WANTED;
	*pktid = moved->pktid;
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_timestamp_requested);
