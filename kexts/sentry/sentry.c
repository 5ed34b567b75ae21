/*
 * Asks a daemon whether a program may connect, and has the program wait for the
 * answer: a socket filter sees connect() and sleeps in it. Without an answer in time
 * it may not; without a daemon it may. The daemon is that of the kext arbiter, and so
 * are question and answer.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kern_control.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socketfilter.h>
#include <sys/proc.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <kern/locks.h>
#include <mach/mach_types.h>

#include "arbiter.h"

#define SENTRY_HANDLE	0x73747279	/* 'stry' */
#define UNDECIDED	2

int patience = 1000;	/* parameters: milliseconds; the rest is to be looked at */
int allowed;
int denied;
int late;

/* On the stack of who waits. */
struct question {
	LIST_ENTRY(question)	link;
	u_int32_t		id;
	u_int32_t		verdict;
};

static LIST_HEAD(, question) questions = LIST_HEAD_INITIALIZER(questions);
static lck_grp_t	*sentry_grp;
static lck_mtx_t	*sentry_mtx;	/* guards the list and the next ones */
static u_int32_t	daemon;		/* its unit; 0: none */
static u_int32_t	next_id;
static boolean_t	filter_is_there;
static kern_ctl_ref	control;

static errno_t
sentry_attach(void **cookie, socket_t so)
{
	*cookie = NULL;
	return 0;
}

static void
sentry_detach(void *cookie, socket_t so)
{
}

static void
sentry_unregistered(sflt_handle handle)
{
	filter_is_there = FALSE;
}

/* With the mutex, which is free while this sleeps. */
static u_int32_t
wait_for_verdict(struct question *q)
{
	struct timespec ts = { patience / 1000, (patience % 1000) * 1000000 };
	int error = 0;

	while (q->verdict == UNDECIDED && error == 0)
		error = msleep(q, sentry_mtx, PSOCK | PCATCH, "sentry", &ts);
	if (q->verdict == UNDECIDED)
		late++;
	return q->verdict;
}

static errno_t
ask(struct arbiter_question *question)
{
	struct question q = { .verdict = UNDECIDED };
	errno_t error = 0;

	lck_mtx_lock(sentry_mtx);
	if (daemon == 0) {
		lck_mtx_unlock(sentry_mtx);
		return 0;
	}
	q.id = question->id = ++next_id;
	LIST_INSERT_HEAD(&questions, &q, link);
	if (ctl_enqueuedata(control, daemon, question, sizeof(*question), CTL_DATA_EOR) != 0 ||
	    wait_for_verdict(&q) != ARBITER_ALLOW)
		error = EPERM;
	LIST_REMOVE(&q, link);
	if (error == 0)
		allowed++;
	else
		denied++;
	lck_mtx_unlock(sentry_mtx);
	return error;
}

static errno_t
sentry_connect_out(void *cookie, socket_t so, const struct sockaddr *to)
{
	const struct sockaddr_in *sin = (const struct sockaddr_in *)to;
	struct arbiter_question question;

	if (to->sa_family != AF_INET)
		return 0;
	bzero(&question, sizeof(question));
	question.dst = sin->sin_addr.s_addr;
	question.dport = sin->sin_port;
	return ask(&question);
}

static void
answer_locked(u_int32_t id, u_int32_t verdict)
{
	struct question *q;

	LIST_FOREACH(q, &questions, link) {
		if (id != 0 && q->id != id)
			continue;
		q->verdict = verdict;
		wakeup(q);
	}
}

static errno_t
sentry_ctl_connect(kern_ctl_ref ref, struct sockaddr_ctl *sac, void **unitinfo)
{
	errno_t error = 0;

	lck_mtx_lock(sentry_mtx);
	if (daemon != 0)
		error = EBUSY;
	else
		daemon = sac->sc_unit;
	lck_mtx_unlock(sentry_mtx);
	return error;
}

/* Whoever waits for a daemon that is gone may go on. */
static errno_t
sentry_ctl_disconnect(kern_ctl_ref ref, u_int32_t unit, void *unitinfo)
{
	lck_mtx_lock(sentry_mtx);
	if (daemon == unit) {
		daemon = 0;
		answer_locked(0, ARBITER_ALLOW);
	}
	lck_mtx_unlock(sentry_mtx);
	return 0;
}

static errno_t
sentry_ctl_send(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, mbuf_t m, int flags)
{
	struct arbiter_answer answer;
	errno_t error = EINVAL;

	if (mbuf_pkthdr_len(m) == sizeof(answer))
		error = mbuf_copydata(m, 0, sizeof(answer), &answer);
	mbuf_freem(m);
	if (error != 0 || answer.id == 0 || answer.verdict > ARBITER_ALLOW)
		return EINVAL;
	lck_mtx_lock(sentry_mtx);
	answer_locked(answer.id, answer.verdict);
	lck_mtx_unlock(sentry_mtx);
	return 0;
}

static errno_t
add_control(void)
{
	struct kern_ctl_reg reg;

	bzero(&reg, sizeof(reg));
	strlcpy(reg.ctl_name, ARBITER_NAME, sizeof(reg.ctl_name));
	reg.ctl_flags = CTL_FLAG_PRIVILEGED;
	reg.ctl_connect = sentry_ctl_connect;
	reg.ctl_disconnect = sentry_ctl_disconnect;
	reg.ctl_send = sentry_ctl_send;
	return ctl_register(&reg, &control);
}

static errno_t
add_filter(void)
{
	static struct sflt_filter filter = {
		.sf_handle = SENTRY_HANDLE,
		.sf_flags = SFLT_GLOBAL,
		.sf_name = "sentry",
		.sf_unregistered = sentry_unregistered,
		.sf_attach = sentry_attach,
		.sf_detach = sentry_detach,
		.sf_connect_out = sentry_connect_out,
	};
	errno_t error;

	filter_is_there = TRUE;
	error = sflt_register(&filter, PF_INET, SOCK_STREAM, IPPROTO_TCP);
	if (error != 0)
		filter_is_there = FALSE;
	return error;
}

kern_return_t
sentry_start(kmod_info_t *ki, void *data)
{
	sentry_grp = lck_grp_alloc_init("sentry", LCK_GRP_ATTR_NULL);
	sentry_mtx = lck_mtx_alloc_init(sentry_grp, LCK_ATTR_NULL);
	if (add_control() == 0) {
		if (add_filter() == 0)
			return KERN_SUCCESS;
		ctl_deregister(control);
	}
	lck_mtx_free(sentry_mtx, sentry_grp);
	lck_grp_free(sentry_grp);
	return KERN_FAILURE;
}

kern_return_t
sentry_stop(kmod_info_t *ki, void *data)
{
	if (control != NULL && ctl_deregister(control) != 0)
		return KERN_FAILURE;
	control = NULL;
	sflt_unregister(SENTRY_HANDLE);
	if (filter_is_there)
		return KERN_FAILURE;
	lck_mtx_free(sentry_mtx, sentry_grp);
	lck_grp_free(sentry_grp);
	return KERN_SUCCESS;
}
