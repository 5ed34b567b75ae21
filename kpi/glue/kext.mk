# SPDX-License-Identifier: GPL-2.0
#
# Builds a kext: units that see the kext headers only, and the glue that makes
# a Linux module of them. A kext's Kbuild says
#
#	KEXT := hello			the module's name
#	KEXT_SRCS := hello.c net/io.c	its units
#	KEXT_START := hello_start	unless the sources have KMOD_EXPLICIT_DECL
#	KEXT_STOP := hello_stop
#	include $(KPI)/glue/kext.mk
#
# and may say, before the include,
#
#	KEXT_ID, KEXT_VERSION		bundle identifier and version
#	KEXT_LICENSE			as for MODULE_LICENSE(); GPL if unset
#	KEXT_PARAMS := port:int host:charp	global variables that become module parameters
#	KEXT_DEFS = -DDEBUG -include $(KEXT_DIR)/prefix.h	more compiler flags
#	KEXT_INCLUDE := include		more folders for #include, relative to the Kbuild
#	KEXT_EXPORTS := f g		functions and objects that other kexts may use
#	KEXT_IMPORTS := h		those that another kext of the same build exports
#	KEXT_DIRECT := y		its filters never sleep: call them where packets are
#
# KPI is the layer's kpi folder; KEXT_DIR is the folder of the Kbuild. The file
# may be included several times, once per kext. Units of another module (a
# suite, say) become kext units with $(eval $(call kext-units,a.o b.o)).

ifndef kext-units

KPI := $(realpath $(dir $(lastword $(MAKEFILE_LIST)))..)

KEXT_WORLD := -D__LINUX_COMPILER_TYPES_H -U__KERNEL__
KEXT_WORLD += -DKERNEL=1 -DKERNEL_PRIVATE=1 -DDRIVER_PRIVATE=1 -DAPPLE=1 -DNeXT=1
KEXT_WORLD += -D__APPLE__=1 -D__MACH__=1 -D__APPLE_CC__=6000
KEXT_WORLD += $(if $(CONFIG_CPU_BIG_ENDIAN),-D__BIG_ENDIAN__=1,-D__LITTLE_ENDIAN__=1)
# as clang has them for a Mac, whether or not <TargetConditionals.h> is named
KEXT_WORLD += -DTARGET_OS_MAC=1 -DTARGET_OS_OSX=1 -DTARGET_OS_IPHONE=0 -DTARGET_OS_IOS=0
KEXT_WORLD += -DTARGET_OS_TV=0 -DTARGET_OS_WATCH=0 -DTARGET_OS_BRIDGE=0
KEXT_WORLD += -DTARGET_OS_SIMULATOR=0 -DTARGET_OS_EMBEDDED=0 -DTARGET_OS_WIN32=0
KEXT_WORLD += -DTARGET_OS_UNIX=0 -DTARGET_OS_LINUX=0
KEXT_WORLD += -Ulinux -Uunix -U__linux -U__linux__ -U__unix -U__unix__ -U__gnu_linux__
# what user-mode Linux renames on the command line
KEXT_WORLD += -Uin6addr_any -Uin6addr_loopback
# char is signed on macOS; printf() must not become puts(); the caller's address
# tells which kext calls, so a kext's last call must not become a jump
KEXT_WORLD += -fsigned-char -fno-builtin -fno-optimize-sibling-calls

# idioms of old kext code that are not worth a warning
KEXT_WARN := -Wno-error=strict-prototypes -Wno-strict-prototypes -Wno-old-style-definition
KEXT_WARN += -Wno-missing-prototypes -Wno-missing-declarations -Wno-missing-include-dirs
KEXT_WARN += -Wno-int-to-pointer-cast -Wno-pointer-to-int-cast -Wno-cast-function-type
KEXT_WARN += -Wno-multichar -Wno-unknown-pragmas -Wno-deprecated -Wno-undef
KEXT_WARN += -Wno-implicit-fallthrough -Wno-parentheses -Wno-vla -Wno-unused -Wno-attributes

# $(call kext-units,OBJECTS): compile these objects of this folder as kext code
define kext-units
$(addprefix $(obj)/,$(1)): LINUXINCLUDE := -I$(KPI)/include/kext -I$(KPI)/include \
	$(addprefix -I$(KEXT_DIR)/,$(KEXT_INCLUDE))
$(foreach o,$(1),$(eval CFLAGS_$(o) := $(KEXT_WORLD) $(KEXT_WARN) $(KEXT_DEFS)))
endef

quiet_cmd_kext_symbols = KEXT    $(patsubst %_glue.c,%,$@)
      cmd_kext_symbols = IMPORTS='$(KEXT_USES)' sh $(KPI)/glue/check-symbols '$(NM)' $(KEXT_UNITS)

filechk_kext_unit = echo '$(pound)include "$(KEXT_SOURCE)"'
filechk_kext_glue = printf '%s\n' $(KEXT_GLUE)

endif # kext-units

KEXT_DIR := $(realpath $(src))

ifneq ($(KEXT),)

KEXT_ID ?= $(KEXT)
KEXT_VERSION ?= 1.0
KEXT_LICENSE ?= GPL

obj-m += $(KEXT).o

# kbuild cannot make hello.ko from hello.o: such a unit goes by another name
KEXT_OBJS := $(patsubst $(KEXT).o,$(KEXT)_unit.o,$(KEXT_SRCS:.c=.o))
ifneq ($(filter $(KEXT).c,$(KEXT_SRCS)),)
$(obj)/$(KEXT)_unit.c: KEXT_SOURCE := $(KEXT_DIR)/$(KEXT).c
$(obj)/$(KEXT)_unit.c: FORCE
	$(call filechk,kext_unit)
clean-files := $(clean-files) $(KEXT)_unit.c
endif

$(KEXT)-y := $(KEXT)_glue.o $(KEXT_OBJS)

$(eval $(call kext-units,$(KEXT_OBJS)))

$(obj)/$(KEXT)_glue.c: KEXT_UNITS := $(addprefix $(obj)/,$(KEXT_OBJS))
$(obj)/$(KEXT)_glue.c: KEXT_USES := $(KEXT_IMPORTS)
$(obj)/$(KEXT)_glue.c: KEXT_GLUE := \
	'$(pound)define KEXT_ID "$(KEXT_ID)"' \
	'$(pound)define KEXT_VERSION "$(KEXT_VERSION)"' \
	'$(pound)define KEXT_LICENSE "$(KEXT_LICENSE)"' \
	$(if $(KEXT_START),'$(pound)define KEXT_START $(KEXT_START)' '$(pound)define KEXT_STOP $(KEXT_STOP)') \
	'$(pound)define KEXT_DIRECT $(if $(KEXT_DIRECT),1,0)' \
	'$(pound)include "$(KPI)/glue/kext_glue.c"' \
	$(foreach p,$(KEXT_PARAMS),'KEXT_PARAM($(subst :,$(comma) ,$(p)));') \
	$(foreach s,$(KEXT_EXPORTS),'KEXT_EXPORT($(s));')
# a name that is not ours would be taken from the kernel without a word
$(obj)/$(KEXT)_glue.c: $(addprefix $(obj)/,$(KEXT_OBJS)) FORCE
	$(call cmd,kext_symbols)
	$(call filechk,kext_glue)

CFLAGS_$(KEXT)_glue.o := -I$(KPI)/include
clean-files := $(clean-files) $(KEXT)_glue.c

KEXT :=
KEXT_SRCS :=
KEXT_START :=
KEXT_STOP :=
KEXT_PARAMS :=
KEXT_DEFS :=
KEXT_INCLUDE :=
KEXT_EXPORTS :=
KEXT_IMPORTS :=
KEXT_DIRECT :=
undefine KEXT_ID
undefine KEXT_VERSION
undefine KEXT_LICENSE

endif # KEXT
