// SPDX-License-Identifier: GPL-2.0
/* What the socket side sets up when the layer is loaded. */

#include <linux/cred.h>
#include <linux/init_task.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "../compat/socket.h"
#include "socket_priv.h"

struct workqueue_struct *kpi_upcall_queue;

/*
 * By default an upcall runs on the CPU where its event came in: no wake-up
 * across CPUs, which costs more than anything else here. Kexts whose upcalls
 * burn much CPU may want the scheduler to choose.
 */
static bool upcall_unbound;
module_param(upcall_unbound, bool, 0444);
MODULE_PARM_DESC(upcall_unbound, "let upcalls run on any CPU");

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
	unsigned int flags = upcall_unbound ? WQ_UNBOUND : KPI_COMPAT_WQ_PERCPU;

	kernel_credentials = prepare_kernel_cred(&init_task);
	if (!kernel_credentials || kpi_so_lock_classes_init())
		goto err_put_cred;

	/* Upcalls may sleep for long: one sleeper must not keep the others waiting. */
	kpi_upcall_queue = alloc_workqueue("kpi_upcall", flags | WQ_HIGHPRI | WQ_MEM_RECLAIM,
					   WQ_MAX_ACTIVE);
	if (!kpi_upcall_queue)
		goto err_put_cred;
	return 0;

err_put_cred:
	if (kernel_credentials)
		put_cred(kernel_credentials);
	return -ENOMEM;
}

/* Every socket holds the module, so there are none; but callbacks may still be returning. */
void kpi_socket_exit(void)
{
	synchronize_rcu();
	destroy_workqueue(kpi_upcall_queue);
	rcu_barrier();
	put_cred(kernel_credentials);
}
