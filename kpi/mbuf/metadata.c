// SPDX-License-Identifier: GPL-2.0
/*
 * What drivers and the stack tell each other about a packet. Linux has its own
 * ways for most of it: here it is kept with the packet and goes where the packet
 * header goes.
 */

#include "header.h"

/**
 * kpi_mbuf_pkthdr_aux_flags() - whether the router of a packet must be resolved
 * @mbuf:       the packet
 * @paux_flags: out: MBUF_PKTAUXF_*; none here
 *
 * Borrows the packet.
 *
 * macOS difference: Linux resolves addresses below this layer, so there is never
 * a flag.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_pkthdr_aux_flags(mbuf_t mbuf, mbuf_pkthdr_aux_flags_t *paux_flags)
{
	if (!kpi_packet_ok(mbuf) || !paux_flags)
		return EINVAL;
	*paux_flags = 0;
	return 0;
}
KPI_EXPORT(kpi_mbuf_pkthdr_aux_flags);

/**
 * kpi_mbuf_get_driver_scratch() - sixteen bytes for the driver
 * @m:       the packet
 * @area:    out: the bytes, zero at first
 * @area_ln: out: 16
 *
 * Borrows the packet. The bytes move with the packet header.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_get_driver_scratch(mbuf_t m, u_int8_t **area, size_t *area_ln)
{
	if (!kpi_packet_ok(m) || !area || !area_ln)
		return EINVAL;
	*area = kpi_hdr(m)->moved.scratch;
	*area_ln = sizeof(kpi_hdr(m)->moved.scratch);
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_driver_scratch);

/**
 * kpi_mbuf_get_unsent_data_bytes() - bytes that wait to be sent
 * @m:           the packet
 * @unsent_data: out: those at the interface and those in the socket
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL for no packet, a NULL pointer, or if nobody recorded it.
 */
errno_t kpi_mbuf_get_unsent_data_bytes(const mbuf_t m, u_int32_t *unsent_data)
{
	if (!kpi_packet_ok(m) || !unsent_data)
		return EINVAL;
	if (!(kpi_hdr(m)->moved.flags & KPI_PKT_BUF_STATUS))
		return EINVAL;
	*unsent_data = kpi_hdr(m)->moved.buf_interface + kpi_hdr(m)->moved.buf_sndbuf;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_unsent_data_bytes);

/**
 * kpi_mbuf_get_buffer_status() - bytes that wait to be sent, by place
 * @m:          the packet
 * @buf_status: out: those at the interface and those in the socket
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL for no packet, a NULL pointer, or if nobody recorded it.
 */
errno_t kpi_mbuf_get_buffer_status(const mbuf_t m, mbuf_buffer_status_t *buf_status)
{
	if (!kpi_packet_ok(m) || !buf_status)
		return EINVAL;
	if (!(kpi_hdr(m)->moved.flags & KPI_PKT_BUF_STATUS))
		return EINVAL;
	buf_status->buf_interface = kpi_hdr(m)->moved.buf_interface;
	buf_status->buf_sndbuf = kpi_hdr(m)->moved.buf_sndbuf;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_buffer_status);

/**
 * kpi_mbuf_pkt_new_flow() - is this the first packet of a flow?
 * @m:      the packet
 * @retval: out: 1 or 0
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_pkt_new_flow(const mbuf_t m, u_int32_t *retval)
{
	if (!kpi_packet_ok(m) || !retval)
		return EINVAL;
	*retval = !!(kpi_hdr(m)->moved.flags & KPI_PKT_NEW_FLOW);
	return 0;
}
KPI_EXPORT(kpi_mbuf_pkt_new_flow);

/**
 * kpi_mbuf_last_pkt() - is this the last packet of a burst?
 * @m:      the packet
 * @retval: out: 1 or 0
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_last_pkt(const mbuf_t m, u_int32_t *retval)
{
	if (!kpi_packet_ok(m) || !retval)
		return EINVAL;
	*retval = !!(kpi_hdr(m)->moved.flags & KPI_PKT_LAST);
	return 0;
}
KPI_EXPORT(kpi_mbuf_last_pkt);

/**
 * kpi_mbuf_get_timestamp() - time stamp of a packet
 * @mbuf:  the packet
 * @ts:    out: the time stamp in nanoseconds, or 0
 * @valid: out: whether there is one; may be NULL
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL @ts.
 */
errno_t kpi_mbuf_get_timestamp(mbuf_t mbuf, u_int64_t *ts, boolean_t *valid)
{
	bool stamped;

	if (!kpi_packet_ok(mbuf) || !ts)
		return EINVAL;
	stamped = kpi_hdr(mbuf)->moved.flags & KPI_PKT_TS_VALID;
	*ts = stamped ? kpi_hdr(mbuf)->moved.timestamp : 0;
	if (valid)
		*valid = stamped;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_timestamp);

/**
 * kpi_mbuf_set_timestamp() - set or clear the time stamp of a packet
 * @mbuf:  the packet
 * @ts:    the time stamp
 * @valid: 0 clears it
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet.
 */
errno_t kpi_mbuf_set_timestamp(mbuf_t mbuf, u_int64_t ts, boolean_t valid)
{
	struct kpi_pkthdr_moved *moved;

	if (!kpi_packet_ok(mbuf))
		return EINVAL;
	moved = &kpi_hdr(mbuf)->moved;
	moved->timestamp = valid ? ts : 0;
	moved->flags &= ~KPI_PKT_TS_VALID;
	if (valid)
		moved->flags |= KPI_PKT_TS_VALID;
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_timestamp);

/**
 * kpi_mbuf_get_status() - what the driver said about sending a packet
 * @mbuf:   the packet
 * @status: out: that, or 0
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_get_status(mbuf_t mbuf, kern_return_t *status)
{
	if (!kpi_packet_ok(mbuf) || !status)
		return EINVAL;
	*status = kpi_hdr(mbuf)->moved.status;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_status);

/**
 * kpi_mbuf_set_status() - record what became of sending a packet
 * @mbuf:   the packet
 * @status: completion callbacks are called with it
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet.
 */
errno_t kpi_mbuf_set_status(mbuf_t mbuf, kern_return_t status)
{
	if (!kpi_packet_ok(mbuf))
		return EINVAL;
	kpi_hdr(mbuf)->moved.status = status;
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_status);

/**
 * kpi_mbuf_get_tx_compl_data() - the driver's two words for completion
 * @m:    the packet
 * @arg:  out: the first, or 0
 * @data: out: the second, or 0
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_get_tx_compl_data(mbuf_t m, uintptr_t *arg, uintptr_t *data)
{
	if (!kpi_packet_ok(m) || !arg || !data)
		return EINVAL;
	*arg = kpi_hdr(m)->moved.tx_arg;
	*data = kpi_hdr(m)->moved.tx_data;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_tx_compl_data);

/**
 * kpi_mbuf_set_tx_compl_data() - set the driver's two words for completion
 * @m:    the packet
 * @arg:  completion callbacks are called with it
 * @data: and with it
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet.
 */
errno_t kpi_mbuf_set_tx_compl_data(mbuf_t m, uintptr_t arg, uintptr_t data)
{
	if (!kpi_packet_ok(m))
		return EINVAL;
	kpi_hdr(m)->moved.tx_arg = arg;
	kpi_hdr(m)->moved.tx_data = data;
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_tx_compl_data);

/**
 * kpi_mbuf_get_flowid() - the driver's flow of a packet
 * @mbuf:   the packet
 * @flowid: out: its number, or 0
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_get_flowid(mbuf_t mbuf, u_int16_t *flowid)
{
	if (!kpi_packet_ok(mbuf) || !flowid)
		return EINVAL;
	*flowid = kpi_hdr(mbuf)->moved.flowid;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_flowid);

/**
 * kpi_mbuf_set_flowid() - set the driver's flow of a packet
 * @mbuf:   the packet
 * @flowid: its number
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet.
 */
errno_t kpi_mbuf_set_flowid(mbuf_t mbuf, u_int16_t flowid)
{
	if (!kpi_packet_ok(mbuf))
		return EINVAL;
	kpi_hdr(mbuf)->moved.flowid = flowid;
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_flowid);

static void moved_set_flag(struct kpi_pkthdr_moved *moved, u32 flag, bool on)
{
	moved->flags &= ~flag;
	if (on)
		moved->flags |= flag;
}

/**
 * kpi_mbuf_get_keepalive_flag() - is this packet a keepalive?
 * @mbuf:         the packet
 * @is_keepalive: out: 0, or something else if it is
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_get_keepalive_flag(mbuf_t mbuf, boolean_t *is_keepalive)
{
	if (!kpi_packet_ok(mbuf) || !is_keepalive)
		return EINVAL;
	*is_keepalive = kpi_hdr(mbuf)->moved.flags & KPI_PKT_KEEPALIVE;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_keepalive_flag);

/**
 * kpi_mbuf_set_keepalive_flag() - say whether this packet is a keepalive
 * @mbuf:         the packet
 * @is_keepalive: whether it is
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet.
 */
errno_t kpi_mbuf_set_keepalive_flag(mbuf_t mbuf, boolean_t is_keepalive)
{
	if (!kpi_packet_ok(mbuf))
		return EINVAL;
	moved_set_flag(&kpi_hdr(mbuf)->moved, KPI_PKT_KEEPALIVE, is_keepalive);
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_keepalive_flag);

/**
 * kpi_mbuf_get_wake_packet_flag() - did this packet wake the system?
 * @mbuf:           the packet
 * @is_wake_packet: out: 0, or something else if it did
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or a NULL pointer.
 */
errno_t kpi_mbuf_get_wake_packet_flag(mbuf_t mbuf, boolean_t *is_wake_packet)
{
	if (!kpi_packet_ok(mbuf) || !is_wake_packet)
		return EINVAL;
	*is_wake_packet = kpi_hdr(mbuf)->moved.flags & KPI_PKT_WAKE;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_wake_packet_flag);

/**
 * kpi_mbuf_set_wake_packet_flag() - say whether this packet woke the system
 * @mbuf:           the packet
 * @is_wake_packet: whether it did
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet.
 */
errno_t kpi_mbuf_set_wake_packet_flag(mbuf_t mbuf, boolean_t is_wake_packet)
{
	if (!kpi_packet_ok(mbuf))
		return EINVAL;
	moved_set_flag(&kpi_hdr(mbuf)->moved, KPI_PKT_WAKE, is_wake_packet);
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_wake_packet_flag);
