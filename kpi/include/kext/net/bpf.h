/* SPDX-License-Identifier: GPL-2.0 */
/* Packet taps: Linux captures on its own devices, so these do nothing. */
#ifndef _NET_BPF_H
#define _NET_BPF_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/kernel_types.h>
#include <net/kpi_interface.h>

typedef u_int32_t bpf_tap_mode;
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

static inline __attribute__((__unused__)) void
bpfattach(ifnet_t interface, u_int32_t data_link_type, u_int32_t header_length)
{
	(void)interface;
	(void)data_link_type;
	(void)header_length;
}

static inline __attribute__((__unused__)) errno_t
bpf_attach(ifnet_t interface, u_int32_t data_link_type, u_int32_t header_length,
	   bpf_packet_func send, bpf_packet_func tap)
{
	(void)interface;
	(void)data_link_type;
	(void)header_length;
	(void)send;
	(void)tap;
	return EOPNOTSUPP;
}

static inline __attribute__((__unused__)) void
bpf_tap_in(ifnet_t interface, u_int32_t dlt, mbuf_t packet, void *header, size_t header_len)
{
	(void)interface;
	(void)dlt;
	(void)packet;
	(void)header;
	(void)header_len;
}

static inline __attribute__((__unused__)) void
bpf_tap_out(ifnet_t interface, u_int32_t dlt, mbuf_t packet, void *header, size_t header_len)
{
	(void)interface;
	(void)dlt;
	(void)packet;
	(void)header;
	(void)header_len;
}

#endif /* _NET_BPF_H */
