// SPDX-License-Identifier: GPL-2.0
/*
 * Which kexts are loaded, and what each of them holds.
 *
 * Kext code calls the layer without saying who it is, so the layer finds out
 * by address: the glue registers the module's text, and a return address or a
 * callback is looked up here. Whatever a kext holds is counted per CPU, per
 * kind; when the kext stops, what is left is closed, waited for or named.
 */

#include <linux/bitops.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include <netkpi/kext.h>

#include "kpi_priv.h"

/*
 * How long a stopping kext's upcalls and threads get to leave its text: a
 * moment without a word, since a thread that has just said that it is gone
 * still has some instructions to go; then a while.
 */
#define LEAVE_MOMENT	(HZ / 5)
#define LEAVE_DEADLINE	(5 * HZ)

struct kext_counts {
	long held[KPI_HELD_KINDS];
	unsigned long counted[KPI_COUNTED_KINDS];
};

struct kpi_kext {
	unsigned long text_start;
	unsigned long text_end;
	u8 id;
	bool direct;			/* its filters are called where packets are */
	bool started;			/* start returned 0 */
	bool stop_done;			/* stop returned 0: never call it again */
	bool released;			/* the pin is gone, rmmod may come */
	struct module *module;		/* NULL once unloaded; W: kexts_lock */
	struct bsd_kmod_info *info;
	struct kext_counts __percpu *counts;
	refcount_t refs;		/* the slot, and who stops it or asks for its state */
	struct mutex stop_lock;		/* one start or stop at a time; guards the flags above */
	char name[MODULE_NAME_LEN];
	DECLARE_BITMAP(told, KPI_MISUSE_PLACES);
};

static struct dentry *debug_folder;
static DEFINE_MUTEX(kexts_lock);
static struct kpi_kext __rcu *kexts[KPI_MAX_KEXTS];	/* W: kexts_lock */
static unsigned int kexts_end;				/* W: kexts_lock; first slot never used */

static const struct held_kind {
	const char *name;
	bool refuses_stop;
} held_kinds[KPI_HELD_KINDS] = {
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

static const char * const counted_kinds[KPI_COUNTED_KINDS] = {
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

static bool holds_anything(const struct kpi_kext *kext)
{
	int kind;

	for (kind = 0; kind < KPI_HELD_KINDS; kind++)
		if (kpi_kext_held(kext, kind))
			return true;
	return false;
}

/* The first kind that forbids freeing the kext's text now, or -1. */
static int refusing_kind(const struct kpi_kext *kext)
{
	int kind;

	for (kind = 0; kind < KPI_HELD_KINDS; kind++)
		if (held_kinds[kind].refuses_stop && kpi_kext_held(kext, kind))
			return kind;
	return -1;
}

static void name_leftovers(const struct kpi_kext *kext)
{
	int kind;

	for (kind = 0; kind < KPI_HELD_KINDS; kind++) {
		long n = kpi_kext_held(kext, kind);

		if (n)
			pr_warn("netkpi: %s left %ld %s behind\n",
				kext->name, n, held_kinds[kind].name);
		if (n && kind == KPI_HELD_MEMORY)
			kpi_memory_name(kext);
	}
}

static void kext_put(struct kpi_kext *kext)
{
	if (!refcount_dec_and_test(&kext->refs))
		return;
	mutex_destroy(&kext->stop_lock);
	free_percpu(kext->counts);
	kfree(kext);
}

static struct kpi_kext *kext_alloc(struct module *module, struct bsd_kmod_info *info)
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
	if (kext->module || holds_anything(kext))
		return false;

	RCU_INIT_POINTER(kexts[slot], NULL);
	synchronize_rcu();
	kext_put(kext);
	return true;
}

static int kext_publish(struct kpi_kext *kext)
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

/* For kext_put(): it may be unloaded, and another one be in its place, at any time. */
static struct kpi_kext *kext_get(const struct module *module)
{
	struct kpi_kext *kext;

	mutex_lock(&kexts_lock);
	kext = kext_find(module);
	if (kext)
		refcount_inc(&kext->refs);
	mutex_unlock(&kexts_lock);
	return kext;
}

/* Waits until nothing can run in the kext's text. */
static int wait_to_leave(const struct kpi_kext *kext, unsigned long patience)
{
	unsigned long deadline = jiffies + patience;

	while (refusing_kind(kext) >= 0) {
		if (time_after(jiffies, deadline))
			return -EBUSY;
		msleep(20);
	}
	return 0;
}

/*
 * Names what the kext left behind, has its interfaces go, waits for what can run in its text, and
 * then closes its sockets: not before, since a thread that is still there goes on using them. A
 * last upcall may have begun just before the close. Interfaces call it no more from the beginning:
 * it has freed what it needs for that.
 */
static int kext_quiesce(struct kpi_kext *kext)
{
	int err;

	kpi_interface_silence(kext);
	wait_to_leave(kext, LEAVE_MOMENT);
	name_leftovers(kext);
	kpi_socket_silence(kext);
	kpi_interface_reclaim(kext);
	err = wait_to_leave(kext, LEAVE_DEADLINE);
	if (err)
		return err;
	kpi_socket_reclaim(kext);
	return wait_to_leave(kext, LEAVE_DEADLINE);
}

static void kext_withdraw(struct kpi_kext *kext)
{
	lockdep_assert_held(&kexts_lock);

	WRITE_ONCE(kext->text_end, 0);	/* in one store: no address is there any more */
	WRITE_ONCE(kext->module, NULL);
	synchronize_rcu();
	kpi_socket_forget(kext);
}

static void fill_info(struct bsd_kmod_info *info, const struct kpi_kext *kext)
{
	info->id = kext->id;
	info->address = kext->text_start;
	info->size = kext->text_end - kext->text_start;
	if (!info->name[0])
		strscpy(info->name, kext->name, sizeof(info->name));
}

static int kext_start(struct kpi_kext *kext)
{
	int status = kext->info->start(kext->info, NULL);

	kpi_lock_sites_leave();
	if (!status) {
		kext->started = true;
		return 0;
	}

	pr_err("netkpi: %s: start returned %d, not loaded\n", kext->name, status);
	kext->stop_done = true;
	if (!kext_quiesce(kext))
		return -ENODEV;

	pr_err("netkpi: %s: still has %s, its text stays\n", kext->name,
	       held_kinds[refusing_kind(kext)].name);
	return 0;
}

static int kext_load(struct module *module, struct bsd_kmod_info *info, bool direct)
{
	struct kpi_kext *kext;
	int err;

	might_sleep();
	kext = kext_alloc(module, info);
	if (!kext)
		return -ENOMEM;
	kext->direct = direct;

	mutex_lock(&kexts_lock);
	err = kext_publish(kext);
	mutex_unlock(&kexts_lock);
	if (err) {
		kext_put(kext);
		return err;
	}

	fill_info(info, kext);
	__module_get(module);
	mutex_lock(&kext->stop_lock);	/* the parameter "stop" is there already */
	err = kext_start(kext);
	kext->released = err;
	mutex_unlock(&kext->stop_lock);
	if (err) {
		module_put(module);
		kpi_kext_unload(module);
	}
	return err;
}

/**
 * kpi_kext_load() - register a kext and run its start routine
 * @module: the kext's module
 * @info:   its kmod_info, with start and stop set
 *
 * Called by the glue's init function. A started kext is pinned.
 *
 * Context: Process context.
 * Return: 0, -ENOMEM, -ENOSPC with too many kexts, or -ENODEV if start failed.
 */
int kpi_kext_load(struct module *module, struct bsd_kmod_info *info)
{
	return kext_load(module, info, false);
}
KPI_EXPORT(kpi_kext_load);

/**
 * kpi_kext_load_direct() - the same for a kext whose filters never sleep
 * @module: the kext's module
 * @info:   its kmod_info, with start and stop set
 *
 * Its filters are called where packets are, with bottom halves off, instead of in a
 * thread. KEXT_DIRECT in the kext's Kbuild makes the glue call this.
 *
 * Context: Process context.
 * Return: as kpi_kext_load().
 */
int kpi_kext_load_direct(struct module *module, struct bsd_kmod_info *info)
{
	return kext_load(module, info, true);
}
KPI_EXPORT(kpi_kext_load_direct);

static void tell_refusal(const struct kpi_kext *kext)
{
	int kind = refusing_kind(kext);

	if (kind < 0)		/* gone in this very moment: the next try will do */
		return;
	pr_err("netkpi: %s: still has %s, not stopped\n", kext->name, held_kinds[kind].name);
	if (kind == KPI_HELD_THREAD)
		pr_err("netkpi: %s: a thread ends when its function returns or calls thread_terminate(current_thread()); nobody else can end it\n",
		       kext->name);
}

static int kext_stop(struct kpi_kext *kext)
{
	int status;

	if (!kext->stop_done && kpi_kext_held(kext, KPI_HELD_RETAIN)) {
		pr_info("netkpi: %s is retained by its load tag, not stopped\n", kext->name);
		return -EBUSY;
	}
	if (!kext->stop_done) {
		status = kext->info->stop(kext->info, NULL);
		kpi_lock_sites_leave();
		if (status) {
			pr_info("netkpi: %s refused to stop: %d\n", kext->name, status);
			return -EBUSY;
		}
		kext->stop_done = true;
	}

	if (kext_quiesce(kext)) {
		kpi_misuse_from(kext->text_start, "stop returned 0 too early");
		tell_refusal(kext);
		return -EBUSY;
	}
	return 0;
}

/**
 * kpi_kext_stop() - run a kext's stop routine and take the pin away
 * @module: the kext's module
 *
 * After success rmmod works. After a refusal the kext goes on as before, its sockets
 * included, and may be asked again. One that has not returned from its stop routine
 * keeps nobody but who wants to stop it, too.
 *
 * Context: Process context. Calls are serialised, for each kext.
 * Return: 0, also if it is stopped already; -EBUSY if the kext refuses, or if
 * something of it is still registered or running.
 */
int kpi_kext_stop(struct module *module)
{
	struct kpi_kext *kext;
	int err = 0;

	might_sleep();
	kext = kext_get(module);
	if (!kext)
		return 0;

	mutex_lock(&kext->stop_lock);
	if (!kext->released) {
		err = kext_stop(kext);
		if (!err) {
			WRITE_ONCE(kext->released, true);
			module_put(module);
		}
	}
	mutex_unlock(&kext->stop_lock);
	kext_put(kext);
	return err;
}
KPI_EXPORT(kpi_kext_stop);

/**
 * kpi_kext_stopped() - whether rmmod would be allowed
 * @module: the kext's module
 *
 * Context: Process context.
 * Return: true after a successful kpi_kext_stop().
 */
bool kpi_kext_stopped(struct module *module)
{
	struct kpi_kext *kext = kext_get(module);
	bool stopped = !kext || READ_ONCE(kext->released);

	if (kext)
		kext_put(kext);
	return stopped;
}
KPI_EXPORT(kpi_kext_stopped);

/**
 * kpi_kext_unload() - forget a kext
 * @module: the kext's module
 *
 * Called by the glue's exit function, and when start failed.
 *
 * Context: Process context.
 */
void kpi_kext_unload(struct module *module)
{
	struct kpi_kext *kext;

	mutex_lock(&kexts_lock);
	kext = kext_find(module);
	if (kext)
		kext_withdraw(kext);
	mutex_unlock(&kexts_lock);
	kpi_lock_sites_forget(module->name);
}
KPI_EXPORT(kpi_kext_unload);

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

static const char *state_of(const struct kpi_kext *kext)
{
	if (kext->released)
		return "stopped";
	if (kext->stop_done)
		return "stopping";
	return kext->started ? "running" : "starting";
}

/* What a kext says of itself is in its own memory, which goes with its module. */
static void show_kext(struct seq_file *seq, const struct kpi_kext *kext)
{
	const struct bsd_kmod_info *info = kext->info;
	int kind;

	seq_printf(seq, "%u\t%s", kext->id, kext->name);
	if (READ_ONCE(kext->module))
		seq_printf(seq, "\t%.*s\t%.*s\t%s\t%lu", (int)sizeof(info->name), info->name,
			   (int)sizeof(info->version), info->version, state_of(kext),
			   kext->text_end - kext->text_start);
	else
		seq_puts(seq, "\t-\t-\tunloaded\t0");
	for (kind = 0; kind < KPI_HELD_KINDS; kind++)
		seq_printf(seq, "\t%ld", kpi_kext_held(kext, kind));
	for (kind = 0; kind < KPI_COUNTED_KINDS; kind++)
		seq_printf(seq, "\t%lu", kpi_kext_counted(kext, kind));
	seq_putc(seq, '\n');
}

/* The table that kextstat shows: a line of titles, a line per kext, tabs between. */
static int kexts_show(struct seq_file *seq, void *unused)
{
	unsigned int i, end = READ_ONCE(kexts_end);
	int kind;

	seq_puts(seq, "index\tname\tidentifier\tversion\tstate\tsize");
	for (kind = 0; kind < KPI_HELD_KINDS; kind++)
		seq_printf(seq, "\t%s", held_kinds[kind].name);
	for (kind = 0; kind < KPI_COUNTED_KINDS; kind++)
		seq_printf(seq, "\t%s", counted_kinds[kind]);
	seq_putc(seq, '\n');

	rcu_read_lock();	/* keeps the kexts, and the modules not yet withdrawn */
	for (i = 0; i < end; i++) {
		const struct kpi_kext *kext = rcu_dereference(kexts[i]);

		if (kext && (READ_ONCE(kext->module) || holds_anything(kext)))
			show_kext(seq, kext);
	}
	rcu_read_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(kexts);

/* What keeps the layer loaded when all kexts have gone; kextunload tells. */
static int packets_show(struct seq_file *seq, void *unused)
{
	seq_printf(seq, "%ld\n", kpi_mbuf_followed());
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(packets);

static int filters_show(struct seq_file *seq, void *unused)
{
	kpi_sflt_show_all(seq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(filters);

void kpi_kext_init(void)
{
	debug_folder = debugfs_create_dir("netkpi", NULL);
	debugfs_create_file("kexts", 0400, debug_folder, NULL, &kexts_fops);
	debugfs_create_file("packets", 0400, debug_folder, NULL, &packets_fops);
	debugfs_create_file("filters", 0400, debug_folder, NULL, &filters_fops);
}

void kpi_kext_exit(void)
{
	unsigned int i;

	debugfs_remove_recursive(debug_folder);
	for (i = 0; i < kexts_end; i++)
		if (kpi_kext_by_id(i + 1))
			kext_put(kpi_kext_by_id(i + 1));
}
