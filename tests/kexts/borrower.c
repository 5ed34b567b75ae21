// SPDX-License-Identifier: GPL-2.0
/* A kext that uses another one's functions and data. */

#include <sys/systm.h>
#include <mach/mach_types.h>

#include "lender.h"

kern_return_t
borrower_start(kmod_info_t *ki, void *data)
{
	printf("owes %d at %d percent\n", lender_lend(100), lender_rate);
	return KERN_SUCCESS;
}

kern_return_t
borrower_stop(kmod_info_t *ki, void *data)
{
	return KERN_SUCCESS;
}
