/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACHINE_PARAM_H
#define _MACHINE_PARAM_H

/* What may hold any object of the machine's is aligned so. */
#define ALIGNBYTES	(sizeof(long) - 1)
#define ALIGN(p)	(((unsigned long)(p) + ALIGNBYTES) & ~ALIGNBYTES)

#define PGSHIFT		12
#define NBPG		(1 << PGSHIFT)
#define PGOFSET		(NBPG - 1)

#endif /* _MACHINE_PARAM_H */
