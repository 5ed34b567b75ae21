/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _PEXPERT_PEXPERT_H
#define _PEXPERT_PEXPERT_H

#include <stdint.h>
#include <sys/cdefs.h>
#include <sys/types.h>
#include <IOKit/IOTypes.h>
#include <kern/clock.h>

#endif /* _PEXPERT_PEXPERT_H */
