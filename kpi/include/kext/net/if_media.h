/* SPDX-License-Identifier: GPL-2.0 */
/* Words for what an interface is plugged into. sock_ioctl() refuses the requests that take them. */
#ifndef _NET_IF_MEDIA_H
#define _NET_IF_MEDIA_H

#include <sys/types.h>

/* kind, options of it, options of all, instance */
#define IFM_NMASK	0x000000e0
#define IFM_TMASK	0x0000001f
#define IFM_OMASK	0x0000ff00
#define IFM_GMASK	0x0ff00000
#define IFM_IMASK	0xf0000000
#define IFM_ISHIFT	28

#define IFM_ETHER	0x00000020
#define IFM_TOKEN	0x00000040
#define IFM_FDDI	0x00000060
#define IFM_IEEE80211	0x00000080

#define IFM_AUTO	0
#define IFM_MANUAL	1
#define IFM_NONE	2

#define IFM_10_T	3
#define IFM_10_2	4
#define IFM_10_5	5
#define IFM_100_TX	6
#define IFM_100_FX	7
#define IFM_100_T4	8
#define IFM_100_VG	9
#define IFM_100_T2	10
#define IFM_1000_SX	11
#define IFM_10_STP	12
#define IFM_10_FL	13
#define IFM_1000_LX	14
#define IFM_1000_CX	15
#define IFM_1000_T	16

#define IFM_FDX		0x00100000
#define IFM_HDX		0x00200000
#define IFM_FLOW	0x00400000
#define IFM_FLAG0	0x01000000
#define IFM_FLAG1	0x02000000
#define IFM_FLAG2	0x04000000
#define IFM_LOOP	0x08000000

/* ifm_status */
#define IFM_AVALID	0x00000001
#define IFM_ACTIVE	0x00000002

#define IFM_TYPE(x)		((x) & IFM_NMASK)
#define IFM_SUBTYPE(x)		((x) & IFM_TMASK)
#define IFM_TYPE_OPTIONS(x)	((x) & IFM_OMASK)
#define IFM_OPTIONS(x)		((x) & (IFM_OMASK | IFM_GMASK))
#define IFM_INST(x)		(((x) & IFM_IMASK) >> IFM_ISHIFT)
#define IFM_INST_MAX		IFM_INST(IFM_IMASK)
#define IFM_MAKEWORD(type, subtype, options, instance) \
	((type) | (subtype) | (options) | ((instance) << IFM_ISHIFT))

#endif /* _NET_IF_MEDIA_H */
