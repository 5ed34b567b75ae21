// SPDX-License-Identifier: GPL-2.0
/* A kext whose functions and data other kexts use. */

#include <sys/systm.h>
#include <mach/mach_types.h>

#include "lender.h"

int lender_rate = 3;

static int lent;

int
lender_lend(int amount)
{
	lent += amount;
	return amount * (100 + lender_rate) / 100;
}

kern_return_t
lender_start(kmod_info_t *ki, void *data)
{
	return KERN_SUCCESS;
}

kern_return_t
lender_stop(kmod_info_t *ki, void *data)
{
	printf("lent %d\n", lent);
	return KERN_SUCCESS;
}
