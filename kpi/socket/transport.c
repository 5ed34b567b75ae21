// SPDX-License-Identifier: GPL-2.0
/* What the kinds of sockets do in their own way. */

#include "transport.h"

const struct kpi_transport kpi_tcp_transport = {
	.stream		= true,
	.queued		= kpi_tcp_queued,
	.has_data	= kpi_tcp_has_data,
	.take		= kpi_tcp_take,
	.unsent		= kpi_tcp_unsent,
	.push		= kpi_tcp_push,
	.may_push	= kpi_tcp_may_push,
};

const struct kpi_transport kpi_unix_transport = {
	.stream		= true,
	.queued		= kpi_unix_queued,
	.has_data	= kpi_unix_has_data,
	.take		= kpi_unix_take,
	.unsent		= kpi_unix_unsent,
	.push		= kpi_sendmsg_push,
	.may_push	= kpi_unix_may_push,
};

const struct kpi_transport kpi_udp_transport = {
	.queued		= kpi_udp_queued,
	.has_data	= kpi_udp_has_data,
	.push		= kpi_udp_push,
	.may_push	= kpi_datagram_may_push,
};

/* Kernel controls and events: a kext takes at once what it is sent. */
const struct kpi_transport kpi_system_transport = {
	.queued		= kpi_system_queued,
	.has_data	= kpi_system_has_data,
	.push		= kpi_datagram_push,
	.may_push	= kpi_datagram_may_push,
};

const struct kpi_transport kpi_system_stream_transport = {
	.stream		= true,
	.queued		= kpi_system_queued,
	.has_data	= kpi_system_has_data,
	.take		= kpi_unix_take,
	.unsent		= kpi_unix_unsent,
	.push		= kpi_sendmsg_push,
	.may_push	= kpi_unix_may_push,
};

/* RAW, AF_UNIX datagrams, ICMP sockets. */
const struct kpi_transport kpi_datagram_transport = {
	.queued		= kpi_datagram_queued,
	.has_data	= kpi_datagram_has_data,
	.push		= kpi_datagram_push,
	.may_push	= kpi_datagram_may_push,
};
