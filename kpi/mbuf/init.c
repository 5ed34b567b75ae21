// SPDX-License-Identifier: GPL-2.0
/* What the mbuf side sets up when the layer is loaded. */

#include "cpu.h"
#include "header.h"

int kpi_mbuf_init(void)
{
	int err;

	err = kpi_pool_init();
	if (err)
		return err;
	err = kpi_cluster_init();
	if (err)
		kpi_pool_exit();
	return err;
}

void kpi_mbuf_exit(void)
{
	kpi_pool_exit();
	kpi_cluster_exit();
	kpi_store_exit();
	kpi_tags_exit();
}
