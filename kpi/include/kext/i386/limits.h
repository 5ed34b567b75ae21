/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _I386_LIMITS_H
#define _I386_LIMITS_H

#include <machine/limits.h>

#endif /* _I386_LIMITS_H */
