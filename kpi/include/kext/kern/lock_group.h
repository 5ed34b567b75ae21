/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_LOCK_GROUP_H
#define _KERN_LOCK_GROUP_H

#include <kern/locks.h>

#endif /* _KERN_LOCK_GROUP_H */
