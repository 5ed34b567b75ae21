// SPDX-License-Identifier: GPL-2.0
/* What the socket side sets up when the layer is loaded. */

#include <linux/cred.h>
#include <linux/init_task.h>
#include <linux/rcupdate.h>

#include "event.h"

/* The kernel's own credentials, for what sockets with the privileged bit may do. */
static struct cred *kernel_credentials;

const struct cred *kpi_so_privilege_begin(const struct __socket *so)
{
	return so->privileged ? override_creds(kernel_credentials) : NULL;
}

void kpi_so_privilege_end(const struct cred *old)
{
	if (old)
		revert_creds(old);
}

int kpi_socket_init(void)
{
	int err;

	kernel_credentials = prepare_kernel_cred(&init_task);
	if (!kernel_credentials)
		return -ENOMEM;
	err = kpi_so_lock_classes_init() ?: kpi_dispatch_init();
	if (err)
		put_cred(kernel_credentials);
	return err;
}

/* Every socket holds the module, so there are none; but callbacks may still be returning. */
void kpi_socket_exit(void)
{
	synchronize_rcu();
	kpi_shortage_exit();
	kpi_dispatch_exit();
	rcu_barrier();
	put_cred(kernel_credentials);
}
