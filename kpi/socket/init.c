// SPDX-License-Identifier: GPL-2.0
/* What the socket side sets up when the layer is loaded. */

#include "../kpi_priv.h"

int kpi_socket_init(void)
{
	return 0;
}

void kpi_socket_exit(void)
{
}

void kpi_socket_reclaim(struct kpi_kext *kext)
{
}
