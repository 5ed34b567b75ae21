/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Types and constants only: the functions of this KPI are not offered, so a
 * kext that calls them does not compile.
 */
#ifndef _NET_KPI_INTERFACEFILTER_H
#define _NET_KPI_INTERFACEFILTER_H

#include <kpi/interfacefilter.h>
#include <sys/kernel_types.h>
#include <sys/kern_event.h>
#include <net/kpi_interface.h>
#include <sys/kpi_mbuf.h>

#define iff_filter	bsd_iff_filter

#endif /* _NET_KPI_INTERFACEFILTER_H */
