/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a kext's glue calls. Linux world only.
 */
#ifndef _NETKPI_KEXT_H
#define _NETKPI_KEXT_H

#include <linux/types.h>

#include <kpi/kmod.h>

struct module;

int kpi_kext_load(struct module *module, struct bsd_kmod_info *info);
int kpi_kext_load_direct(struct module *module, struct bsd_kmod_info *info);
int kpi_kext_stop(struct module *module);
bool kpi_kext_stopped(struct module *module);
void kpi_kext_unload(struct module *module);

#endif /* _NETKPI_KEXT_H */
