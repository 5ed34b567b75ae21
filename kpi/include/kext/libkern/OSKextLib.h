/* SPDX-License-Identifier: GPL-2.0 */
/* What a kext may ask and say about itself; a load tag is the number that its kmod_info has. */
#ifndef _LIBKERN_OSKEXTLIB_H
#define _LIBKERN_OSKEXTLIB_H

#include <kpi/kmod.h>
#include <stdint.h>
#include <sys/cdefs.h>
#include <sys/types.h>
#include <libkern/OSReturn.h>
#include <libkern/OSTypes.h>
#include <mach/kmod.h>
#include <mach/vm_types.h>

#define kOSKextInvalidLoadTag	((uint32_t)-1)

#define OSKextLoadTag	uint32_t

#define kOSKextReturnInvalidArgument	((OSReturn)KPI_KEXT_INVALID_ARGUMENT)
#define kOSKextReturnNotFound		((OSReturn)KPI_KEXT_NOT_FOUND)

#define OSKextRetainKextWithLoadTag	kpi_OSKextRetainKextWithLoadTag
#define OSKextReleaseKextWithLoadTag	kpi_OSKextReleaseKextWithLoadTag

extern struct bsd_kmod_info bsd_kmod_info;

#define OSKextGetCurrentLoadTag()	((OSKextLoadTag)bsd_kmod_info.id)
#define OSKextGetCurrentIdentifier()	((const char *)bsd_kmod_info.name)
#define OSKextGetCurrentVersionString()	((const char *)bsd_kmod_info.version)

#endif /* _LIBKERN_OSKEXTLIB_H */
