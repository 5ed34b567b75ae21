/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_SYSCTL_H
#define _SYS_SYSCTL_H

#include <kpi/sysctl.h>
#include <sys/appleapiopts.h>
#include <sys/cdefs.h>
#include <sys/queue.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/proc.h>

#define sysctl_oid		bsd_sysctl_oid
#define sysctl_oid_list		bsd_sysctl_oid_list
#define sysctl_req		bsd_sysctl_req

#define sysctl_register_oid	kpi_sysctl_register_oid
#define sysctl_unregister_oid	kpi_sysctl_unregister_oid
#define sysctl_handle_int	kpi_sysctl_handle_int
#define sysctl_handle_long	kpi_sysctl_handle_long
#define sysctl_handle_quad	kpi_sysctl_handle_quad
#define sysctl_handle_string	kpi_sysctl_handle_string
#define sysctl_handle_opaque	kpi_sysctl_handle_opaque
#define sysctl_io_number	kpi_sysctl_io_number
#define sysctl_io_string	kpi_sysctl_io_string
#define sysctlbyname		kpi_sysctlbyname

#define sysctl__kern_children		kpi_sysctl__kern_children
#define sysctl__vm_children		kpi_sysctl__vm_children
#define sysctl__vfs_children		kpi_sysctl__vfs_children
#define sysctl__net_children		kpi_sysctl__net_children
#define sysctl__debug_children		kpi_sysctl__debug_children
#define sysctl__hw_children		kpi_sysctl__hw_children
#define sysctl__machdep_children	kpi_sysctl__machdep_children
#define sysctl__user_children		kpi_sysctl__user_children
#define sysctl__net_inet_children	kpi_sysctl__net_inet_children
#define sysctl__net_inet_ip_children	kpi_sysctl__net_inet_ip_children
#define sysctl__net_inet_tcp_children	kpi_sysctl__net_inet_tcp_children
#define sysctl__net_inet_udp_children	kpi_sysctl__net_inet_udp_children

#define CTL_MAXNAME		12
#define OID_AUTO		(-1)
#define OID_MUTABLE_ANCHOR	(-1)
#define SYSCTL_OID_VERSION	1

#define SYSCTL_HANDLER_ARGS \
	(struct sysctl_oid *oidp, void *arg1, int arg2, struct sysctl_req *req)
#define SYSCTL_IN(r, p, l)	((r)->newfunc)(r, p, l)
#define SYSCTL_OUT(r, p, l)	((r)->oldfunc)(r, p, l)

/* The names are pasted and quoted at once, before the name map can change them. */
#define __SYSCTL_OID(object, parent, nbr, quoted, kind, a1, a2, handler, fmt, descr)	\
	struct sysctl_oid object = {							\
		&parent, { NULL }, nbr, (int)((kind) | CTLFLAG_OID2), a1, (int)(a2),	\
		quoted, handler, fmt, descr, SYSCTL_OID_VERSION, 0			\
	}

#define SYSCTL_DECL(name) \
	extern struct sysctl_oid_list sysctl_ ## name ## _children

#define SYSCTL_OID(parent, nbr, name, kind, a1, a2, handler, fmt, descr)		\
	__SYSCTL_OID(sysctl_ ## parent ## _ ## name, sysctl_ ## parent ## _children,	\
		     nbr, #name, kind, a1, a2, handler, fmt, descr)
#define SYSCTL_NODE(parent, nbr, name, access, handler, descr)				\
	struct sysctl_oid_list sysctl_ ## parent ## _ ## name ## _children;		\
	__SYSCTL_OID(sysctl_ ## parent ## _ ## name, sysctl_ ## parent ## _children,	\
		     nbr, #name, CTLTYPE_NODE | (access),				\
		     (void *)&sysctl_ ## parent ## _ ## name ## _children, 0, handler,	\
		     "N", descr)
#define SYSCTL_STRING(parent, nbr, name, access, arg, len, descr)			\
	__SYSCTL_OID(sysctl_ ## parent ## _ ## name, sysctl_ ## parent ## _children,	\
		     nbr, #name, CTLTYPE_STRING | (access), arg, len,			\
		     sysctl_handle_string, "A", descr)
#define SYSCTL_INT(parent, nbr, name, access, ptr, val, descr)				\
	__SYSCTL_OID(sysctl_ ## parent ## _ ## name, sysctl_ ## parent ## _children,	\
		     nbr, #name, CTLTYPE_INT | (access), ptr, val,			\
		     sysctl_handle_int, "I", descr)
#define SYSCTL_UINT(parent, nbr, name, access, ptr, val, descr)				\
	__SYSCTL_OID(sysctl_ ## parent ## _ ## name, sysctl_ ## parent ## _children,	\
		     nbr, #name, CTLTYPE_INT | (access), ptr, val,			\
		     sysctl_handle_int, "IU", descr)
#define SYSCTL_LONG(parent, nbr, name, access, ptr, descr)				\
	__SYSCTL_OID(sysctl_ ## parent ## _ ## name, sysctl_ ## parent ## _children,	\
		     nbr, #name, CTLTYPE_INT | (access), ptr, 0,			\
		     sysctl_handle_long, "L", descr)
#define SYSCTL_ULONG(parent, nbr, name, access, ptr, descr)				\
	__SYSCTL_OID(sysctl_ ## parent ## _ ## name, sysctl_ ## parent ## _children,	\
		     nbr, #name, CTLTYPE_INT | (access), ptr, 0,			\
		     sysctl_handle_long, "LU", descr)
#define SYSCTL_QUAD(parent, nbr, name, access, ptr, descr)				\
	__SYSCTL_OID(sysctl_ ## parent ## _ ## name, sysctl_ ## parent ## _children,	\
		     nbr, #name, CTLTYPE_QUAD | (access), ptr, 0,			\
		     sysctl_handle_quad, "Q", descr)
#define SYSCTL_OPAQUE(parent, nbr, name, access, ptr, len, fmt, descr)			\
	__SYSCTL_OID(sysctl_ ## parent ## _ ## name, sysctl_ ## parent ## _children,	\
		     nbr, #name, CTLTYPE_OPAQUE | (access), ptr, len,			\
		     sysctl_handle_opaque, fmt, descr)
#define SYSCTL_STRUCT(parent, nbr, name, access, ptr, type, descr)			\
	__SYSCTL_OID(sysctl_ ## parent ## _ ## name, sysctl_ ## parent ## _children,	\
		     nbr, #name, CTLTYPE_OPAQUE | (access), ptr, sizeof(struct type),	\
		     sysctl_handle_opaque, "S," #type, descr)
#define SYSCTL_PROC(parent, nbr, name, access, ptr, arg, handler, fmt, descr)		\
	__SYSCTL_OID(sysctl_ ## parent ## _ ## name, sysctl_ ## parent ## _children,	\
		     nbr, #name, access, ptr, arg, handler, fmt, descr)

#endif /* _SYS_SYSCTL_H */
