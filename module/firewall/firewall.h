/* SPDX-License-Identifier: GPL-2.0 */
/* What the firewall kext and firewallctl agree on. */
#ifndef _NETKPI_FIREWALL_H
#define _NETKPI_FIREWALL_H

#define FIREWALL_NAME	"netkpi.firewall"

/* Options of the control, each with a port in a u_int32_t; and what was counted. */
#define FIREWALL_BLOCK	1
#define FIREWALL_ALLOW	2
#define FIREWALL_COUNTS	3

struct firewall_counts {
	u_int32_t passed;
	u_int32_t refused;
};

#endif /* _NETKPI_FIREWALL_H */
