/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_KAUTH_H
#define _SYS_KAUTH_H

#include <kpi/proc.h>
#include <sys/appleapiopts.h>
#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/kernel_types.h>

#define NOCRED		((kauth_cred_t)0)
#define FSCRED		((kauth_cred_t)-1)
#define IS_VALID_CRED(cr)	((cr) != NOCRED && (cr) != FSCRED)
#define KAUTH_UID_NONE	(~(uid_t)0 - 100)
#define KAUTH_GID_NONE	(~(gid_t)0 - 100)

#define KAUTH_GUID_SIZE	16

typedef struct {
	unsigned char g_guid[KAUTH_GUID_SIZE];
} guid_t;

#define KAUTH_NTSID_MAX_AUTHORITIES	16

typedef struct {
	u_int8_t sid_kind;
	u_int8_t sid_authcount;
	u_int8_t sid_authority[6];
	u_int32_t sid_authorities[KAUTH_NTSID_MAX_AUTHORITIES];
} ntsid_t;

#define kauth_cred_get	kpi_kauth_cred_get
#define kauth_cred_get_with_ref	kpi_kauth_cred_get_with_ref
#define kauth_cred_proc_ref	kpi_kauth_cred_proc_ref
#define kauth_cred_ref	kpi_kauth_cred_ref
#define kauth_cred_unref	kpi_kauth_cred_unref
#define kauth_cred_getuid	kpi_kauth_cred_getuid
#define kauth_cred_getruid	kpi_kauth_cred_getruid
#define kauth_cred_getsvuid	kpi_kauth_cred_getsvuid
#define kauth_cred_getgid	kpi_kauth_cred_getgid
#define kauth_cred_getrgid	kpi_kauth_cred_getrgid
#define kauth_cred_getsvgid	kpi_kauth_cred_getsvgid
#define kauth_cred_issuser	kpi_kauth_cred_issuser
#define kauth_getuid	kpi_kauth_getuid
#define kauth_getruid	kpi_kauth_getruid
#define kauth_getgid	kpi_kauth_getgid
#define kauth_getrgid	kpi_kauth_getrgid

#endif /* _SYS_KAUTH_H */
