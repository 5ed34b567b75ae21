/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a kext's glue calls. Linux world only.
 */
#ifndef _NETKPI_KEXT_H
#define _NETKPI_KEXT_H

#include <linux/types.h>

#include <kpi/kmod.h>

struct kpi_mbuf_layout;
struct module;

/* How a kext was built. */
struct kpi_kext_build {
	const struct kpi_mbuf_layout *layout;	/* where its code looks into mbufs; NULL: nowhere */
	bool direct;				/* its filters never sleep */
};

int kpi_kext_load_as(struct module *module, struct bsd_kmod_info *info,
		     const struct kpi_kext_build *build);
int kpi_kext_stop(struct module *module);
bool kpi_kext_stopped(struct module *module);
void kpi_kext_unload(struct module *module);

#endif /* _NETKPI_KEXT_H */
