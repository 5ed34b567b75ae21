// SPDX-License-Identifier: GPL-2.0
/*
 * Where mbufs come from and where they go.
 *
 * An mbuf is an sk_buff with a head of its own. Both are kept together when the
 * mbuf is freed, which makes the next allocation a few loads and stores.
 */

#include <linux/cpumask.h>
#include <linux/percpu.h>

#include "cpu.h"
#include "header.h"
#include "poison.h"

/* How many mbufs are freed at a time with bottom halves off. */
#define FREE_AT_ONCE	32

/* What an mbuf's sk_buff has room for. */
#define HEAD_BYTES	(sizeof(struct kpi_pkthdr) + KPI_MLEN)

DEFINE_PER_CPU(struct kpi_mbuf_cpu, kpi_mbuf_cpu) = {
	.lock = INIT_LOCAL_LOCK(lock),
};

/* Cold: a kext wants to wait for memory where nobody may sleep. */
gfp_t kpi_gfp_awake(atomic_t *place, const char *func, unsigned long caller)
{
	if (!kpi_is_direct())
		kpi_report_misuse(place, func, caller, kpi_why_awake());
	return GFP_ATOMIC;
}

static void mbuf_count(struct kpi_mbuf_cpu *cpu, const struct __mbuf *m, int n)
{
	*kpi_type_counter(cpu, kpi_mcb(m)->type) += n;
	cpu->counters.owners[kpi_mcb(m)->owner] += n;
}

static mbuf_t mbuf_create(gfp_t gfp)
{
	struct sk_buff *skb;

	skb = alloc_skb(HEAD_BYTES, gfp);
	if (!skb) {
		kpi_count(drops, 1);
		return NULL;
	}
	skb->pfmemalloc = false;	/* it may carry many packets, and outlive the shortage */
	return container_of(skb, struct __mbuf, skb);
}

static void mbuf_init(mbuf_t m, u16 flags, u32 type, u8 owner)
{
	struct kpi_mcb *mcb = kpi_mcb(m);

	m->skb.next = NULL;
	m->skb.prev = NULL;
	mcb->start = kpi_internal(m);
	mcb->data = mcb->start;
	mcb->len = 0;
	mcb->size = KPI_MLEN;
	mcb->store = NULL;
	mcb->flags = flags;
	mcb->type = type;
	mcb->owner = owner;
	if (KPI_MBUF_DEBUG)
		mcb->magic = KPI_MBUF_MAGIC;
	if (flags & MBUF_PKTHDR)
		kpi_pkthdr_init(m);
}

/* A new one comes into the world. */
static void mbuf_enter(mbuf_t m, u16 flags, u32 type, u8 owner)
{
	struct kpi_mbuf_cpu *cpu;

	mbuf_init(m, flags, type, owner);
	cpu = kpi_cpu_lock();
	cpu->counters.existing++;
	mbuf_count(cpu, m, 1);
	kpi_cpu_unlock();
}

/* The slow way, when this CPU has no free mbuf. */
static noinline mbuf_t mbuf_alloc_new(u16 flags, u32 type, gfp_t gfp, u8 owner)
{
	mbuf_t m = mbuf_create(gfp);

	if (!m)
		return NULL;
	mbuf_enter(m, flags, type, owner);
	return m;
}

/* One of the CPU's free mbufs, of which there is one. */
static __always_inline mbuf_t mbuf_take(struct kpi_mbuf_cpu *cpu, u16 flags, u32 type, u8 owner)
{
	mbuf_t m = cpu->free;

	kpi_mbuf_unpoison(m);
	cpu->free = kpi_next(m);
	cpu->free_count--;
	mbuf_init(m, flags, type, owner);
	mbuf_count(cpu, m, 1);
	return m;
}

/* A fresh mbuf with internal data; @flags may be MBUF_PKTHDR. */
mbuf_t kpi_mbuf_alloc(u16 flags, u32 type, gfp_t gfp, struct kpi_kext *owner)
{
	struct kpi_mbuf_cpu *cpu;
	u8 id = owner ? kpi_kext_id(owner) : 0;
	mbuf_t m = NULL;

	if (kpi_refused(gfp))
		return NULL;

	cpu = kpi_cpu_lock();
	if (likely(cpu->free || kpi_pool_refill(cpu)))
		m = mbuf_take(cpu, flags, type, id);
	kpi_cpu_unlock();
	return m ?: mbuf_alloc_new(flags, type, gfp, id);
}

/* Both at once, if the CPU has both; else NULL. */
static mbuf_t mbuf_take_with_cluster(u32 size, u16 flags, u32 type, u8 owner)
{
	struct kpi_mbuf_cpu *cpu = kpi_cpu_lock();
	struct kpi_store *store = NULL;
	mbuf_t m = NULL;
	u8 *addr;

	if (likely(cpu->free || kpi_pool_refill(cpu)))
		store = kpi_cluster_carve(cpu, size, &addr);
	if (likely(store)) {
		m = mbuf_take(cpu, flags, type, owner);
		kpi_mbuf_set_storage(kpi_mcb(m), store, addr, size);
	}
	kpi_cpu_unlock();
	return m;
}

/* A fresh mbuf with a cluster of @size bytes. */
mbuf_t kpi_mbuf_alloc_cluster(u32 size, u16 flags, u32 type, gfp_t gfp,
			      struct kpi_kext *owner)
{
	struct kpi_store *store;
	mbuf_t m;
	u8 *addr;

	if (!kpi_faults_ordered()) {
		m = mbuf_take_with_cluster(size, flags, type, kpi_kext_id(owner));
		if (likely(m))
			return m;
	}

	m = kpi_mbuf_alloc(flags, type, gfp, owner);
	if (!m)
		return NULL;
	store = kpi_cluster_alloc(size, gfp, &addr);
	if (!store) {
		kpi_mbuf_drop(m);
		return NULL;
	}
	kpi_mbuf_set_storage(kpi_mcb(m), store, addr, size);
	return m;
}

/* The type is counted, so it is changed here only. */
void kpi_mbuf_set_type(mbuf_t m, u32 type)
{
	struct kpi_mbuf_cpu *cpu = kpi_cpu_lock();

	--*kpi_type_counter(cpu, kpi_mcb(m)->type);
	++*kpi_type_counter(cpu, type);
	kpi_cpu_unlock();
	kpi_mcb(m)->type = type;
}

/* Gives an mbuf other storage, empty; what it had is released. */
void kpi_mbuf_attach(mbuf_t m, struct kpi_store *store, void *addr, u32 size)
{
	struct kpi_mcb *mcb = kpi_mcb(m);
	struct kpi_store *old = mcb->store;

	kpi_mbuf_set_storage(mcb, store, addr, size);
	mcb->flags &= ~(KPI_M_UNIT | KPI_M_VEILED);
	if (old)
		kpi_store_put(old);
}

/*
 * Takes from an mbuf what callbacks may be called for, and its references. What
 * storage it has then is a cluster to be given back by mbuf_retire().
 */
static __always_inline mbuf_t mbuf_release(mbuf_t m)
{
	struct kpi_mcb *mcb = kpi_mcb(m);
	struct kpi_store *store = mcb->store;

	if (KPI_MBUF_DEBUG)
		mcb->magic = KPI_MBUF_FREED;
	if (mcb->flags & MBUF_PKTHDR) {
		kpi_pkthdr_release(m);
		mcb->flags &= ~MBUF_PKTHDR;	/* for kpi_mbuf_is_freed() */
	}
	if (store && !kpi_store_put_cluster(store))
		mcb->store = NULL;
	return kpi_next(m);
}

/* The rest, with the CPU locked. */
static void mbuf_retire(struct kpi_mbuf_cpu *cpu, mbuf_t m)
{
	mbuf_count(cpu, m, -1);
	if (kpi_mcb(m)->store)
		kpi_cluster_give_back(cpu, kpi_mcb(m)->store);
}

/* From now on nobody looks at them but pool.c. */
static void mbufs_poison(mbuf_t first, mbuf_t last)
{
	mbuf_t m, next;

	if (!KPI_POISONS)
		return;
	for (m = first; m != last; m = next) {
		next = kpi_next(m);
		kpi_mbuf_poison(m);
	}
	kpi_mbuf_poison(last);
}

/* Puts a list to the CPU's free mbufs; returns one that is to go back to the kernel. */
static mbuf_t pool_put(struct kpi_mbuf_cpu *cpu, mbuf_t first, mbuf_t last, unsigned int n)
{
	if (KPI_MBUF_DEBUG) {
		kpi_set_next(last, NULL);
		return first;
	}

	kpi_set_next(last, cpu->free);
	mbufs_poison(first, last);
	cpu->free = first;
	cpu->free_count += n;
	return unlikely(cpu->free_count >= KPI_POOL_BATCH) ? kpi_pool_spill(cpu) : NULL;
}

/* Puts @n released mbufs, linked from @first to @last, back for the next user. */
static void mbufs_recycle(mbuf_t first, mbuf_t last, unsigned int n)
{
	struct kpi_mbuf_cpu *cpu = kpi_cpu_lock();
	mbuf_t m;

	for (m = first; m != last; m = kpi_next(m))
		mbuf_retire(cpu, m);
	mbuf_retire(cpu, last);
	m = pool_put(cpu, first, last, n);
	kpi_cpu_unlock();
	if (unlikely(m))
		kpi_pool_free(m);
}

static void mbuf_recycle(mbuf_t m)
{
	struct kpi_mbuf_cpu *cpu = kpi_cpu_lock();

	mbuf_retire(cpu, m);
	m = pool_put(cpu, m, m, 1);
	kpi_cpu_unlock();
	if (unlikely(m))
		kpi_pool_free(m);
}

/* Frees one mbuf and returns its successor. */
mbuf_t kpi_mbuf_drop(mbuf_t m)
{
	mbuf_t next = mbuf_release(m);

	mbuf_recycle(m);
	return next;
}

/*
 * Frees a packet made by kpi_mbuf_over_skb(), whose sk_buff the caller has. If nobody else
 * does, nobody can come or go, and the packet's own reference ends without an atomic operation.
 */
void kpi_mbuf_off_skb(mbuf_t m)
{
	struct kpi_mcb *mcb = kpi_mcb(m);
	struct kpi_store *store = mcb->store;

	if (likely(store && store->traits & KPI_STORE_CARRIED && refcount_read(&store->refs) == 1)) {
		struct sk_buff *skb = container_of(store, struct kpi_view, store)->skb;

		if (likely(refcount_read(&skb->users) == 2)) {
			smp_acquire__after_ctrl_dep();
			refcount_set(&skb->users, 1);
			kpi_count(views, -1);
			mcb->store = NULL;
		}
	}
	if (likely(!kpi_next(m)))
		kpi_mbuf_drop(m);
	else
		kpi_chain_free(m);
}

/* Frees every mbuf along next; NULL is fine. */
void kpi_chain_free(mbuf_t m)
{
	mbuf_t first = m, last = NULL;
	unsigned int n = 0;

	if (likely(m && !kpi_next(m))) {
		kpi_mbuf_drop(m);
		return;
	}
	while (m) {
		last = m;
		m = mbuf_release(m);
		if (++n == FREE_AT_ONCE) {
			mbufs_recycle(first, last, n);
			first = m;
			n = 0;
		}
	}
	if (n)
		mbufs_recycle(first, last, n);
}

/* Releases an mbuf but leaves its sk_buff, which belongs to the caller then. */
struct sk_buff *kpi_mbuf_surrender(mbuf_t m)
{
	struct kpi_mbuf_cpu *cpu;

	mbuf_release(m);
	cpu = kpi_cpu_lock();
	cpu->counters.existing--;
	mbuf_retire(cpu, m);
	kpi_cpu_unlock();
	m->skb.next = NULL;
	m->skb.prev = NULL;
	memset(m->skb.cb, 0, sizeof(m->skb.cb));
	return &m->skb;
}

/* Whether an sk_buff's head could be an mbuf's, and would not waste much. */
bool kpi_mbuf_fits(const struct sk_buff *skb)
{
	return skb_end_offset(skb) >= HEAD_BYTES && skb_end_offset(skb) < 2 * HEAD_BYTES;
}

/* Makes an mbuf of an sk_buff that fits and is as alloc_skb() made it. */
mbuf_t kpi_mbuf_of_skb(struct sk_buff *skb, u16 flags, u32 type, struct kpi_kext *owner)
{
	mbuf_t m = container_of(skb, struct __mbuf, skb);

	mbuf_enter(m, flags, type, kpi_kext_id(owner));
	return m;
}

/**
 * kpi_mbuf_get() - allocate an mbuf
 * @how:  MBUF_WAITOK or MBUF_DONTWAIT
 * @type: MBUF_TYPE_*, anything but MBUF_TYPE_FREE
 * @mbuf: out: the mbuf, or NULL; what was there before is ignored
 *
 * Returns an mbuf with 288 bytes of internal storage, length 0, no flags.
 *
 * macOS difference: MBUF_TYPE_FREE is refused; macOS hands out an mbuf that
 * cannot be freed.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0, ENOMEM, or EINVAL for MBUF_TYPE_FREE or a NULL @mbuf.
 */
errno_t kpi_mbuf_get(mbuf_how_t how, mbuf_type_t type, mbuf_t *mbuf)
{
	if (!mbuf) {
		kpi_misuse("no place for the result");
		return EINVAL;
	}
	*mbuf = NULL;
	if (type == MBUF_TYPE_FREE) {
		kpi_misuse("MBUF_TYPE_FREE");
		return EINVAL;
	}

	*mbuf = kpi_mbuf_alloc(0, type, kpi_gfp(how), kpi_kext_caller());
	return *mbuf ? 0 : ENOMEM;
}
KPI_EXPORT(kpi_mbuf_get);

/**
 * kpi_mbuf_gethdr() - allocate an mbuf with a packet header
 * @how:  MBUF_WAITOK or MBUF_DONTWAIT
 * @type: MBUF_TYPE_*, anything but MBUF_TYPE_FREE
 * @mbuf: out: the mbuf, or NULL; what was there before is ignored
 *
 * As kpi_mbuf_get(), with MBUF_PKTHDR and a packet header that holds nothing.
 *
 * macOS difference: MBUF_TYPE_FREE is refused.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0, ENOMEM, or EINVAL for MBUF_TYPE_FREE or a NULL @mbuf.
 */
errno_t kpi_mbuf_gethdr(mbuf_how_t how, mbuf_type_t type, mbuf_t *mbuf)
{
	if (!mbuf) {
		kpi_misuse("no place for the result");
		return EINVAL;
	}
	*mbuf = NULL;
	if (type == MBUF_TYPE_FREE) {
		kpi_misuse("MBUF_TYPE_FREE");
		return EINVAL;
	}

	*mbuf = kpi_mbuf_alloc(MBUF_PKTHDR, type, kpi_gfp(how), kpi_kext_caller());
	return *mbuf ? 0 : ENOMEM;
}
KPI_EXPORT(kpi_mbuf_gethdr);

/**
 * kpi_mbuf_getpacket() - allocate a packet with a cluster of 2048 bytes
 * @how:  MBUF_WAITOK or MBUF_DONTWAIT
 * @mbuf: out: the packet, or NULL
 *
 * Returns one mbuf of type MBUF_TYPE_DATA, length 0, packet length 0.
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0; without memory ENOMEM, or EWOULDBLOCK with MBUF_DONTWAIT; EINVAL
 * for a NULL @mbuf.
 */
errno_t kpi_mbuf_getpacket(mbuf_how_t how, mbuf_t *mbuf)
{
	if (!mbuf) {
		kpi_misuse("no place for the result");
		return EINVAL;
	}

	*mbuf = kpi_mbuf_alloc_cluster(KPI_MCLBYTES, MBUF_PKTHDR, MBUF_TYPE_DATA,
				       kpi_gfp(how), kpi_kext_caller());
	if (!*mbuf)
		return how == MBUF_WAITOK ? ENOMEM : EWOULDBLOCK;
	kpi_mcb(*mbuf)->flags |= KPI_M_UNIT;
	return 0;
}
KPI_EXPORT(kpi_mbuf_getpacket);

/**
 * kpi_mbuf_free() - free one mbuf
 * @mbuf: the mbuf
 *
 * Consumes this mbuf alone. Its tags go, completion callbacks that were asked
 * for are called without an interface, and its reference to shared storage is
 * dropped; the free function of an attached buffer runs here if that was the
 * last one. The packet list is not looked at.
 *
 * macOS difference: NULL returns NULL instead of a fault; in debug builds a
 * second free is reported and does nothing, instead of a panic.
 *
 * Context: Interrupts enabled.
 * Return: the next mbuf of the chain, which the caller now holds, or NULL.
 */
mbuf_t kpi_mbuf_free(mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return NULL;

	return kpi_mbuf_drop(mbuf);
}
KPI_EXPORT(kpi_mbuf_free);

/**
 * kpi_mbuf_freem() - free a chain
 * @mbuf: its first mbuf, or NULL
 *
 * Consumes every mbuf along kpi_mbuf_next(), each as kpi_mbuf_free() does.
 * Further packets of a packet list are left alone.
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 */
void kpi_mbuf_freem(mbuf_t mbuf)
{
	if (!mbuf || kpi_unusable(mbuf))
		return;

	kpi_chain_free(mbuf);
}
KPI_EXPORT(kpi_mbuf_freem);

/**
 * kpi_mbuf_freem_list() - free a packet list
 * @mbuf: first mbuf of its first packet, or NULL
 *
 * Consumes all packets along kpi_mbuf_nextpkt().
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 * Return: how many packets there were.
 */
int kpi_mbuf_freem_list(mbuf_t mbuf)
{
	int n = 0;

	while (mbuf) {
		mbuf_t nextpkt;

		if (kpi_unusable(mbuf))
			break;
		nextpkt = kpi_nextpkt(mbuf);
		kpi_chain_free(mbuf);
		mbuf = nextpkt;
		n++;
	}
	return n;
}
KPI_EXPORT(kpi_mbuf_freem_list);

/* How many mbufs in use a kext has allocated; for the book of kexts. */
long kpi_mbuf_owned(u8 id)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(&kpi_mbuf_cpu, cpu)->counters.owners[id]);
	return sum;
}
