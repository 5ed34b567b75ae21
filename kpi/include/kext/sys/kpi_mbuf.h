/* SPDX-License-Identifier: GPL-2.0 */
/*
 * <sys/kpi_mbuf.h>: the names kexts are written against. <kpi/mbuf.h> says what
 * mbufs are and what to beware of.
 */
#ifndef _SYS_KPI_MBUF_H
#define _SYS_KPI_MBUF_H

#include <sys/kernel_types.h>

#include <kpi/mbuf.h>
#include <kpi/mbuf_inline.h>

#define mbuf_stat	bsd_mbuf_stat

#define mbuf_data			kpi_mbuf_data
#define mbuf_datastart			kpi_mbuf_datastart
#define mbuf_setdata			kpi_mbuf_setdata
#define mbuf_align_32			kpi_mbuf_align_32
#define mbuf_data_to_physical		kpi_mbuf_data_to_physical

#define mbuf_get			kpi_mbuf_get
#define mbuf_gethdr			kpi_mbuf_gethdr
#define mbuf_attachcluster		kpi_mbuf_attachcluster
#define mbuf_alloccluster		kpi_mbuf_alloccluster
#define mbuf_freecluster		kpi_mbuf_freecluster
#define mbuf_getcluster			kpi_mbuf_getcluster
#define mbuf_mclget			kpi_mbuf_mclget
#define mbuf_allocpacket		kpi_mbuf_allocpacket
#define mbuf_allocpacket_list		kpi_mbuf_allocpacket_list
#define mbuf_getpacket			kpi_mbuf_getpacket
#define mbuf_free			kpi_mbuf_free
#define mbuf_freem			kpi_mbuf_freem
#define mbuf_freem_list			kpi_mbuf_freem_list

#define mbuf_leadingspace		kpi_mbuf_leadingspace
#define mbuf_trailingspace		kpi_mbuf_trailingspace

#define mbuf_copym			kpi_mbuf_copym
#define mbuf_dup			kpi_mbuf_dup
#define mbuf_prepend			kpi_mbuf_prepend
#define mbuf_split			kpi_mbuf_split
#define mbuf_pullup			kpi_mbuf_pullup
#define mbuf_pulldown			kpi_mbuf_pulldown
#define mbuf_adj			kpi_mbuf_adj
#define mbuf_adjustlen			kpi_mbuf_adjustlen
#define mbuf_concatenate		kpi_mbuf_concatenate
#define mbuf_copydata			kpi_mbuf_copydata
#define mbuf_copyback			kpi_mbuf_copyback

#define mbuf_mclhasreference		kpi_mbuf_mclhasreference
#define mbuf_next			kpi_mbuf_next
#define mbuf_setnext			kpi_mbuf_setnext
#define mbuf_nextpkt			kpi_mbuf_nextpkt
#define mbuf_setnextpkt			kpi_mbuf_setnextpkt
#define mbuf_len			kpi_mbuf_len
#define mbuf_setlen			kpi_mbuf_setlen
#define mbuf_maxlen			kpi_mbuf_maxlen
#define mbuf_type			kpi_mbuf_type
#define mbuf_settype			kpi_mbuf_settype
#define mbuf_flags			kpi_mbuf_flags
#define mbuf_setflags			kpi_mbuf_setflags
#define mbuf_setflags_mask		kpi_mbuf_setflags_mask

#define mbuf_copy_pkthdr		kpi_mbuf_copy_pkthdr
#define mbuf_pkthdr_len			kpi_mbuf_pkthdr_len
#define mbuf_pkthdr_setlen		kpi_mbuf_pkthdr_setlen
#define mbuf_pkthdr_adjustlen		kpi_mbuf_pkthdr_adjustlen
#define mbuf_pkthdr_maxlen		kpi_mbuf_pkthdr_maxlen
#define mbuf_pkt_list_len		kpi_mbuf_pkt_list_len
#define mbuf_pkt_list_maxlen		kpi_mbuf_pkt_list_maxlen
#define mbuf_pkthdr_rcvif		kpi_mbuf_pkthdr_rcvif
#define mbuf_pkthdr_setrcvif		kpi_mbuf_pkthdr_setrcvif
#define mbuf_pkthdr_header		kpi_mbuf_pkthdr_header
#define mbuf_pkthdr_setheader		kpi_mbuf_pkthdr_setheader

#define mbuf_inbound_modified		kpi_mbuf_inbound_modified
#define mbuf_outbound_finalize		kpi_mbuf_outbound_finalize
#define mbuf_set_vlan_tag		kpi_mbuf_set_vlan_tag
#define mbuf_get_vlan_tag		kpi_mbuf_get_vlan_tag
#define mbuf_clear_vlan_tag		kpi_mbuf_clear_vlan_tag
#define mbuf_set_csum_requested		kpi_mbuf_set_csum_requested
#define mbuf_get_csum_requested		kpi_mbuf_get_csum_requested
#define mbuf_get_tso_requested		kpi_mbuf_get_tso_requested
#define mbuf_get_gso_info		kpi_mbuf_get_gso_info
#define mbuf_set_gso_info		kpi_mbuf_set_gso_info
#define mbuf_get_lro_info		kpi_mbuf_get_lro_info
#define mbuf_set_lro_info		kpi_mbuf_set_lro_info
#define mbuf_clear_csum_requested	kpi_mbuf_clear_csum_requested
#define mbuf_set_csum_performed		kpi_mbuf_set_csum_performed
#define mbuf_get_csum_performed		kpi_mbuf_get_csum_performed
#define mbuf_get_mlen			kpi_mbuf_get_mlen
#define mbuf_get_mhlen			kpi_mbuf_get_mhlen
#define mbuf_get_minclsize		kpi_mbuf_get_minclsize
#define mbuf_get_msize			kpi_mbuf_get_msize
#define mbuf_clear_csum_performed	kpi_mbuf_clear_csum_performed
#define mbuf_inet_cksum			kpi_mbuf_inet_cksum
#define mbuf_inet6_cksum		kpi_mbuf_inet6_cksum

#define mbuf_tag_id_find		kpi_mbuf_tag_id_find
#define mbuf_tag_allocate		kpi_mbuf_tag_allocate
#define mbuf_tag_find			kpi_mbuf_tag_find
#define mbuf_tag_free			kpi_mbuf_tag_free
#define mbuf_add_drvaux			kpi_mbuf_add_drvaux
#define mbuf_find_drvaux		kpi_mbuf_find_drvaux
#define mbuf_del_drvaux			kpi_mbuf_del_drvaux

#define mbuf_stats			kpi_mbuf_stats

#define mbuf_get_traffic_class		kpi_mbuf_get_traffic_class
#define mbuf_set_traffic_class		kpi_mbuf_set_traffic_class
#define mbuf_is_traffic_class_privileged	kpi_mbuf_is_traffic_class_privileged
#define mbuf_get_traffic_class_max_count	kpi_mbuf_get_traffic_class_max_count
#define mbuf_get_traffic_class_index	kpi_mbuf_get_traffic_class_index
#define mbuf_get_service_class_max_count	kpi_mbuf_get_service_class_max_count
#define mbuf_get_service_class_index	kpi_mbuf_get_service_class_index
#define mbuf_get_service_class		kpi_mbuf_get_service_class
#define mbuf_set_service_class		kpi_mbuf_set_service_class
#define mbuf_is_service_class_privileged	kpi_mbuf_is_service_class_privileged

#define mbuf_pkthdr_aux_flags		kpi_mbuf_pkthdr_aux_flags
#define mbuf_get_driver_scratch		kpi_mbuf_get_driver_scratch
#define mbuf_get_unsent_data_bytes	kpi_mbuf_get_unsent_data_bytes
#define mbuf_get_buffer_status		kpi_mbuf_get_buffer_status
#define mbuf_pkt_new_flow		kpi_mbuf_pkt_new_flow
#define mbuf_last_pkt			kpi_mbuf_last_pkt
#define mbuf_get_timestamp		kpi_mbuf_get_timestamp
#define mbuf_set_timestamp		kpi_mbuf_set_timestamp
#define mbuf_register_tx_compl_callback	kpi_mbuf_register_tx_compl_callback
#define mbuf_unregister_tx_compl_callback	kpi_mbuf_unregister_tx_compl_callback
#define mbuf_get_timestamp_requested	kpi_mbuf_get_timestamp_requested
#define mbuf_set_timestamp_requested	kpi_mbuf_set_timestamp_requested
#define mbuf_get_status			kpi_mbuf_get_status
#define mbuf_set_status			kpi_mbuf_set_status
#define mbuf_get_tx_compl_data		kpi_mbuf_get_tx_compl_data
#define mbuf_set_tx_compl_data		kpi_mbuf_set_tx_compl_data
#define mbuf_get_flowid			kpi_mbuf_get_flowid
#define mbuf_set_flowid			kpi_mbuf_set_flowid
#define mbuf_get_keepalive_flag		kpi_mbuf_get_keepalive_flag
#define mbuf_set_keepalive_flag		kpi_mbuf_set_keepalive_flag
#define mbuf_get_wake_packet_flag	kpi_mbuf_get_wake_packet_flag
#define mbuf_set_wake_packet_flag	kpi_mbuf_set_wake_packet_flag

/* Queues of packets, of structures with ifq_head, ifq_tail and ifq_len. */
#define IF_ENQUEUE_MBUF(ifq, m) do {					\
	mbuf_setnextpkt((m), 0);					\
	if ((ifq)->ifq_tail == 0)					\
		(ifq)->ifq_head = (m);					\
	else								\
		mbuf_setnextpkt((mbuf_t)(ifq)->ifq_tail, (m));		\
	(ifq)->ifq_tail = (m);						\
	(ifq)->ifq_len++;						\
} while (0)

#define IF_PREPEND_MBUF(ifq, m) do {					\
	mbuf_setnextpkt((m), (ifq)->ifq_head);				\
	if ((ifq)->ifq_tail == 0)					\
		(ifq)->ifq_tail = (m);					\
	(ifq)->ifq_head = (m);						\
	(ifq)->ifq_len++;						\
} while (0)

#define IF_DEQUEUE_MBUF(ifq, m) do {					\
	(m) = (ifq)->ifq_head;						\
	if (m) {							\
		(ifq)->ifq_head = mbuf_nextpkt((m));			\
		if ((ifq)->ifq_head == 0)				\
			(ifq)->ifq_tail = 0;				\
		mbuf_setnextpkt((m), 0);				\
		(ifq)->ifq_len--;					\
	}								\
} while (0)

#endif /* _SYS_KPI_MBUF_H */
