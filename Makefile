# SPDX-License-Identifier: GPL-2.0
# What people type; "make help" lists it. What kbuild reads is in Kbuild.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
BUILD ?= build
export BUILD

GUEST := tools/guest
SETUP := $(GUEST)/setup

# $(call tool,path): the command, or one line that says that it is not there
tool = $(if $(wildcard $(firstword $(1))),$(1),@echo "make $@: there is no $(firstword $(1))" >&2; exit 1)

##@ Build
.PHONY: all
all: headers	## netkpi.ko and netkpi_demo.ko for KVER=..., or for the kernel tree KDIR=...
	@$(MAKE) -C $(KDIR) M=$(CURDIR) modules
	@echo "Built for $(KVER). Next: make demo shows it in a guest, make install puts it in place."

.PHONY: headers
headers:
	@test -e $(KDIR)/Makefile || { \
		echo "No kernel headers for $(KVER) in $(KDIR)."; \
		echo "  Debian, Ubuntu: apt install linux-headers-$(KVER)"; \
		echo "  another tree:   make KDIR=/path/to/linux"; \
		exit 1; } >&2

.PHONY: clean
clean:	## remove what the build made
	@find . -path ./.git -prune -o -type f \( $(foreach p,$(PRODUCTS),-name '$(p)' -o) -name modules.order \) \
		-exec rm -f {} +
	@rm -rf $(BUILD)

PRODUCTS := *.o *.o.d *.a *.ko *.mod *.mod.c .*.cmd Module.symvers *.gcno *.gcda

.PHONY: kext
kext:	## build the kext in SRC=folder with our headers only; RUN=1 loads it in a guest
	@$(SETUP) build
	@$(call tool,tools/kext-build) $(SRC)

##@ Test
.PHONY: demo
demo:	## build, boot a stock kernel, load the demo kext and let it talk to real servers
	@$(SETUP) build demo
	@$(GUEST)/demo

.PHONY: check
check:	## every gating test, in guests; K=name runs one suite
	@$(SETUP) build uml demo guest
	@$(GUEST)/check $(K)

.PHONY: vectors
vectors:	## replay the reference vectors of VECTORS=folder (default: kunit/vectors)
	@$(SETUP) build uml
	$(call tool,tools/vectors/run $(VECTORS))

.PHONY: matrix
matrix:	## build and test on every kernel, or on those of FLAVOURS=
	@$(SETUP) build uml demo guest
	@$(GUEST)/matrix $(FLAVOURS)

.PHONY: stress
stress:	## long runs on the debug kernel: faults, unload under traffic, many sockets
	@$(SETUP) build uml guest
	@$(GUEST)/stress

.PHONY: coverage
coverage:	## lines and branches of kpi/ that the suites run
	@$(SETUP) build uml guest
	@$(GUEST)/coverage

.PHONY: bench
bench:	## compare with hand-written kernel code; MIN=1 fails below the goals, METER=icount counts instructions
	@$(SETUP) build uml demo bench
	@$(call tool,tools/bench/run) $(METER:%=--meter %) $(if $(MIN),--min) $(if $(ROUNDS),--rounds $(ROUNDS))

.PHONY: style
style:	## checkpatch, sparse, kernel-doc and W=1 over kpi, module and kunit
	@$(SETUP) build uml style
	@$(GUEST)/style

##@ Use
.PHONY: install
install: all	## install the modules for KVER, the tools and their manual (as root)
	@$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install
	depmod $(KVER)
	tools/pkg/install-tools

.PHONY: uninstall
uninstall:	## remove what install put there
	rm -f $(foreach m,netkpi netkpi_demo,$(wildcard /lib/modules/$(KVER)/updates/$(m).ko* \
		/lib/modules/$(KVER)/updates/*/$(m).ko*))
	depmod $(KVER)
	tools/pkg/install-tools --remove

.PHONY: dkms-install
dkms-install:	## build and install with DKMS, also for kernels to come
	$(call tool,tools/pkg/dkms-install)

.PHONY: sign
sign:	## sign the modules for Secure Boot, with DKMS's key or KEY= and CERT=
	$(call tool,tools/pkg/sign)

.PHONY: help
help:	## this text
	@awk -F'\t## ' '/^##@/ {printf "\n%s:\n", substr($$0, 5)} \
		/^[a-z-]+:.*\t## / {sub(/:.*/, "", $$1); printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
