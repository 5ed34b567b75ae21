// SPDX-License-Identifier: GPL-2.0
/*
 * Interface filters that let all pass; with keep=1 each frame is kept, and given back by
 * a thread a little later. Without a nap nothing that they do sleeps.
 */

#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>
#include <net/kpi_interface.h>
#include <net/kpi_interfacefilter.h>

#define MOST	8

char *interfaces = "";	/* names, with commas between them */
int keep;
int in, out, again, attached;
int nap;		/* milliseconds that each frame takes on its way out */

/* On a frame that was kept. */
struct note {
	ifnet_t ifp;
	protocol_family_t protocol;
	boolean_t input;
};

static lck_grp_t *group;
static lck_spin_t *lock;
static mbuf_t first, last;	/* kept; W: lock */
static mbuf_tag_id_t tag_id;
static ifnet_t ifps[MOST];
static interface_filter_t filters[MOST];
static int count;
static volatile boolean_t quit, ended;

static struct note *
note_of(mbuf_t m)
{
	size_t len;
	void *note;

	return mbuf_tag_find(m, tag_id, 0, &len, &note) == 0 ? note : NULL;
}

static errno_t
kept(mbuf_t m, ifnet_t ifp, protocol_family_t protocol, boolean_t input)
{
	struct note *note;

	if (mbuf_tag_allocate(m, tag_id, 0, sizeof(*note), MBUF_DONTWAIT, (void **)&note) != 0)
		return 0;
	note->ifp = ifp;
	note->protocol = protocol;
	note->input = input;
	mbuf_setnextpkt(m, NULL);
	lck_spin_lock(lock);
	if (first)
		mbuf_setnextpkt(last, m);
	else
		first = m;
	last = m;
	lck_spin_unlock(lock);
	return EJUSTRETURN;
}

static errno_t
ifact_in(void *cookie, ifnet_t ifp, protocol_family_t protocol, mbuf_t *data, char **frame)
{
	if (note_of(*data)) {
		OSIncrementAtomic(&again);
		return 0;
	}
	OSIncrementAtomic(&in);
	if (!keep)
		return 0;
	mbuf_pkthdr_setheader(*data, *frame);
	return kept(*data, ifp, protocol, TRUE);
}

static errno_t
ifact_out(void *cookie, ifnet_t ifp, protocol_family_t protocol, mbuf_t *data)
{
	if (note_of(*data)) {
		OSIncrementAtomic(&again);
		return 0;
	}
	OSIncrementAtomic(&out);
	if (nap)
		msleep(&nap, NULL, PZERO, "nap", &(struct timespec){ 0, nap * 1000000 });
	return keep ? kept(*data, ifp, protocol, FALSE) : 0;
}

static void
ifact_detached(void *cookie, ifnet_t ifp)
{
	OSDecrementAtomic(&attached);
	*(interface_filter_t *)cookie = NULL;
}

static mbuf_t
next(void)
{
	mbuf_t m;

	lck_spin_lock(lock);
	m = first;
	if (m) {
		first = mbuf_nextpkt(m);
		mbuf_setnextpkt(m, NULL);
	}
	lck_spin_unlock(lock);
	return m;
}

static void
thread(void *parameter, wait_result_t unused)
{
	struct timespec tick = { 0, 2000000 };
	mbuf_t m;

	while (!quit) {
		msleep(&again, NULL, PZERO, "ifact", &tick);
		while ((m = next())) {
			struct note *note = note_of(m);

			if (note->input)
				ifnet_input(note->ifp, m, NULL);
			else
				ifnet_output_raw(note->ifp, note->protocol, m);
		}
	}
	ended = TRUE;
}

static errno_t
attach(const char *name)
{
	struct iff_filter filter = {
		&filters[count], "org.example.ifact", 0, ifact_in, ifact_out, NULL, NULL,
		ifact_detached,
	};

	if (count == MOST || ifnet_find_by_name(name, &ifps[count]) != 0)
		return ENXIO;
	if (iflt_attach(ifps[count], &filter, &filters[count]) != 0) {
		ifnet_release(ifps[count]);
		return ENXIO;
	}
	OSIncrementAtomic(&attached);
	count++;
	return 0;
}

static errno_t
attach_all(void)
{
	const char *p = interfaces;
	char name[16];
	errno_t error = 0;
	int n;

	while (*p && error == 0) {
		for (n = 0; *p && *p != ','; p++)
			if (n < (int)sizeof(name) - 1)
				name[n++] = *p;
		name[n] = 0;
		error = attach(name);
		if (*p == ',')
			p++;
	}
	return error;
}

kern_return_t
ifact_stop(kmod_info_t *ki, void *data)
{
	mbuf_t m;
	int i;

	for (i = 0; i < count; i++)
		if (filters[i])
			iflt_detach(filters[i]);
	quit = TRUE;
	if (attached || !ended)
		return KERN_FAILURE;
	while ((m = next()))
		mbuf_freem(m);
	while (count > 0)
		ifnet_release(ifps[--count]);
	lck_spin_free(lock, group);
	lck_grp_free(group);
	return KERN_SUCCESS;
}

kern_return_t
ifact_start(kmod_info_t *ki, void *data)
{
	thread_t t;

	if (mbuf_tag_id_find("org.example.ifact", &tag_id) != 0)
		return KERN_FAILURE;
	group = lck_grp_alloc_init("ifact", LCK_GRP_ATTR_NULL);
	lock = lck_spin_alloc_init(group, LCK_ATTR_NULL);
	if (kernel_thread_start(thread, NULL, &t) != KERN_SUCCESS)
		return KERN_FAILURE;
	thread_deallocate(t);
	if (attach_all() == 0)
		return KERN_SUCCESS;
	while (ifact_stop(ki, data) != KERN_SUCCESS)
		msleep(&again, NULL, PZERO, "ifact", &(struct timespec){ 0, 2000000 });
	return KERN_FAILURE;
}
