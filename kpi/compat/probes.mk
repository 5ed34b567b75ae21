# SPDX-License-Identifier: GPL-2.0
# What the kernel's headers have; for every folder whose files include compat.h.

# $(call kpi-has,header,word,NAME): -DKPI_HAVE_NAME if the kernel's header has the word
kpi-has = $(if $(shell grep -sw '$(2)' $(srctree)/include/$(1)),-DKPI_HAVE_$(3))

ccflags-y += $(call kpi-has,linux/module.h,MOD_TEXT,MODULE_MEMORY)
ccflags-y += $(call kpi-has,linux/hex.h,hex2bin,HEX_H)
ccflags-y += $(call kpi-has,linux/fs_struct.h,scoped_with_init_fs,INIT_FS)
ccflags-y += $(call kpi-has,linux/socket.h,sockaddr_unsized,SOCKADDR_UNSIZED)
ccflags-y += $(call kpi-has,net/sock.h,sk_net_refcnt_upgrade,SK_NET_REFCNT_UPGRADE)
ccflags-y += $(call kpi-has,net/sock.h,sk_drops_inc,SK_DROPS_INC)
ccflags-y += $(call kpi-has,net/inet_sock.h,inet_test_bit,INET_TEST_BIT)
ccflags-y += $(call kpi-has,linux/workqueue.h,WQ_PERCPU,WQ_PERCPU)
ccflags-y += $(call kpi-has,linux/local_lock.h,local_lock_nested_bh,LOCAL_LOCK_NESTED_BH)
ccflags-y += $(call kpi-has,linux/shrinker.h,shrinker_alloc,SHRINKER_ALLOC)
ccflags-y += $(call kpi-has,linux/skbuff.h,skb_frags_readable,SKB_FRAGS_READABLE)
ccflags-y += $(call kpi-has,linux/hrtimer.h,hrtimer_setup,HRTIMER_SETUP)
ccflags-y += $(call kpi-has,linux/sysctl.h,register_sysctl_sz,REGISTER_SYSCTL_SZ)
ccflags-y += $(call kpi-has,linux/sysctl.h,proc_handler.const struct ctl_table,CTL_TABLE_CONST)
ccflags-y += $(call kpi-has,linux/netdevice.h,netif_get_flags,NETIF_GET_FLAGS)
ccflags-y += $(call kpi-has,linux/netdevice.h,netns_immutable,NETNS_IMMUTABLE)
ccflags-y += $(call kpi-has,net/af_unix.h,inq_len,UNIX_INQ_LEN)
ccflags-y += $(call kpi-has,net/flow.h,flowi4_dscp,FLOW_DSCP)
ccflags-y += $(if $(wildcard $(srctree)/include/net/gso.h),-DKPI_HAVE_GSO_H)
ccflags-y += $(call kpi-has,linux/net.h,proto_accept_arg,PROTO_ACCEPT_ARG)
ccflags-y += $(call kpi-has,linux/net.h,SOCK_CUSTOM_SOCKOPT,CUSTOM_SOCKOPT)
ccflags-y += $(call kpi-has,linux/fs.h,copy_splice_read,COPY_SPLICE_READ)
ccflags-y += $(call kpi-has,linux/net.h,sendpage_locked,PROTO_SENDPAGE)
