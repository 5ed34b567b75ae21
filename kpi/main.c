// SPDX-License-Identifier: GPL-2.0
/* netkpi.ko: the macOS networking KPI on sk_buff and struct socket. */

#include <linux/init.h>
#include <linux/module.h>

#include "kpi_priv.h"

static int __init netkpi_init(void)
{
	int err;

	err = kpi_mbuf_init();
	if (err)
		return err;
	err = kpi_socket_init();
	if (err)
		goto err_mbuf_exit;
	err = kpi_kern_init();
	if (err)
		goto err_socket_exit;
	kpi_kext_init();
	pr_info("netkpi: version %s\n", KPI_VERSION);
	return 0;

err_socket_exit:
	kpi_socket_exit();
err_mbuf_exit:
	kpi_mbuf_exit();
	return err;
}
module_init(netkpi_init);

static void __exit netkpi_exit(void)
{
	kpi_kern_exit();
	kpi_socket_exit();
	kpi_mbuf_exit();
	kpi_kext_exit();
}
module_exit(netkpi_exit);

MODULE_LICENSE("GPL");
MODULE_VERSION(KPI_VERSION);
MODULE_DESCRIPTION("macOS networking KPI for kernel extensions, on Linux");
