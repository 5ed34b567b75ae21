/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel controls: what a kext offers to programs, which reach it by sockets.
 *
 * A client of a control is known by its unit. Callbacks run in the client's thread
 * and may sleep; ctl_send consumes its mbuf whatever it returns. Sending to a client
 * works wherever interrupts are enabled, from inside ctl_connect, too, and never
 * waits: what does not fit is refused, with ENOBUFS.
 */
#ifndef _KPI_CONTROL_H
#define _KPI_CONTROL_H

#include <kpi/types.h>

#define MAX_KCTL_NAME			96

#define CTL_FLAG_PRIVILEGED		0x1
#define CTL_FLAG_REG_ID_UNIT		0x2
#define CTL_FLAG_REG_SOCK_STREAM	0x4

#define CTL_DATA_NOWAKEUP		0x1
#define CTL_DATA_EOR			0x2

struct bsd_ctl_info {
	u_int32_t ctl_id;
	char ctl_name[MAX_KCTL_NAME];
};

struct bsd_sockaddr_ctl {
	u_int8_t sc_len;
	u_int8_t sc_family;
	u_int16_t ss_sysaddr;
	u_int32_t sc_id;
	u_int32_t sc_unit;
	u_int32_t sc_reserved[5];
};

typedef void *kern_ctl_ref;

typedef errno_t (*ctl_connect_func)(kern_ctl_ref kctlref, struct bsd_sockaddr_ctl *sac,
				    void **unitinfo);
typedef errno_t (*ctl_disconnect_func)(kern_ctl_ref kctlref, u_int32_t unit, void *unitinfo);
typedef errno_t (*ctl_send_func)(kern_ctl_ref kctlref, u_int32_t unit, void *unitinfo,
				 mbuf_t m, int flags);
typedef errno_t (*ctl_setopt_func)(kern_ctl_ref kctlref, u_int32_t unit, void *unitinfo,
				   int opt, void *data, size_t len);
typedef errno_t (*ctl_getopt_func)(kern_ctl_ref kctlref, u_int32_t unit, void *unitinfo,
				   int opt, void *data, size_t *len);

struct bsd_kern_ctl_reg {
	char ctl_name[MAX_KCTL_NAME];
	u_int32_t ctl_id;
	u_int32_t ctl_unit;
	u_int32_t ctl_flags;
	u_int32_t ctl_sendsize;
	u_int32_t ctl_recvsize;
	ctl_connect_func ctl_connect;
	ctl_disconnect_func ctl_disconnect;
	ctl_send_func ctl_send;
	ctl_setopt_func ctl_setopt;
	ctl_getopt_func ctl_getopt;
};

_Static_assert(sizeof(struct bsd_ctl_info) == 100, "ctl_info layout");
_Static_assert(sizeof(struct bsd_sockaddr_ctl) == 32, "sockaddr_ctl layout");
_Static_assert(sizeof(struct bsd_kern_ctl_reg) == 160, "kern_ctl_reg layout");

errno_t kpi_ctl_register(struct bsd_kern_ctl_reg *userkctl, kern_ctl_ref *kctlref) KPI_MUST_CHECK;
errno_t kpi_ctl_deregister(kern_ctl_ref kctlref);
errno_t kpi_ctl_enqueuedata(kern_ctl_ref kctlref, u_int32_t unit, void *data, size_t len,
			    u_int32_t flags);
errno_t kpi_ctl_enqueuembuf(kern_ctl_ref kctlref, u_int32_t unit, mbuf_t m, u_int32_t flags);
errno_t kpi_ctl_enqueuembuf_list(kern_ctl_ref kctlref, u_int32_t unit, mbuf_t m_list,
				 u_int32_t flags, mbuf_t *m_remain);
errno_t kpi_ctl_getenqueuespace(kern_ctl_ref kctlref, u_int32_t unit, size_t *space);
errno_t kpi_ctl_getenqueuereadable(kern_ctl_ref kctlref, u_int32_t unit,
				   u_int32_t *difference);

#endif /* _KPI_CONTROL_H */
