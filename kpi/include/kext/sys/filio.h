/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_FILIO_H
#define _SYS_FILIO_H

#include <sys/ioccom.h>
#include <kpi/socknum.h>

#define FIONCLEX		KPI_FIONCLEX
#define FIOCLEX			KPI_FIOCLEX
#define FIONREAD		KPI_FIONREAD
#define FIONBIO			KPI_FIONBIO
#define FIOASYNC		KPI_FIOASYNC
#define FIOSETOWN		KPI_FIOSETOWN
#define FIOGETOWN		KPI_FIOGETOWN

#endif /* _SYS_FILIO_H */
