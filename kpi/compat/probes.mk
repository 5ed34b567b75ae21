# SPDX-License-Identifier: GPL-2.0
# What the kernel's headers have; for every folder whose files include compat.h.

# $(call kpi-has,header,word,NAME): -DKPI_HAVE_NAME if the kernel's header has the word
kpi-has = $(if $(shell grep -sw '$(2)' $(srctree)/include/$(1)),-DKPI_HAVE_$(3))

ccflags-y += $(call kpi-has,linux/module.h,MOD_TEXT,MODULE_MEMORY)
