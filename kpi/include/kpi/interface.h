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

struct bsd_kern_event_msg;
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

struct bsd_sockaddr;
struct bsd_timeval;

errno_t kpi_ifnet_set_addrlen(ifnet_t ifp, u_int8_t addrlen);
errno_t kpi_ifnet_set_lladdr(ifnet_t ifp, const void *lladdr, size_t lladdr_len);
u_int64_t kpi_ifnet_baudrate(ifnet_t ifp);
errno_t kpi_ifnet_set_baudrate(ifnet_t ifp, u_int64_t baudrate);
errno_t kpi_ifnet_touch_lastchange(ifnet_t ifp);
errno_t kpi_ifnet_lastchange(ifnet_t ifp, struct bsd_timeval *last_change);

errno_t kpi_ifnet_get_address_list(ifnet_t ifp, ifaddr_t **addresses);
errno_t kpi_ifnet_get_address_list_family(ifnet_t ifp, ifaddr_t **addresses, u_int8_t family);
void kpi_ifnet_free_address_list(ifaddr_t *addresses);
errno_t kpi_ifaddr_reference(ifaddr_t ifaddr);
errno_t kpi_ifaddr_release(ifaddr_t ifaddr);
u_int8_t kpi_ifaddr_address_family(ifaddr_t ifaddr);
ifnet_t kpi_ifaddr_ifnet(ifaddr_t ifaddr);
errno_t kpi_ifaddr_address(ifaddr_t ifaddr, struct bsd_sockaddr *out_addr, u_int32_t addr_size);
errno_t kpi_ifaddr_dstaddress(ifaddr_t ifaddr, struct bsd_sockaddr *out_dstaddr,
			      u_int32_t dstaddr_size);
errno_t kpi_ifaddr_netmask(ifaddr_t ifaddr, struct bsd_sockaddr *out_netmask,
			   u_int32_t netmask_size);
ifaddr_t kpi_ifaddr_withaddr(const struct bsd_sockaddr *address);
ifaddr_t kpi_ifaddr_withdstaddr(const struct bsd_sockaddr *destination);
ifaddr_t kpi_ifaddr_withnet(const struct bsd_sockaddr *net);
ifaddr_t kpi_ifaddr_withroute(int flags, const struct bsd_sockaddr *destination,
			      const struct bsd_sockaddr *gateway);
ifaddr_t kpi_ifaddr_findbestforaddr(const struct bsd_sockaddr *addr, ifnet_t interface);

errno_t kpi_ifnet_add_multicast(ifnet_t interface, const struct bsd_sockaddr *maddr,
				ifmultiaddr_t *multicast);
errno_t kpi_ifnet_remove_multicast(ifmultiaddr_t multicast);
errno_t kpi_ifnet_get_multicast_list(ifnet_t interface, ifmultiaddr_t **addresses);
void kpi_ifnet_free_multicast_list(ifmultiaddr_t *multicasts);
errno_t kpi_ifnet_resolve_multicast(ifnet_t ifp, const struct bsd_sockaddr *proto_addr,
				    struct bsd_sockaddr *ll_addr, size_t ll_len);
errno_t kpi_ifmaddr_reference(ifmultiaddr_t ifmaddr);
errno_t kpi_ifmaddr_release(ifmultiaddr_t ifmaddr);
errno_t kpi_ifmaddr_address(ifmultiaddr_t ifmaddr, struct bsd_sockaddr *out_addr,
			    u_int32_t addr_size);
errno_t kpi_ifmaddr_lladdress(ifmultiaddr_t ifmaddr, struct bsd_sockaddr *out_link_layer_addr,
			      u_int32_t addr_size);
ifnet_t kpi_ifmaddr_ifnet(ifmultiaddr_t ifmaddr);

errno_t kpi_ifnet_input(ifnet_t interface, mbuf_t first,
			const struct bsd_ifnet_stat_increment_param *stats);
errno_t kpi_ifnet_output_raw(ifnet_t interface, protocol_family_t protocol, mbuf_t packet);

/* An interface's link address, AF_LINK; the same in both worlds. */
struct bsd_sockaddr_dl {
	u_int8_t sdl_len;
	u_int8_t sdl_family;
	u_int16_t sdl_index;
	u_int8_t sdl_type;
	u_int8_t sdl_nlen;
	u_int8_t sdl_alen;
	u_int8_t sdl_slen;
	char sdl_data[12];		/* name, then address */
};

_Static_assert(sizeof(struct bsd_sockaddr_dl) == 20, "sockaddr_dl layout");

/* Interfaces that kexts make: what they must be able to do. */

typedef u_int32_t bpf_tap_mode;
typedef errno_t (*bpf_packet_func)(ifnet_t interface, mbuf_t data);

struct bsd_ifnet_demux_desc {
	u_int32_t type;
	void *data;
	u_int32_t datalen;
};

typedef errno_t (*ifnet_output_func)(ifnet_t interface, mbuf_t data);
typedef errno_t (*ifnet_ioctl_func)(ifnet_t interface, unsigned long cmd, void *data);
typedef errno_t (*ifnet_set_bpf_tap)(ifnet_t interface, bpf_tap_mode mode,
				     bpf_packet_func callback);
typedef void (*ifnet_detached_func)(ifnet_t interface);
typedef errno_t (*ifnet_demux_func)(ifnet_t interface, mbuf_t packet, char *frame_header,
				    protocol_family_t *protocol_family);
typedef void (*ifnet_event_func)(ifnet_t interface, const struct bsd_kev_msg *msg);
typedef errno_t (*ifnet_framer_func)(ifnet_t interface, mbuf_t *packet,
				     const struct bsd_sockaddr *dest, const char *dest_linkaddr,
				     const char *frame_type);
typedef errno_t (*ifnet_add_proto_func)(ifnet_t interface, protocol_family_t protocol_family,
					const struct bsd_ifnet_demux_desc *demux_array,
					u_int32_t demux_count);
typedef errno_t (*ifnet_del_proto_func)(ifnet_t interface, protocol_family_t protocol_family);
typedef errno_t (*ifnet_check_multi)(ifnet_t interface, const struct bsd_sockaddr *mcast);

/* The order of members is known to kexts that name none. */
struct bsd_ifnet_init_params {
	const void *uniqueid;
	u_int32_t uniqueid_len;
	const char *name;
	u_int32_t unit;
	ifnet_family_t family;
	u_int32_t type;
	ifnet_output_func output;
	ifnet_demux_func demux;
	ifnet_add_proto_func add_proto;
	ifnet_del_proto_func del_proto;
	ifnet_check_multi check_multi;
	ifnet_framer_func framer;
	void *softc;
	ifnet_ioctl_func ioctl;
	ifnet_set_bpf_tap set_bpf_tap;
	ifnet_detached_func detach;
	ifnet_event_func event;
	const void *broadcast_addr;
	u_int32_t broadcast_len;
};

_Static_assert(sizeof(struct bsd_ifnet_init_params) == 144, "ifnet_init_params layout");

/* The system's own, for Ethernet. */
errno_t kpi_ether_add_proto(ifnet_t interface, protocol_family_t protocol_family,
			    const struct bsd_ifnet_demux_desc *demux_list, u_int32_t demux_count);
errno_t kpi_ether_del_proto(ifnet_t interface, protocol_family_t protocol_family);
errno_t kpi_ether_demux(ifnet_t interface, mbuf_t packet, char *header,
			protocol_family_t *protocol_family);
errno_t kpi_ether_frameout(ifnet_t interface, mbuf_t *packet, const struct bsd_sockaddr *dest,
			   const char *dest_lladdr, const char *frame_type);
errno_t kpi_ether_ioctl(ifnet_t interface, u_int32_t command, void *data);
errno_t kpi_ether_check_multi(ifnet_t interface, const struct bsd_sockaddr *multicast);

/* Protocols of an interface. */

typedef errno_t (*proto_media_input)(ifnet_t ifp, protocol_family_t protocol, mbuf_t packet,
				     char *header);
typedef errno_t (*proto_media_input_v2)(ifnet_t ifp, protocol_family_t protocol, mbuf_t packet);
typedef errno_t (*proto_media_preout)(ifnet_t ifp, protocol_family_t protocol, mbuf_t *packet,
				      const struct bsd_sockaddr *dest, void *route,
				      char *frame_type, char *link_layer_dest);
typedef void (*proto_media_event)(ifnet_t ifp, protocol_family_t protocol,
				  const struct bsd_kev_msg *event);
typedef errno_t (*proto_media_ioctl)(ifnet_t ifp, protocol_family_t protocol,
				     unsigned long command, void *argument);
typedef errno_t (*proto_media_detached)(ifnet_t ifp, protocol_family_t protocol);
typedef errno_t (*proto_media_resolve_multi)(ifnet_t ifp, const struct bsd_sockaddr *proto_addr,
					     struct bsd_sockaddr_dl *out_ll, size_t ll_len);
typedef errno_t (*proto_media_send_arp)(ifnet_t ifp, u_int16_t arpop,
					const struct bsd_sockaddr_dl *sender_hw,
					const struct bsd_sockaddr *sender_proto,
					const struct bsd_sockaddr_dl *target_hw,
					const struct bsd_sockaddr *target_proto);

struct bsd_ifnet_attach_proto_param {
	struct bsd_ifnet_demux_desc *demux_array;
	u_int32_t demux_count;
	proto_media_input input;
	proto_media_preout pre_output;
	proto_media_event event;
	proto_media_ioctl ioctl;
	proto_media_detached detached;
	proto_media_resolve_multi resolve;
	proto_media_send_arp send_arp;
};

struct bsd_ifnet_attach_proto_param_v2 {
	struct bsd_ifnet_demux_desc *demux_array;
	u_int32_t demux_count;
	proto_media_input_v2 input;
	proto_media_preout pre_output;
	proto_media_event event;
	proto_media_ioctl ioctl;
	proto_media_detached detached;
	proto_media_resolve_multi resolve;
	proto_media_send_arp send_arp;
};

_Static_assert(sizeof(struct bsd_ifnet_attach_proto_param) == 72, "attach_proto_param layout");

errno_t kpi_ifnet_allocate(const struct bsd_ifnet_init_params *init, ifnet_t *interface);
errno_t kpi_ifnet_attach(ifnet_t interface, const struct bsd_sockaddr_dl *ll_addr);
errno_t kpi_ifnet_detach(ifnet_t interface);
errno_t kpi_ifnet_attach_protocol(ifnet_t interface, protocol_family_t protocol_family,
				  const struct bsd_ifnet_attach_proto_param *proto_details);
errno_t kpi_ifnet_attach_protocol_v2(ifnet_t interface, protocol_family_t protocol_family,
				     const struct bsd_ifnet_attach_proto_param_v2 *proto_details);
errno_t kpi_ifnet_detach_protocol(ifnet_t interface, protocol_family_t protocol_family);
errno_t kpi_ifnet_interface_family_find(const char *module_string, ifnet_family_t *family_id);

errno_t kpi_ifnet_output(ifnet_t interface, protocol_family_t protocol_family, mbuf_t packet,
			 void *route, const struct bsd_sockaddr *dest);
errno_t kpi_ifnet_set_hdrlen(ifnet_t ifp, u_int8_t hdrlen);
errno_t kpi_ifnet_stat_increment(ifnet_t ifp, const struct bsd_ifnet_stat_increment_param *counts);
errno_t kpi_ifnet_stat_increment_in(ifnet_t ifp, u_int32_t packets_in, u_int32_t bytes_in,
				    u_int32_t errors_in);
errno_t kpi_ifnet_stat_increment_out(ifnet_t ifp, u_int32_t packets_out, u_int32_t bytes_out,
				     u_int32_t errors_out);
errno_t kpi_ifnet_set_stat(ifnet_t ifp, const struct bsd_ifnet_stats_param *stats);
errno_t kpi_ifnet_event(ifnet_t interface, struct bsd_kern_event_msg *event_ptr);
errno_t kpi_ifnet_ioctl(ifnet_t interface, protocol_family_t protocol, unsigned long ioctl_code,
			void *ioctl_arg);

void kpi_bpfattach(ifnet_t interface, u_int32_t data_link_type, u_int32_t header_length);
errno_t kpi_bpf_attach(ifnet_t interface, u_int32_t data_link_type, u_int32_t header_length,
		       bpf_packet_func send, bpf_packet_func tap);
void kpi_bpf_tap_in(ifnet_t interface, u_int32_t dlt, mbuf_t packet, void *header,
		    size_t header_len);
void kpi_bpf_tap_out(ifnet_t interface, u_int32_t dlt, mbuf_t packet, void *header,
		     size_t header_len);

typedef errno_t (*proto_plumb_handler)(ifnet_t ifp, protocol_family_t protocol);
typedef void (*proto_unplumb_handler)(ifnet_t ifp, protocol_family_t protocol);

errno_t kpi_proto_input(protocol_family_t protocol, mbuf_t packet);
errno_t kpi_proto_inject(protocol_family_t protocol, mbuf_t packet);
errno_t kpi_proto_register_plumber(protocol_family_t proto_fam, ifnet_family_t if_fam,
				   proto_plumb_handler plumb, proto_unplumb_handler unplumb);
void kpi_proto_unregister_plumber(protocol_family_t proto_fam, ifnet_family_t if_fam);

#endif /* _KPI_INTERFACE_H */
