/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Types of the protocol KPI. Its functions are not offered: a kext that calls
 * them does not compile.
 */
#ifndef _NET_KPI_PROTOCOL_H
#define _NET_KPI_PROTOCOL_H

#include <kpi/interface.h>
#include <sys/kernel_types.h>
#include <net/kpi_interface.h>

#endif /* _NET_KPI_PROTOCOL_H */
