/* SPDX-License-Identifier: GPL-2.0 */
/* Descriptor sets; select() itself is not for kexts here. */
#ifndef _SYS_SELECT_H
#define _SYS_SELECT_H

#include <sys/types.h>
#include <sys/time.h>
#include <sys/cdefs.h>

#define FD_SETSIZE	1024

typedef struct fd_set {
	int32_t fds_bits[FD_SETSIZE / 32];
} fd_set;

#define FD_SET(n, p)	((p)->fds_bits[(n) / 32] |= 1 << ((n) % 32))
#define FD_CLR(n, p)	((p)->fds_bits[(n) / 32] &= ~(1 << ((n) % 32)))
#define FD_ISSET(n, p)	(((p)->fds_bits[(n) / 32] & (1 << ((n) % 32))) != 0)
#define FD_ZERO(p)	__builtin_memset(p, 0, sizeof(*(p)))

#endif /* _SYS_SELECT_H */
