/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Types and constants only: the functions of this KPI are not offered, so a
 * kext that calls them does not compile.
 */
#ifndef _NETINET_KPI_IPFILTER_H
#define _NETINET_KPI_IPFILTER_H

#include <kpi/ipfilter.h>
#include <sys/kernel_types.h>
#include <sys/kpi_mbuf.h>

#define ipf_pktopts	bsd_ipf_pktopts
#define ipf_filter	bsd_ipf_filter

#endif /* _NETINET_KPI_IPFILTER_H */
