/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NETINET_IN_SYSTM_H
#define _NETINET_IN_SYSTM_H

#include <kpi/types.h>

typedef u_int16_t n_short;	/* as received from the net */
typedef u_int32_t n_long;
typedef u_int32_t n_time;	/* milliseconds since 00:00 UTC */

#endif /* _NETINET_IN_SYSTM_H */
