// SPDX-License-Identifier: GPL-2.0
/* What the mbuf side sets up when the layer is loaded. */

#include "mbuf_priv.h"

int kpi_mbuf_init(void)
{
	return kpi_cluster_init();
}

void kpi_mbuf_exit(void)
{
	kpi_alloc_exit();
	kpi_cluster_exit();
	kpi_tags_exit();
}
