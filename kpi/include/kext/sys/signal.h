/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers of signals: those of Linux. */
#ifndef _SYS_SIGNAL_H
#define _SYS_SIGNAL_H

#include <kpi/unixnum.h>
#include <sys/types.h>

#define SIGHUP		KPI_SIGHUP
#define SIGINT		KPI_SIGINT
#define SIGQUIT		KPI_SIGQUIT
#define SIGILL		KPI_SIGILL
#define SIGTRAP		KPI_SIGTRAP
#define SIGABRT		KPI_SIGABRT
#define SIGIOT		SIGABRT
#define SIGBUS		KPI_SIGBUS
#define SIGFPE		KPI_SIGFPE
#define SIGKILL		KPI_SIGKILL
#define SIGUSR1		KPI_SIGUSR1
#define SIGSEGV		KPI_SIGSEGV
#define SIGUSR2		KPI_SIGUSR2
#define SIGPIPE		KPI_SIGPIPE
#define SIGALRM		KPI_SIGALRM
#define SIGTERM		KPI_SIGTERM
#define SIGCHLD		KPI_SIGCHLD
#define SIGCONT		KPI_SIGCONT
#define SIGSTOP		KPI_SIGSTOP
#define SIGTSTP		KPI_SIGTSTP
#define SIGTTIN		KPI_SIGTTIN
#define SIGTTOU		KPI_SIGTTOU
#define SIGURG		KPI_SIGURG
#define SIGXCPU		KPI_SIGXCPU
#define SIGXFSZ		KPI_SIGXFSZ
#define SIGVTALRM	KPI_SIGVTALRM
#define SIGPROF		KPI_SIGPROF
#define SIGWINCH	KPI_SIGWINCH
#define SIGIO		KPI_SIGIO
#define SIGSYS		KPI_SIGSYS
#define NSIG		32

#define sigmask(m)	((sigset_t)1 << ((m) - 1))

#endif /* _SYS_SIGNAL_H */
