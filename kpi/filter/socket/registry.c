// SPDX-License-Identifier: GPL-2.0
/* Socket filters come and go. */

#include <linux/in.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "attach.h"
#include "filtered.h"
#include "kind.h"
#include "registry.h"
#include "walk.h"

static DEFINE_SPINLOCK(registry_lock);
static LIST_HEAD(registry);		/* oldest first; W: registry_lock */

static void sflt_gone(struct kpi_sflt *sflt)
{
	struct kpi_kext *kext = sflt->kext;

	if (sflt->f.sf_unregistered)
		sflt->f.sf_unregistered(sflt->f.sf_handle);
	kfree(sflt);
	kpi_kext_charge(kext, KPI_HELD_FILTER, -1);
}

static void gone_later(struct work_struct *work)
{
	sflt_gone(container_of(work, struct kpi_sflt, gone_work));
}

void kpi_sflt_put(struct kpi_sflt *sflt, bool may_sleep)
{
	if (!refcount_dec_and_test(&sflt->refs))
		return;
	if (may_sleep)
		sflt_gone(sflt);
	else
		queue_work(kpi_sflt_queue, &sflt->gone_work);
}

static struct kpi_sflt *find(sflt_handle handle)
{
	struct kpi_sflt *sflt;

	lockdep_assert_held(&registry_lock);

	list_for_each_entry(sflt, &registry, node)
		if (sflt->f.sf_handle == handle)
			return sflt;
	return NULL;
}

/* The filter with this handle, for kpi_sflt_put(); or NULL. */
struct kpi_sflt *kpi_sflt_get(sflt_handle handle)
{
	struct kpi_sflt *sflt;

	spin_lock(&registry_lock);
	sflt = find(handle);
	if (sflt)
		refcount_inc(&sflt->refs);
	spin_unlock(&registry_lock);
	return sflt;
}

static bool is_for(const struct kpi_sflt *sflt, const struct kpi_sflt_kind *kind,
		   const struct sock *sk)
{
	return sflt->kind == kind && (sflt->f.sf_flags & SFLT_GLOBAL) &&
	       (!sflt->protocol || sflt->protocol == sk->sk_protocol);
}

/*
 * The next global filter for a socket, in the order of registration. @after is let
 * go, and may have gone meanwhile: its place in the list is its number.
 */
struct kpi_sflt *kpi_sflt_global(const struct kpi_sflt_kind *kind, const struct sock *sk,
				 struct kpi_sflt *after)
{
	struct kpi_sflt *sflt, *found = NULL;
	u64 number = after ? after->number : 0;

	spin_lock(&registry_lock);
	list_for_each_entry(sflt, &registry, node) {
		if (sflt->number <= number || !is_for(sflt, kind, sk))
			continue;
		refcount_inc(&sflt->refs);
		found = sflt;
		break;
	}
	spin_unlock(&registry_lock);
	if (after)
		kpi_sflt_put(after, false);
	return found;
}

bool kpi_sflt_any_global(const struct kpi_sflt_kind *kind, const struct sock *sk)
{
	const struct kpi_sflt *sflt;
	bool any = false;

	if (!READ_ONCE(kind->globals))
		return false;
	spin_lock(&registry_lock);
	list_for_each_entry(sflt, &registry, node)
		any |= is_for(sflt, kind, sk);
	spin_unlock(&registry_lock);
	return any;
}

bool kpi_sflt_any(void)
{
	return !list_empty(&registry);
}

static void show(struct seq_file *seq, const struct kpi_sflt *sflt)
{
	const struct kpi_sflt_kind *kind = sflt->kind;

	seq_printf(seq, "%s\t%#x\t%d\t%d\t%d\t%s\t%ld\t%ld\t%ld\t%ld\n",
		   kpi_kext_name(sflt->kext), sflt->f.sf_handle, kind->family, kind->type,
		   kind->protocol ?: sflt->protocol,
		   sflt->f.sf_flags & SFLT_GLOBAL ? "all" : "asked for",
		   atomic_long_read(&sflt->sockets), atomic_long_read(&sflt->bytes),
		   atomic_long_read(&sflt->swallowed), atomic_long_read(&sflt->injected));
}

void kpi_sflt_show_all(struct seq_file *seq)
{
	const struct kpi_sflt *sflt;

	seq_puts(seq, "kext\thandle\tfamily\ttype\tprotocol\tsockets of\tsockets\tbytes\tkept\tinjected\n");
	spin_lock(&registry_lock);
	list_for_each_entry(sflt, &registry, node)
		show(seq, sflt);
	spin_unlock(&registry_lock);
}

/* Only what the caller says it has of the extension is read. */
static void copy_filter(struct bsd_sflt_filter *to, const struct bsd_sflt_filter *from)
{
	size_t base = offsetof(struct bsd_sflt_filter, sf_ext);

	memset(to, 0, sizeof(*to));
	memcpy(to, from, base);
	if (from->sf_flags & SFLT_EXTENDED)
		memcpy(&to->sf_ext, &from->sf_ext,
		       min_t(size_t, from->sf_ext.sf_ext_len, sizeof(to->sf_ext)));
}

static int enlist(struct kpi_sflt *sflt)
{
	static u64 newest;
	int err = -EEXIST;

	spin_lock(&registry_lock);
	if (!find(sflt->f.sf_handle)) {
		sflt->number = ++newest;
		list_add_tail(&sflt->node, &registry);
		err = 0;
	}
	spin_unlock(&registry_lock);
	return err;
}

static struct kpi_sflt *make(const struct bsd_sflt_filter *f, struct kpi_sflt_kind *kind,
			     int protocol)
{
	struct kpi_sflt *sflt = kzalloc(sizeof(*sflt), GFP_KERNEL);

	if (!sflt)
		return NULL;
	refcount_set(&sflt->refs, 1);
	INIT_WORK(&sflt->gone_work, gone_later);
	copy_filter(&sflt->f, f);
	sflt->kind = kind;
	sflt->protocol = kind->protocol ? 0 : protocol;
	sflt->kext = kpi_kext_of(f->sf_attach);
	return sflt;
}

static bool is_global(const struct kpi_sflt *sflt)
{
	return sflt->f.sf_flags & SFLT_GLOBAL;
}

/* New sockets are met before the filter is there, so that it misses none. */
static int publish(struct kpi_sflt *sflt)
{
	int err = is_global(sflt) ? kpi_sflt_meet(sflt->kind) : 0;

	if (err)
		return err;
	kpi_kext_charge(sflt->kext, KPI_HELD_FILTER, 1);
	err = enlist(sflt);
	if (!err)
		return 0;
	kpi_kext_charge(sflt->kext, KPI_HELD_FILTER, -1);
	if (is_global(sflt))
		kpi_sflt_meet_no_more(sflt->kind);
	return err;
}

static int check(const struct bsd_sflt_filter *f, int domain, int type, int protocol,
		 struct kpi_sflt_kind **kind)
{
	if (!f)
		return -EINVAL;
	if (domain != AF_INET && domain != AF_INET6)
		return -EOPNOTSUPP;
	*kind = kpi_sflt_kind_of(domain, type, protocol);
	if (!*kind)
		return -ENOENT;
	return f->sf_attach && f->sf_detach && f->sf_handle && f->sf_name ? 0 : -EINVAL;
}

static int add(const struct bsd_sflt_filter *f, int domain, int type, int protocol)
{
	struct kpi_sflt_kind *kind;
	struct kpi_sflt *sflt;
	int err;

	err = check(f, domain, type, protocol, &kind);
	if (err)
		return err;
	sflt = make(f, kind, protocol);
	if (!sflt)
		return -ENOMEM;
	refcount_inc(&sflt->refs);	/* somebody may unregister it as soon as it is there */
	err = publish(sflt);
	if (err) {
		kfree(sflt);
		return err;
	}
	kpi_watchdog_start();
	if (f->sf_flags & SFLT_EXTENDED_REGISTRY && is_global(sflt))
		kpi_sflt_meet_old(sflt);
	kpi_sflt_put(sflt, true);
	return 0;
}

/**
 * kpi_sflt_register() - offer a socket filter
 * @filter:   functions, handle and name; borrows the name, copies the rest
 * @domain:   AF_INET or AF_INET6
 * @type:     SOCK_STREAM, SOCK_DGRAM or SOCK_RAW
 * @protocol: IPPROTO_TCP, IPPROTO_UDP ...; for SOCK_RAW any
 *
 * With SFLT_GLOBAL it is attached to every such socket that is made from now on,
 * by a process, by a kext, or by accepting a connection; with
 * SFLT_EXTENDED_REGISTRY also to those that are there and have a descriptor, or
 * belong to a kext. All functions run in a thread that may sleep.
 *
 * macOS difference: a connection has its filters when it is accepted, not when its SYN
 * comes. Sockets of the first network namespace; not those that the kernel makes for
 * itself, MPTCP's, SMC's, nor data of those that must not wait for memory, as a disk's
 * (nbd, NVMe), nor, from that moment on, a socket that switches to TLS or another ULP.
 * A connection of a process's listener that was
 * there before the filter has it only with SFLT_EXTENDED_REGISTRY. Raw sockets: 0
 * is all protocols.
 *
 * Context: Process context.
 * Return: 0; ENOTSUP for other families; ENOENT for no such protocol; EINVAL
 * without handle, name, sf_attach or sf_detach; EEXIST if the handle is in use;
 * EBUSY if new sockets cannot be met (the log says why); ENOMEM.
 */
errno_t kpi_sflt_register(const struct bsd_sflt_filter *filter, int domain, int type,
			  int protocol)
{
	kpi_might_sleep();
	return kpi_errno(add(filter, domain, type, protocol));
}
KPI_EXPORT(kpi_sflt_register);

/**
 * kpi_sflt_unregister() - end a socket filter
 * @handle: its handle
 *
 * No function of it begins after this, but for sf_detach, once for each socket that
 * it is attached to, from a thread of the layer's, and then sf_unregistered; from
 * this call if it was attached to none. Functions that run go on to their end, and
 * are waited for by nobody. May be called from the filter's own functions.
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: 0, or ENOENT.
 */
errno_t kpi_sflt_unregister(sflt_handle handle)
{
	struct kpi_sflt *sflt;

	kpi_might_sleep();
	spin_lock(&registry_lock);
	sflt = find(handle);
	if (sflt) {
		list_del(&sflt->node);
		WRITE_ONCE(sflt->removed, true);
	}
	spin_unlock(&registry_lock);
	if (!sflt)
		return ENOENT;

	if (is_global(sflt))
		kpi_sflt_meet_no_more(sflt->kind);
	smp_mb();	/* pairs with that of enlist() in attach.c */
	kpi_sflt_detach_all(sflt);
	kpi_sflt_put(sflt, true);
	return 0;
}
KPI_EXPORT(kpi_sflt_unregister);
