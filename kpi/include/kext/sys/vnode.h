/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _SYS_VNODE_H
#define _SYS_VNODE_H

#include <sys/param.h>
#include <sys/buf.h>
#include <sys/kernel_types.h>
#include <sys/signal.h>
#include <sys/uio.h>
#include <sys/vm.h>

#endif /* _SYS_VNODE_H */
