/* SPDX-License-Identifier: GPL-2.0 */
/* Out of scope: here only so that an #include does not fail. */
#ifndef _SYS_DOMAIN_H
#define _SYS_DOMAIN_H

#include <sys/types.h>
#include <sys/socket.h>

#endif /* _SYS_DOMAIN_H */
