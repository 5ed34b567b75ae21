/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NET_INIT_H
#define _NET_INIT_H

#include <sys/errno.h>
#include <sys/kernel_types.h>

typedef void (*net_init_func_ptr)(void);

/*
 * For who is loaded before there is a network. On Linux it is there before any
 * kext is, so the answer always is what macOS says from then on.
 */
static inline __attribute__((__unused__)) errno_t
net_init_add(net_init_func_ptr init_func)
{
	return init_func ? EALREADY : EINVAL;
}

#endif /* _NET_INIT_H */
