/* SPDX-License-Identifier: GPL-2.0 */
/* Of the platform only the question for a boot argument is offered. */
#ifndef _PEXPERT_PEXPERT_H
#define _PEXPERT_PEXPERT_H

#include <stdint.h>
#include <sys/cdefs.h>
#include <sys/types.h>
#include <IOKit/IOTypes.h>
#include <kern/clock.h>
#include <mach/boolean.h>

/* Linux is booted without arguments of macOS: none is ever given. PARAMS= makes variables parameters. */
__header_inline boolean_t PE_parse_boot_argn(const char *arg_string, void *arg_ptr, int max_arg)
{
	(void)arg_string;
	(void)arg_ptr;
	(void)max_arg;
	return FALSE;
}

#endif /* _PEXPERT_PEXPERT_H */
