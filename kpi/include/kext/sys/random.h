/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_RANDOM_H
#define _SYS_RANDOM_H

#include <kpi/string.h>
#include <sys/appleapiopts.h>
#include <sys/cdefs.h>

#define random		kpi_random
#define read_random	kpi_read_random
#define read_frandom	kpi_read_frandom

#endif /* _SYS_RANDOM_H */
