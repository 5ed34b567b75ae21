/* SPDX-License-Identifier: GPL-2.0 */
/* Types of the interface and protocol KPI that other headers need. */
#ifndef _KPI_INTERFACE_H
#define _KPI_INTERFACE_H

#include <kpi/types.h>

typedef u_int32_t protocol_family_t;
typedef u_int32_t ifnet_family_t;
typedef u_int32_t ifnet_subfamily_t;
typedef u_int32_t ifnet_offload_t;

struct bsd_kev_msg;
struct bsd_sockaddr;

struct bsd_ifnet_stats_param {
	u_int64_t packets_in;
	u_int64_t bytes_in;
	u_int64_t multicasts_in;
	u_int64_t errors_in;
	u_int64_t packets_out;
	u_int64_t bytes_out;
	u_int64_t multicasts_out;
	u_int64_t errors_out;
	u_int64_t collisions;
	u_int64_t dropped;
	u_int64_t no_protocol;
};

_Static_assert(sizeof(struct bsd_ifnet_stats_param) == 88, "ifnet_stats_param layout");

struct bsd_ifnet_stat_increment_param {
	u_int32_t packets_in;
	u_int32_t bytes_in;
	u_int32_t errors_in;
	u_int32_t packets_out;
	u_int32_t bytes_out;
	u_int32_t errors_out;
	u_int32_t collisions;
	u_int32_t dropped;
};

_Static_assert(sizeof(struct bsd_ifnet_stat_increment_param) == 32,
	       "ifnet_stat_increment_param layout");

typedef errno_t (*proto_plumb_handler)(ifnet_t ifp, protocol_family_t protocol);
typedef void (*proto_unplumb_handler)(ifnet_t ifp, protocol_family_t protocol);

#endif /* _KPI_INTERFACE_H */
