/* SPDX-License-Identifier: GPL-2.0 */
/* Trace points: nothing is traced. */
#ifndef _SYS_KDEBUG_H
#define _SYS_KDEBUG_H

#include <sys/cdefs.h>
#include <stdint.h>

#define DBG_FUNC_NONE		0
#define DBG_FUNC_START		1
#define DBG_FUNC_END		2
#define DBG_FUNC_ALL		(DBG_FUNC_START | DBG_FUNC_END)

#define DBG_MACH		1
#define DBG_NETWORK		2
#define DBG_FSYSTEM		3
#define DBG_BSD			4
#define DBG_IOKIT		5
#define DBG_DRIVERS		6
#define DBG_MISC		20

#define DBG_NETIP		1
#define DBG_NETTCP		4
#define DBG_NETUDP		5
#define DBG_NETSOCK		7

#define KDBG_CODE(class, subclass, code) \
	((((class) & 0xff) << 24) | (((subclass) & 0xff) << 16) | (((code) & 0x3fff) << 2))
#define NETDBG_CODE(subclass, code)	KDBG_CODE(DBG_NETWORK, subclass, code)
#define FSDBG_CODE(subclass, code)	KDBG_CODE(DBG_FSYSTEM, subclass, code)
#define DRVDBG_CODE(subclass, code)	KDBG_CODE(DBG_DRIVERS, subclass, code)
#define IOKDBG_CODE(subclass, code)	KDBG_CODE(DBG_IOKIT, subclass, code)
#define MISCDBG_CODE(subclass, code)	KDBG_CODE(DBG_MISC, subclass, code)

#define KERNEL_DEBUG(...)		((void)0)
#define KERNEL_DEBUG_CONSTANT(...)	((void)0)
#define KERNEL_DEBUG_CONSTANT1(...)	((void)0)
#define KERNEL_DEBUG_CONSTANT_IST(...)	((void)0)
#define KDBG(...)			((void)0)
#define KDBG_RELEASE(...)		((void)0)
#define KDBG_FILTERED(...)		((void)0)
#define KDBG_DEBUG(...)			((void)0)

#endif /* _SYS_KDEBUG_H */
