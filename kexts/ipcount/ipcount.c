/*
 * Counts packets and bytes, IPv4 and IPv6, each way.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/kpi_ipfilter.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

int	icmp_in, icmp_out, udp_in, udp_out, tcp_in, tcp_out;
long	bytes_in, bytes_out;

static ipfilter_t	filters[2];
static SInt32		attached;

static void
count(u_int8_t protocol, int *icmp, int *udp, int *tcp)
{
	switch (protocol) {
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		OSIncrementAtomic(icmp);
		break;
	case IPPROTO_UDP:
		OSIncrementAtomic(udp);
		break;
	case IPPROTO_TCP:
		OSIncrementAtomic(tcp);
		break;
	}
}

static errno_t
ipcount_in(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	OSAddAtomic64(mbuf_pkthdr_len(*data), (SInt64 *)&bytes_in);
	count(protocol, &icmp_in, &udp_in, &tcp_in);
	return 0;
}

static errno_t
ipcount_out(void *cookie, mbuf_t *data, ipf_pktopts_t options)
{
	struct ip *ip = mbuf_data(*data);
	u_int8_t protocol = ip->ip_p;

	if (ip->ip_v == 6)
		protocol = ((struct ip6_hdr *)ip)->ip6_nxt;
	OSAddAtomic64(mbuf_pkthdr_len(*data), (SInt64 *)&bytes_out);
	count(protocol, &icmp_out, &udp_out, &tcp_out);
	return 0;
}

static void
ipcount_detached(void *cookie)
{
	OSDecrementAtomic(&attached);
}

static struct ipf_filter filter = {
	NULL, "org.netkpi.port.ipcount", ipcount_in, ipcount_out, ipcount_detached
};

kern_return_t
ipcount_start(kmod_info_t *ki, void *data)
{
	if (ipf_addv4(&filter, &filters[0]))
		return KERN_FAILURE;
	attached++;
	if (ipf_addv6(&filter, &filters[1]))
		filters[1] = NULL;
	else
		OSIncrementAtomic(&attached);
	return KERN_SUCCESS;
}

/* Asked again until both filters are gone. */
kern_return_t
ipcount_stop(kmod_info_t *ki, void *data)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (filters[i])
			ipf_remove(filters[i]);
		filters[i] = NULL;
	}
	return attached ? KERN_FAILURE : KERN_SUCCESS;
}
