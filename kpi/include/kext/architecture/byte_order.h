/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ARCHITECTURE_BYTE_ORDER_H
#define _ARCHITECTURE_BYTE_ORDER_H

#include <libkern/OSByteOrder.h>

#endif /* _ARCHITECTURE_BYTE_ORDER_H */
