/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IP filters: a kext sees, changes, holds or drops IP packets. Input filters see
 * what is for this host, put together; output filters what this host sends or
 * passes on. The newest filter sees a packet first, both ways.
 *
 * A filter's function returns 0 to let the packet go on, EJUSTRETURN to keep it
 * (its own from then on), anything else to have it dropped and freed. It runs in a
 * thread that may sleep, and packets behind it wait; in a kext with KEXT_DIRECT it
 * runs where the packet is, and must not sleep.
 */
#ifndef _KPI_IPFILTER_H
#define _KPI_IPFILTER_H

#include <kpi/types.h>

struct bsd_ipf_pktopts {
	u_int32_t ippo_flags;
	ifnet_t ippo_mcast_ifnet;
	int ippo_mcast_loop;
	u_int8_t ippo_mcast_ttl;
};

typedef struct bsd_ipf_pktopts *ipf_pktopts_t;

typedef errno_t (*ipf_input_func)(void *cookie, mbuf_t *data, int offset,
				  u_int8_t protocol);
typedef errno_t (*ipf_output_func)(void *cookie, mbuf_t *data, ipf_pktopts_t options);
typedef void (*ipf_detach_func)(void *cookie);

struct bsd_ipf_filter {
	void *cookie;
	const char *name;
	ipf_input_func ipf_input;
	ipf_output_func ipf_output;
	ipf_detach_func ipf_detach;
};

typedef struct opaque_ipfilter *ipfilter_t;

_Static_assert(sizeof(struct bsd_ipf_pktopts) == 24, "ipf_pktopts layout");
_Static_assert(sizeof(struct bsd_ipf_filter) == 40, "ipf_filter layout");

#define IPPOF_MCAST_OPTS		0x1
#define IPPOF_BOUND_IF			0x2
#define IPPOF_NO_IFT_CELLULAR		0x4
#define IPPOF_SELECT_SRCIF		0x8
#define IPPOF_BOUND_SRCADDR		0x10
#define IPPOF_NO_IFF_EXPENSIVE		0x20
#define IPPOF_NO_IFF_CONSTRAINED	0x40
#define IPPOF_SHIFT_IFSCOPE		16

errno_t kpi_ipf_addv4(const struct bsd_ipf_filter *filter, ipfilter_t *filter_ref);
errno_t kpi_ipf_addv6(const struct bsd_ipf_filter *filter, ipfilter_t *filter_ref);
errno_t kpi_ipf_remove(ipfilter_t filter_ref);
errno_t kpi_ipf_inject_input(mbuf_t data, ipfilter_t filter_ref);
errno_t kpi_ipf_inject_output(mbuf_t data, ipfilter_t filter_ref, ipf_pktopts_t options);

#endif /* _KPI_IPFILTER_H */
