// SPDX-License-Identifier: GPL-2.0
/* The bench as a kext, while a case needs one. */

#include <linux/module.h>

#include <netkpi/kext.h>
#include <netkpi/mbuf_layout.h>

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
static int load(struct bench *b, const struct kpi_kext_build *build, int (*what)(unsigned long count))
{
	int err;

	add = what;
	count = b->pieces ?: 1;
	err = kpi_kext_load_as(THIS_MODULE, &info, build);
	if (!err)
		b->work = &info;
	return err;
}

int self_load(struct bench *b, int (*what)(unsigned long count))
{
	return load(b, &(struct kpi_kext_build) { .layout = KPI_KEXT_LAYOUT }, what);
}

int self_load_direct(struct bench *b, int (*what)(unsigned long count))
{
	const struct kpi_kext_build direct = { .layout = KPI_KEXT_LAYOUT, .direct = true };

	return load(b, &direct, what);
}

void self_unload(struct bench *b)
{
	if (b->work != &info)
		return;
	kpi_kext_stop(THIS_MODULE);
	kpi_kext_unload(THIS_MODULE);
	b->work = NULL;
}
