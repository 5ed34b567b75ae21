/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel events, as interface filters see them. */
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

_Static_assert(sizeof(struct bsd_kev_msg) == 96, "kev_msg layout");
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

#define KEV_INET_NEW_ADDR		1
#define KEV_INET_CHANGED_ADDR		2
#define KEV_INET_ADDR_DELETED		3

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

#endif /* _KPI_EVENT_H */
