// SPDX-License-Identifier: GPL-2.0
/*
 * Watches a peer: sends it a datagram at even intervals, which the peer is to
 * send back. After some intervals without an answer the peer counts as dead,
 * with the next answer as alive.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <kern/clock.h>
#include <kern/locks.h>
#include <kern/thread_call.h>
#include <libkern/OSByteOrder.h>

#define HEARTBEAT_MAGIC	'beat'

struct heartbeat {
	u_int32_t	magic;
	u_int32_t	seq;
	u_int64_t	sent;			/* absolute time; only we look at it */
};

char	*peer = "127.0.0.1";
int	port = 7;
int	interval = 50;			/* milliseconds */
int	misses = 3;

int	alive;
int	changes;			/* from dead to alive or back */
int	beats;
int	answers;
int	rtt_us;				/* of the last answer */

static lck_grp_t	*grp;
static lck_mtx_t	*mtx;		/* guards all below and the results */
static socket_t		so;
static thread_call_t	timer;
static u_int64_t	next;		/* deadline of the next beat */
static int		unanswered;
static boolean_t	stopping;

static void
set_alive(int now)
{
	lck_mtx_assert(mtx, LCK_MTX_ASSERT_OWNED);
	if (alive == now)
		return;
	alive = now;
	changes++;
	printf("heartbeat: %s:%d is %s\n", peer, port, now ? "alive" : "dead");
}

static errno_t
send_beat(void)
{
	struct heartbeat *beat;
	size_t sent;
	mbuf_t m;
	errno_t error;

	error = mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m);
	if (error != 0)
		return error;
	mbuf_align_32(m, sizeof(*beat));
	mbuf_setlen(m, sizeof(*beat));
	mbuf_pkthdr_setlen(m, sizeof(*beat));
	beat = mbuf_data(m);
	beat->magic = OSSwapHostToBigInt32(HEARTBEAT_MAGIC);
	beat->seq = OSSwapHostToBigInt32(++beats);
	beat->sent = mach_absolute_time();
	return sock_sendmbuf(so, NULL, m, MSG_DONTWAIT, &sent);
}

static void
tick(thread_call_param_t p0, thread_call_param_t p1)
{
	u_int64_t step;

	lck_mtx_lock(mtx);
	if (unanswered++ >= misses)
		set_alive(FALSE);
	(void)send_beat();			/* what is not sent is not answered */

	clock_interval_to_absolutetime_interval(interval, NSEC_PER_MSEC, &step);
	next += step;				/* not from now: so they do not drift */
	if (!stopping)
		thread_call_enter_delayed(timer, next);
	lck_mtx_unlock(mtx);
}

static void
answer(struct heartbeat *beat)
{
	u_int64_t ns;

	if (beat->magic != OSSwapHostToBigInt32(HEARTBEAT_MAGIC) ||
	    OSSwapBigToHostInt32(beat->seq) > beats)
		return;
	absolutetime_to_nanoseconds(mach_absolute_time() - beat->sent, &ns);
	rtt_us = ns / NSEC_PER_USEC;
	answers++;
	unanswered = 0;
	set_alive(TRUE);
}

static void
upcall(socket_t s, void *cookie, int waitf)
{
	struct heartbeat beat;
	size_t len = 65535;
	mbuf_t m;

	lck_mtx_lock(mtx);
	if (sock_receivembuf(s, NULL, &m, MSG_DONTWAIT, &len) == 0 && m != NULL) {
		if (mbuf_copydata(m, 0, sizeof(beat), &beat) == 0)
			answer(&beat);
		mbuf_freem(m);
	}
	lck_mtx_unlock(mtx);
}

static errno_t
open_socket(struct sockaddr_in *to)
{
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_DGRAM, IPPROTO_UDP, upcall, NULL, &so);
	if (error == 0)
		error = sock_setsockopt(so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	if (error == 0)
		error = sock_connect(so, (struct sockaddr *)to, 0);
	return error;
}

static void
cleanup(void)
{
	sock_close(so);
	if (timer != NULL)
		thread_call_free(timer);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
}

static boolean_t
bad_parameters(struct sockaddr_in *to)
{
	if (inet_aton(peer, &to->sin_addr) == 0)
		printf("heartbeat: peer=%s: not an IPv4 address\n", peer);
	else if (port < 1 || port > 65535)
		printf("heartbeat: port=%d: not a port\n", port);
	else if (interval < 1 || interval > 60000)
		printf("heartbeat: interval=%d: must be 1 to 60000 ms\n", interval);
	else if (misses < 1)
		printf("heartbeat: misses=%d: must be 1 or more\n", misses);
	else
		return FALSE;
	return TRUE;
}

kern_return_t
heartbeat_start(kmod_info_t *ki, void *data)
{
	struct sockaddr_in to = { sizeof(to), AF_INET, htons(port) };
	errno_t error;

	if (bad_parameters(&to))
		return KERN_INVALID_ARGUMENT;

	grp = lck_grp_alloc_init("org.netkpi.port.heartbeat", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	error = open_socket(&to);
	timer = thread_call_allocate(tick, NULL);
	if (error != 0 || timer == NULL) {
		printf("heartbeat: %s:%d: error %d\n", peer, port, error);
		cleanup();
		return KERN_FAILURE;
	}
	clock_get_uptime(&next);
	thread_call_enter(timer);
	return KERN_SUCCESS;
}

kern_return_t
heartbeat_stop(kmod_info_t *ki, void *data)
{
	lck_mtx_lock(mtx);
	stopping = TRUE;
	lck_mtx_unlock(mtx);
	thread_call_cancel_wait(timer);
	cleanup();
	printf("heartbeat: %d beats, %d answers\n", beats, answers);
	return KERN_SUCCESS;
}
