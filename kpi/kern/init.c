// SPDX-License-Identifier: GPL-2.0
/* What the kern side sets up when the layer is loaded. */

#include "../kpi_priv.h"

int kpi_kern_init(void)
{
	return 0;
}

void kpi_kern_exit(void)
{
}
