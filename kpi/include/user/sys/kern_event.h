/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Kernel events, for programs on Linux: as they are written for macOS.
 *
 * socket(PF_SYSTEM, SOCK_RAW, SYSPROTO_EVENT), SIOCSKEVFILT to say which events;
 * each recv() gets one struct kern_event_msg.
 */
#ifndef _SYS_KERN_EVENT_H
#define _SYS_KERN_EVENT_H

#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/sys_domain.h>
#include <sys/types.h>

#define KEVENTS_ON		1
#define KEVENTS_OFF		0

#define KEV_ANY_VENDOR		0
#define KEV_ANY_CLASS		0
#define KEV_ANY_SUBCLASS	0
#define KEV_VENDOR_APPLE	1
#define KEV_NETWORK_CLASS	1
#define KEV_IOKIT_CLASS		2
#define KEV_SYSTEM_CLASS	3

#define KEV_INET_SUBCLASS	1
#define KEV_DL_SUBCLASS		2

#define KEV_INET_NEW_ADDR	1
#define KEV_INET_CHANGED_ADDR	2
#define KEV_INET_ADDR_DELETED	3

#define KEV_DL_SIFFLAGS		1
#define KEV_DL_SIFMTU		3
#define KEV_DL_IF_ATTACHED	9
#define KEV_DL_IF_DETACHING	10
#define KEV_DL_IF_DETACHED	11
#define KEV_DL_LINK_OFF		12
#define KEV_DL_LINK_ON		13
#define KEV_DL_LINK_ADDRESS_CHANGED	16

struct kern_event_msg {
	u_int32_t total_size;
	u_int32_t vendor_code;
	u_int32_t kev_class;
	u_int32_t kev_subclass;
	u_int32_t id;
	u_int32_t event_code;
	u_int32_t event_data[1];
};

#define KEV_MSG_HEADER_SIZE	__builtin_offsetof(struct kern_event_msg, event_data[0])

/* Behind an event of KEV_DL_SUBCLASS. */
struct net_event_data {
	u_int32_t if_family;
	u_int32_t if_unit;
	char if_name[16];
};

/* Behind an event of KEV_INET_SUBCLASS. */
struct kev_in_data {
	struct net_event_data link_data;
	struct in_addr ia_addr;
	u_int32_t ia_net;
	u_int32_t ia_netmask;
	u_int32_t ia_subnet;
	u_int32_t ia_subnetmask;
	struct in_addr ia_netbroadcast;
	struct in_addr ia_dstaddr;
};

struct kev_request {
	u_int32_t vendor_code;
	u_int32_t kev_class;
	u_int32_t kev_subclass;
};

#define KEV_VENDOR_CODE_MAX_STR_LEN	200

struct kev_vendor_code {
	u_int32_t vendor_code;
	char vendor_string[KEV_VENDOR_CODE_MAX_STR_LEN];
};

#define SIOCGKEVID		_IOR('e', 1, u_int32_t)
#define SIOCSKEVFILT		_IOW('e', 2, struct kev_request)
#define SIOCGKEVFILT		_IOR('e', 3, struct kev_request)
#define SIOCGKEVVENDOR		_IOWR('e', 4, struct kev_vendor_code)

#endif /* _SYS_KERN_EVENT_H */
