/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_PARAM_H
#define _SYS_PARAM_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/syslimits.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/cdefs.h>
#include <sys/signal.h>
#include <kpi/sleep.h>
#include <mach/vm_param.h>
#include <machine/param.h>

#define BSD		199506
#define BSD4_3		1
#define BSD4_4		1
#define NeXTBSD		1995064
#define NeXTBSD4_0	0

#define MAXCOMLEN	16
#define MAXINTERP	64
#define MAXLOGNAME	255
#define MAXUPRC		CHILD_MAX
#define NCARGS		ARG_MAX
#define NGROUPS		NGROUPS_MAX
#define NOFILE		256
#define NOGROUP		65535
#define MAXHOSTNAMELEN	256
#define MAXDOMNAMELEN	256
#define MAXPATHLEN	PATH_MAX
#define MAXSYMLINKS	32
#define MAXBSIZE	(256 * 4096)
#define MAXPHYSIO	65536
#define NODEV		((dev_t)-1)
#define CMASK		022

/* Priorities: only PCATCH, PDROP and PSPIN make a difference. */
#define PSWP		0
#define PVM		4
#define PINOD		8
#define PRIBIO		16
#define PVFS		20
#define PZERO		22
#define PSOCK		24
#define PWAIT		32
#define PLOCK		36
#define PPAUSE		40
#define PUSER		50
#define MAXPRI		127
#define PRIMASK		0x0ff
#define PTTYBLOCK	0x200
#define PVNLOCK		0x1000

#define NBPW		sizeof(int)
#define DEV_BSHIFT	9
#define DEV_BSIZE	512
#define BLKDEV_IOSIZE	2048

/* Sizes of an mbuf and its clusters. */
#define MCLSHIFT	11
#define MCLBYTES	(1 << MCLSHIFT)
#define MCLOFSET	(MCLBYTES - 1)
#define MBIGCLSHIFT	12
#define MBIGCLBYTES	(1 << MBIGCLSHIFT)
#define MBIGCLOFSET	(MBIGCLBYTES - 1)
#define M16KCLSHIFT	14
#define M16KCLBYTES	(1 << M16KCLSHIFT)
#define MAX_MBUF_CNAME	15

#define setbit(a, i)	(((char *)(a))[(i) / NBBY] |= 1 << ((i) % NBBY))
#define clrbit(a, i)	(((char *)(a))[(i) / NBBY] &= ~(1 << ((i) % NBBY)))
#define isset(a, i)	(((char *)(a))[(i) / NBBY] & (1 << ((i) % NBBY)))
#define isclr(a, i)	((((char *)(a))[(i) / NBBY] & (1 << ((i) % NBBY))) == 0)

#ifndef howmany
#define howmany(x, y)	((((x) % (y)) == 0) ? ((x) / (y)) : (((x) / (y)) + 1))
#endif
#define roundup(x, y)	((((x) % (y)) == 0) ? (x) : ((x) + ((y) - ((x) % (y)))))
#define rounddown(x, y)	(((x) / (y)) * (y))
#define powerof2(x)	((((x) - 1) & (x)) == 0)

#ifndef MIN
#define MIN(a, b)	(((a) < (b)) ? (a) : (b))
#endif
#ifndef MAX
#define MAX(a, b)	(((a) > (b)) ? (a) : (b))
#endif

#define FSHIFT		11
#define FSCALE		(1 << FSHIFT)

#endif /* _SYS_PARAM_H */
