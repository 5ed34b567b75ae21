/* SPDX-License-Identifier: GPL-2.0 */
/* Packet taps: Linux's captures see what goes by an interface; see <kpi/interface.h>. */
#ifndef _NET_BPF_H
#define _NET_BPF_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/kernel_types.h>
#include <net/kpi_interface.h>

typedef u_int32_t bpf_packet_func_mode;

#define BPF_MODE_DISABLED	0
#define BPF_MODE_INPUT		1
#define BPF_MODE_OUTPUT		2
#define BPF_MODE_INPUT_OUTPUT	3

#define DLT_NULL		0
#define DLT_EN10MB		1
#define DLT_PPP			9
#define DLT_RAW			12
#define DLT_LOOP		108

#define bpfattach	kpi_bpfattach
#define bpf_attach	kpi_bpf_attach
#define bpf_tap_in	kpi_bpf_tap_in
#define bpf_tap_out	kpi_bpf_tap_out

#endif /* _NET_BPF_H */
