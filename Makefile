# SPDX-License-Identifier: GPL-2.0
# What people type; "make help" lists it. What kbuild reads is in Kbuild.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
BUILD ?= build
export BUILD

ifneq ($(words $(CURDIR)),1)
$(error The path "$(CURDIR)" has a space in it, and kbuild cannot build there: move this folder)
endif

# not GUEST: that is a variable of "make kext"
GUESTS := tools/guest
SETUP := tools/guest/setup

# $(call tool,path): the command, or one line that says that it is not there
tool = $(if $(wildcard $(firstword $(1))),$(1),@echo "make $@: there is no $(firstword $(1))" >&2; exit 1)

##@ Build
.PHONY: all
all: headers	## netkpi.ko and the demo kexts for KVER=..., or for the kernel tree KDIR=...
	@$(MAKE) -C $(KDIR) M=$(CURDIR) modules
	@echo "Built for $(KVER). Next: make demo shows it in a guest, make install puts it in place."

.PHONY: headers
headers:
	@test -e $(KDIR)/Makefile || { tools/pkg/no-headers $(KVER) $(KDIR); exit 1; } >&2
	@$(MAKE) -s --no-print-directory -f kpi/compat/refuse.mk KPI_REFUSE_FOR=$(KDIR)

.PHONY: clean
clean:	## remove what the build made
	@tools/pkg/sources --built | tr '\n' '\0' | xargs -0r rm -f
	@find tools tests -name __pycache__ -type d -empty -delete
	@rm -rf $(BUILD)

.PHONY: kext
kext:	## build the kext in SRC=folder with our headers only; RUN=1 loads it in a guest
	@$(SETUP) build
	@SRC='$(subst ','\'',$(SRC))' $(call tool,tools/kext-build)

##@ Test
.PHONY: demo
demo:	## build, boot a stock kernel, load the demo kext and let it talk to real servers
	@$(SETUP) build demo
	@$(GUESTS)/demo

.PHONY: check
check:	## every gating test, in guests; K=name runs one suite
	@$(SETUP) build uml demo guest
	@$(GUESTS)/check $(K)

.PHONY: vectors
vectors:	## replay the reference vectors of VECTORS=folder (default: kunit/vectors)
	@$(SETUP) build uml
	$(call tool,tools/vectors/replay $(VECTORS))

.PHONY: matrix
matrix:	## build and test on every kernel, or on those of FLAVOURS=
	@$(SETUP) build uml demo guest
	@$(GUESTS)/matrix $(FLAVOURS)

.PHONY: stress
stress:	## long runs on the debug kernel: faults, unload under traffic, many sockets
	@$(SETUP) build uml guest kcsan
	@$(GUESTS)/stress

.PHONY: coverage
coverage:	## lines and branches of kpi/ that the suites run
	@$(SETUP) build uml guest
	@$(GUESTS)/coverage

.PHONY: mutants
mutants:	## change kpi/ in one place at a time: do the suites notice? K=area or name; MIN=1 fails below 9 in 10
	@$(SETUP) build uml guest
	@$(call tool,tools/mutants/mutate) $(if $(MIN),--min) $(K)

.PHONY: bench
bench:	## compare with hand-written kernel code; MIN=1 fails below the goals, METER=icount counts instructions
	@$(SETUP) build uml demo bench
	@$(call tool,tools/bench/compare) $(METER:%=--meter %) $(if $(MIN),--min) $(if $(GATE),--gate) $(if $(ROUNDS),--rounds $(ROUNDS))

.PHONY: style
style:	## checkpatch, sparse, kernel-doc and W=1 over kpi, module and kunit
	@$(SETUP) build uml style
	@$(GUESTS)/style

.PHONY: doc
doc:	## the pictures of the documentation, from the text beside them
	@command -v dot >/dev/null || { echo "make doc: there is no dot; apt install graphviz" >&2; exit 1; }
	@for text in doc/*.dot; do dot -Tsvg $$text -o $${text%.dot}.svg; done

##@ Use
.PHONY: install
install: all	## install the modules for KVER, the tools and their manual (as root, or into DESTDIR=)
	@KVER= KDIR=$(KDIR) tools/pkg/install-modules
	@tools/pkg/install-tools

.PHONY: uninstall
uninstall:	## remove what install put there
	@tools/pkg/install-modules --remove
	@tools/pkg/install-tools --remove

.PHONY: dkms-install dkms-remove
dkms-install:	## build and install with DKMS, also for kernels to come
	@$(call tool,tools/pkg/dkms-install)

dkms-remove:	## have DKMS forget it, for all kernels
	@$(call tool,tools/pkg/dkms-install) --remove

.PHONY: sign
sign:	## sign what is installed, else what is built, with DKMS's key or KEY= and CERT=
	@$(call tool,tools/pkg/sign)

.PHONY: help
help:	## this text
	@awk -F'\t## ' '/^##@/ {printf "\n%s:\n", substr($$0, 5)} \
		/^[a-z-]+:.*\t## / {sub(/:.*/, "", $$1); printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
