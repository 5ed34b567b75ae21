/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupt levels of old: they have no effect. */
#ifndef _MACHINE_SPL_H
#define _MACHINE_SPL_H

typedef unsigned int spl_t;

#define splnet()	0
#define splimp()	0
#define splsoftclock()	0
#define splsoftnet()	0
#define spltty()	0
#define splbio()	0
#define splvm()		0
#define splclock()	0
#define splhigh()	0
#define splsched()	0
#define spl0()		0
#define splx(level)	((void)(level))

#endif /* _MACHINE_SPL_H */
