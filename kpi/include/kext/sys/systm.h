/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_SYSTM_H
#define _SYS_SYSTM_H

#include <kpi/user.h>
#include <kpi/thread.h>
#include <sys/appleapiopts.h>
#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/errno.h>
#include <sys/time.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <machine/endian.h>
#include <stdint.h>
#include <string.h>
#include <libkern/libkern.h>
#include <kern/thread.h>
#include <kern/debug.h>
#include <kern/assert.h>
#include <kern/locks.h>

#define suser		kpi_suser
#define hashinit	kpi_hashinit
#define hashdestroy	kpi_hashdestroy
#define bsd_timeout	kpi_bsd_timeout
#define bsd_untimeout	kpi_bsd_untimeout
#define timeout		kpi_timeout
#define untimeout	kpi_untimeout
#define fubyte		kpi_fubyte
#define fuibyte		kpi_fubyte
#define subyte		kpi_subyte
#define suibyte		kpi_subyte
#define fuword		kpi_fuword
#define fuiword		kpi_fuword
#define suword		kpi_suword
#define suiword		kpi_suword
#define fulong		kpi_fulong
#define sulong		kpi_sulong
#define addupc_task(p, pc, ticks)	((void)0)

#endif /* _SYS_SYSTM_H */
