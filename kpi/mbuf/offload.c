// SPDX-License-Identifier: GPL-2.0
/* VLAN tags and segmentation: what an interface may do for a packet, or has done. */

#include "header.h"

#define TSO_BITS	(MBUF_TSO_IPV4 | MBUF_TSO_IPV6)

/**
 * kpi_mbuf_set_vlan_tag() - give a packet a VLAN tag
 * @mbuf: the packet
 * @vlan: the tag, in host order
 *
 * Borrows the packet. The tag is not in its bytes.
 *
 * macOS difference: an mbuf without packet header is reported and EINVAL.
 *
 * Context: Any.
 * Return: 0 or EINVAL.
 */
errno_t kpi_mbuf_set_vlan_tag(mbuf_t mbuf, u_int16_t vlan)
{
	if (kpi_not_packet(mbuf))
		return EINVAL;
	kpi_hdr(mbuf)->vlan_tag = vlan;
	kpi_hdr(mbuf)->csum_flags |= KPI_CSUM_VLAN;
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_vlan_tag);

/**
 * kpi_mbuf_get_vlan_tag() - VLAN tag of a packet
 * @mbuf: the packet
 * @vlan: out: the tag, in host order
 *
 * Borrows the packet.
 *
 * macOS difference: no packet header or a NULL pointer is EINVAL.
 *
 * Context: Any.
 * Return: 0, ENXIO (@vlan untouched) if it has none, or EINVAL.
 */
errno_t kpi_mbuf_get_vlan_tag(mbuf_t mbuf, u_int16_t *vlan)
{
	if (kpi_not_packet(mbuf) || !vlan)
		return EINVAL;
	if (!(kpi_hdr(mbuf)->csum_flags & KPI_CSUM_VLAN))
		return ENXIO;
	*vlan = kpi_hdr(mbuf)->vlan_tag;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_vlan_tag);

/**
 * kpi_mbuf_clear_vlan_tag() - take the VLAN tag off a packet
 * @mbuf: the packet
 *
 * Borrows the packet.
 *
 * macOS difference: an mbuf without packet header is reported and EINVAL.
 *
 * Context: Any.
 * Return: 0, also if it has none, or EINVAL.
 */
errno_t kpi_mbuf_clear_vlan_tag(mbuf_t mbuf)
{
	if (kpi_not_packet(mbuf))
		return EINVAL;
	kpi_hdr(mbuf)->vlan_tag = 0;
	kpi_hdr(mbuf)->linux_meta.vlan_proto = 0;
	kpi_hdr(mbuf)->csum_flags &= ~KPI_CSUM_VLAN;
	return 0;
}
KPI_EXPORT(kpi_mbuf_clear_vlan_tag);

/**
 * kpi_mbuf_get_tso_requested() - shall the interface cut this packet up?
 * @mbuf:    the packet
 * @request: out: MBUF_TSO_* bits, or 0
 * @mss:     out: size of the pieces; untouched if there is no request
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_get_tso_requested(mbuf_t mbuf, mbuf_tso_request_flags_t *request,
				   u_int32_t *mss)
{
	if (!kpi_packet_ok(mbuf) || !request || !mss)
		return EINVAL;
	*request = kpi_hdr(mbuf)->csum_flags & TSO_BITS;
	if (*request)
		*mss = kpi_hdr(mbuf)->moved.seg_size;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_tso_requested);

/**
 * kpi_mbuf_get_gso_info() - how this packet shall be cut up
 * @mbuf:     the packet
 * @type:     out: MBUF_GSO_TYPE_*
 * @seg_size: out: size of the pieces, or 0
 * @hdr_len:  out: length of the headers to repeat, or 0
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_get_gso_info(mbuf_t mbuf, mbuf_gso_type_t *type, uint16_t *seg_size,
			      uint16_t *hdr_len)
{
	const struct kpi_pkthdr *hdr;

	if (!kpi_packet_ok(mbuf) || !type || !seg_size || !hdr_len)
		return EINVAL;

	hdr = kpi_hdr(mbuf);
	*type = MBUF_GSO_TYPE_NONE;
	*seg_size = 0;
	*hdr_len = 0;
	if (!(hdr->csum_flags & TSO_BITS))
		return 0;
	*type = hdr->csum_flags & MBUF_TSO_IPV4 ? MBUF_GSO_TYPE_IPV4 : MBUF_GSO_TYPE_IPV6;
	*seg_size = hdr->moved.seg_size;
	*hdr_len = hdr->moved.hdr_len;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_gso_info);

static bool gso_info_ok(mbuf_gso_type_t type, u16 seg_size, u16 hdr_len)
{
	switch (type) {
	case MBUF_GSO_TYPE_NONE:
		return !seg_size && !hdr_len;
	case MBUF_GSO_TYPE_IPV4:
	case MBUF_GSO_TYPE_IPV6:
		return seg_size;
	default:
		return false;
	}
}

/**
 * kpi_mbuf_set_gso_info() - say how this packet shall be cut up
 * @mbuf:     the packet
 * @type:     MBUF_GSO_TYPE_*
 * @seg_size: size of the pieces; 0 with MBUF_GSO_TYPE_NONE only
 * @hdr_len:  length of the headers to repeat; 0 with MBUF_GSO_TYPE_NONE
 *
 * Borrows the packet. Setting one type does not take the other away, as in the
 * original; MBUF_GSO_TYPE_NONE clears both.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or arguments that do not fit.
 */
errno_t kpi_mbuf_set_gso_info(mbuf_t mbuf, mbuf_gso_type_t type, uint16_t seg_size,
			      uint16_t hdr_len)
{
	struct kpi_pkthdr *hdr;

	if (!kpi_packet_ok(mbuf) || !gso_info_ok(type, seg_size, hdr_len))
		return EINVAL;

	hdr = kpi_hdr(mbuf);
	if (type == MBUF_GSO_TYPE_NONE)
		hdr->csum_flags &= ~TSO_BITS;
	else
		hdr->csum_flags |= type == MBUF_GSO_TYPE_IPV4 ? MBUF_TSO_IPV4 : MBUF_TSO_IPV6;
	hdr->moved.seg_size = seg_size;
	hdr->moved.hdr_len = hdr_len;
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_gso_info);

/**
 * kpi_mbuf_get_lro_info() - from how many packets this one was put together
 * @mbuf:        the packet
 * @seg_cnt:     out: their number, or 0
 * @dup_ack_cnt: out: 0
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_get_lro_info(mbuf_t mbuf, uint8_t *seg_cnt, uint8_t *dup_ack_cnt)
{
	if (!kpi_packet_ok(mbuf) || !seg_cnt || !dup_ack_cnt)
		return EINVAL;
	*seg_cnt = kpi_hdr(mbuf)->moved.seg_size;
	*dup_ack_cnt = 0;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_lro_info);

/**
 * kpi_mbuf_set_lro_info() - say from how many packets this one was put together
 * @mbuf:        the packet
 * @seg_cnt:     their number; not 1
 * @dup_ack_cnt: must be 0
 *
 * Borrows the packet. The number is stored where the segment size is.
 *
 * macOS difference: none; like macOS this answers EINVAL even when it has stored
 * the number.
 *
 * Context: Any.
 * Return: EINVAL.
 */
errno_t kpi_mbuf_set_lro_info(mbuf_t mbuf, uint8_t seg_cnt, uint8_t dup_ack_cnt)
{
	if (!kpi_packet_ok(mbuf) || dup_ack_cnt || seg_cnt == 1)
		return EINVAL;
	kpi_hdr(mbuf)->moved.seg_size = seg_cnt;
	return EINVAL;
}
KPI_EXPORT(kpi_mbuf_set_lro_info);
