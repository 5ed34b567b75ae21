// SPDX-License-Identifier: GPL-2.0
/* Filters that look at each packet's IP header and let it pass. Kext world. */

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <sys/kpi_mbuf.h>
#include <sys/systm.h>
#include <net/ethernet.h>
#include <net/kpi_interface.h>
#include <net/kpi_interfacefilter.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/kpi_ipfilter.h>

#include "self.h"

#define MOST	16

unsigned long bench_filter_sum;

static void
look(const struct ip *ip)
{
	if (ip->ip_p == IPPROTO_UDP)
		bench_filter_sum += ip->ip_len + ip->ip_dst.s_addr;
}

/* --- IP filters --- */

static ipfilter_t ip_filters[MOST];
static unsigned long ip_count;

static errno_t
ip_in(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	look(mbuf_data(*data));
	return 0;
}

static errno_t
ip_out(void *cookie, mbuf_t *data, ipf_pktopts_t options)
{
	look(mbuf_data(*data));
	return 0;
}

static int
add_ip(ipf_output_func out, unsigned long count)
{
	const struct ipf_filter filter = { NULL, "bench", ip_in, out, NULL };
	errno_t error = 0;

	while (error == 0 && ip_count < min(count, MOST)) {
		error = ipf_addv4(&filter, &ip_filters[ip_count]);
		ip_count += error == 0;
	}
	return error;
}

int
bench_ip_filters_add(unsigned long count)
{
	return add_ip(ip_out, count);
}

/* --- one that keeps packets, newest first --- */

static mbuf_t kept;
static int keeping;

static errno_t
ip_keep(void *cookie, mbuf_t *data, ipf_pktopts_t options)
{
	if (!keeping)
		return 0;
	mbuf_setnextpkt(*data, kept);
	kept = *data;
	return EJUSTRETURN;
}

int
bench_ip_keeper_add(unsigned long unused)
{
	return add_ip(ip_keep, 1);
}

void
bench_keep(int keep)
{
	keeping = keep;
}

static mbuf_t
next_kept(void)
{
	mbuf_t m = kept;

	if (m != NULL) {
		kept = mbuf_nextpkt(m);
		mbuf_setnextpkt(m, NULL);
	}
	return m;
}

int
bench_kept_go_on(void)
{
	errno_t error = 0;
	mbuf_t m;

	while (error == 0 && (m = next_kept()) != NULL)
		error = ipf_inject_output(m, ip_filters[0], NULL);
	return error;
}

void
bench_kept_free(void)
{
	mbuf_t m;

	while ((m = next_kept()) != NULL)
		mbuf_freem(m);
}

void
bench_ip_filters_remove(void)
{
	while (ip_count != 0)
		ipf_remove(ip_filters[--ip_count]);
}

/* --- interface filters --- */

static interface_filter_t interface_filters[MOST];
static unsigned long interface_count;

static errno_t
frame_in(void *cookie, ifnet_t interface, protocol_family_t protocol, mbuf_t *data, char **frame)
{
	look(mbuf_data(*data));
	return 0;
}

static errno_t
frame_out(void *cookie, ifnet_t interface, protocol_family_t protocol, mbuf_t *data)
{
	look((const struct ip *)((const char *)mbuf_data(*data) + ETHER_HDR_LEN));
	return 0;
}

int
bench_interface_filters_add(unsigned long count)
{
	const struct iff_filter filter = {
		.iff_name = "bench",
		.iff_input = frame_in,
		.iff_output = frame_out,
	};
	ifnet_t loopback;
	errno_t error = ifnet_find_by_name("lo0", &loopback);

	if (error != 0)
		return error;
	while (error == 0 && interface_count < min(count, MOST)) {
		error = iflt_attach(loopback, &filter, &interface_filters[interface_count]);
		interface_count += error == 0;
	}
	ifnet_release(loopback);
	return error;
}

void
bench_interface_filters_remove(void)
{
	while (interface_count != 0)
		iflt_detach(interface_filters[--interface_count]);
}
