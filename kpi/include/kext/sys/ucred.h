/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_UCRED_H
#define _SYS_UCRED_H

#include <sys/types.h>
#include <sys/param.h>
#include <sys/kauth.h>

#define XUCRED_VERSION	0

struct xucred {
	u_int cr_version;
	uid_t cr_uid;
	short cr_ngroups;
	gid_t cr_groups[NGROUPS];
};

#endif /* _SYS_UCRED_H */
