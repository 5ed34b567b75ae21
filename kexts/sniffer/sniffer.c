// SPDX-License-Identifier: GPL-2.0
/*
 * Looks at all that passes all Ethernet interfaces and lets it pass: keeps references to
 * the last frames, counts connections that begin, and reads the names of DNS queries.
 */
#include <mach/mach_types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <kern/locks.h>
#include <libkern/OSAtomic.h>
#include <net/ethernet.h>
#include <net/kpi_interface.h>
#include <net/kpi_interfacefilter.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>

#define MAX_INTERFACES	16
#define RING		64

int	interfaces, frames, kept, syns, queries, detached;
static char query[256];
char	*last_query = query;

static interface_filter_t	filters[MAX_INTERFACES];
static ifnet_t			refs[MAX_INTERFACES];
static lck_grp_t		*grp;
static lck_mtx_t		*mtx;		/* guards all below */
static mbuf_t			ring[RING];
static int			next;

/* "7example3com0" is example.com */
static void
read_query(mbuf_t m, size_t off)
{
	size_t at = 0;
	u_int8_t len;

	lck_mtx_lock(mtx);
	while (mbuf_copydata(m, off++, 1, &len) == 0 && len != 0 && len < 64 &&
	    at + len + 1 < sizeof(query) && mbuf_copydata(m, off, len, query + at) == 0) {
		off += len;
		at += len;
		query[at++] = '.';
	}
	query[at ? at - 1 : 0] = '\0';
	lck_mtx_unlock(mtx);
	OSIncrementAtomic(&queries);
}

static void
look(mbuf_t m, size_t off)
{
	struct ip ip;
	struct tcphdr th;
	struct udphdr uh;

	if (mbuf_copydata(m, off, sizeof(ip), &ip) != 0)
		return;
	off += ip.ip_hl << 2;
	if (ip.ip_p == IPPROTO_TCP && mbuf_copydata(m, off, sizeof(th), &th) == 0 &&
	    (th.th_flags & (TH_SYN | TH_ACK)) == TH_SYN)
		OSIncrementAtomic(&syns);
	if (ip.ip_p == IPPROTO_UDP && mbuf_copydata(m, off, sizeof(uh), &uh) == 0 &&
	    uh.uh_dport == htons(53))
		read_query(m, off + sizeof(uh) + 12);
}

/* The newest take the places of the oldest. */
static void
keep(mbuf_t m)
{
	mbuf_t copy, old;

	if (mbuf_copym(m, 0, MBUF_COPYALL, MBUF_DONTWAIT, &copy) != 0)
		return;
	lck_mtx_lock(mtx);
	old = ring[next];
	ring[next] = copy;
	next = (next + 1) % RING;
	if (old == NULL)
		kept++;
	lck_mtx_unlock(mtx);
	if (old != NULL)
		mbuf_freem(old);
}

static errno_t
sniff_in(void *cookie, ifnet_t interface, protocol_family_t protocol, mbuf_t *data, char **frame)
{
	OSIncrementAtomic(&frames);
	keep(*data);
	if (protocol == PF_INET && ntohs(((struct ether_header *)*frame)->ether_type) == ETHERTYPE_IP)
		look(*data, 0);
	return 0;
}

static errno_t
sniff_out(void *cookie, ifnet_t interface, protocol_family_t protocol, mbuf_t *data)
{
	u_int16_t type;

	OSIncrementAtomic(&frames);
	keep(*data);
	if (mbuf_copydata(*data, 12, sizeof(type), &type) == 0 && ntohs(type) == ETHERTYPE_IP)
		look(*data, ETHER_HDR_LEN);
	return 0;
}

static void
sniff_detached(void *cookie, ifnet_t interface)
{
	OSIncrementAtomic(&detached);
}

static void
attach(ifnet_t interface)
{
	struct iff_filter iff = {
		.iff_name = "org.example.sniffer", .iff_input = sniff_in, .iff_output = sniff_out,
		.iff_detached = sniff_detached,
	};

	if (interfaces == MAX_INTERFACES || iflt_attach(interface, &iff, &filters[interfaces]) != 0)
		return;
	ifnet_reference(interface);
	ifnet_set_promiscuous(interface, 1);
	refs[interfaces++] = interface;
}

kern_return_t
sniffer_start(kmod_info_t *ki, void *data)
{
	ifnet_t *list;
	u_int32_t count, i;

	if (ifnet_list_get(IFNET_FAMILY_ETHERNET, &list, &count) != 0) {
		printf("no interfaces\n");
		return KERN_FAILURE;
	}
	grp = lck_grp_alloc_init("sniffer", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	for (i = 0; i < count; i++)
		attach(list[i]);
	ifnet_list_free(list);
	return KERN_SUCCESS;
}

kern_return_t
sniffer_stop(kmod_info_t *ki, void *data)
{
	int i;

	for (i = 0; i < interfaces; i++) {
		ifnet_set_promiscuous(refs[i], 0);
		iflt_detach(filters[i]);
		ifnet_release(refs[i]);
	}
	for (i = 0; i < RING; i++)
		if (ring[i] != NULL)
			mbuf_freem(ring[i]);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_SUCCESS;
}
