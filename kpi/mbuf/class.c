// SPDX-License-Identifier: GPL-2.0
/* Service classes of packets, and the four traffic classes they fall into. */

#include "header.h"

/* A service class says in bits 19 to 23 which one it is. */
static u32 svc_index(u32 svc)
{
	return svc >> 19 & 0x1f;
}

static u32 svc_traffic_class(u32 svc)
{
	return (svc & 0xffff) >> 7;
}

static bool svc_is_known(u32 svc)
{
	switch (svc) {
	case MBUF_SC_BE:
	case MBUF_SC_BK_SYS:
	case MBUF_SC_BK:
	case MBUF_SC_RD:
	case MBUF_SC_OAM:
	case MBUF_SC_AV:
	case MBUF_SC_RV:
	case MBUF_SC_VI:
	case MBUF_SC_SIG:
	case MBUF_SC_VO:
	case MBUF_SC_CTL:
		return true;
	default:
		return false;
	}
}

static const u32 class_svc[MBUF_TC_MAX] = {
	[MBUF_TC_BE] = MBUF_SC_BE,
	[MBUF_TC_BK] = MBUF_SC_BK,
	[MBUF_TC_VI] = MBUF_SC_VI,
	[MBUF_TC_VO] = MBUF_SC_VO,
};

/**
 * kpi_mbuf_get_traffic_class() - traffic class of a packet
 * @mbuf: the packet
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: MBUF_TC_*; MBUF_TC_BE for no packet.
 */
mbuf_traffic_class_t kpi_mbuf_get_traffic_class(mbuf_t mbuf)
{
	if (!kpi_packet_ok(mbuf))
		return MBUF_TC_BE;
	return svc_traffic_class(kpi_hdr(mbuf)->moved.svc);
}
KPI_EXPORT(kpi_mbuf_get_traffic_class);

/**
 * kpi_mbuf_set_traffic_class() - set the traffic class of a packet
 * @mbuf: the packet
 * @tc:   MBUF_TC_*
 *
 * Borrows the packet. On the way to Linux the class decides the skb's priority.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or another class.
 */
errno_t kpi_mbuf_set_traffic_class(mbuf_t mbuf, mbuf_traffic_class_t tc)
{
	if (!kpi_packet_ok(mbuf) || tc >= MBUF_TC_MAX)
		return EINVAL;
	kpi_hdr(mbuf)->moved.svc = class_svc[tc];
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_traffic_class);

static int is_privileged(const struct __mbuf *m)
{
	return !!(kpi_hdr(m)->moved.flags & KPI_PKT_PRIVILEGED);
}

/**
 * kpi_mbuf_is_traffic_class_privileged() - was the class set by a privileged sender?
 * @mbuf: the packet
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 1 or 0.
 */
int kpi_mbuf_is_traffic_class_privileged(mbuf_t mbuf)
{
	return kpi_packet_ok(mbuf) && is_privileged(mbuf);
}
KPI_EXPORT(kpi_mbuf_is_traffic_class_privileged);

/**
 * kpi_mbuf_get_traffic_class_max_count() - how many traffic classes there are
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 4.
 */
u_int32_t kpi_mbuf_get_traffic_class_max_count(void)
{
	return MBUF_TC_MAX;
}
KPI_EXPORT(kpi_mbuf_get_traffic_class_max_count);

/**
 * kpi_mbuf_get_traffic_class_index() - number of a traffic class
 * @tc:    MBUF_TC_*
 * @index: out: the number of the service class it stands for: 0, 2, 7 or 8
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for another class or a NULL pointer.
 */
errno_t kpi_mbuf_get_traffic_class_index(mbuf_traffic_class_t tc, u_int32_t *index)
{
	if (!index || tc >= MBUF_TC_MAX)
		return EINVAL;
	*index = svc_index(class_svc[tc]);
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_traffic_class_index);

/**
 * kpi_mbuf_get_service_class_max_count() - how many service classes there are
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 10.
 */
u_int32_t kpi_mbuf_get_service_class_max_count(void)
{
	return MBUF_SC_MAX_CLASSES;
}
KPI_EXPORT(kpi_mbuf_get_service_class_max_count);

/**
 * kpi_mbuf_get_service_class_index() - number of a service class
 * @sc:    MBUF_SC_*
 * @index: out: the number, 0 to 9
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for another class or a NULL pointer.
 */
errno_t kpi_mbuf_get_service_class_index(mbuf_svc_class_t sc, u_int32_t *index)
{
	if (!index || !svc_is_known(sc))
		return EINVAL;
	*index = svc_index(sc);
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_service_class_index);

/**
 * kpi_mbuf_get_service_class() - service class of a packet
 * @mbuf: the packet
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: MBUF_SC_*; MBUF_SC_BE for no packet.
 */
mbuf_svc_class_t kpi_mbuf_get_service_class(mbuf_t mbuf)
{
	if (!kpi_packet_ok(mbuf))
		return MBUF_SC_BE;
	return kpi_hdr(mbuf)->moved.svc;
}
KPI_EXPORT(kpi_mbuf_get_service_class);

/**
 * kpi_mbuf_set_service_class() - set the service class of a packet
 * @mbuf: the packet
 * @sc:   MBUF_SC_*
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for no packet or another class.
 */
errno_t kpi_mbuf_set_service_class(mbuf_t mbuf, mbuf_svc_class_t sc)
{
	if (!kpi_packet_ok(mbuf) || !svc_is_known(sc))
		return EINVAL;
	kpi_hdr(mbuf)->moved.svc = sc;
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_service_class);

/**
 * kpi_mbuf_is_service_class_privileged() - was the class set by a privileged sender?
 * @mbuf: the packet
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 1 or 0.
 */
int kpi_mbuf_is_service_class_privileged(mbuf_t mbuf)
{
	return kpi_packet_ok(mbuf) && is_privileged(mbuf);
}
KPI_EXPORT(kpi_mbuf_is_service_class_privileged);
