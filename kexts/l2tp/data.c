// SPDX-License-Identifier: GPL-2.0
/*
 * The payload's way: packets of growing size go out encapsulated, come back and
 * are compared with what was sent. Some are single mbufs with room in front,
 * some chains of clusters that others share, so that the header must go into an
 * mbuf of its own.
 */
#include "l2tp.h"

#define DATA_MAX	4000
#define AT_ONCE		8

int	returned;
int	damaged;

static socket_t so;
static mbuf_t	whole;			/* what all packets are parts of */
static int	next, waiting;

static errno_t
make_whole(void)
{
	u_char bytes[100];
	size_t off;
	int i;
	errno_t error;

	error = mbuf_allocpacket(MBUF_WAITOK, DATA_MAX, NULL, &whole);
	for (off = 0; error == 0 && off < DATA_MAX; off += sizeof(bytes)) {
		for (i = 0; i < sizeof(bytes); i++)
			bytes[i] = off / sizeof(bytes) + i;
		error = mbuf_copyback(whole, off, sizeof(bytes), bytes, MBUF_WAITOK);
	}
	return error;
}

static size_t
packet_len(int n)
{
	return 1 + n * 37 % DATA_MAX;
}

static errno_t
make_packet(int n, mbuf_t *m)
{
	size_t len = packet_len(n);
	errno_t error;

	if (len > 200)
		return mbuf_copym(whole, 0, len, MBUF_WAITOK, m);

	error = mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, m);
	if (error != 0)
		return error;
	mbuf_setdata(*m, (char *)mbuf_datastart(*m) + 16, len);
	mbuf_pkthdr_setlen(*m, len);
	mbuf_copydata(whole, 0, len, mbuf_data(*m));
	return 0;
}

static void
send_some(void)
{
	struct l2tp_header h = { .tunnel = L2TP_TUNNEL, .session = 1 };
	size_t sent;
	mbuf_t m;

	for (; waiting < AT_ONCE && next < packets; next++) {
		h.ns = next;
		if (make_packet(next, &m) != 0 || l2tp_encapsulate(&m, &h) != 0 ||
		    sock_sendmbuf(so, NULL, m, MSG_DONTWAIT, &sent) != 0)
			damaged++;
		else
			waiting++;
	}
}

static boolean_t
is_intact(mbuf_t m, size_t len)
{
	u_char a[64], b[64];
	size_t off, n;

	if (mbuf_pkthdr_len(m) != len)
		return FALSE;
	for (off = 0; off < len; off += n) {
		n = MIN(sizeof(a), len - off);
		if (mbuf_copydata(m, off, n, a) != 0 || mbuf_copydata(whole, off, n, b) != 0 ||
		    bcmp(a, b, n) != 0)
			return FALSE;
	}
	return TRUE;
}

static void
upcall(socket_t s, void *cookie, int waitf)
{
	struct l2tp_header h;
	size_t len;
	mbuf_t m;

	lck_mtx_lock(l2tp_mtx);
	for (;;) {
		len = 65535;
		if (sock_receivembuf(s, NULL, &m, MSG_DONTWAIT, &len) != 0)
			break;
		if (l2tp_decapsulate(m, &h) == 0 && !(h.flags & L2TP_CONTROL) &&
		    h.tunnel == L2TP_TUNNEL && is_intact(m, packet_len(h.ns)))
			returned++;
		else
			damaged++;
		mbuf_freem(m);
		waiting--;
	}
	send_some();
	lck_mtx_unlock(l2tp_mtx);
}

errno_t
data_open(void)
{
	errno_t error;

	error = make_whole();
	if (error == 0)
		error = l2tp_socket(&so, echo, upcall);
	if (error != 0)
		return error;
	lck_mtx_lock(l2tp_mtx);
	send_some();
	lck_mtx_unlock(l2tp_mtx);
	return 0;
}

void
data_close(void)
{
	sock_close(so);
	mbuf_freem(whole);
}

boolean_t
data_is_done(void)
{
	return returned + damaged >= packets;
}
