/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mbufs: packet memory.
 *
 * An mbuf is one buffer: a data pointer and a length over some storage, a type,
 * a few flags. Linked by mbuf_next() they form a chain, which stands for the
 * bytes of its members one after the other; members of length 0 are legal
 * anywhere. A chain whose first mbuf has MBUF_PKTHDR is a packet and has a
 * packet header: total length, interface, checksum state, tags and so on.
 * Packets linked by mbuf_nextpkt() are a packet list.
 *
 * Storage is inside the mbuf (288 bytes), a cluster (2048, 4096 or 16384 bytes)
 * or the caller's own buffer. Clusters and the caller's buffers can be shared:
 * mbuf_copym() and mbuf_split() make several mbufs refer to the same bytes.
 * While they do, no space in front of or behind the data may be used; mbufs
 * report none.
 *
 * What to beware of:
 *  - Nothing keeps mbuf_pkthdr_len() equal to the sum of the lengths except the
 *    calls that say so.
 *  - mbuf_prepend(), mbuf_pullup() and mbuf_pulldown() free the whole chain when
 *    they fail. All others leave their input alone.
 *  - There is no lock in an mbuf: who holds the pointer owns it.
 *  - The address from mbuf_data() is good until the mbuf is freed or a call that
 *    says it moves data is made on that very mbuf.
 *  - MBUF_WAITOK may sleep. MBUF_DONTWAIT never does. What allocates or frees
 *    needs interrupts enabled; bottom halves and spinlocks are fine. Tag ids and
 *    completion callbacks are registered in process context.
 */
#ifndef _KPI_MBUF_H
#define _KPI_MBUF_H

#include <kpi/types.h>

/* Flags of one mbuf. */
enum {
	MBUF_EXT	= 0x0001,	/* has storage of its own outside; cannot be altered */
	MBUF_PKTHDR	= 0x0002,	/* has a packet header */
	MBUF_EOR	= 0x0004,	/* end of record */
	MBUF_LOOP	= 0x0040,	/* looped back */

	MBUF_BCAST	= 0x0100,	/* broadcast on the link */
	MBUF_MCAST	= 0x0200,	/* multicast on the link */
	MBUF_FRAG	= 0x0400,	/* a fragment of a larger packet */
	MBUF_FIRSTFRAG	= 0x0800,	/* the first of them */
	MBUF_LASTFRAG	= 0x1000,	/* the last of them */
	MBUF_PROMISC	= 0x2000,	/* seen only because the interface is promiscuous */
	MBUF_HASFCS	= 0x4000	/* the frame check sequence is still there */
};
typedef u_int32_t mbuf_flags_t;

/* Types. Freely chosen by who allocates, but for MBUF_TYPE_FREE. */
enum {
	MBUF_TYPE_FREE		= 0,
	MBUF_TYPE_DATA		= 1,
	MBUF_TYPE_HEADER	= 2,
	MBUF_TYPE_SOCKET	= 3,
	MBUF_TYPE_PCB		= 4,
	MBUF_TYPE_RTABLE	= 5,
	MBUF_TYPE_HTABLE	= 6,
	MBUF_TYPE_ATABLE	= 7,
	MBUF_TYPE_SONAME	= 8,
	MBUF_TYPE_SOOPTS	= 10,
	MBUF_TYPE_FTABLE	= 11,
	MBUF_TYPE_RIGHTS	= 12,
	MBUF_TYPE_IFADDR	= 13,
	MBUF_TYPE_CONTROL	= 14,
	MBUF_TYPE_OOBDATA	= 15
};
typedef u_int32_t mbuf_type_t;

/* TCP segmentation asked of the interface. */
enum {
	MBUF_TSO_IPV4		= 0x100000,
	MBUF_TSO_IPV6		= 0x200000
};
typedef u_int32_t mbuf_tso_request_flags_t;

/* Checksums to be filled in on the way out. */
enum {
	MBUF_CSUM_REQ_IP	= 0x0001,
	MBUF_CSUM_REQ_TCP	= 0x0002,
	MBUF_CSUM_REQ_UDP	= 0x0004,
	MBUF_CSUM_REQ_TCPIPV6	= 0x0020,
	MBUF_CSUM_REQ_UDPIPV6	= 0x0040,
	MBUF_CSUM_PARTIAL	= 0x1000,
	MBUF_CSUM_REQ_SUM16	= MBUF_CSUM_PARTIAL,
	MBUF_CSUM_REQ_ZERO_INVERT = 0x2000
};
typedef u_int32_t mbuf_csum_request_flags_t;

/* What the interface found out about checksums on the way in. */
enum {
	MBUF_CSUM_DID_IP	= 0x0100,
	MBUF_CSUM_IP_GOOD	= 0x0200,
	MBUF_CSUM_DID_DATA	= 0x0400,
	MBUF_CSUM_PSEUDO_HDR	= 0x0800,
	MBUF_CSUM_TCP_SUM16	= MBUF_CSUM_PARTIAL
};
typedef u_int32_t mbuf_csum_performed_flags_t;

enum {
	MBUF_WAITOK	= 0,
	MBUF_DONTWAIT	= 1
};
typedef u_int32_t mbuf_how_t;

typedef u_int32_t mbuf_tag_id_t;
typedef u_int16_t mbuf_tag_type_t;

/* To the end of the chain; for mbuf_copym() only. */
#define MBUF_COPYALL	1000000000

/* Traffic classes, and the service classes behind them. */
enum {
	MBUF_TC_BE	= 0,
	MBUF_TC_BK	= 1,
	MBUF_TC_VI	= 2,
	MBUF_TC_VO	= 3,
	MBUF_TC_MAX	= 4
};
typedef u_int32_t mbuf_traffic_class_t;

enum {
	MBUF_SC_BE	= 0x00000000,
	MBUF_SC_BK_SYS	= 0x00080090,
	MBUF_SC_BK	= 0x00100080,
	MBUF_SC_RD	= 0x00180010,
	MBUF_SC_OAM	= 0x00200020,
	MBUF_SC_AV	= 0x00280120,
	MBUF_SC_RV	= 0x00300110,
	MBUF_SC_VI	= 0x00380100,
	MBUF_SC_SIG	= 0x00380130,
	MBUF_SC_VO	= 0x00400180,
	MBUF_SC_CTL	= 0x00480190,
	MBUF_SC_MAX_CLASSES = 10
};
typedef u_int32_t mbuf_svc_class_t;

enum {
	MBUF_GSO_TYPE_NONE	= 0,
	MBUF_GSO_TYPE_IPV4	= 1,
	MBUF_GSO_TYPE_IPV6	= 2
};
typedef uint8_t mbuf_gso_type_t;

/* The packet may tell whether its router has to be resolved. */
enum {
	MBUF_PKTAUXF_INET_RESOLVE_RTR	= 0x0004,
	MBUF_PKTAUXF_INET6_RESOLVE_RTR	= 0x0008
};
typedef u_int32_t mbuf_pkthdr_aux_flags_t;

typedef struct {
	int32_t buf_interface;		/* bytes waiting at the interface */
	int32_t buf_sndbuf;		/* bytes waiting in the socket */
} mbuf_buffer_status_t;

/* Releases a buffer that mbuf_attachcluster() was given. */
typedef void (*mbuf_extfree_func)(caddr_t buf, u_int32_t size, caddr_t arg);

/* Tells what became of a packet whose transmission time was asked for. */
typedef void (*mbuf_tx_compl_func)(uintptr_t pktid, ifnet_t ifp, u_int64_t ts,
				   uintptr_t tx_compl_arg, uintptr_t tx_compl_data,
				   kern_return_t tx_compl_val);

struct bsd_mbuf_stat {
	u_int32_t mbufs;		/* mbufs in existence, free or not */
	u_int32_t clusters;		/* clusters of 2048 bytes in existence */
	u_int32_t clfree;		/* those of them that are free */
	u_int32_t drops;		/* failed allocations */
	u_int32_t wait;			/* allocations that had to wait */
	u_int32_t drain;		/* times memory was asked back */
	u_int16_t mtypes[256];		/* mbufs in use, by type */
	u_int32_t mcfail;		/* failed mbuf_copym() */
	u_int32_t mpfail;		/* failed mbuf_pullup() */
	u_int32_t msize;		/* size of an mbuf */
	u_int32_t mclbytes;		/* 2048 */
	u_int32_t minclsize;		/* from here on a cluster pays */
	u_int32_t mlen;			/* data bytes inside an mbuf */
	u_int32_t mhlen;		/* the same, with packet header */
	u_int32_t bigclusters;		/* clusters of 4096 bytes in existence */
	u_int32_t bigclfree;		/* those of them that are free */
	u_int32_t bigmclbytes;		/* 4096 */
};

_Static_assert(sizeof(struct bsd_mbuf_stat) == 576, "mbuf_stat layout");
_Static_assert(__builtin_offsetof(struct bsd_mbuf_stat, mcfail) == 536, "mbuf_stat layout");
_Static_assert(__builtin_offsetof(struct bsd_mbuf_stat, bigmclbytes) == 572, "mbuf_stat layout");

/* One mbuf: where its data is. */
void *kpi_mbuf_data(mbuf_t mbuf);
void *kpi_mbuf_datastart(mbuf_t mbuf);
errno_t kpi_mbuf_setdata(mbuf_t mbuf, void *data, size_t len);
errno_t kpi_mbuf_align_32(mbuf_t mbuf, size_t len);
addr64_t kpi_mbuf_data_to_physical(void *ptr);

/* Allocating and freeing. */
errno_t kpi_mbuf_get(mbuf_how_t how, mbuf_type_t type, mbuf_t *mbuf);
errno_t kpi_mbuf_gethdr(mbuf_how_t how, mbuf_type_t type, mbuf_t *mbuf);
errno_t kpi_mbuf_attachcluster(mbuf_how_t how, mbuf_type_t type, mbuf_t *mbuf,
			       caddr_t extbuf, mbuf_extfree_func extfree,
			       size_t extsize, caddr_t extarg);
errno_t kpi_mbuf_alloccluster(mbuf_how_t how, size_t *size, char **addr);
void kpi_mbuf_freecluster(caddr_t addr, size_t size);
errno_t kpi_mbuf_getcluster(mbuf_how_t how, mbuf_type_t type, size_t size, mbuf_t *mbuf);
errno_t kpi_mbuf_mclget(mbuf_how_t how, mbuf_type_t type, mbuf_t *mbuf);
errno_t kpi_mbuf_allocpacket(mbuf_how_t how, size_t packetlen, unsigned int *maxchunks,
			     mbuf_t *mbuf);
errno_t kpi_mbuf_allocpacket_list(unsigned int numpkts, mbuf_how_t how, size_t packetlen,
				  unsigned int *maxchunks, mbuf_t *mbuf);
errno_t kpi_mbuf_getpacket(mbuf_how_t how, mbuf_t *mbuf);
mbuf_t kpi_mbuf_free(mbuf_t mbuf);
void kpi_mbuf_freem(mbuf_t mbuf);
int kpi_mbuf_freem_list(mbuf_t mbuf);

/* Space around the data. */
size_t kpi_mbuf_leadingspace(const mbuf_t mbuf);
size_t kpi_mbuf_trailingspace(const mbuf_t mbuf);

/* Chains. */
errno_t kpi_mbuf_copym(const mbuf_t src, size_t offset, size_t len, mbuf_how_t how,
		       mbuf_t *new_mbuf);
errno_t kpi_mbuf_dup(const mbuf_t src, mbuf_how_t how, mbuf_t *new_mbuf);
errno_t kpi_mbuf_prepend(mbuf_t *mbuf, size_t len, mbuf_how_t how);
errno_t kpi_mbuf_split(mbuf_t src, size_t offset, mbuf_how_t how, mbuf_t *new_mbuf);
errno_t kpi_mbuf_pullup(mbuf_t *mbuf, size_t len);
errno_t kpi_mbuf_pulldown(mbuf_t src, size_t *offset, size_t length, mbuf_t *location);
void kpi_mbuf_adj(mbuf_t mbuf, int len);
errno_t kpi_mbuf_adjustlen(mbuf_t mbuf, int amount);
mbuf_t kpi_mbuf_concatenate(mbuf_t dst, mbuf_t src);
errno_t kpi_mbuf_copydata(const mbuf_t mbuf, size_t offset, size_t length, void *out_data);
errno_t kpi_mbuf_copyback(mbuf_t mbuf, size_t offset, size_t length, const void *data,
			  mbuf_how_t how);

/* Links, length, type, flags. */
int kpi_mbuf_mclhasreference(mbuf_t mbuf);
mbuf_t kpi_mbuf_next(const mbuf_t mbuf);
errno_t kpi_mbuf_setnext(mbuf_t mbuf, mbuf_t next);
mbuf_t kpi_mbuf_nextpkt(const mbuf_t mbuf);
void kpi_mbuf_setnextpkt(mbuf_t mbuf, mbuf_t nextpkt);
size_t kpi_mbuf_len(const mbuf_t mbuf);
void kpi_mbuf_setlen(mbuf_t mbuf, size_t len);
size_t kpi_mbuf_maxlen(const mbuf_t mbuf);
mbuf_type_t kpi_mbuf_type(const mbuf_t mbuf);
errno_t kpi_mbuf_settype(mbuf_t mbuf, mbuf_type_t new_type);
mbuf_flags_t kpi_mbuf_flags(const mbuf_t mbuf);
errno_t kpi_mbuf_setflags(mbuf_t mbuf, mbuf_flags_t flags);
errno_t kpi_mbuf_setflags_mask(mbuf_t mbuf, mbuf_flags_t flags, mbuf_flags_t mask);

/* The packet header. */
errno_t kpi_mbuf_copy_pkthdr(mbuf_t dest, const mbuf_t src);
size_t kpi_mbuf_pkthdr_len(const mbuf_t mbuf);
void kpi_mbuf_pkthdr_setlen(mbuf_t mbuf, size_t len);
void kpi_mbuf_pkthdr_adjustlen(mbuf_t mbuf, int amount);
size_t kpi_mbuf_pkthdr_maxlen(const mbuf_t mbuf);
size_t kpi_mbuf_pkt_list_len(const mbuf_t mbuf);
size_t kpi_mbuf_pkt_list_maxlen(const mbuf_t mbuf);
ifnet_t kpi_mbuf_pkthdr_rcvif(const mbuf_t mbuf);
errno_t kpi_mbuf_pkthdr_setrcvif(mbuf_t mbuf, ifnet_t ifp);
void *kpi_mbuf_pkthdr_header(const mbuf_t mbuf);
void kpi_mbuf_pkthdr_setheader(mbuf_t mbuf, void *header);

/* Checksums, VLAN tags, segmentation. */
void kpi_mbuf_inbound_modified(mbuf_t mbuf);
void kpi_mbuf_outbound_finalize(mbuf_t mbuf, u_int32_t protocol_family,
				size_t protocol_offset);
errno_t kpi_mbuf_set_vlan_tag(mbuf_t mbuf, u_int16_t vlan);
errno_t kpi_mbuf_get_vlan_tag(mbuf_t mbuf, u_int16_t *vlan);
errno_t kpi_mbuf_clear_vlan_tag(mbuf_t mbuf);
errno_t kpi_mbuf_set_csum_requested(mbuf_t mbuf, mbuf_csum_request_flags_t request,
				    u_int32_t value);
errno_t kpi_mbuf_get_csum_requested(mbuf_t mbuf, mbuf_csum_request_flags_t *request,
				    u_int32_t *value);
errno_t kpi_mbuf_get_tso_requested(mbuf_t mbuf, mbuf_tso_request_flags_t *request,
				   u_int32_t *mss);
errno_t kpi_mbuf_get_gso_info(mbuf_t mbuf, mbuf_gso_type_t *type, uint16_t *seg_size,
			      uint16_t *hdr_len);
errno_t kpi_mbuf_set_gso_info(mbuf_t mbuf, mbuf_gso_type_t type, uint16_t seg_size,
			      uint16_t hdr_len);
errno_t kpi_mbuf_get_lro_info(mbuf_t mbuf, uint8_t *seg_cnt, uint8_t *dup_ack_cnt);
errno_t kpi_mbuf_set_lro_info(mbuf_t mbuf, uint8_t seg_cnt, uint8_t dup_ack_cnt);
errno_t kpi_mbuf_clear_csum_requested(mbuf_t mbuf);
errno_t kpi_mbuf_set_csum_performed(mbuf_t mbuf, mbuf_csum_performed_flags_t flags,
				    u_int32_t value);
errno_t kpi_mbuf_get_csum_performed(mbuf_t mbuf, mbuf_csum_performed_flags_t *flags,
				    u_int32_t *value);
u_int32_t kpi_mbuf_get_mlen(void);
u_int32_t kpi_mbuf_get_mhlen(void);
u_int32_t kpi_mbuf_get_minclsize(void);
u_int32_t kpi_mbuf_get_msize(void);
errno_t kpi_mbuf_clear_csum_performed(mbuf_t mbuf);
errno_t kpi_mbuf_inet_cksum(mbuf_t mbuf, int protocol, u_int32_t offset,
			    u_int32_t length, u_int16_t *csum);
errno_t kpi_mbuf_inet6_cksum(mbuf_t mbuf, int protocol, u_int32_t offset,
			     u_int32_t length, u_int16_t *csum);

/* Tags, and the driver's auxiliary data. */
errno_t kpi_mbuf_tag_id_find(const char *module_string, mbuf_tag_id_t *module_id);
errno_t kpi_mbuf_tag_allocate(mbuf_t mbuf, mbuf_tag_id_t module_id, mbuf_tag_type_t type,
			      size_t length, mbuf_how_t how, void **data_p);
errno_t kpi_mbuf_tag_find(mbuf_t mbuf, mbuf_tag_id_t module_id, mbuf_tag_type_t type,
			  size_t *length, void **data_p);
void kpi_mbuf_tag_free(mbuf_t mbuf, mbuf_tag_id_t module_id, mbuf_tag_type_t type);
errno_t kpi_mbuf_add_drvaux(mbuf_t mbuf, mbuf_how_t how, u_int32_t family,
			    u_int32_t subfamily, size_t length, void **data_p);
errno_t kpi_mbuf_find_drvaux(mbuf_t mbuf, u_int32_t *family_p, u_int32_t *subfamily_p,
			     u_int32_t *length_p, void **data_p);
void kpi_mbuf_del_drvaux(mbuf_t mbuf);

/* Statistics. */
void kpi_mbuf_stats(struct bsd_mbuf_stat *stats);

/* Traffic and service classes. */
mbuf_traffic_class_t kpi_mbuf_get_traffic_class(mbuf_t mbuf);
errno_t kpi_mbuf_set_traffic_class(mbuf_t mbuf, mbuf_traffic_class_t tc);
int kpi_mbuf_is_traffic_class_privileged(mbuf_t mbuf);
u_int32_t kpi_mbuf_get_traffic_class_max_count(void);
errno_t kpi_mbuf_get_traffic_class_index(mbuf_traffic_class_t tc, u_int32_t *index);
u_int32_t kpi_mbuf_get_service_class_max_count(void);
errno_t kpi_mbuf_get_service_class_index(mbuf_svc_class_t sc, u_int32_t *index);
mbuf_svc_class_t kpi_mbuf_get_service_class(mbuf_t mbuf);
errno_t kpi_mbuf_set_service_class(mbuf_t mbuf, mbuf_svc_class_t sc);
int kpi_mbuf_is_service_class_privileged(mbuf_t mbuf);

/* What drivers and the stack tell each other about a packet. */
errno_t kpi_mbuf_pkthdr_aux_flags(mbuf_t mbuf, mbuf_pkthdr_aux_flags_t *paux_flags);
errno_t kpi_mbuf_get_driver_scratch(mbuf_t m, u_int8_t **area, size_t *area_ln);
errno_t kpi_mbuf_get_unsent_data_bytes(const mbuf_t m, u_int32_t *unsent_data);
errno_t kpi_mbuf_get_buffer_status(const mbuf_t m, mbuf_buffer_status_t *buf_status);
errno_t kpi_mbuf_pkt_new_flow(const mbuf_t m, u_int32_t *retval);
errno_t kpi_mbuf_last_pkt(const mbuf_t m, u_int32_t *retval);
errno_t kpi_mbuf_get_timestamp(mbuf_t mbuf, u_int64_t *ts, boolean_t *valid);
errno_t kpi_mbuf_set_timestamp(mbuf_t mbuf, u_int64_t ts, boolean_t valid);
errno_t kpi_mbuf_register_tx_compl_callback(mbuf_tx_compl_func callback);
errno_t kpi_mbuf_unregister_tx_compl_callback(mbuf_tx_compl_func callback);
errno_t kpi_mbuf_get_timestamp_requested(mbuf_t mbuf, boolean_t *requested);
errno_t kpi_mbuf_set_timestamp_requested(mbuf_t mbuf, uintptr_t *pktid,
					 mbuf_tx_compl_func callback);
errno_t kpi_mbuf_get_status(mbuf_t mbuf, kern_return_t *status);
errno_t kpi_mbuf_set_status(mbuf_t mbuf, kern_return_t status);
errno_t kpi_mbuf_get_tx_compl_data(mbuf_t m, uintptr_t *arg, uintptr_t *data);
errno_t kpi_mbuf_set_tx_compl_data(mbuf_t m, uintptr_t arg, uintptr_t data);
errno_t kpi_mbuf_get_flowid(mbuf_t mbuf, u_int16_t *flowid);
errno_t kpi_mbuf_set_flowid(mbuf_t mbuf, u_int16_t flowid);
errno_t kpi_mbuf_get_keepalive_flag(mbuf_t mbuf, boolean_t *is_keepalive);
errno_t kpi_mbuf_set_keepalive_flag(mbuf_t mbuf, boolean_t is_keepalive);
errno_t kpi_mbuf_get_wake_packet_flag(mbuf_t mbuf, boolean_t *is_wake_packet);
errno_t kpi_mbuf_set_wake_packet_flag(mbuf_t mbuf, boolean_t is_wake_packet);

#endif /* _KPI_MBUF_H */
