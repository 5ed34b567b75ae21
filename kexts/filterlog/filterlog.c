// SPDX-License-Identifier: GPL-2.0
/*
 * A logger that keeps all that goes through TCP sockets, both ways, and puts it in
 * again from a thread call, in order; with a delay it is a shaper. Its own packets it
 * knows by their tag.
 */

#include <kern/locks.h>
#include <kern/thread_call.h>
#include <kern/clock.h>
#include <libkern/OSAtomic.h>
#include <libkern/libkern.h>
#include <mach/mach_types.h>
#include <netinet/in.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/kpi_socketfilter.h>
#include <sys/queue.h>
#include <sys/systm.h>

#define HANDLE	0x6c6f6731	/* 'log1' */

int kept, injected, lost, delay_ms;
long bytes;

struct parcel {
	TAILQ_ENTRY(parcel) link;
	socket_t so;
	mbuf_t data;
	int out;
};

static TAILQ_HEAD(, parcel) parcels = TAILQ_HEAD_INITIALIZER(parcels);
static lck_grp_t *grp;
static lck_mtx_t *mtx;		/* guards the list, and that only one thread injects */
static thread_call_t call;
static mbuf_tag_id_t tag_id;
static volatile int gone;

static int is_ours(mbuf_t m)
{
	size_t len;
	void *p;

	return !mbuf_tag_find(m, tag_id, 1, &len, &p);
}

static errno_t mark(mbuf_t *data)
{
	void *p;

	if (!(mbuf_flags(*data) & MBUF_PKTHDR)) {
		mbuf_t head;

		if (mbuf_gethdr(MBUF_WAITOK, mbuf_type(*data), &head))
			return ENOBUFS;
		mbuf_setnext(head, *data);
		mbuf_setlen(head, 0);
		*data = head;
	}
	return mbuf_tag_allocate(*data, tag_id, 1, sizeof(int), MBUF_WAITOK, &p);
}

static void wake(void)
{
	uint64_t deadline;

	clock_interval_to_deadline(delay_ms, NSEC_PER_MSEC, &deadline);
	if (delay_ms)
		thread_call_enter_delayed(call, deadline);
	else
		thread_call_enter(call);
}

static void inject(struct parcel *p)
{
	errno_t error;

	if (p->out)
		error = sock_inject_data_out(p->so, NULL, p->data, NULL, 0);
	else
		error = sock_inject_data_in(p->so, NULL, p->data, NULL, 0);
	OSIncrementAtomic(error ? (SInt32 *)&lost : (SInt32 *)&injected);
	sock_release(p->so);
	_FREE(p, M_TEMP);
}

/* A thread call never runs twice at once: the order is kept. */
static void work(thread_call_param_t a, thread_call_param_t b)
{
	struct parcel *p;

	for (;;) {
		lck_mtx_lock(mtx);
		p = TAILQ_FIRST(&parcels);
		if (p)
			TAILQ_REMOVE(&parcels, p, link);
		lck_mtx_unlock(mtx);
		if (!p)
			return;
		inject(p);
	}
}

static errno_t keep(socket_t so, mbuf_t *data, int out)
{
	struct parcel *p;
	mbuf_t m;

	if (is_ours(*data))
		return 0;
	p = _MALLOC(sizeof(*p), M_TEMP, M_WAITOK);
	if (!p || mark(data))
		return ENOBUFS;
	for (m = *data; m; m = mbuf_next(m))
		OSAddAtomic64(mbuf_len(m), (SInt64 *)&bytes);
	p->so = so;
	p->data = *data;
	p->out = out;
	sock_retain(so);
	lck_mtx_lock(mtx);
	TAILQ_INSERT_TAIL(&parcels, p, link);
	lck_mtx_unlock(mtx);
	OSIncrementAtomic((SInt32 *)&kept);
	wake();
	return EJUSTRETURN;
}

static errno_t log_attach(void **cookie, socket_t so)
{
	return 0;
}

static void log_detach(void *cookie, socket_t so)
{
}

static void log_unregistered(sflt_handle handle)
{
	gone = 1;
}

static errno_t log_in(void *cookie, socket_t so, const struct sockaddr *from, mbuf_t *data,
		      mbuf_t *control, sflt_data_flag_t flags)
{
	return keep(so, data, 0);
}

static errno_t log_out(void *cookie, socket_t so, const struct sockaddr *to, mbuf_t *data,
		       mbuf_t *control, sflt_data_flag_t flags)
{
	return keep(so, data, 1);
}

static struct sflt_filter filter = {
	.sf_handle = HANDLE,
	.sf_flags = SFLT_GLOBAL,
	.sf_name = "filterlog",
	.sf_unregistered = log_unregistered,
	.sf_attach = log_attach,
	.sf_detach = log_detach,
	.sf_data_in = log_in,
	.sf_data_out = log_out,
};

kern_return_t filterlog_start(kmod_info_t *ki, void *d)
{
	grp = lck_grp_alloc_init("filterlog", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	call = thread_call_allocate(work, NULL);
	if (mbuf_tag_id_find("org.netkpi.filterlog", &tag_id) ||
	    sflt_register(&filter, PF_INET, SOCK_STREAM, IPPROTO_TCP))
		return KERN_FAILURE;
	return KERN_SUCCESS;
}

kern_return_t filterlog_stop(kmod_info_t *ki, void *d)
{
	static int asked;

	if (!asked && sflt_unregister(HANDLE))
		return KERN_FAILURE;
	asked = 1;
	if (!gone || !TAILQ_EMPTY(&parcels))
		return KERN_FAILURE;
	thread_call_cancel(call);
	if (!thread_call_free(call))
		return KERN_FAILURE;
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_SUCCESS;
}
