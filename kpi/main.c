// SPDX-License-Identifier: GPL-2.0
/* netkpi.ko: the macOS networking KPI on sk_buff and struct socket. */

#include <linux/init.h>
#include <linux/module.h>

#include "kpi_priv.h"

/* In this order; what failed has undone itself. */
static const struct part {
	int (*init)(void);
	void (*exit)(void);
} parts[] = {
	{ kpi_mbuf_init,	kpi_mbuf_exit },
	{ kpi_interface_init,	kpi_interface_exit },
	{ kpi_socket_init,	kpi_socket_exit },
	{ kpi_filter_init,	kpi_filter_exit },
	{ kpi_iflt_init,	kpi_iflt_exit },
	{ kpi_sflt_init,	kpi_sflt_exit },
	{ kpi_kern_init,	kpi_kern_exit },
	{ kpi_control_init,	kpi_control_exit },
};

static void exit_parts(int n)
{
	while (n)
		parts[--n].exit();
}

static int __init netkpi_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		int err = parts[i].init();

		if (err) {
			exit_parts(i);
			return err;
		}
	}
	kpi_debugfs_init();
	pr_info("netkpi: version %s\n", KPI_VERSION);
	return 0;
}
module_init(netkpi_init);

static void __exit netkpi_exit(void)
{
	kpi_debugfs_exit();
	exit_parts(ARRAY_SIZE(parts));
	kpi_kext_exit();
}
module_exit(netkpi_exit);

MODULE_LICENSE("GPL");
MODULE_VERSION(KPI_VERSION);
MODULE_DESCRIPTION("macOS networking KPI for kernel extensions, on Linux");
