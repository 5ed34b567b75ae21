// SPDX-License-Identifier: GPL-2.0
/*
 * Which kexts are loaded, and what each of them holds.
 *
 * Kext code calls the layer without saying who it is, so the layer finds out
 * by address: the glue registers the module's text, and a return address or a
 * callback is looked up here. Whatever a kext holds is counted per CPU, per
 * kind. load.c has its start and stop, debugfs.c shows the book to root.
 */

#include <linux/module.h>
#include <linux/slab.h>

#include "registry.h"

static DEFINE_MUTEX(kexts_lock);
static struct kpi_kext __rcu *kexts[KPI_MAX_KEXTS];	/* W: kexts_lock */
static unsigned int kexts_end;				/* W: kexts_lock; first slot never used */

const struct kpi_held_kind kpi_held_kinds[KPI_HELD_KINDS] = {
	[KPI_HELD_SOCKET]	= { "sockets" },
	[KPI_HELD_MBUF]		= { "mbufs" },
	[KPI_HELD_EXTBUF]	= { "attached buffers", true },
	[KPI_HELD_CALLBACK]	= { "registered callbacks", true },
	[KPI_HELD_UPCALL]	= { "running upcalls", true },
	[KPI_HELD_THREAD]	= { "threads", true },
	[KPI_HELD_TIMER]	= { "pending timers", true },
	[KPI_HELD_MEMORY]	= { "blocks of memory" },
	[KPI_HELD_TAG]		= { "OSMalloc tags" },
	[KPI_HELD_LOCK]		= { "locks" },
	[KPI_HELD_RETAIN]	= { "references to itself", true },
	[KPI_HELD_SYSCTL]	= { "sysctl nodes", true },
	[KPI_HELD_CONTROL]	= { "kernel controls", true },
	[KPI_HELD_CLIENT]	= { "connected clients", true },
	[KPI_HELD_FILTER]	= { "filters", true },
	[KPI_HELD_INTERFACE]	= { "interfaces", true },
	[KPI_HELD_PACKET]	= { "held packets" },
};

const char * const kpi_counted_kinds[KPI_COUNTED_KINDS] = {
	[KPI_COUNT_SEEN]	= "packets seen",
	[KPI_COUNT_DROPPED]	= "packets dropped",
	[KPI_COUNT_INJECTED]	= "packets injected",
};

DEFINE_PER_CPU(unsigned int, kpi_direct_calls);

struct kpi_kext *kpi_kext_at(unsigned long addr)
{
	struct kpi_kext *found = NULL;
	unsigned int i, end = READ_ONCE(kexts_end);

	rcu_read_lock();
	for (i = 0; i < end; i++) {
		struct kpi_kext *kext = rcu_dereference(kexts[i]);

		if (kext && addr >= kext->text_start && addr < READ_ONCE(kext->text_end)) {
			found = kext;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}
KPI_EXPORT(kpi_kext_at);	/* for tests */

u8 kpi_kext_id(const struct kpi_kext *kext)
{
	return kext ? kext->id : 0;
}

struct kpi_kext *kpi_kext_in_slot(unsigned int slot)
{
	return rcu_dereference(kexts[slot]);
}

struct kpi_kext *kpi_kext_by_id(u8 id)
{
	return id ? rcu_dereference_protected(kexts[id - 1], true) : NULL;
}

const char *kpi_kext_name(const struct kpi_kext *kext)
{
	return kext ? kext->name : "kernel";
}

struct module *kpi_kext_module(const struct kpi_kext *kext)
{
	return kext ? kext->module : NULL;
}

unsigned long *kpi_kext_told(struct kpi_kext *kext)
{
	static DECLARE_BITMAP(others_told, KPI_MISUSE_PLACES);

	return kext ? kext->told : others_told;
}

void kpi_kext_charge(struct kpi_kext *kext, enum kpi_held kind, int n)
{
	if (kext)
		this_cpu_add(kext->counts->held[kind], n);
}

long kpi_kext_held(const struct kpi_kext *kext, enum kpi_held kind)
{
	long sum = 0;
	int cpu;

	if (kind == KPI_HELD_MBUF)
		return kpi_mbuf_owned(kext->id);
	if (kind == KPI_HELD_UPCALL)
		return kpi_socket_running(kext);
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(kext->counts, cpu)->held[kind]);
	return sum;
}
KPI_EXPORT(kpi_kext_held);	/* for tests */

void kpi_kext_count(struct kpi_kext *kext, enum kpi_counted kind, unsigned int n)
{
	if (kext)
		this_cpu_add(kext->counts->counted[kind], n);
}

static DEFINE_PER_CPU(unsigned long, others_counted);

/* For who counts often: what this_cpu_inc() takes, as long as something is charged to the kext. */
unsigned long __percpu *kpi_kext_counter(struct kpi_kext *kext, enum kpi_counted kind)
{
	return kext ? &kext->counts->counted[kind] : &others_counted;
}

unsigned long kpi_kext_counted(const struct kpi_kext *kext, enum kpi_counted kind)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(kext->counts, cpu)->counted[kind]);
	return sum;
}
KPI_EXPORT(kpi_kext_counted);	/* for tests */

bool kpi_kext_is_direct(const struct kpi_kext *kext)
{
	return kext && kext->direct;
}
KPI_EXPORT(kpi_kext_is_direct);	/* for tests */

bool kpi_kext_holds_anything(const struct kpi_kext *kext)
{
	int kind;

	for (kind = 0; kind < KPI_HELD_KINDS; kind++)
		if (kpi_kext_held(kext, kind))
			return true;
	return false;
}

int kpi_kext_refusing_kind(const struct kpi_kext *kext)
{
	int kind;

	for (kind = 0; kind < KPI_HELD_KINDS; kind++)
		if (kpi_held_kinds[kind].refuses_stop && kpi_kext_held(kext, kind))
			return kind;
	return -1;
}

void kpi_kext_put(struct kpi_kext *kext)
{
	if (!refcount_dec_and_test(&kext->refs))
		return;
	mutex_destroy(&kext->stop_lock);
	free_percpu(kext->counts);
	kfree(kext);
}

struct kpi_kext *kpi_kext_alloc(struct module *module, struct bsd_kmod_info *info)
{
	struct kpi_kext *kext;

	kext = kzalloc(sizeof(*kext), GFP_KERNEL);
	if (!kext)
		return NULL;
	kext->counts = alloc_percpu(struct kext_counts);
	if (!kext->counts) {
		kfree(kext);
		return NULL;
	}

	refcount_set(&kext->refs, 1);
	mutex_init(&kext->stop_lock);
	kpi_compat_module_text(module, &kext->text_start, &kext->text_end);
	kext->module = module;
	kext->info = info;
	strscpy(kext->name, module->name, sizeof(kext->name));
	return kext;
}

/*
 * A slot is free if it was never used, or if its kext is unloaded and what it
 * left behind has gone in the meantime.
 */
static bool slot_is_free(unsigned int slot)
{
	struct kpi_kext *kext = rcu_dereference_protected(kexts[slot],
							  lockdep_is_held(&kexts_lock));

	if (!kext)
		return true;
	if (kext->module || kpi_kext_holds_anything(kext))
		return false;

	RCU_INIT_POINTER(kexts[slot], NULL);
	synchronize_rcu();
	kpi_kext_put(kext);
	return true;
}

static int take_slot(struct kpi_kext *kext)
{
	unsigned int slot;

	lockdep_assert_held(&kexts_lock);

	for (slot = 0; slot < KPI_MAX_KEXTS; slot++) {
		if (!slot_is_free(slot))
			continue;
		kext->id = slot + 1;
		rcu_assign_pointer(kexts[slot], kext);
		WRITE_ONCE(kexts_end, max(kexts_end, slot + 1));
		return 0;
	}
	pr_warn("netkpi: no room for %s: %d kexts are loaded already\n", kext->name, KPI_MAX_KEXTS);
	return -ENOSPC;
}

int kpi_kext_publish(struct kpi_kext *kext)
{
	int err;

	mutex_lock(&kexts_lock);
	err = take_slot(kext);
	mutex_unlock(&kexts_lock);
	return err;
}

static struct kpi_kext *kext_find(const struct module *module)
{
	unsigned int i;

	lockdep_assert_held(&kexts_lock);

	for (i = 0; i < kexts_end; i++) {
		struct kpi_kext *kext = kpi_kext_by_id(i + 1);

		if (kext && kext->module == module)
			return kext;
	}
	return NULL;
}

struct kpi_kext *kpi_kext_get(const struct module *module)
{
	struct kpi_kext *kext;

	mutex_lock(&kexts_lock);
	kext = kext_find(module);
	if (kext)
		refcount_inc(&kext->refs);
	mutex_unlock(&kexts_lock);
	return kext;
}

static void withdraw(struct kpi_kext *kext)
{
	lockdep_assert_held(&kexts_lock);

	WRITE_ONCE(kext->text_end, 0);	/* in one store: no address is there any more */
	WRITE_ONCE(kext->module, NULL);
	synchronize_rcu();
	kpi_socket_forget(kext);
}

void kpi_kext_withdraw(const struct module *module)
{
	struct kpi_kext *kext;

	mutex_lock(&kexts_lock);
	kext = kext_find(module);
	if (kext)
		withdraw(kext);
	mutex_unlock(&kexts_lock);
}

/* Counts a reference on the kext with a load tag; n is 1 or -1. */
static kern_return_t kext_retain(u32 tag, int n, unsigned long caller)
{
	kern_return_t result = (kern_return_t)KPI_KEXT_NOT_FOUND;
	struct kpi_kext *kext;

	if (!tag || tag == U32_MAX)
		return (kern_return_t)KPI_KEXT_INVALID_ARGUMENT;

	rcu_read_lock();
	kext = tag <= KPI_MAX_KEXTS ? rcu_dereference(kexts[tag - 1]) : NULL;
	if (kext && READ_ONCE(kext->module)) {
		result = 0;
		if (n < 0 && kpi_kext_held(kext, KPI_HELD_RETAIN) < 1)
			kpi_misuse_from(caller, "releases a kext that nobody retained");
		else
			kpi_kext_charge(kext, KPI_HELD_RETAIN, n);
	}
	rcu_read_unlock();
	return result;
}

/**
 * kpi_OSKextRetainKextWithLoadTag() - keep a kext from being unloaded
 * @tag: the kext's load tag, the id in its kmod_info
 *
 * macOS difference: none: a kext that is retained is not asked to stop.
 *
 * Context: Any.
 * Return: 0; kOSKextReturnInvalidArgument for no tag at all;
 * kOSKextReturnNotFound if no kext has it.
 */
kern_return_t kpi_OSKextRetainKextWithLoadTag(u_int32_t tag)
{
	return kext_retain(tag, 1, _RET_IP_);
}
KPI_EXPORT(kpi_OSKextRetainKextWithLoadTag);

/**
 * kpi_OSKextReleaseKextWithLoadTag() - take a reference on a kext back
 * @tag: the kext's load tag
 *
 * macOS difference: one release too many is reported and does nothing.
 *
 * Context: Any.
 * Return: as kpi_OSKextRetainKextWithLoadTag().
 */
kern_return_t kpi_OSKextReleaseKextWithLoadTag(u_int32_t tag)
{
	return kext_retain(tag, -1, _RET_IP_);
}
KPI_EXPORT(kpi_OSKextReleaseKextWithLoadTag);

void kpi_kext_exit(void)
{
	unsigned int i;

	for (i = 0; i < kexts_end; i++)
		if (kpi_kext_by_id(i + 1))
			kpi_kext_put(kpi_kext_by_id(i + 1));
}
