# SPDX-License-Identifier: GPL-2.0
# Kernels that netkpi is not made for: KPI_REFUSED says why, in a line. Kbuild includes this;
# "make -f refuse.mk KPI_REFUSE_FOR=kernel-tree" says it and fails before anything is built.

ifdef KPI_REFUSE_FOR
-include $(KPI_REFUSE_FOR)/include/config/auto.conf
endif

# CONFIG_MODULES: make clean knows no configuration
KPI_REFUSED := $(if $(CONFIG_MODULES),$(strip \
	$(if $(filter y,$(CONFIG_64BIT)),,netkpi needs a 64-bit kernel: this one has 32 bits) \
	$(if $(filter y,$(CONFIG_CPU_BIG_ENDIAN)),netkpi needs a little-endian kernel: this one is big-endian) \
	$(if $(filter y,$(CONFIG_PREEMPT_RT)),netkpi needs a kernel without PREEMPT_RT: its spin locks and per-CPU data must not be preempted)))

ifdef KPI_REFUSE_FOR
.PHONY: refuse
refuse:
	@$(if $(KPI_REFUSED),echo "$(KPI_REFUSED)." >&2; exit 1,:)
endif
