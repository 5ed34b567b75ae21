/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_KPI_SOCKETFILTER_H
#define _SYS_KPI_SOCKETFILTER_H

#include <kpi/socketfilter.h>
#include <sys/kernel_types.h>
#include <sys/kpi_socket.h>
#include <sys/kpi_mbuf.h>

#define sflt_filter	bsd_sflt_filter
#define sflt_filter_ext	bsd_sflt_filter_ext

#define sflt_register		kpi_sflt_register
#define sflt_register_internal	kpi_sflt_register
#define sflt_unregister		kpi_sflt_unregister
#define sflt_attach		kpi_sflt_attach
#define sflt_attach_internal	kpi_sflt_attach
#define sflt_detach		kpi_sflt_detach

#define sock_inject_data_in	kpi_sock_inject_data_in
#define sock_inject_data_out	kpi_sock_inject_data_out

#define sockopt_direction	kpi_sockopt_direction
#define sockopt_level		kpi_sockopt_level
#define sockopt_name		kpi_sockopt_name
#define sockopt_valsize		kpi_sockopt_valsize
#define sockopt_copyin		kpi_sockopt_copyin
#define sockopt_copyout		kpi_sockopt_copyout

#define sf_len		sf_ext.sf_ext_len
#define sf_accept	sf_ext.sf_ext_accept

#endif /* _SYS_KPI_SOCKETFILTER_H */
