/* SPDX-License-Identifier: GPL-2.0 */
/* <net/kpi_interfacefilter.h>: see <kpi/interfacefilter.h>. */
#ifndef _NET_KPI_INTERFACEFILTER_H
#define _NET_KPI_INTERFACEFILTER_H

#include <kpi/interfacefilter.h>
#include <sys/kernel_types.h>
#include <sys/kern_event.h>
#include <net/kpi_interface.h>
#include <sys/kpi_mbuf.h>

#define iff_filter		bsd_iff_filter

#define iflt_attach		kpi_iflt_attach
#define iflt_attach_internal	kpi_iflt_attach_internal
#define iflt_detach		kpi_iflt_detach

#endif /* _NET_KPI_INTERFACEFILTER_H */
