/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACHINE__TYPES_H
#define _MACHINE__TYPES_H

#include <sys/_types.h>

#endif /* _MACHINE__TYPES_H */
