/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Types that both worlds know.
 *
 * A kext's source file sees no Linux header and the layer's own files see no
 * kext header; what they share are the headers in this folder. They speak of
 * opaque handles, of plain structures whose tags start with bsd_, and of
 * functions whose link names start with kpi_. Everything they build on is
 * defined here: in the Linux world by <linux/types.h>, which comes first, in
 * the kext world by the compiler's own types.
 *
 * Widths are those of macOS on 64 bits: int64_t is long long, long and
 * pointers have 64 bits. boolean_t is int, as in the macOS kernel.
 */
#ifndef _KPI_TYPES_H
#define _KPI_TYPES_H

#ifdef __KERNEL__

#ifndef _LINUX_TYPES_H
#error "include <linux/types.h> first"
#endif

#else /* kext world */

typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long long int64_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;

typedef unsigned char u_int8_t;
typedef unsigned short u_int16_t;
typedef unsigned int u_int32_t;
typedef unsigned long long u_int64_t;

typedef unsigned long size_t;
typedef long ssize_t;
typedef unsigned long uintptr_t;
typedef long intptr_t;
typedef long ptrdiff_t;

typedef char *caddr_t;

#ifndef NULL
#define NULL ((void *)0)
#endif

#endif /* __KERNEL__ */

typedef int errno_t;
typedef int kern_return_t;
typedef int boolean_t;
typedef u_int64_t addr64_t;

/* Only the layer knows what is behind these. */
typedef struct __mbuf *mbuf_t;
typedef struct __socket *socket_t;
typedef struct __ifnet *ifnet_t;
typedef struct __ifaddr *ifaddr_t;
typedef struct __ifmultiaddr *ifmultiaddr_t;
#ifndef __KERNEL__
typedef struct __sockopt *sockopt_t;	/* <linux/net.h> has another of that name */
#endif

/* An errno that must not be dropped silently; for the layer's own calls. */
#ifdef __KERNEL__
#define KPI_MUST_CHECK __must_check
#else
#define KPI_MUST_CHECK
#endif

#endif /* _KPI_TYPES_H */
