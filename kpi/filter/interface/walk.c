// SPDX-License-Identifier: GPL-2.0
/* Which filters of an interface see a frame, and what they say of it. */

#include <linux/jiffies.h>
#include <linux/sched.h>

#include "../../mbuf/header.h"
#include "walk.h"

void kpi_iflt_call_begin(struct kpi_iflt_point *point, struct __ifnet_filter *flt,
			 struct kpi_iflt_call *call)
{
	*call = (struct kpi_iflt_call) { .task = current, .flt = flt, .since = jiffies };
	spin_lock_bh(&point->calls_lock);
	list_add(&call->node, &point->calls);
	spin_unlock_bh(&point->calls_lock);
}

void kpi_iflt_call_end(struct kpi_iflt_point *point, struct kpi_iflt_call *call)
{
	spin_lock_bh(&point->calls_lock);
	list_del(&call->node);
	spin_unlock_bh(&point->calls_lock);
}

/* Whether this thread is in a function of one of the interface's filters: it cannot wait for them. */
bool kpi_iflt_inside(struct kpi_iflt_point *point)
{
	const struct kpi_iflt_call *call;
	bool inside = kpi_is_direct();

	spin_lock_bh(&point->calls_lock);
	list_for_each_entry(call, &point->calls, node)
		inside |= call->task == current;
	spin_unlock_bh(&point->calls_lock);
	return inside;
}

static struct __ifnet_filter *flt_of(struct kpi_filter *filter)
{
	return container_of(filter, struct __ifnet_filter, filter);
}

static bool wants(const struct __ifnet_filter *flt, enum kpi_iflt_way way,
		  protocol_family_t protocol, bool tagged)
{
	if (way == KPI_IFLT_IN ? !flt->f.iff_input : !flt->f.iff_output)
		return false;
	if (tagged && !flt->tagged)
		return false;
	return !flt->f.iff_protocol || flt->f.iff_protocol == protocol;
}

/* Under RCU. Inside the hook only if nobody there has to sleep, and nothing would be overtaken. */
enum kpi_iflt_mode kpi_iflt_mode(struct kpi_iflt_point *point, enum kpi_iflt_way way,
				 protocol_family_t protocol, bool tagged)
{
	enum kpi_iflt_mode mode = KPI_IFLT_NOBODY;
	struct kpi_filter *filter;

	list_for_each_entry_rcu(filter, &point->list.filters, node) {
		const struct __ifnet_filter *flt = flt_of(filter);

		if (READ_ONCE(filter->removed) || !wants(flt, way, protocol, tagged))
			continue;
		if (!filter->direct)
			return KPI_IFLT_THREAD;
		mode = KPI_IFLT_DIRECT;
	}
	if (mode == KPI_IFLT_DIRECT && atomic_read(&point->queues[way].pending))
		return KPI_IFLT_THREAD;
	return mode;
}

/* What an interface's hook has seen before goes on behind it, whoever is still there. */
bool kpi_iflt_wants_injected(struct kpi_iflt_point *point, mbuf_t m)
{
	struct kpi_filter *filter;

	if (kpi_hdr(m)->linux_meta.hooked)
		return true;
	list_for_each_entry_rcu(filter, &point->list.filters, node)
		if (!READ_ONCE(filter->removed) && flt_of(filter)->f.iff_input)
			return true;
	return false;
}

static inline errno_t call(struct kpi_iflt_point *point, struct __ifnet_filter *flt,
			   enum kpi_iflt_way way, protocol_family_t protocol, mbuf_t *m,
			   char **header)
{
	const struct bsd_iff_filter *f = &flt->f;

	this_cpu_inc(*flt->seen);
	if (way == KPI_IFLT_IN)
		return f->iff_input(f->iff_cookie, point->ifp, protocol, m, header);
	return f->iff_output(f->iff_cookie, point->ifp, protocol, m);
}

/* Who watches the queue, and who detaches, see whose it is. */
static noinline errno_t call_by_thread(struct kpi_iflt_point *point, struct __ifnet_filter *flt,
				       enum kpi_iflt_way way, protocol_family_t protocol, mbuf_t *m,
				       char **header)
{
	struct kpi_iflt_call noted;
	errno_t error;

	kpi_iflt_call_begin(point, flt, &noted);
	error = call(point, flt, way, protocol, m, header);
	kpi_iflt_call_end(point, &noted);
	return error;
}

/* An empty payload may come in, but not be made of another; nothing goes out without its header. */
static size_t shortest(struct kpi_iflt_point *point, enum kpi_iflt_way way)
{
	return way == KPI_IFLT_IN ? 1 : kpi_ifnet_hdrlen(point->ifp) ?: 1;
}

/* What a filter left must be a packet that can be a frame; one of the length that came can. */
static const char *what_is_wrong(const struct __ifnet_filter *flt, enum kpi_iflt_way way, mbuf_t m,
				 size_t came)
{
	size_t len;

	if (!m)
		return "interface filter left nothing and did not say EJUSTRETURN";
	if (!kpi_is_packet(m))
		return "interface filter left a chain without a packet header";
	len = kpi_chain_len(m);
	if (likely(len == came) || len >= shortest(flt->point, way))
		return NULL;
	return "interface filter left less than a frame";
}

static unsigned long function_of(const struct __ifnet_filter *flt, enum kpi_iflt_way way)
{
	return way == KPI_IFLT_IN ? (unsigned long)flt->f.iff_input :
				    (unsigned long)flt->f.iff_output;
}

/* 0, or an error and the chain is gone; one that is none at all is left alone. */
static errno_t settle(struct __ifnet_filter *flt, enum kpi_iflt_way way, errno_t error, mbuf_t was,
		      mbuf_t m, size_t came)
{
	const char *wrong;

	if (error == KPI_EJUSTRETURN)
		return error;
	if (m && m == was && kpi_mbuf_is_freed(m)) {
		kpi_misuse_from(function_of(flt, way),
				"interface filter freed a frame and did not say EJUSTRETURN");
		return KPI_EJUSTRETURN;
	}
	wrong = error ? NULL : what_is_wrong(flt, way, m, came);
	if (!error && !wrong)
		return 0;
	if (wrong)
		kpi_misuse_from(function_of(flt, way), wrong);
	kpi_kext_count(flt->kext, KPI_COUNT_DROPPED, 1);
	if (m)
		kpi_mbuf_freem(m);
	return error ?: EINVAL;
}

/* The next one, held unless this is inside a hook. */
static struct kpi_filter *next(struct kpi_iflt_point *point, struct kpi_filter *filter, u64 before,
			       bool direct)
{
	return direct ? kpi_filter_behind(&point->list, filter, before) :
			kpi_filter_next(&point->list, before);
}

errno_t kpi_iflt_walk(struct kpi_iflt_point *point, enum kpi_iflt_way way,
		      protocol_family_t protocol, bool tagged, mbuf_t *m, char **header)
{
	size_t len = kpi_chain_len(*m);
	u64 before = KPI_ALL_FILTERS;
	struct kpi_filter *filter = NULL;
	bool direct = kpi_is_direct();
	errno_t error = 0;

	while (!error && (filter = next(point, filter, before, direct))) {
		struct __ifnet_filter *flt = flt_of(filter);

		before = filter->number;
		if (wants(flt, way, protocol, tagged)) {
			mbuf_t was = *m;

			error = direct ? call(point, flt, way, protocol, m, header) :
					 call_by_thread(point, flt, way, protocol, m, header);
			error = settle(flt, way, error, was, *m, len);
		}
		if (!direct)
			kpi_filter_put(filter, false);
	}
	return error;
}
