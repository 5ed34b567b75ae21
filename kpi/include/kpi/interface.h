/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interfaces. An ifnet_t stands for a device and outlives it: a reference that a
 * kext keeps does not hold up its removal, and is answered with what was last true.
 */
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

errno_t kpi_ifnet_reference(ifnet_t ifp);
errno_t kpi_ifnet_release(ifnet_t ifp);
const char *kpi_ifnet_name(ifnet_t ifp);
u_int32_t kpi_ifnet_unit(ifnet_t ifp);
ifnet_family_t kpi_ifnet_family(ifnet_t ifp);
u_int8_t kpi_ifnet_type(ifnet_t ifp);
u_int32_t kpi_ifnet_index(ifnet_t ifp);
void *kpi_ifnet_softc(ifnet_t ifp);
u_int16_t kpi_ifnet_flags(ifnet_t ifp);
errno_t kpi_ifnet_set_flags(ifnet_t ifp, u_int16_t new_flags, u_int16_t mask);
u_int32_t kpi_ifnet_mtu(ifnet_t ifp);
errno_t kpi_ifnet_set_mtu(ifnet_t ifp, u_int32_t mtu);
u_int8_t kpi_ifnet_hdrlen(ifnet_t ifp);
u_int8_t kpi_ifnet_addrlen(ifnet_t ifp);
u_int32_t kpi_ifnet_metric(ifnet_t ifp);
errno_t kpi_ifnet_set_metric(ifnet_t ifp, u_int32_t metric);
errno_t kpi_ifnet_lladdr_copy_bytes(ifnet_t ifp, void *lladdr, size_t length);
errno_t kpi_ifnet_llbroadcast_copy_bytes(ifnet_t ifp, void *addr, size_t bufflen,
					 size_t *out_len);
errno_t kpi_ifnet_set_promiscuous(ifnet_t ifp, int on);
errno_t kpi_ifnet_stat(ifnet_t ifp, struct bsd_ifnet_stats_param *out);
errno_t kpi_ifnet_find_by_name(const char *ifname, ifnet_t *ifp);
errno_t kpi_ifnet_list_get(ifnet_family_t family, ifnet_t **list, u_int32_t *count);
void kpi_ifnet_list_free(ifnet_t *interfaces);

errno_t kpi_ifnet_input(ifnet_t interface, mbuf_t first,
			const struct bsd_ifnet_stat_increment_param *stats);
errno_t kpi_ifnet_output_raw(ifnet_t interface, protocol_family_t protocol, mbuf_t packet);

typedef errno_t (*proto_plumb_handler)(ifnet_t ifp, protocol_family_t protocol);
typedef void (*proto_unplumb_handler)(ifnet_t ifp, protocol_family_t protocol);

#endif /* _KPI_INTERFACE_H */
