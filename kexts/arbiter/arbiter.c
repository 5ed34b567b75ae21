/*
 * Asks a daemon whether a TCP connection may come in. The first packet is held
 * meanwhile, by an IP filter; what has not been answered in time is denied. Without
 * a daemon all may pass.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kern_control.h>
#include <sys/kpi_mbuf.h>
#include <sys/malloc.h>
#include <sys/queue.h>
#include <sys/time.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/kpi_ipfilter.h>
#include <kern/clock.h>
#include <kern/locks.h>
#include <mach/mach_time.h>
#include <mach/mach_types.h>

#include "arbiter.h"

#define TICK_MS		20

#ifndef TH_SYN
#define TH_SYN		0x02
#define TH_ACK		0x10
#endif

int patience = 1000;	/* parameters: milliseconds; the rest is to be looked at */
int allowed;
int denied;
int late;

struct question {
	TAILQ_ENTRY(question)	link;
	u_int32_t		id;
	u_int64_t		deadline;
	mbuf_t			packet;
};

static TAILQ_HEAD(, question) questions = TAILQ_HEAD_INITIALIZER(questions);
static lck_grp_t	*arb_grp;
static lck_mtx_t	*arb_mtx;	/* guards the list and the next ones */
static u_int32_t	daemon;		/* its unit; 0: none */
static u_int32_t	next_id;
static boolean_t	ticking;
static boolean_t	filter_is_there;
static kern_ctl_ref	control;
static ipfilter_t	filter;

static void
carry_out(struct question *q, u_int32_t verdict)
{
	if (verdict != ARBITER_ALLOW || ipf_inject_input(q->packet, filter) != 0) {
		denied++;
		mbuf_freem(q->packet);
	} else {
		allowed++;
	}
	FREE(q, M_TEMP);
}

static struct question *
take_locked(u_int32_t id)
{
	struct question *q;

	TAILQ_FOREACH(q, &questions, link) {
		if (q->id != id)
			continue;
		TAILQ_REMOVE(&questions, q, link);
		return q;
	}
	return NULL;
}

static struct question *
take_late_locked(void)
{
	struct question *q = TAILQ_FIRST(&questions);

	if (q == NULL || mach_absolute_time() < q->deadline)
		return NULL;
	TAILQ_REMOVE(&questions, q, link);
	late++;
	return q;
}

static void
tick(void *arg)
{
	struct timespec ts = { 0, TICK_MS * 1000000 };
	struct question *q;

	lck_mtx_lock(arb_mtx);
	while ((q = take_late_locked()) != NULL) {
		lck_mtx_unlock(arb_mtx);
		carry_out(q, ARBITER_DENY);
		lck_mtx_lock(arb_mtx);
	}
	ticking = !TAILQ_EMPTY(&questions);
	if (ticking)
		bsd_timeout(tick, NULL, &ts);
	lck_mtx_unlock(arb_mtx);
}

static void
start_ticking_locked(void)
{
	struct timespec ts = { 0, TICK_MS * 1000000 };

	if (!ticking)
		bsd_timeout(tick, NULL, &ts);
	ticking = TRUE;
}

/* The question goes first: an answer may be there before we are back. */
static errno_t
ask(struct question *q, struct arbiter_question *question)
{
	u_int64_t wait;
	errno_t error = ENOENT;

	clock_interval_to_absolutetime_interval(patience, NSEC_PER_SEC / 1000, &wait);
	lck_mtx_lock(arb_mtx);
	if (daemon != 0) {
		q->id = question->id = ++next_id;
		q->deadline = mach_absolute_time() + wait;
		TAILQ_INSERT_TAIL(&questions, q, link);
		error = ctl_enqueuedata(control, daemon, question, sizeof(*question), CTL_DATA_EOR);
		if (error != 0)
			TAILQ_REMOVE(&questions, q, link);
		else
			start_ticking_locked();
	}
	lck_mtx_unlock(arb_mtx);
	return error;
}

static boolean_t
begins_connection(mbuf_t m, int offset, struct arbiter_question *question)
{
	struct ip ip;
	struct tcphdr th;

	if (mbuf_copydata(m, 0, sizeof(ip), &ip) != 0 ||
	    mbuf_copydata(m, offset, sizeof(th), &th) != 0)
		return FALSE;
	if ((th.th_flags & (TH_SYN | TH_ACK)) != TH_SYN)
		return FALSE;
	question->src = ip.ip_src.s_addr;
	question->dst = ip.ip_dst.s_addr;
	question->sport = th.th_sport;
	question->dport = th.th_dport;
	return TRUE;
}

static errno_t
arbiter_input(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	struct arbiter_question question;
	struct question *q;

	bzero(&question, sizeof(question));
	if (protocol != IPPROTO_TCP || !begins_connection(*data, offset, &question))
		return 0;
	MALLOC(q, struct question *, sizeof(*q), M_TEMP, M_WAITOK | M_ZERO);
	if (q == NULL)
		return ENOMEM;
	q->packet = *data;
	if (ask(q, &question) != 0) {
		FREE(q, M_TEMP);
		return 0;		/* nobody to ask */
	}
	return EJUSTRETURN;
}

static void
arbiter_detach(void *cookie)
{
	filter_is_there = FALSE;
}

static errno_t
arbiter_connect(kern_ctl_ref ref, struct sockaddr_ctl *sac, void **unitinfo)
{
	errno_t error = 0;

	lck_mtx_lock(arb_mtx);
	if (daemon != 0)
		error = EBUSY;
	else
		daemon = sac->sc_unit;
	lck_mtx_unlock(arb_mtx);
	return error;
}

/* What the daemon has left unanswered may pass. */
static errno_t
arbiter_disconnect(kern_ctl_ref ref, u_int32_t unit, void *unitinfo)
{
	struct question *q;

	lck_mtx_lock(arb_mtx);
	if (daemon == unit) {
		daemon = 0;
		while ((q = TAILQ_FIRST(&questions)) != NULL) {
			TAILQ_REMOVE(&questions, q, link);
			lck_mtx_unlock(arb_mtx);
			carry_out(q, ARBITER_ALLOW);
			lck_mtx_lock(arb_mtx);
		}
	}
	lck_mtx_unlock(arb_mtx);
	return 0;
}

static errno_t
arbiter_send(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, mbuf_t m, int flags)
{
	struct arbiter_answer answer;
	struct question *q;
	errno_t error = EINVAL;

	if (mbuf_pkthdr_len(m) == sizeof(answer))
		error = mbuf_copydata(m, 0, sizeof(answer), &answer);
	mbuf_freem(m);
	if (error != 0)
		return error;

	lck_mtx_lock(arb_mtx);
	q = take_locked(answer.id);
	lck_mtx_unlock(arb_mtx);
	if (q == NULL)
		return ESRCH;		/* too late */
	carry_out(q, answer.verdict);
	return 0;
}

static errno_t
add_control(void)
{
	struct kern_ctl_reg reg;

	bzero(&reg, sizeof(reg));
	strlcpy(reg.ctl_name, ARBITER_NAME, sizeof(reg.ctl_name));
	reg.ctl_flags = CTL_FLAG_PRIVILEGED;
	reg.ctl_connect = arbiter_connect;
	reg.ctl_disconnect = arbiter_disconnect;
	reg.ctl_send = arbiter_send;
	return ctl_register(&reg, &control);
}

static errno_t
add_filter(void)
{
	static struct ipf_filter ipf = {
		.name = "arbiter",
		.ipf_input = arbiter_input,
		.ipf_detach = arbiter_detach,
	};
	errno_t error;

	error = ipf_addv4(&ipf, &filter);
	filter_is_there = error == 0;
	return error;
}

kern_return_t
arbiter_start(kmod_info_t *ki, void *data)
{
	arb_grp = lck_grp_alloc_init("arbiter", LCK_GRP_ATTR_NULL);
	arb_mtx = lck_mtx_alloc_init(arb_grp, LCK_ATTR_NULL);
	if (add_control() == 0) {
		if (add_filter() == 0)
			return KERN_SUCCESS;
		ctl_deregister(control);
	}
	lck_mtx_free(arb_mtx, arb_grp);
	lck_grp_free(arb_grp);
	return KERN_FAILURE;
}

kern_return_t
arbiter_stop(kmod_info_t *ki, void *data)
{
	if (control != NULL && ctl_deregister(control) != 0)
		return KERN_FAILURE;
	control = NULL;
	if (filter != NULL)
		ipf_remove(filter);
	filter = NULL;
	if (filter_is_there || ticking)
		return KERN_FAILURE;
	lck_mtx_free(arb_mtx, arb_grp);
	lck_grp_free(arb_grp);
	return KERN_SUCCESS;
}
