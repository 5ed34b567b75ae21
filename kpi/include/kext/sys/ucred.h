/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_UCRED_H
#define _SYS_UCRED_H

#include <sys/types.h>
#include <sys/kauth.h>

#endif /* _SYS_UCRED_H */
