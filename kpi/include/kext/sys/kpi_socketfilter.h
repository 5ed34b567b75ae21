/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Types and constants only: the functions of this KPI are not offered, so a
 * kext that calls them does not compile.
 */
#ifndef _SYS_KPI_SOCKETFILTER_H
#define _SYS_KPI_SOCKETFILTER_H

#include <kpi/socketfilter.h>
#include <sys/kernel_types.h>
#include <sys/kpi_socket.h>
#include <sys/kpi_mbuf.h>

#define sflt_filter	bsd_sflt_filter
#define sflt_filter_ext	bsd_sflt_filter_ext

#define sf_len		sf_ext.sf_ext_len
#define sf_accept	sf_ext.sf_ext_accept

#endif /* _SYS_KPI_SOCKETFILTER_H */
