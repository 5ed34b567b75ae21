/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_IOCCOM_H
#define _SYS_IOCCOM_H

#include <kpi/types.h>

/*
 * Requests are built as Linux builds them, since the programs that issue them
 * are Linux programs: direction in the top two bits (1 in, 2 out, as the program
 * sees it write and read), size in 14 bits, group and number in 8 each.
 */
#define IOC_VOID		0x00000000
#define IOC_IN			0x40000000
#define IOC_OUT			0x80000000
#define IOC_INOUT		(IOC_IN | IOC_OUT)
#define IOC_DIRMASK		0xc0000000

#define IOCPARM_MASK		0x3fff
#define IOCPARM_MAX		(IOCPARM_MASK + 1)
#define IOCPARM_LEN(x)		(((x) >> 16) & IOCPARM_MASK)
#define IOCBASECMD(x)		((x) & ~((u_int32_t)IOCPARM_MASK << 16))
#define IOCGROUP(x)		(((x) >> 8) & 0xff)

#define _IOC(inout, group, num, len) \
	((u_int32_t)(inout) | (((u_int32_t)(len) & IOCPARM_MASK) << 16) | \
	 ((u_int32_t)(group) << 8) | (u_int32_t)(num))
#define _IO(g, n)		_IOC(IOC_VOID, (g), (n), 0)
#define _IOR(g, n, t)		_IOC(IOC_OUT, (g), (n), sizeof(t))
#define _IOW(g, n, t)		_IOC(IOC_IN, (g), (n), sizeof(t))
#define _IOWR(g, n, t)		_IOC(IOC_INOUT, (g), (n), sizeof(t))

#endif /* _SYS_IOCCOM_H */
