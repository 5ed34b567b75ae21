/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NET_KEXT_NET_H
#define _NET_KEXT_NET_H

#include <kpi/socketfilter.h>
#include <sys/appleapiopts.h>
#include <sys/queue.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#define so_nke		bsd_so_nke

#endif /* _NET_KEXT_NET_H */
