// SPDX-License-Identifier: GPL-2.0
/*
 * Turns a kext's start and stop routines into a Linux module.
 *
 * kext.mk includes this file in a generated one, which defines KEXT_ID,
 * KEXT_VERSION and KEXT_LICENSE, KEXT_START and KEXT_STOP unless the kext's
 * sources define kmod_info themselves, and ends with a KEXT_PARAM() for each
 * variable of the kext that is to be a module parameter, and a KEXT_EXPORT() for
 * each name that other kexts may use.
 */

#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include <netkpi/kext.h>
#include <netkpi/mbuf_layout.h>

#include "../compat/namespace.h"

extern struct bsd_kmod_info bsd_kmod_info;

#ifdef KEXT_START
kmod_start_func_t KEXT_START;
kmod_stop_func_t KEXT_STOP;

struct bsd_kmod_info bsd_kmod_info = {
	.info_version = KPI_KMOD_INFO_VERSION,
	.name = KEXT_ID,
	.version = KEXT_VERSION,
	.reference_count = -1,
	.start = KEXT_START,
	.stop = KEXT_STOP,
};
#endif

static int stop_set(const char *val, const struct kernel_param *kp)
{
	bool stop;
	int err;

	err = kstrtobool(val, &stop);
	if (err || !stop)
		return err;
	return kpi_kext_stop(THIS_MODULE);
}

static int stop_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%d\n", kpi_kext_stopped(THIS_MODULE));
}

static const struct kernel_param_ops stop_ops = {
	.set = stop_set,
	.get = stop_get,
};
module_param_cb(stop, &stop_ops, NULL, 0644);
MODULE_PARM_DESC(stop, "write 1 to stop the kext, so that rmmod may unload it");

static int __init kext_init(void)
{
	static const struct kpi_kext_build build = {
		.layout = KPI_KEXT_LAYOUT,
		.direct = KEXT_DIRECT,
	};

	return kpi_kext_load_as(THIS_MODULE, &bsd_kmod_info, &build);
}
module_init(kext_init);

static void __exit kext_exit(void)
{
	kpi_kext_unload(THIS_MODULE);
}
module_exit(kext_exit);

MODULE_LICENSE(KEXT_LICENSE);
MODULE_DESCRIPTION("kext " KEXT_ID);
MODULE_ALIAS("kext:" KEXT_ID);		/* for kextload -b */
MODULE_VERSION(KEXT_VERSION);
KPI_IMPORT();

/*
 * A variable of the kext as a module parameter of the same name. Linux may have a
 * function of that name: here the variable goes by another, with a label.
 */
#define KEXT_PARAM(name, type)	KEXT_PARAM_##type(name)
#define KEXT_PARAM_AS(name, type, words, mode)				\
	extern words kext_param_##name __asm__(#name);			\
	module_param_named(name, kext_param_##name, type, mode)
#define KEXT_PARAM_int(name)	KEXT_PARAM_AS(name, int, int, 0644)
#define KEXT_PARAM_uint(name)	KEXT_PARAM_AS(name, uint, unsigned int, 0644)
#define KEXT_PARAM_long(name)	KEXT_PARAM_AS(name, long, long, 0644)
#define KEXT_PARAM_ulong(name)	KEXT_PARAM_AS(name, ulong, unsigned long, 0644)
#define KEXT_PARAM_charp(name)	KEXT_PARAM_AS(name, charp, char *, 0444)

/* Under its own name; the kernel refuses the module if it has that name itself. */
#define KEXT_EXPORT(name)	extern char name[]; EXPORT_SYMBOL_GPL(name)
