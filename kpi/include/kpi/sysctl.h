/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sysctl: values of a kext that users read and write by name.
 *
 * A kext defines an object per value and registers it; its name is that of its
 * parents and its own. On Linux net.foo.bar is the file
 * /proc/sys/kext/net/foo/bar: integers as decimal text, strings as they are,
 * structures in hexadecimal.
 */
#ifndef _KPI_SYSCTL_H
#define _KPI_SYSCTL_H

#include <kpi/handles.h>

struct bsd_sysctl_oid;
struct bsd_sysctl_req;

typedef int (*kpi_sysctl_handler_t)(struct bsd_sysctl_oid *oidp, void *arg1, int arg2,
				    struct bsd_sysctl_req *req);

struct bsd_sysctl_oid_list {
	struct bsd_sysctl_oid *slh_first;
};

struct bsd_sysctl_oid {
	struct bsd_sysctl_oid_list *oid_parent;
	struct {
		struct bsd_sysctl_oid *sle_next;
	} oid_link;
	int oid_number;
	int oid_kind;
	void *oid_arg1;
	int oid_arg2;
	const char *oid_name;
	kpi_sysctl_handler_t oid_handler;
	const char *oid_fmt;
	const char *oid_descr;
	int oid_version;
	int oid_refcnt;
};

struct bsd_sysctl_req {
	proc_t p;
	int lock;
	user_addr_t oldptr;		/* not 0: the value is read */
	size_t oldlen;
	size_t oldidx;
	int (*oldfunc)(struct bsd_sysctl_req *req, const void *data, size_t len);
	user_addr_t newptr;		/* not 0: the value is written */
	size_t newlen;
	size_t newidx;
	int (*newfunc)(struct bsd_sysctl_req *req, void *data, size_t len);
};

_Static_assert(sizeof(struct bsd_sysctl_oid) == 80, "sysctl_oid layout");
_Static_assert(sizeof(struct bsd_sysctl_req) == 80, "sysctl_req layout");

#define CTLTYPE			0xf
#define CTLTYPE_NODE		1
#define CTLTYPE_INT		2
#define CTLTYPE_STRING		3
#define CTLTYPE_QUAD		4
#define CTLTYPE_OPAQUE		5
#define CTLTYPE_STRUCT		CTLTYPE_OPAQUE

#define CTLFLAG_RD		0x80000000
#define CTLFLAG_WR		0x40000000
#define CTLFLAG_RW		(CTLFLAG_RD | CTLFLAG_WR)
#define CTLFLAG_ANYBODY		0x10000000
#define CTLFLAG_SECURE		0x08000000
#define CTLFLAG_MASKED		0x04000000
#define CTLFLAG_NOAUTO		0x02000000
#define CTLFLAG_KERN		0x01000000
#define CTLFLAG_LOCKED		0x00800000
#define CTLFLAG_OID2		0x00400000

extern struct bsd_sysctl_oid_list kpi_sysctl__kern_children;
extern struct bsd_sysctl_oid_list kpi_sysctl__vm_children;
extern struct bsd_sysctl_oid_list kpi_sysctl__vfs_children;
extern struct bsd_sysctl_oid_list kpi_sysctl__net_children;
extern struct bsd_sysctl_oid_list kpi_sysctl__debug_children;
extern struct bsd_sysctl_oid_list kpi_sysctl__hw_children;
extern struct bsd_sysctl_oid_list kpi_sysctl__machdep_children;
extern struct bsd_sysctl_oid_list kpi_sysctl__user_children;
extern struct bsd_sysctl_oid_list kpi_sysctl__net_inet_children;
extern struct bsd_sysctl_oid_list kpi_sysctl__net_inet_ip_children;
extern struct bsd_sysctl_oid_list kpi_sysctl__net_inet_tcp_children;
extern struct bsd_sysctl_oid_list kpi_sysctl__net_inet_udp_children;

void kpi_sysctl_register_oid(struct bsd_sysctl_oid *oidp);
void kpi_sysctl_unregister_oid(struct bsd_sysctl_oid *oidp);

int kpi_sysctl_handle_int(struct bsd_sysctl_oid *oidp, void *arg1, int arg2,
			  struct bsd_sysctl_req *req);
int kpi_sysctl_handle_long(struct bsd_sysctl_oid *oidp, void *arg1, int arg2,
			   struct bsd_sysctl_req *req);
int kpi_sysctl_handle_quad(struct bsd_sysctl_oid *oidp, void *arg1, int arg2,
			   struct bsd_sysctl_req *req);
int kpi_sysctl_handle_string(struct bsd_sysctl_oid *oidp, void *arg1, int arg2,
			     struct bsd_sysctl_req *req);
int kpi_sysctl_handle_opaque(struct bsd_sysctl_oid *oidp, void *arg1, int arg2,
			     struct bsd_sysctl_req *req);
int kpi_sysctl_io_number(struct bsd_sysctl_req *req, long long value, size_t size,
			 void *new_value, int *changed);
int kpi_sysctl_io_string(struct bsd_sysctl_req *req, char *value, size_t size,
			 int trunc, int *changed);
int kpi_sysctlbyname(const char *name, void *oldp, size_t *oldlenp, void *newp,
		     size_t newlen);

#endif /* _KPI_SYSCTL_H */
