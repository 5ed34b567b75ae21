/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_PROC_H
#define _SYS_PROC_H

#include <kpi/proc.h>
#include <kpi/sleep.h>
#include <sys/appleapiopts.h>
#include <sys/cdefs.h>
#include <sys/param.h>
#include <sys/queue.h>
#include <sys/lock.h>
#include <sys/time.h>
#include <sys/kernel_types.h>
#include <kern/kern_types.h>
#include <uuid/uuid.h>

#define kernproc	kpi_kernproc
#define current_proc	kpi_current_proc
#define proc_self	kpi_proc_self
#define proc_find	kpi_proc_find
#define proc_rele	kpi_proc_rele
#define proc_pid	kpi_proc_pid
#define proc_ppid	kpi_proc_ppid
#define proc_pgrpid	kpi_proc_pgrpid
#define proc_sessionid	kpi_proc_sessionid
#define proc_selfpid	kpi_proc_selfpid
#define proc_selfppid	kpi_proc_selfppid
#define proc_selfpgrpid	kpi_proc_selfpgrpid
#define proc_name	kpi_proc_name
#define proc_selfname	kpi_proc_selfname
#define proc_suser	kpi_proc_suser
#define proc_is64bit	kpi_proc_is64bit
#define proc_signal	kpi_proc_signal
#define proc_issignal	kpi_proc_issignal
#define proc_exiting	kpi_proc_exiting
#define proc_ucred	kpi_proc_ucred
#define msleep	kpi_msleep
#define msleep0	kpi_msleep0
#define msleep1	kpi_msleep1
#define tsleep	kpi_tsleep
#define wakeup	kpi_wakeup
#define wakeup_one	kpi_wakeup_one

#endif /* _SYS_PROC_H */
