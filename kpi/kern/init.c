// SPDX-License-Identifier: GPL-2.0
/* What the kern side sets up when the layer is loaded. */

#include "block.h"
#include "kern_priv.h"
#include "lock.h"
#include "proc_priv.h"
#include "wait.h"

int kpi_kern_init(void)
{
	int err;

	kpi_wait_init();
	kpi_proc_init();
	err = kpi_thread_call_init();
	if (err)
		return err;
	kpi_digest_init();
	return 0;
}

void kpi_kern_exit(void)
{
	kpi_digest_exit();
	kpi_thread_call_exit();
	kpi_sysctl_exit();
	kpi_announce_exit();
	kpi_lock_sites_exit();
	kpi_memory_exit();
}
