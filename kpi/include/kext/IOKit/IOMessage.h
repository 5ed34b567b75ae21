/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _IOKIT_IOMESSAGE_H
#define _IOKIT_IOMESSAGE_H

#include <IOKit/IOReturn.h>
#include <IOKit/IOTypes.h>

#endif /* _IOKIT_IOMESSAGE_H */
