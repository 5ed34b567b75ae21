/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _I386_ENDIAN_H
#define _I386_ENDIAN_H

#include <machine/endian.h>

#endif /* _I386_ENDIAN_H */
