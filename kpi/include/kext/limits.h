/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIMITS_H
#define _LIMITS_H

#include <machine/limits.h>
#include <sys/syslimits.h>

#endif /* _LIMITS_H */
