// SPDX-License-Identifier: GPL-2.0
/* A kext is loaded and started, is stopped, and is unloaded. */

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/string.h>

#include <netkpi/kext.h>
#include <netkpi/mbuf_layout.h>

#include "registry.h"

/*
 * How long a stopping kext's upcalls and threads get to leave its text: a
 * moment without a word, since a thread that has just said that it is gone
 * still has some instructions to go; then a while.
 */
#define LEAVE_MOMENT	(HZ / 5)
#define LEAVE_DEADLINE	(5 * HZ)

static void name_leftovers(const struct kpi_kext *kext)
{
	int kind;

	for (kind = 0; kind < KPI_HELD_KINDS; kind++) {
		long n = kpi_kext_held(kext, kind);

		if (n)
			pr_warn("netkpi: %s left %ld %s behind\n",
				kext->name, n, kpi_held_kinds[kind].name);
		if (n && kind == KPI_HELD_MEMORY)
			kpi_memory_name(kext);
	}
}

/* Waits until nothing can run in the kext's text. */
static int wait_to_leave(const struct kpi_kext *kext, unsigned long patience)
{
	unsigned long deadline = jiffies + patience;

	while (kpi_kext_refusing_kind(kext) >= 0) {
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
	       kpi_held_kinds[kpi_kext_refusing_kind(kext)].name);
	return 0;
}

static int kext_load(struct module *module, struct bsd_kmod_info *info, bool direct)
{
	struct kpi_kext *kext;
	int err;

	might_sleep();
	kext = kpi_kext_alloc(module, info);
	if (!kext)
		return -ENOMEM;
	kext->direct = direct;

	err = kpi_kext_publish(kext);
	if (err) {
		kpi_kext_put(kext);
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

/* A kext that looks for an mbuf's fields elsewhere would spoil others' memory. */
static bool knows_mbufs(const struct kpi_mbuf_layout *layout)
{
	return !layout || (layout->size == sizeof(kpi_mbuf_layout) &&
			   !memcmp(layout, &kpi_mbuf_layout, sizeof(kpi_mbuf_layout)));
}

/**
 * kpi_kext_load_as() - register a kext and run its start routine
 * @module: the kext's module
 * @info:   its kmod_info, with start and stop set
 * @build:  how it was built
 *
 * Called by the glue's init function. A started kext is pinned. Filters of one that
 * was built as direct (KEXT_DIRECT in its Kbuild) are called where packets are, with
 * bottom halves off, instead of in a thread.
 *
 * Context: Process context.
 * Return: 0, -ENOEXEC if it was built with the headers of another layer whose mbufs
 * look different, -ENOMEM, -ENOSPC with too many kexts, or -ENODEV if start failed.
 */
int kpi_kext_load_as(struct module *module, struct bsd_kmod_info *info,
		     const struct kpi_kext_build *build)
{
	if (knows_mbufs(build->layout))
		return kext_load(module, info, build->direct);
	pr_err("netkpi: %s: built with the headers of another netkpi, build it again\n",
	       module->name);
	return -ENOEXEC;
}
KPI_EXPORT(kpi_kext_load_as);

static void tell_refusal(const struct kpi_kext *kext)
{
	int kind = kpi_kext_refusing_kind(kext);

	if (kind < 0)		/* gone in this very moment: the next try will do */
		return;
	pr_err("netkpi: %s: still has %s, not stopped\n", kext->name, kpi_held_kinds[kind].name);
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
	kext = kpi_kext_get(module);
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
	kpi_kext_put(kext);
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
	struct kpi_kext *kext = kpi_kext_get(module);
	bool stopped = !kext || READ_ONCE(kext->released);

	if (kext)
		kpi_kext_put(kext);
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
	kpi_kext_withdraw(module);
	kpi_lock_sites_forget(module->name);
}
KPI_EXPORT(kpi_kext_unload);
