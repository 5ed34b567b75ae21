// SPDX-License-Identifier: GPL-2.0
/*
 * Names, as programs write them: in macOS's layout, which begins with a length and
 * the family, a byte each, or in Linux's, with a family of two bytes. Without a
 * length the two look the same but for the second byte.
 */

#include "control_priv.h"

/* What a program passed. As on macOS, only its size is looked at. */
int kpi_ctl_name_in(struct bsd_sockaddr_ctl *name, const void *addr, int len)
{
	if (len != sizeof(*name))
		return -EINVAL;
	memcpy(name, addr, sizeof(*name));
	return 0;
}

bool kpi_ctl_name_is_bsd(const struct bsd_sockaddr_ctl *name)
{
	return name->sc_family == KPI_PF_SYSTEM;
}

/* Linux's way to ask for the end of a connection: no family at all. */
bool kpi_ctl_name_is_none(const void *addr, int len)
{
	return len >= sizeof(sa_family_t) && *(const sa_family_t *)addr == AF_UNSPEC;
}

/* The name of what a client is connected to; returns its size. */
int kpi_ctl_name_out(void *addr, const struct kpi_ctl_client *client)
{
	struct bsd_sockaddr_ctl name = {
		.ss_sysaddr = KPI_AF_SYS_CONTROL,
		.sc_id = client->control->reg.ctl_id,
		.sc_unit = client->unit,
	};
	const sa_family_t family = client->sys.sk.sk_family;

	if (client->bsd_names) {
		name.sc_len = sizeof(name);
		name.sc_family = KPI_PF_SYSTEM;
	} else {
		memcpy(&name, &family, sizeof(family));
	}
	memcpy(addr, &name, sizeof(name));
	return sizeof(name);
}
