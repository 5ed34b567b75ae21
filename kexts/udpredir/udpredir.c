/*
 * Datagrams for one address and port go to another instead, and its answers look as
 * if they came from the first.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <netinet/kpi_ipfilter.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

char	*from = "192.0.2.7";
int	from_port = 5353;
char	*to = "127.0.0.1";
int	to_port = 7153;
int	there, back;

static struct in_addr	from_addr, to_addr;
static ipfilter_t	filter;
static boolean_t	filter_is_there;

static boolean_t
parse(const char *text, struct in_addr *addr)
{
	return inet_aton(text, addr);
}

/* Address and port at these places, with the sums that go over them. */
static errno_t
change(mbuf_t m, size_t head, size_t addr_off, struct in_addr addr, size_t port_off, int port)
{
	u_int16_t number = htons(port), sum = 0;
	struct ip ip;

	if (mbuf_copyback(m, addr_off, sizeof(addr), &addr, MBUF_DONTWAIT) ||
	    mbuf_copyback(m, head + port_off, sizeof(number), &number, MBUF_DONTWAIT) ||
	    mbuf_copyback(m, head + offsetof(struct udphdr, uh_sum), sizeof(sum), &sum, MBUF_DONTWAIT))
		return ENOBUFS;
	if (mbuf_copydata(m, 0, sizeof(ip), &ip))
		return EINVAL;
	ip.ip_sum = 0;
	if (mbuf_copyback(m, 0, sizeof(ip), &ip, MBUF_DONTWAIT) ||
	    mbuf_inet_cksum(m, 0, 0, head, &ip.ip_sum) ||
	    mbuf_copyback(m, 0, sizeof(ip), &ip, MBUF_DONTWAIT) ||
	    mbuf_inet_cksum(m, IPPROTO_UDP, head, ntohs(ip.ip_len) - head, &sum))
		return EINVAL;
	return mbuf_copyback(m, head + offsetof(struct udphdr, uh_sum), sizeof(sum), &sum, MBUF_DONTWAIT);
}

static errno_t
udpredir_out(void *cookie, mbuf_t *data, ipf_pktopts_t options)
{
	mbuf_t m = *data;
	struct udphdr udp;
	struct ip ip;
	size_t head;

	if (mbuf_copydata(m, 0, sizeof(ip), &ip) || ip.ip_p != IPPROTO_UDP ||
	    ip.ip_dst.s_addr != from_addr.s_addr)
		return 0;
	head = ip.ip_hl << 2;
	if (mbuf_copydata(m, head, sizeof(udp), &udp) || udp.uh_dport != htons(from_port))
		return 0;
	mbuf_outbound_finalize(m, PF_INET, 0);
	if (change(m, head, offsetof(struct ip, ip_dst), to_addr, offsetof(struct udphdr, uh_dport), to_port))
		return ENOBUFS;
	OSIncrementAtomic(&there);
	ipf_inject_output(m, filter, options);
	return EJUSTRETURN;
}

static errno_t
udpredir_in(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	struct udphdr udp;
	struct ip ip;

	if (protocol != IPPROTO_UDP || mbuf_copydata(*data, 0, sizeof(ip), &ip) ||
	    ip.ip_src.s_addr != to_addr.s_addr ||
	    mbuf_copydata(*data, offset, sizeof(udp), &udp) || udp.uh_sport != htons(to_port))
		return 0;
	mbuf_inbound_modified(*data);
	if (change(*data, offset, offsetof(struct ip, ip_src), from_addr,
		   offsetof(struct udphdr, uh_sport), from_port))
		return ENOBUFS;
	OSIncrementAtomic(&back);
	return 0;
}

static void
udpredir_detached(void *cookie)
{
	filter_is_there = FALSE;
}

static struct ipf_filter udpredir = {
	.name = "org.netkpi.port.udpredir",
	.ipf_input = udpredir_in,
	.ipf_output = udpredir_out,
	.ipf_detach = udpredir_detached,
};

kern_return_t
udpredir_start(kmod_info_t *ki, void *data)
{
	if (!parse(from, &from_addr) || !parse(to, &to_addr)) {
		printf("udpredir: not an IPv4 address\n");
		return KERN_FAILURE;
	}
	filter_is_there = TRUE;
	return ipf_addv4(&udpredir, &filter) ? KERN_FAILURE : KERN_SUCCESS;
}

kern_return_t
udpredir_stop(kmod_info_t *ki, void *data)
{
	if (filter)
		ipf_remove(filter);
	filter = NULL;
	return filter_is_there ? KERN_FAILURE : KERN_SUCCESS;
}
