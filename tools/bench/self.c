// SPDX-License-Identifier: GPL-2.0
/* The bench as a kext, while a case needs one. */

#include <linux/module.h>

#include <netkpi/kext.h>

#include "native.h"
#include "self.h"

/* What it does when it starts. */
static int (*add)(unsigned long count);
static unsigned long count;

static void remove_all(void)
{
	bench_socket_filters_remove();
	bench_interface_filters_remove();
	bench_ip_filters_remove();
}

static int start(struct bsd_kmod_info *ki, void *data)
{
	int error = add(count);

	if (error)
		remove_all();
	return error;
}

static int stop(struct bsd_kmod_info *ki, void *data)
{
	remove_all();
	return 0;
}

static struct bsd_kmod_info info = { .start = start, .stop = stop };

/* b->work says that it is loaded. */
static int load(struct bench *b, int (*how)(struct module *module, struct bsd_kmod_info *info),
		int (*what)(unsigned long count))
{
	int err;

	add = what;
	count = b->pieces ?: 1;
	err = how(THIS_MODULE, &info);
	if (!err)
		b->work = &info;
	return err;
}

int self_load(struct bench *b, int (*what)(unsigned long count))
{
	return load(b, kpi_kext_load, what);
}

int self_load_direct(struct bench *b, int (*what)(unsigned long count))
{
	return load(b, kpi_kext_load_direct, what);
}

void self_unload(struct bench *b)
{
	if (b->work != &info)
		return;
	kpi_kext_stop(THIS_MODULE);
	kpi_kext_unload(THIS_MODULE);
	b->work = NULL;
}
