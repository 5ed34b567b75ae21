/* SPDX-License-Identifier: GPL-2.0 */
/* <net/kpi_protocol.h>: see <kpi/interface.h>. */
#ifndef _NET_KPI_PROTOCOL_H
#define _NET_KPI_PROTOCOL_H

#include <kpi/interface.h>
#include <sys/kernel_types.h>
#include <net/kpi_interface.h>

#define proto_input			kpi_proto_input
#define proto_inject			kpi_proto_inject
#define proto_register_plumber		kpi_proto_register_plumber
#define proto_unregister_plumber	kpi_proto_unregister_plumber

#endif /* _NET_KPI_PROTOCOL_H */
