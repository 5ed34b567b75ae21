/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _NETINET6_IN6_VAR_H
#define _NETINET6_IN6_VAR_H

#include <net/if.h>
#include <netinet/in.h>
#include <sys/types.h>

#endif /* _NETINET6_IN6_VAR_H */
