// SPDX-License-Identifier: GPL-2.0
/*
 * An NTP client: asks a server for the time every 100 ms until it has four
 * answers, and keeps the one that was under way for the shortest time. A timer
 * asks, the upcall takes the answers.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <netinet/in.h>
#include <kern/locks.h>
#include <libkern/OSByteOrder.h>

#define NTP_COOKIE	'ntpc'		/* tells our upcall from strangers */
#define NTP_EPOCH	2208988800u	/* 1970, in seconds since 1900 */
#define NTP_CLIENT	0x23		/* version 4, mode 3 */
#define NTP_SERVER	4
#define NTP_SAMPLES	4
#define NTP_TRIES	50

struct ntp_packet {
	u_int8_t	mode;		/* leap 2 bits, version 3, mode 3 */
	u_int8_t	stratum;
	u_int8_t	poll;
	int8_t		precision;
	u_int32_t	root_delay;
	u_int32_t	root_dispersion;
	u_int32_t	reference;
	u_int64_t	updated;	/* times: seconds.fraction since 1900 */
	u_int64_t	origin;		/* what the client said */
	u_int64_t	received;
	u_int64_t	transmitted;
};

char	*server = "127.0.0.1";
int	port = 123;

int	done;
int	result;
int	samples;
int	stratum;
long	offset_us;
long	delay_us;

static lck_grp_t	*ntp_grp;
static lck_mtx_t	*ntp_mtx;	/* guards all below and the results */
static socket_t		ntp_so;
static u_int64_t	ntp_asked;	/* when we asked last; 0: answered */
static int		ntp_tries;
static boolean_t	ntp_ticking, ntp_stopping;

static u_int64_t
ntp_now()
{
	struct timespec ts;

	nanotime(&ts);
	return ((u_int64_t)(ts.tv_sec + NTP_EPOCH) << 32) |
	       (((u_int64_t)ts.tv_nsec << 32) / NSEC_PER_SEC);
}

static long
ntp_usec(fixed)
	int64_t fixed;
{
	return (fixed >> 32) * USEC_PER_SEC +
	       (((fixed & 0xffffffff) * USEC_PER_SEC) >> 32);
}

#pragma mark Answers

static boolean_t
ntp_is_answer(p)
	struct ntp_packet *p;
{
	return ntp_asked != 0 && OSSwapBigToHostInt64(p->origin) == ntp_asked &&
	       (p->mode & 7) == NTP_SERVER && p->stratum > 0 && p->stratum < 16;
}

static void
ntp_sample(p, now)
	struct ntp_packet *p;
	u_int64_t now;
{
	u_int64_t there = OSSwapBigToHostInt64(p->received);
	u_int64_t back = OSSwapBigToHostInt64(p->transmitted);
	int64_t delay = (int64_t)(now - ntp_asked) - (int64_t)(back - there);
	int64_t offset = ((int64_t)(there - ntp_asked) + (int64_t)(back - now)) / 2;

	if (samples == 0 || ntp_usec(delay) < delay_us) {
		delay_us = ntp_usec(delay);
		offset_us = ntp_usec(offset);
	}
	stratum = p->stratum;
	samples++;
	ntp_asked = 0;
}

static void
ntp_upcall(socket_t so, void *cookie, int waitf)
{
	struct ntp_packet packet;
	struct iovec iov = { &packet, sizeof(packet) };
	struct msghdr msg;
	size_t len;
	errno_t error;

	if (cookie != (void *)NTP_COOKIE)
		return;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	lck_mtx_lock(ntp_mtx);
	error = sock_receive(so, &msg, MSG_DONTWAIT, &len);
	if (error == 0 && len == sizeof(packet) && ntp_is_answer(&packet))
		ntp_sample(&packet, ntp_now());
	else if (error != EWOULDBLOCK)
		result = error;		/* ECONNREFUSED; the next try may do better */
	lck_mtx_unlock(ntp_mtx);
}

#pragma mark Questions

static errno_t
ntp_ask()
{
	struct ntp_packet packet;
	struct iovec iov = { &packet, sizeof(packet) };
	struct msghdr msg;
	size_t len;

	bzero(&packet, sizeof(packet));
	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	ntp_asked = ntp_now();
	packet.mode = NTP_CLIENT;
	packet.transmitted = OSSwapHostToBigInt64(ntp_asked);
	return sock_send(ntp_so, &msg, MSG_DONTWAIT, &len);
}

static void
ntp_finish()
{
	result = samples == NTP_SAMPLES ? 0 : result != 0 ? result : ETIMEDOUT;
	if (result != 0)
		printf("ntp: %s:%d: error %d\n", server, port, result);
	else
		printf("ntp: stratum %d, offset %ld us, delay %ld us\n", stratum,
		       offset_us, delay_us);
	done = 1;
}

static void
ntp_tick(unused)
	void *unused;
{
	struct timespec tenth = { 0, NSEC_PER_SEC / 10 };
	errno_t error;

	lck_mtx_lock(ntp_mtx);
	if (ntp_stopping || samples == NTP_SAMPLES || ntp_tries++ == NTP_TRIES) {
		ntp_finish();
		ntp_ticking = FALSE;
		wakeup(&ntp_ticking);
	} else {
		error = ntp_ask();
		if (error != 0)
			result = error;
		bsd_timeout(ntp_tick, NULL, &tenth);
	}
	lck_mtx_unlock(ntp_mtx);
}

#pragma mark Start and stop

static errno_t
ntp_open(sin)
	struct sockaddr_in *sin;
{
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_DGRAM, IPPROTO_UDP, ntp_upcall,
			    (void *)NTP_COOKIE, &ntp_so);
	if (error != 0)
		return error;
	sock_setsockopt(ntp_so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	error = sock_connect(ntp_so, (struct sockaddr *)sin, 0);
	if (error != 0)
		sock_close(ntp_so);
	return error;
}

static void
ntp_free_locks()
{
	lck_mtx_free(ntp_mtx, ntp_grp);
	lck_grp_free(ntp_grp);
}

static kern_return_t
ntp_start(kmod_info_t *ki, void *data)
{
	struct sockaddr_in sin = { sizeof(sin), AF_INET, htons(port) };
	errno_t error;

	if (inet_aton(server, &sin.sin_addr) == 0) {
		printf("ntp: server=%s: not an IPv4 address\n", server);
		return KERN_INVALID_ARGUMENT;
	}
	if (port < 1 || port > 65535) {
		printf("ntp: port=%d: not a port\n", port);
		return KERN_INVALID_ARGUMENT;
	}

	ntp_grp = lck_grp_alloc_init("org.netkpi.port.ntp", LCK_GRP_ATTR_NULL);
	ntp_mtx = lck_mtx_alloc_init(ntp_grp, LCK_ATTR_NULL);
	error = ntp_open(&sin);
	if (error != 0) {
		printf("ntp: %s:%d: error %d\n", server, port, error);
		ntp_free_locks();
		return KERN_FAILURE;
	}
	ntp_ticking = TRUE;
	ntp_tick(NULL);
	return KERN_SUCCESS;
}

static kern_return_t
ntp_stop(kmod_info_t *ki, void *data)
{
	lck_mtx_lock(ntp_mtx);
	ntp_stopping = TRUE;
	while (ntp_ticking)
		msleep(&ntp_ticking, ntp_mtx, PSOCK, "ntpstop", NULL);
	lck_mtx_unlock(ntp_mtx);

	sock_close(ntp_so);		/* waits for the upcall */
	ntp_free_locks();
	return KERN_SUCCESS;
}

KMOD_EXPLICIT_DECL(org.netkpi.port.ntp, "1.0.0d1", ntp_start, ntp_stop)
