// SPDX-License-Identifier: GPL-2.0
/*
 * Counts what passes an interface. With swallow=1 each frame is kept and given back
 * by a thread a little later; a tag on it says that it was seen.
 */
#include <mach/mach_types.h>
#include <sys/errno.h>
#include <sys/kernel_types.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kern_event.h>
#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/OSAtomic.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/kpi_interface.h>
#include <net/kpi_interfacefilter.h>

#define BUNDLE	"org.example.iflog"

char	*interface = "en0";
int	swallow;
int	in, out, arp, again, events, promiscuous, detached;

/* A frame that was kept. */
struct kept {
	struct kept	*next;
	mbuf_t		m;
	protocol_family_t protocol;
	boolean_t	input;
};

static ifnet_t			ifp;
static interface_filter_t	filter;
static mbuf_tag_id_t		tag_id;
static lck_grp_t		*grp;
static lck_mtx_t		*mtx;		/* guards all below */
static struct kept		*first, **last = &first;
static boolean_t		stopping, stopped;

static boolean_t
was_seen(mbuf_t m)
{
	size_t len;
	void *tag;

	return mbuf_tag_find(m, tag_id, 0, &len, &tag) == 0;
}

static errno_t
keep(mbuf_t m, protocol_family_t protocol, boolean_t input)
{
	struct kept *kept;
	void *tag;

	if (mbuf_tag_allocate(m, tag_id, 0, sizeof(int), MBUF_WAITOK, &tag) != 0)
		return 0;
	kept = _MALLOC(sizeof(*kept), M_TEMP, M_WAITOK);
	if (kept == NULL)
		return ENOMEM;
	kept->next = NULL;
	kept->m = m;
	kept->protocol = protocol;
	kept->input = input;
	lck_mtx_lock(mtx);
	*last = kept;
	last = &kept->next;
	wakeup(&first);
	lck_mtx_unlock(mtx);
	return EJUSTRETURN;
}

static errno_t
log_in(void *cookie, ifnet_t interface, protocol_family_t protocol, mbuf_t *data, char **frame)
{
	const struct ether_header *eh = (const struct ether_header *)*frame;

	if (was_seen(*data)) {
		OSIncrementAtomic(&again);
		return 0;
	}
	OSIncrementAtomic(&in);
	if (ntohs(eh->ether_type) == ETHERTYPE_ARP)
		OSIncrementAtomic(&arp);
	if ((mbuf_flags(*data) & MBUF_PROMISC) != 0)
		OSIncrementAtomic(&promiscuous);
	if (!swallow)
		return 0;
	mbuf_pkthdr_setheader(*data, *frame);
	return keep(*data, protocol, TRUE);
}

static errno_t
log_out(void *cookie, ifnet_t interface, protocol_family_t protocol, mbuf_t *data)
{
	if (was_seen(*data)) {
		OSIncrementAtomic(&again);
		return 0;
	}
	OSIncrementAtomic(&out);
	return swallow ? keep(*data, protocol, FALSE) : 0;
}

static void
log_event(void *cookie, ifnet_t interface, protocol_family_t protocol, const struct kev_msg *msg)
{
	OSIncrementAtomic(&events);
}

static void
log_detached(void *cookie, ifnet_t interface)
{
	detached++;
}

static void
give_back(struct kept *kept)
{
	if (kept->input)
		ifnet_input(ifp, kept->m, NULL);
	else
		ifnet_output_raw(ifp, kept->protocol, kept->m);
	_FREE(kept, M_TEMP);
}

static void
giver(void *arg, wait_result_t result)
{
	struct kept *kept;

	lck_mtx_lock(mtx);
	for (;;) {
		while (first == NULL && !stopping)
			msleep(&first, mtx, PZERO, "iflog", NULL);
		if (first == NULL)
			break;
		kept = first;
		first = kept->next;
		if (first == NULL)
			last = &first;
		lck_mtx_unlock(mtx);
		give_back(kept);
		lck_mtx_lock(mtx);
	}
	stopped = TRUE;
	wakeup(&stopped);
	lck_mtx_unlock(mtx);
	thread_terminate(current_thread());
}

static void
free_locks(void)
{
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
}

static errno_t
attach(void)
{
	struct iff_filter iff = {
		NULL, BUNDLE, 0, log_in, log_out, log_event, NULL, log_detached,
	};
	thread_t thread;
	errno_t error;

	error = kernel_thread_start(giver, NULL, &thread);
	if (error != 0)
		return error;
	thread_deallocate(thread);
	return iflt_attach(ifp, &iff, &filter);
}

kern_return_t
iflog_start(kmod_info_t *ki, void *data)
{
	if (ifnet_find_by_name(interface, &ifp) != 0) {
		printf("interface=%s: there is none\n", interface);
		return KERN_FAILURE;
	}
	grp = lck_grp_alloc_init(BUNDLE, LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	if (mbuf_tag_id_find(BUNDLE, &tag_id) != 0 || attach() != 0) {
		ifnet_release(ifp);
		return KERN_FAILURE;
	}
	return KERN_SUCCESS;
}

kern_return_t
iflog_stop(kmod_info_t *ki, void *data)
{
	if (detached == 0)
		iflt_detach(filter);
	lck_mtx_lock(mtx);
	stopping = TRUE;
	wakeup(&first);
	while (!stopped)
		msleep(&stopped, mtx, PZERO, "iflog stop", NULL);
	lck_mtx_unlock(mtx);
	ifnet_release(ifp);
	free_locks();
	return KERN_SUCCESS;
}
