/* SPDX-License-Identifier: GPL-2.0 */
/* <netinet/kpi_ipfilter.h>; <kpi/ipfilter.h> says what IP filters are. */
#ifndef _NETINET_KPI_IPFILTER_H
#define _NETINET_KPI_IPFILTER_H

#include <kpi/ipfilter.h>
#include <sys/kernel_types.h>
#include <sys/kpi_mbuf.h>

#define ipf_pktopts	bsd_ipf_pktopts
#define ipf_filter	bsd_ipf_filter

#define ipf_addv4		kpi_ipf_addv4
#define ipf_addv6		kpi_ipf_addv6
#define ipf_remove		kpi_ipf_remove
#define ipf_inject_input	kpi_ipf_inject_input
#define ipf_inject_output	kpi_ipf_inject_output

#endif /* _NETINET_KPI_IPFILTER_H */
