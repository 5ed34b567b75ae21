/* SPDX-License-Identifier: GPL-2.0 */
/* <sys/mbuf.h>: on macOS the private structure of mbufs; here only the KPI. */
#ifndef _SYS_MBUF_H
#define _SYS_MBUF_H

#include <sys/param.h>
#include <sys/kpi_mbuf.h>

#endif /* _SYS_MBUF_H */
