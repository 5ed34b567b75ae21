// SPDX-License-Identifier: GPL-2.0
/* What the mbuf side sets up when the layer is loaded. */

#include "../kpi_priv.h"

int kpi_mbuf_init(void)
{
	return 0;
}

void kpi_mbuf_exit(void)
{
}
