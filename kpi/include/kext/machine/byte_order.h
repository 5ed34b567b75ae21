/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACHINE_BYTE_ORDER_H
#define _MACHINE_BYTE_ORDER_H

#include <libkern/OSByteOrder.h>

#endif /* _MACHINE_BYTE_ORDER_H */
