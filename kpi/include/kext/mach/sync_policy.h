/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACH_SYNC_POLICY_H
#define _MACH_SYNC_POLICY_H

typedef int sync_policy_t;

#define SYNC_POLICY_FIFO		0x0
#define SYNC_POLICY_FIXED_PRIORITY	0x1
#define SYNC_POLICY_REVERSED		0x2
#define SYNC_POLICY_LIFO		(SYNC_POLICY_FIFO | SYNC_POLICY_REVERSED)

#endif /* _MACH_SYNC_POLICY_H */
