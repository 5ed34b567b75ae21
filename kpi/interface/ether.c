// SPDX-License-Identifier: GPL-2.0
/*
 * What drivers of Ethernet interfaces leave to the system: their demux, framer and so
 * on may be these. Of interfaces of type IFT_ETHER Linux does that part by itself.
 */

#include <linux/etherdevice.h>

#include <kpi/errno.h>
#include <kpi/mbuf.h>
#include <kpi/socket.h>
#include <kpi/socknum.h>

#include "../kpi_priv.h"
#include "frame.h"

/**
 * kpi_ether_add_proto() - have a family's frames on an Ethernet interface
 * @interface:       the interface
 * @protocol_family: PF_INET, ...
 * @demux_list:      how its frames are known; borrows
 * @demux_count:     how many ways
 *
 * macOS difference: kpi_ether_demux() knows IPv4, with ARP, and IPv6 only.
 *
 * Context: Any.
 * Return: 0, or EOPNOTSUPP for another family.
 */
errno_t kpi_ether_add_proto(ifnet_t interface, protocol_family_t protocol_family,
			    const struct bsd_ifnet_demux_desc *demux_list, u_int32_t demux_count)
{
	return protocol_family == PF_INET || protocol_family == PF_INET6 ? 0 : EOPNOTSUPP;
}
KPI_EXPORT(kpi_ether_add_proto);

/**
 * kpi_ether_del_proto() - not have a family's frames any more
 * @interface:       the interface
 * @protocol_family: PF_INET, ...
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0.
 */
errno_t kpi_ether_del_proto(ifnet_t interface, protocol_family_t protocol_family)
{
	return 0;
}
KPI_EXPORT(kpi_ether_del_proto);

/**
 * kpi_ether_demux() - of which family a frame is
 * @interface:       the interface
 * @packet:          the packet behind its header; borrows
 * @header:          its Ethernet header; borrows
 * @protocol_family: out: PF_INET for IPv4 and ARP, PF_INET6
 *
 * macOS difference: other families are not known, whoever added them.
 *
 * Context: Any.
 * Return: 0; ENOENT for another type; EINVAL without header or @protocol_family.
 */
errno_t kpi_ether_demux(ifnet_t interface, mbuf_t packet, char *header,
			protocol_family_t *protocol_family)
{
	struct ethhdr eth;

	if (!header || !protocol_family)
		return EINVAL;
	memcpy(&eth, header, sizeof(eth));
	*protocol_family = kpi_protocol_family(eth.h_proto);
	return *protocol_family ? 0 : ENOENT;
}
KPI_EXPORT(kpi_ether_demux);

/**
 * kpi_ether_frameout() - put an Ethernet header on a packet
 * @interface:   the interface, whose address is the source
 * @packet:      in: the packet; out: its new head; consumes it on failure
 * @dest:        not looked at
 * @dest_lladdr: the destination's address, six bytes; borrows
 * @frame_type:  the type, two bytes; borrows
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 * Return: 0; EJUSTRETURN without memory; EINVAL for bad arguments, and the packet stays.
 */
errno_t kpi_ether_frameout(ifnet_t interface, mbuf_t *packet, const struct bsd_sockaddr *dest,
			   const char *dest_lladdr, const char *frame_type)
{
	struct ethhdr eth;
	errno_t error;

	if (!packet || !*packet || !dest_lladdr || !frame_type)
		return EINVAL;
	error = kpi_ifnet_lladdr_copy_bytes(interface, eth.h_source, ETH_ALEN);
	if (error)
		return error;
	memcpy(eth.h_dest, dest_lladdr, ETH_ALEN);
	memcpy(&eth.h_proto, frame_type, sizeof(eth.h_proto));
	if (kpi_mbuf_prepend(packet, sizeof(eth), MBUF_DONTWAIT))
		return KPI_EJUSTRETURN;
	return kpi_mbuf_copyback(*packet, 0, sizeof(eth), &eth, MBUF_DONTWAIT);
}
KPI_EXPORT(kpi_ether_frameout);

/**
 * kpi_ether_ioctl() - requests that are the same for all Ethernet interfaces
 * @interface: the interface
 * @command:   SIOCSIFADDR: it is to be up; SIOCGIFADDR: its link address; SIOCSIFMTU: let be
 * @data:      the request's argument
 *
 * macOS difference: none.
 *
 * Context: Process context; takes RTNL.
 * Return: 0, or EOPNOTSUPP for another request.
 */
errno_t kpi_ether_ioctl(ifnet_t interface, u_int32_t command, void *data)
{
	struct bsd_ifreq *ifr = data;

	kpi_might_sleep();
	switch (command) {
	case KPI_SIOCSIFADDR:
		return kpi_ifnet_set_flags(interface, IFF_UP, IFF_UP);
	case KPI_SIOCGIFADDR:
		return kpi_ifnet_lladdr_copy_bytes(interface, ifr->bsd_ifr_ifru.ifru_addr.sa_data,
						   ETH_ALEN);
	case KPI_SIOCSIFMTU:
		return 0;
	default:
		return EOPNOTSUPP;
	}
}
KPI_EXPORT(kpi_ether_ioctl);

/**
 * kpi_ether_check_multi() - whether it is an Ethernet multicast address
 * @interface: the interface
 * @multicast: AF_LINK, or AF_UNSPEC with the address in the first bytes; borrows
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EADDRNOTAVAIL if it is none; EAFNOSUPPORT for another family.
 */
errno_t kpi_ether_check_multi(ifnet_t interface, const struct bsd_sockaddr *multicast)
{
	const struct bsd_sockaddr_dl *dl = (const void *)multicast;

	if (!multicast)
		return EINVAL;
	switch (multicast->sa_family) {
	case AF_UNSPEC:
		return multicast->sa_data[0] & 1 ? 0 : EADDRNOTAVAIL;
	case KPI_AF_LINK:
		if (dl->sdl_alen != ETH_ALEN || dl->sdl_nlen >= sizeof(dl->sdl_data))
			return EADDRNOTAVAIL;
		return dl->sdl_data[dl->sdl_nlen] & 1 ? 0 : EADDRNOTAVAIL;
	default:
		return EAFNOSUPPORT;
	}
}
KPI_EXPORT(kpi_ether_check_multi);
