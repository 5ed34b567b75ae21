/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel events: as interface filters see them, and as sockets of PF_SYSTEM do. */
#ifndef _KPI_EVENT_H
#define _KPI_EVENT_H

#include <kpi/types.h>

struct bsd_kev_d_vectors {
	u_int32_t data_length;
	void *data_ptr;
};

struct bsd_kev_msg {
	u_int32_t vendor_code;
	u_int32_t kev_class;
	u_int32_t kev_subclass;
	u_int32_t event_code;
	struct bsd_kev_d_vectors dv[5];	/* up to a length of 0 */
};

struct bsd_net_event_data {
	u_int32_t if_family;
	u_int32_t if_unit;
	char if_name[16];
};

/* What a socket receives: as many bytes as total_size says. */
struct bsd_kern_event_msg {
	u_int32_t total_size;
	u_int32_t vendor_code;
	u_int32_t kev_class;
	u_int32_t kev_subclass;
	u_int32_t id;
	u_int32_t event_code;
	u_int32_t event_data[1];
};

#define KPI_KEV_HEADER	__builtin_offsetof(struct bsd_kern_event_msg, event_data)

/* Which events a socket wants: 0 is any. */
struct bsd_kev_request {
	u_int32_t vendor_code;
	u_int32_t kev_class;
	u_int32_t kev_subclass;
};

#define KEV_VENDOR_CODE_MAX_STR_LEN	200

struct bsd_kev_vendor_code {
	u_int32_t vendor_code;
	char vendor_string[KEV_VENDOR_CODE_MAX_STR_LEN];
};

/* Behind an event of KEV_INET_SUBCLASS; addresses in network order, networks in the host's. */
struct bsd_kev_in_data {
	struct bsd_net_event_data link_data;
	u_int32_t ia_addr;
	u_int32_t ia_net;
	u_int32_t ia_netmask;
	u_int32_t ia_subnet;
	u_int32_t ia_subnetmask;
	u_int32_t ia_netbroadcast;
	u_int32_t ia_dstaddr;
};

/* Behind one of KEV_CTL_SUBCLASS. */
struct bsd_ctl_event_data {
	u_int32_t ctl_id;
	u_int32_t ctl_unit;
};

_Static_assert(sizeof(struct bsd_kev_msg) == 96, "kev_msg layout");
_Static_assert(sizeof(struct bsd_kern_event_msg) == 28, "kern_event_msg layout");
_Static_assert(sizeof(struct bsd_kev_vendor_code) == 204, "kev_vendor_code layout");
_Static_assert(sizeof(struct bsd_kev_in_data) == 52, "kev_in_data layout");
_Static_assert(sizeof(struct bsd_net_event_data) == 24, "net_event_data layout");

#define KEV_ANY_VENDOR			0
#define KEV_ANY_CLASS			0
#define KEV_ANY_SUBCLASS		0
#define KEV_VENDOR_APPLE		1
#define KEV_NETWORK_CLASS		1
#define KEV_IOKIT_CLASS			2
#define KEV_SYSTEM_CLASS		3

#define KEV_INET_SUBCLASS		1
#define KEV_DL_SUBCLASS			2
#define KEV_CTL_SUBCLASS		2
#define KEV_INET6_SUBCLASS		6

#define KEV_INET_NEW_ADDR		1
#define KEV_INET_CHANGED_ADDR		2
#define KEV_INET_ADDR_DELETED		3

#define KEV_INET6_NEW_USER_ADDR		1
#define KEV_INET6_ADDR_DELETED		3
#define KEV_INET6_NEW_LL_ADDR		4
#define KEV_INET6_NEW_RTADV_ADDR	5

#define KEV_DL_SIFFLAGS			1
#define KEV_DL_SIFMETRICS		2
#define KEV_DL_SIFMTU			3
#define KEV_DL_SIFPHYS			4
#define KEV_DL_SIFMEDIA			5
#define KEV_DL_SIFGENERIC		6
#define KEV_DL_ADDMULTI			7
#define KEV_DL_DELMULTI			8
#define KEV_DL_IF_ATTACHED		9
#define KEV_DL_IF_DETACHING		10
#define KEV_DL_IF_DETACHED		11
#define KEV_DL_LINK_OFF			12
#define KEV_DL_LINK_ON			13
#define KEV_DL_PROTO_ATTACHED		14
#define KEV_DL_PROTO_DETACHED		15
#define KEV_DL_LINK_ADDRESS_CHANGED	16

#define KEV_CTL_REGISTERED		1
#define KEV_CTL_DEREGISTERED		2

errno_t kpi_kev_msg_post(struct bsd_kev_msg *event_msg);
errno_t kpi_kev_vendor_code_find(const char *vendor_string, u_int32_t *vendor_code);

#endif /* _KPI_EVENT_H */
