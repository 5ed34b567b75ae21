// SPDX-License-Identifier: GPL-2.0
/*
 * The tunnel's way: asks for one, greets, and takes it down again. Each message
 * is repeated until it is acknowledged, one at a time.
 */
#include "l2tp.h"

#define AVP_MANDATORY	0x8000
#define AVP_HEADER	6
#define AVP_TYPE	0		/* of the message */
#define AVP_RESULT	1
#define AVP_PROTOCOL	2
#define AVP_FRAMING	3
#define AVP_HOST	7
#define AVP_TUNNEL	9
#define AVP_WINDOW	10

#define MSG_SCCRQ	1		/* may we? */
#define MSG_SCCRP	2		/* you may */
#define MSG_SCCCN	3		/* then we do */
#define MSG_STOP	4
#define MSG_HELLO	6

#define AGAIN_MS	500
#define TRIES		20

static const u_int16_t dialogue[] = { MSG_SCCRQ, MSG_SCCCN, MSG_HELLO, MSG_STOP };

#define STEPS	(sizeof(dialogue) / sizeof(dialogue[0]))

int	steps;				/* messages of ours that were acknowledged */
int	resent;
int	peer_tunnel;			/* the peer's number for it */

static socket_t		so;
static u_int16_t	ns, nr;		/* next to send, next to come */
static int		tries;
static boolean_t	ticking, closing;

static errno_t
put_avp(mbuf_t m, u_int16_t type, const void *value, size_t len)
{
	u_int16_t head[] = { htons(AVP_MANDATORY | (AVP_HEADER + len)), 0, htons(type) };
	size_t at = mbuf_pkthdr_len(m);
	errno_t error;

	error = mbuf_copyback(m, at, sizeof(head), head, MBUF_WAITOK);
	if (error == 0)
		error = mbuf_copyback(m, at + sizeof(head), len, value, MBUF_WAITOK);
	return error;
}

static errno_t
put_avp16(mbuf_t m, u_int16_t type, u_int16_t value)
{
	value = htons(value);
	return put_avp(m, type, &value, sizeof(value));
}

static errno_t
put_body(mbuf_t m, u_int16_t message)
{
	u_int32_t framing = htonl(3);
	errno_t error;

	error = put_avp16(m, AVP_TYPE, message);
	if (error == 0 && message == MSG_SCCRQ) {
		if ((error = put_avp16(m, AVP_PROTOCOL, 0x0100)) == 0 &&
		    (error = put_avp(m, AVP_FRAMING, &framing, sizeof(framing))) == 0 &&
		    (error = put_avp(m, AVP_HOST, "port_l2tp", 9)) == 0 &&
		    (error = put_avp16(m, AVP_TUNNEL, L2TP_TUNNEL)) == 0)
			error = put_avp16(m, AVP_WINDOW, 4);
	} else if (error == 0 && message == MSG_STOP) {
		if ((error = put_avp16(m, AVP_TUNNEL, L2TP_TUNNEL)) == 0)
			error = put_avp16(m, AVP_RESULT, 1);
	}
	return error;
}

/* Message 0 is the empty one that only acknowledges. */
static errno_t
send_message(u_int16_t message)
{
	struct l2tp_header h = { L2TP_CONTROL, 0, peer_tunnel, 0, ns, nr };
	size_t sent;
	mbuf_t m;
	errno_t error;

	error = mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m);
	if (error != 0)
		return error;
	if (message != 0)
		error = put_body(m, message);
	if (error != 0) {
		mbuf_freem(m);
		return error;
	}
	error = l2tp_encapsulate(&m, &h);
	if (error == 0)
		error = sock_sendmbuf(so, NULL, m, MSG_DONTWAIT, &sent);
	return error;
}

static void
next_step(void)
{
	ns++;
	steps++;
	tries = 0;
	if (steps < STEPS)
		(void)send_message(dialogue[steps]);	/* the timer repeats it */
	else
		printf("l2tp: tunnel %d was up, %d resent\n", peer_tunnel, resent);
}

/* The value of an AVP of two bytes; -1: not there. */
static int
get_avp16(mbuf_t m, u_int16_t type)
{
	size_t off, len;
	u_int16_t avp[4];

	for (off = 0; mbuf_copydata(m, off, AVP_HEADER, avp) == 0; off += len) {
		len = ntohs(avp[0]) & 0x3ff;
		if (len < AVP_HEADER)
			break;
		if (avp[1] == 0 && avp[2] == htons(type) && len == sizeof(avp) &&
		    mbuf_copydata(m, off, sizeof(avp), avp) == 0)
			return ntohs(avp[3]);
	}
	return -1;
}

static void
take_message(mbuf_t m, struct l2tp_header *h)
{
	boolean_t empty = mbuf_pkthdr_len(m) == 0;

	if (!(h->flags & L2TP_CONTROL) || h->tunnel != L2TP_TUNNEL)
		return;
	if (!empty && h->ns == nr) {
		nr++;
		if (get_avp16(m, AVP_TYPE) == MSG_SCCRP)
			peer_tunnel = get_avp16(m, AVP_TUNNEL);
	}
	if (h->nr == (u_int16_t)(ns + 1) && steps < STEPS)
		next_step();			/* acknowledges by the way */
	else if (!empty)
		(void)send_message(0);
}

static void
upcall(socket_t s, void *cookie, int waitf)
{
	struct l2tp_header h;
	size_t len = 65535;
	mbuf_t m;

	lck_mtx_lock(l2tp_mtx);
	if (sock_receivembuf(s, NULL, &m, MSG_DONTWAIT, &len) == 0 && m != NULL) {
		if (l2tp_decapsulate(m, &h) == 0)
			take_message(m, &h);
		mbuf_freem(m);
	}
	lck_mtx_unlock(l2tp_mtx);
}

static void
repeat(void *unused)
{
	struct timespec ts = { 0, AGAIN_MS * NSEC_PER_MSEC };

	lck_mtx_lock(l2tp_mtx);
	ticking = !closing && !tunnel_is_done();
	if (!ticking) {
		wakeup(&ticking);
	} else {
		if (tries++ > 0) {
			resent++;
			(void)send_message(dialogue[steps]);
		}
		bsd_timeout(repeat, NULL, &ts);
	}
	lck_mtx_unlock(l2tp_mtx);
}

boolean_t
tunnel_is_done(void)
{
	return steps == STEPS || tries > TRIES;
}

errno_t
tunnel_open(void)
{
	errno_t error;

	error = l2tp_socket(&so, port, upcall);
	if (error != 0)
		return error;
	lck_mtx_lock(l2tp_mtx);
	(void)send_message(dialogue[0]);
	ticking = TRUE;
	lck_mtx_unlock(l2tp_mtx);
	repeat(NULL);
	return 0;
}

void
tunnel_close(void)
{
	lck_mtx_lock(l2tp_mtx);
	closing = TRUE;
	while (ticking)
		msleep(&ticking, l2tp_mtx, PSOCK, "l2tptun", NULL);
	lck_mtx_unlock(l2tp_mtx);
	sock_close(so);
}
