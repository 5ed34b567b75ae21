/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACH_BOOLEAN_H
#define _MACH_BOOLEAN_H

#include <kpi/types.h>

#ifndef TRUE
#define TRUE	1
#endif
#ifndef FALSE
#define FALSE	0
#endif

#endif /* _MACH_BOOLEAN_H */
