/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _I386_TYPES_H
#define _I386_TYPES_H

#include <machine/types.h>

#endif /* _I386_TYPES_H */
