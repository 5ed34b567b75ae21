/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS__ENDIAN_H
#define _SYS__ENDIAN_H

#include <machine/endian.h>

#endif /* _SYS__ENDIAN_H */
