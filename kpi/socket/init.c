// SPDX-License-Identifier: GPL-2.0
/* What the socket side sets up when the layer is loaded. */

#include <linux/rcupdate.h>

#include "event.h"
#include "handle.h"
#include "wait.h"

int kpi_socket_init(void)
{
	int err = kpi_so_handles_init();

	if (err)
		return err;
	err = kpi_so_lock_classes_init() ?: kpi_dispatch_init();
	if (err)
		kpi_so_handles_exit();
	return err;
}

/*
 * Every socket holds the module, so there are none. But somebody may have fetched a callback of
 * ours and not yet entered it, or be about to return from it: preempted there, it is in no RCU
 * section, and only its next voluntary sleep tells that it is gone.
 */
void kpi_socket_exit(void)
{
	synchronize_rcu_tasks();
	synchronize_rcu();
	kpi_shortage_exit();
	kpi_dispatch_exit();
	rcu_barrier();
	kpi_so_handles_exit();
}
