// SPDX-License-Identifier: GPL-2.0
/* A filter on a socket: sflt_attach(), sflt_detach(), and what attaches by itself. */

#include <linux/slab.h>
#include <net/tcp_states.h>

#include "../../socket/socket_priv.h"
#include "attach.h"
#include "event.h"
#include "filtered.h"
#include "kind.h"
#include "registry.h"
#include "syn.h"
#include "walk.h"

static struct kmem_cache *attachments;

int kpi_attached_init(void)
{
	attachments = kmem_cache_create("netkpi_attached", sizeof(struct kpi_attached), 0, 0, NULL);
	return attachments ? 0 : -ENOMEM;
}

/* After the last one's grace period. */
void kpi_attached_exit(void)
{
	kmem_cache_destroy(attachments);
}

static void free_attached(struct rcu_head *rcu)
{
	kmem_cache_free(attachments, container_of(rcu, struct kpi_attached, rcu));
}

static struct kpi_attached *attached(struct kpi_filter *filter)
{
	return container_of(filter, struct kpi_attached, filter);
}

static unsigned int wanted(const struct bsd_sflt_filter *f)
{
	return (f->sf_data_in ? KPI_SFLT_IN : 0) |
	       (f->sf_data_out ? KPI_SFLT_OUT : 0) |
	       (f->sf_notify ? KPI_SFLT_EVENTS : 0) |
	       (f->sf_setoption ? KPI_SFLT_OPTIONS : 0) |
	       (f->sf_connect_in ? KPI_SFLT_SYNS : 0);
}

static void count_wants(struct kpi_filtered *f)
{
	struct kpi_filter *filter;
	unsigned int wants = 0;

	spin_lock_bh(&f->list.lock);
	list_for_each_entry(filter, &f->list.filters, node)
		if (!filter->removed)
			wants |= wanted(&attached(filter)->sflt->f);
	WRITE_ONCE(f->wants, wants);
	spin_unlock_bh(&f->list.lock);
	kpi_sflt_wants_changed(f);
}

/* After the last call of it on this socket. */
void kpi_sflt_gone(struct kpi_filter *filter)
{
	struct kpi_attached *a = attached(filter);
	struct kpi_filtered *f = kpi_attached_to(a);
	struct kpi_sflt *sflt = a->sflt;

	sflt->f.sf_detach(a->cookie, f->so);
	atomic_long_dec(&sflt->sockets);
	kpi_sflt_put(sflt, false);
	call_rcu(&a->rcu, free_attached);
	kpi_filtered_put(f);
}

/* No function of it begins on this socket any more, but sf_detach. */
static void detach_from(struct kpi_filtered *f, struct kpi_attached *a)
{
	kpi_filter_remove(&f->list, &a->filter, false);
	count_wants(f);
}

/*
 * Its place in the list, unless the filter is there, has been unregistered meanwhile, or
 * the socket has gone into other hands. @a may be gone as soon as it is in the list.
 */
static int enlist(struct kpi_filtered *f, struct kpi_attached *a)
{
	const struct kpi_sflt *sflt = a->sflt;
	struct kpi_attached *twin = kpi_sflt_find(f, sflt);

	if (twin) {
		kpi_filter_put(&twin->filter, false);
		return -EEXIST;
	}
	kpi_filter_add(&f->list, &a->filter);
	smp_mb();	/* either the end of the one or the other finds it, or is seen here */
	if (READ_ONCE(sflt->removed) || READ_ONCE(f->ended))
		detach_from(f, a);
	count_wants(f);
	return 0;
}

static struct kpi_attached *make(struct kpi_filtered *f, struct kpi_sflt *sflt)
{
	struct kpi_attached *a = kmem_cache_zalloc(attachments, GFP_KERNEL);

	if (!a)
		return NULL;
	a->filter.list = &f->list;
	a->sflt = sflt;
	return a;
}

/* From the moment sf_attach has said 0 there will be one sf_detach. */
static void begin(struct kpi_attached *a)
{
	refcount_inc(&kpi_attached_to(a)->refs);
	refcount_inc(&a->sflt->refs);
	atomic_long_inc(&a->sflt->sockets);
}

/**
 * kpi_sflt_attach_to() - put a filter on a socket
 * @f:    the socket; somebody who may use it makes this call
 * @sflt: the filter, borrowed
 *
 * Return: 0; -EEXIST; -ENOMEM; or what sf_attach said, negative.
 */
int kpi_sflt_attach_to(struct kpi_filtered *f, struct kpi_sflt *sflt)
{
	struct kpi_attached *a, *twin = kpi_sflt_find(f, sflt);
	int err;

	if (twin) {
		kpi_filter_put(&twin->filter, false);
		return -EEXIST;
	}
	if (sflt->f.sf_notify && f->stream && kpi_sflt_may_watch(f, GFP_KERNEL))
		return -ENOMEM;
	a = make(f, sflt);
	if (!a)
		return -ENOMEM;

	kpi_sflt_begin(a);
	err = sflt->f.sf_attach(&a->cookie, f->so);
	kpi_sflt_end(a);
	if (err) {
		kmem_cache_free(attachments, a);
		return err == KPI_EJUSTRETURN ? -EOPNOTSUPP : -err;
	}
	begin(a);
	err = enlist(f, a);
	if (err) {		/* somebody was quicker */
		kpi_sflt_gone(&a->filter);
		return err;
	}
	if (READ_ONCE(f->sk->sk_state) == TCP_LISTEN)
		kpi_sflt_meet_syns(f);
	return 0;
}

/* All that are for new sockets of this kind, oldest first. */
void kpi_sflt_attach_globals(struct kpi_filtered *f, const struct kpi_sflt_kind *kind)
{
	struct kpi_sflt *sflt = NULL;

	while ((sflt = kpi_sflt_global(kind, f->sk, sflt)))
		kpi_sflt_attach_to(f, sflt);
}

/* The filter on this socket, held; or NULL. */
struct kpi_attached *kpi_sflt_find(struct kpi_filtered *f, const struct kpi_sflt *sflt)
{
	struct kpi_attached *a = NULL;

	while ((a = kpi_sflt_next(f, a)))
		if (a->sflt == sflt)
			return a;
	return NULL;
}

/* The socket goes: in this thread, as far as no other is in a filter's function. */
void kpi_sflt_detach_from_all(struct kpi_filtered *f)
{
	struct kpi_attached *a = NULL;

	smp_mb();	/* see enlist() */
	while ((a = kpi_sflt_next(f, NULL))) {
		kpi_filter_remove(&f->list, &a->filter, false);
		kpi_filter_put(&a->filter, true);
	}
	count_wants(f);
}

static void detach_one(struct kpi_filtered *f, void *sflt)
{
	struct kpi_attached *a = kpi_sflt_find(f, sflt);

	if (!a)
		return;
	detach_from(f, a);
	kpi_filter_put(&a->filter, false);
}

void kpi_sflt_detach_all(struct kpi_sflt *sflt)
{
	kpi_sflt_each_socket(detach_one, sflt);
}

/* With the socket entered. */
static int attach(struct __socket *so, struct kpi_sflt *sflt)
{
	struct kpi_filtered *f;
	int err;

	if (!kpi_sflt_kind_of_sock(so->sk) || READ_ONCE(sflt->removed))
		return -EINVAL;
	f = kpi_filtered_get(so);
	if (!f)
		return -ENOMEM;
	err = kpi_sflt_attach_to(f, sflt);
	kpi_filtered_put(f);
	return err;
}

/**
 * kpi_sflt_attach() - put a filter on a socket
 * @so:     the socket, borrowed
 * @handle: the filter's
 *
 * The newest attachment is asked first.
 *
 * macOS difference: a second time is EEXIST always; there only if the filter is the
 * newest on the socket. EINVAL for sockets that are not filtered: AF_UNIX, MPTCP, SCTP.
 *
 * Context: Process context.
 * Return: 0; EINVAL without a socket or filter; EEXIST; ENOMEM; what sf_attach says.
 */
errno_t kpi_sflt_attach(socket_t so, sflt_handle handle)
{
	struct kpi_sflt *sflt;
	int err;

	if (!handle || KPI_SO_ENTER(so))
		return EINVAL;
	sflt = kpi_sflt_get(handle);
	err = sflt ? attach(so, sflt) : -EINVAL;
	if (sflt)
		kpi_sflt_put(sflt, false);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sflt_attach);

static void detach(struct __socket *so, struct kpi_sflt *sflt)
{
	struct kpi_filtered *f = kpi_filtered_of(so->sock);

	if (!f)
		return;
	detach_one(f, sflt);
	kpi_filtered_put(f);
}

/**
 * kpi_sflt_detach() - take a filter off a socket
 * @so:     the socket, borrowed
 * @handle: the filter's
 *
 * Its functions are called for this socket no more; sf_detach is, once, from a thread
 * of the layer's.
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: 0, attached or not; EINVAL without a socket or handle.
 */
errno_t kpi_sflt_detach(socket_t so, sflt_handle handle)
{
	struct kpi_sflt *sflt;

	if (!so || !handle)
		return EINVAL;
	if (KPI_SO_ENTER(so))
		return EINVAL;
	sflt = kpi_sflt_get(handle);
	if (sflt) {
		detach(so, sflt);
		kpi_sflt_put(sflt, false);
	}
	kpi_so_leave(so);
	return 0;
}
KPI_EXPORT(kpi_sflt_detach);
