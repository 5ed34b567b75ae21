// SPDX-License-Identifier: GPL-2.0
/*
 * An IP filter that does to packets of one protocol what it is told, while it runs;
 * for IPv4 and IPv6. What it keeps a thread gives back later.
 */

#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/socket.h>
#include <sys/kpi_mbuf.h>
#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/kpi_ipfilter.h>

enum { PASS, REFUSE, FREE, NAP, KEEP, COPY };

int protocol = IPPROTO_ICMP;
int in_act, out_act;
int in, out, given_back;
int echoes_in, echoes_out;	/* of these what ping sends and gets */
int leave;		/* 1: the filters in place when it stops; 2: then with the next packet they go */
int nap = 10;		/* milliseconds */
int every;		/* not 0: only so many-th packets are acted on */
int flip;		/* all bits of what TCP carries, out and in, before */
int longer;		/* and options that say nothing in what goes out */

static lck_grp_t *group;
static lck_spin_t *lock;
static mbuf_t first, last;	/* kept; W: lock */
static ipfilter_t filters[2];
static SInt32 attached;
static volatile boolean_t quit, ended;

static int
v6(mbuf_t m)
{
	return ((struct ip *)mbuf_data(m))->ip_v == 6;
}

/* Whether an ICMP packet is a ping's: request or answer. */
static int
is_echo(mbuf_t m, int offset, int number)
{
	u_int8_t type = 255;

	mbuf_copydata(m, offset, 1, &type);
	if (number == IPPROTO_ICMPV6)
		return type == 128 || type == 129;
	return number == IPPROTO_ICMP && (type == 8 || type == 0);
}

static errno_t
keep(mbuf_t m, boolean_t is_out)
{
	mbuf_setnextpkt(m, NULL);
	mbuf_settype(m, is_out ? MBUF_TYPE_FTABLE : MBUF_TYPE_DATA);
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
keep_copy(mbuf_t m, boolean_t is_out)
{
	mbuf_t copy;

	if (is_out)
		mbuf_outbound_finalize(m, v6(m) ? PF_INET6 : PF_INET, 0);
	if (mbuf_dup(m, MBUF_DONTWAIT, &copy) != 0)
		return ENOBUFS;
	mbuf_freem(m);
	return keep(copy, is_out);
}

static void
remove_filters(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (filters[i])
			ipf_remove(filters[i]);
		filters[i] = NULL;
	}
}

/* Offset of TCP's header; @payload: of what it carries. */
static size_t
tcp_of(mbuf_t m, size_t *payload)
{
	size_t head = v6(m) ? 40 : ((struct ip *)mbuf_data(m))->ip_hl * 4;
	u_int8_t words = 0;

	mbuf_copydata(m, head + 12, 1, &words);
	*payload = head + (words >> 4) * 4;
	return head;
}

static void
flip_from(mbuf_t m, size_t from)
{
	size_t at = 0, i;

	for (; m; at += mbuf_len(m), m = mbuf_next(m))
		for (i = from > at ? from - at : 0; i < mbuf_len(m); i++)
			((u_int8_t *)mbuf_data(m))[i] ^= 0xff;
}

/* Another word of options: the headers move forward to make room. */
static void
put_option(mbuf_t *m)
{
	u_int8_t heads[128], nops[4] = { 1, 1, 1, 1 };
	size_t payload, head = tcp_of(*m, &payload), at = v6(*m) ? 4 : 2;
	u_int16_t len;

	if (payload - head > 56 || mbuf_prepend(m, sizeof(nops), MBUF_DONTWAIT) != 0)
		return;
	mbuf_copydata(*m, sizeof(nops), payload, heads);
	memcpy(&len, heads + at, sizeof(len));
	len = htons(ntohs(len) + sizeof(nops));
	memcpy(heads + at, &len, sizeof(len));
	heads[head + 12] += 1 << 4;
	mbuf_copyback(*m, 0, payload, heads, MBUF_DONTWAIT);
	mbuf_copyback(*m, payload, sizeof(nops), nops, MBUF_DONTWAIT);
}

static void
sum_up(mbuf_t m)
{
	size_t payload, head = tcp_of(m, &payload), len = mbuf_pkthdr_len(m) - head;
	u_int16_t sum = 0;

	mbuf_copyback(m, head + 16, sizeof(sum), &sum, MBUF_DONTWAIT);
	if (v6(m))
		mbuf_inet6_cksum(m, IPPROTO_TCP, head, len, &sum);
	else
		mbuf_inet_cksum(m, IPPROTO_TCP, head, len, &sum);
	mbuf_copyback(m, head + 16, sizeof(sum), &sum, MBUF_DONTWAIT);
}

/* What TCP may send again stays as it is: the packet is a copy from here on. */
static errno_t
change(mbuf_t *m, boolean_t is_out)
{
	size_t payload;
	mbuf_t copy;

	if (is_out)
		mbuf_outbound_finalize(*m, v6(*m) ? PF_INET6 : PF_INET, 0);
	else
		mbuf_inbound_modified(*m);
	if (mbuf_dup(*m, MBUF_DONTWAIT, &copy) != 0)
		return ENOBUFS;
	mbuf_freem(*m);
	*m = copy;
	if (is_out && longer)
		put_option(m);
	tcp_of(*m, &payload);
	flip_from(*m, payload);
	sum_up(*m);
	return 0;
}

static errno_t
act(int what, mbuf_t m, boolean_t is_out)
{
	struct timespec ts = { nap / 1000, nap % 1000 * 1000000 };
	static SInt32 packets;

	if (every && OSIncrementAtomic(&packets) % every)
		return 0;

	if (leave == 2)
		remove_filters();

	switch (what) {
	case REFUSE:
		return EACCES;
	case FREE:
		mbuf_freem(m);
		return EJUSTRETURN;
	case NAP:
		msleep(&nap, NULL, PZERO, "nap", &ts);
		return 0;
	case KEEP:
		return keep(m, is_out);
	case COPY:			/* another one goes on later, that only looks like it */
		return keep_copy(m, is_out);
	}
	return 0;
}

static errno_t
ipact_in(void *cookie, mbuf_t *data, int offset, u_int8_t number)
{
	if (number != protocol && !(protocol == IPPROTO_ICMP && number == IPPROTO_ICMPV6))
		return 0;
	OSIncrementAtomic(&in);
	if (is_echo(*data, offset, number))
		OSIncrementAtomic(&echoes_in);
	if (flip && change(data, FALSE) != 0)
		return ENOBUFS;
	return act(in_act, *data, FALSE);
}

static errno_t
ipact_out(void *cookie, mbuf_t *data, ipf_pktopts_t options)
{
	u_int8_t number = 0;

	mbuf_copydata(*data, v6(*data) ? 6 : 9, 1, &number);
	if (number != protocol && !(protocol == IPPROTO_ICMP && number == IPPROTO_ICMPV6))
		return 0;
	OSIncrementAtomic(&out);
	if (is_echo(*data, v6(*data) ? 40 : 20, number))
		OSIncrementAtomic(&echoes_out);
	if (flip && change(data, TRUE) != 0)
		return ENOBUFS;
	return act(out_act, *data, TRUE);
}

static void
ipact_detached(void *cookie)
{
	OSDecrementAtomic(&attached);
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
give_back(mbuf_t m)
{
	ipfilter_t ref = filters[v6(m)];

	given_back++;
	if (mbuf_type(m) == MBUF_TYPE_FTABLE) {
		mbuf_settype(m, MBUF_TYPE_DATA);
		ipf_inject_output(m, ref, NULL);
	} else if (ipf_inject_input(m, ref)) {
		mbuf_freem(m);
	}
}

static void
thread(void *parameter, wait_result_t unused)
{
	struct timespec tick = { 0, 2000000 };
	mbuf_t m;

	while (!quit) {
		msleep(&given_back, NULL, PZERO, "ipact", &tick);
		while ((m = next()))
			give_back(m);
	}
	ended = TRUE;
}

static struct ipf_filter filter = {
	NULL, "org.example.ipact", ipact_in, ipact_out, ipact_detached
};

kern_return_t
ipact_start(kmod_info_t *ki, void *data)
{
	thread_t t;

	if (!leave) {			/* such a one keeps nothing, and frees nothing */
		group = lck_grp_alloc_init("ipact", LCK_GRP_ATTR_NULL);
		lock = lck_spin_alloc_init(group, LCK_ATTR_NULL);
	}
	attached = 2;
	if (ipf_addv4(&filter, &filters[0]) || ipf_addv6(&filter, &filters[1]))
		return KERN_FAILURE;
	if (leave)
		return KERN_SUCCESS;
	if (kernel_thread_start(thread, NULL, &t))
		return KERN_FAILURE;
	thread_deallocate(t);
	return KERN_SUCCESS;
}

kern_return_t
ipact_stop(kmod_info_t *ki, void *data)
{
	mbuf_t m;

	if (leave)
		return KERN_SUCCESS;	/* too early: the filters are still there */
	remove_filters();
	quit = TRUE;
	if (attached || !ended)
		return KERN_FAILURE;
	while ((m = next()))
		mbuf_freem(m);
	lck_spin_free(lock, group);
	lck_grp_free(group);
	return KERN_SUCCESS;
}
