// SPDX-License-Identifier: GPL-2.0
#include <mach/mach_types.h>
#include <libkern/OSByteOrder.h>

#include "l2tp.h"

#define PACKETS_MAX	100000

char		*server = "127.0.0.1";
int		port = 1701;
int		echo = 7;		/* sends datagrams back */
int		packets = 200;

int		done;

struct in_addr	l2tp_server;
lck_mtx_t	*l2tp_mtx;
lck_grp_t	*l2tp_grp;

static boolean_t ticking, stopping;

errno_t
l2tp_encapsulate(mbuf_t *m, const struct l2tp_header *h)
{
	u_int16_t *p;
	errno_t error;

	error = mbuf_prepend(m, L2TP_HEADER, MBUF_WAITOK);
	if (error != 0)
		return error;
	p = mbuf_data(*m);
	p[0] = htons(h->flags | L2TP_LENGTH | L2TP_SEQUENCE | L2TP_VERSION);
	p[1] = htons(mbuf_pkthdr_len(*m));
	p[2] = htons(h->tunnel);
	p[3] = htons(h->session);
	p[4] = htons(h->ns);
	p[5] = htons(h->nr);
	return 0;
}

errno_t
l2tp_decapsulate(mbuf_t m, struct l2tp_header *h)
{
	const u_int16_t must = L2TP_LENGTH | L2TP_SEQUENCE | L2TP_VERSION;
	u_int16_t p[L2TP_HEADER / 2];
	int extra;

	if (mbuf_copydata(m, 0, sizeof(p), p) != 0)
		return EBADMSG;
	h->flags = ntohs(p[0]);
	h->length = ntohs(p[1]);
	h->tunnel = ntohs(p[2]);
	h->session = ntohs(p[3]);
	h->ns = ntohs(p[4]);
	h->nr = ntohs(p[5]);
	extra = mbuf_pkthdr_len(m) - h->length;
	if ((h->flags & must) != must || h->length < L2TP_HEADER || extra < 0)
		return EBADMSG;
	mbuf_adj(m, -extra);
	mbuf_adj(m, L2TP_HEADER);
	return 0;
}

errno_t
l2tp_socket(socket_t *so, int to_port, sock_upcall upcall)
{
	struct sockaddr_in sin = { sizeof(sin), AF_INET, htons(to_port), l2tp_server };
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_DGRAM, 0, upcall, NULL, so);
	if (error != 0)
		return error;
	sock_setsockopt(*so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	return sock_connect(*so, (struct sockaddr *)&sin, 0);
}

static void
look(void *unused)
{
	struct timespec tenth = { 0, NSEC_PER_SEC / 10 };

	lck_mtx_lock(l2tp_mtx);
	done = tunnel_is_done() && data_is_done();
	ticking = !done && !stopping;
	if (ticking)
		bsd_timeout(look, NULL, &tenth);
	else
		wakeup(&ticking);
	lck_mtx_unlock(l2tp_mtx);
}

static boolean_t
bad_parameters(void)
{
	if (inet_aton(server, &l2tp_server) == 0)
		printf("l2tp: server=%s: not an IPv4 address\n", server);
	else if (port < 1 || port > 65535 || echo < 1 || echo > 65535)
		printf("l2tp: port=%d echo=%d: not ports\n", port, echo);
	else if (packets < 1 || packets > PACKETS_MAX)
		printf("l2tp: packets=%d: must be 1 to %d\n", packets, PACKETS_MAX);
	else
		return FALSE;
	return TRUE;
}

static void
cleanup(void)
{
	tunnel_close();
	data_close();
	lck_mtx_free(l2tp_mtx, l2tp_grp);
	lck_grp_free(l2tp_grp);
}

kern_return_t
l2tp_start(kmod_info_t *ki, void *data)
{
	errno_t error;

	if (bad_parameters())
		return KERN_INVALID_ARGUMENT;
	l2tp_grp = lck_grp_alloc_init("org.netkpi.port.l2tp", LCK_GRP_ATTR_NULL);
	l2tp_mtx = lck_mtx_alloc_init(l2tp_grp, LCK_ATTR_NULL);
	error = tunnel_open();
	if (error == 0)
		error = data_open();
	if (error != 0) {
		printf("l2tp: %s: error %d\n", server, error);
		cleanup();
		return KERN_FAILURE;
	}
	ticking = TRUE;
	look(NULL);
	return KERN_SUCCESS;
}

kern_return_t
l2tp_stop(kmod_info_t *ki, void *data)
{
	lck_mtx_lock(l2tp_mtx);
	stopping = TRUE;
	while (ticking)
		msleep(&ticking, l2tp_mtx, PSOCK, "l2tpstop", NULL);
	lck_mtx_unlock(l2tp_mtx);
	cleanup();
	return KERN_SUCCESS;
}
