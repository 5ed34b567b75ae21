// SPDX-License-Identifier: GPL-2.0
/* What debug builds and tests ask: is this an mbuf, is that chain sane? And failures on order. */

#include <linux/atomic.h>
#include <linux/jump_label.h>
#include <linux/uaccess.h>

#include "check.h"
#include "cpu.h"
#include "header.h"

/* More mbufs than any chain has: beyond this it is a circle. */
#define CHAIN_LIMIT	1000000

/* For debug builds: looks at memory that may not be an mbuf, or not be at all. */
const char *kpi_mbuf_suspect(const struct __mbuf *m)
{
	u32 magic;

	if (!m)
		return "NULL mbuf";
	if (get_kernel_nofault(magic, &kpi_mcb(m)->magic))
		return "not an mbuf";
	if (magic == KPI_MBUF_FREED)
		return "freed mbuf";
	return magic == KPI_MBUF_MAGIC ? NULL : "not an mbuf";
}

static const char *check_storage(const struct __mbuf *m)
{
	const struct kpi_mcb *mcb = kpi_mcb(m);

	if (!!mcb->store != !!(mcb->flags & MBUF_EXT))
		return "MBUF_EXT does not say what the storage is";
	if (mcb->store && !refcount_read(&mcb->store->refs))
		return "storage has been freed";
	if (!mcb->store && (mcb->start != kpi_internal(m) || mcb->size != KPI_MLEN))
		return "internal storage is not the mbuf's own";
	if (mcb->data < mcb->start || mcb->data > kpi_end(mcb))
		return "data pointer is outside the storage";
	if (mcb->len > kpi_end(mcb) - mcb->data)
		return "data goes beyond the storage";
	return NULL;
}

static const char *check_mbuf(const struct __mbuf *m)
{
	const struct kpi_mcb *mcb = kpi_mcb(m);
	const char *wrong = kpi_mbuf_wrong(m);

	if (wrong)
		return wrong;
	if (mcb->flags & ~(KPI_M_PUBLIC | KPI_M_UNIT | KPI_M_VEILED))
		return "unknown flags";
	if (mcb->type == MBUF_TYPE_FREE)
		return "type is MBUF_TYPE_FREE";
	return check_storage(m);
}

static const char *check_chain(const struct __mbuf *m)
{
	const char *wrong = NULL;
	unsigned int n;

	for (n = 0; m && !wrong; m = kpi_next(m)) {
		wrong = check_mbuf(m);
		if (++n > CHAIN_LIMIT)
			wrong = "chain is a circle";
	}
	return wrong;
}

const char *kpi_mbuf_check(mbuf_t m)
{
	const char *wrong = NULL;
	unsigned int n;

	for (n = 0; m && !wrong; m = kpi_nextpkt(m)) {
		wrong = check_chain(m);
		if (++n > CHAIN_LIMIT)
			wrong = "packet list is a circle";
	}
	return wrong;
}
KPI_EXPORT(kpi_mbuf_check);

/* Failures that tests ask for. The key is on while there is one to come. */
DEFINE_STATIC_KEY_FALSE(kpi_mbuf_faults);

static bool fail_nonblocking;
static atomic_t fail_countdown = ATOMIC_INIT(0);	/* 0: off */
static bool fail_fired;

bool kpi_mbuf_fault(gfp_t gfp)
{
	bool nth = atomic_dec_if_positive(&fail_countdown) == 0;

	if (nth)
		WRITE_ONCE(fail_fired, true);
	else if (!READ_ONCE(fail_nonblocking) || gfpflags_allow_blocking(gfp))
		return false;
	kpi_count(drops, 1);
	return true;
}

static void faults_update(void)
{
	if (fail_nonblocking || atomic_read(&fail_countdown))
		static_branch_enable(&kpi_mbuf_faults);
	else
		static_branch_disable(&kpi_mbuf_faults);
}

void kpi_mbuf_fail_nonblocking(bool on)
{
	WRITE_ONCE(fail_nonblocking, on);
	faults_update();
}
KPI_EXPORT(kpi_mbuf_fail_nonblocking);

void kpi_mbuf_fail_nth(unsigned int n)
{
	WRITE_ONCE(fail_fired, false);
	atomic_set(&fail_countdown, n);
	faults_update();
}
KPI_EXPORT(kpi_mbuf_fail_nth);

bool kpi_mbuf_fail_fired(void)
{
	return READ_ONCE(fail_fired);
}
KPI_EXPORT(kpi_mbuf_fail_fired);
