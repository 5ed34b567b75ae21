/* SPDX-License-Identifier: GPL-2.0 */
/* Network devices as they differ between kernels; see compat.h. */
#ifndef _KPI_COMPAT_INTERFACE_H
#define _KPI_COMPAT_INTERFACE_H

#include <linux/netdevice.h>

/* dev_get_flags() got this name in 6.18; drop this when 6.12 goes. */
#ifndef KPI_HAVE_NETIF_GET_FLAGS
#define netif_get_flags		dev_get_flags
#endif

#endif /* _KPI_COMPAT_INTERFACE_H */
