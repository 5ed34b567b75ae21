// SPDX-License-Identifier: GPL-2.0
/*
 * A small firewall: programs may not connect to ports that are blocked. A socket
 * filter sees each connection before it begins; a kernel control is how
 * firewallctl blocks and allows.
 */

#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kern_control.h>
#include <sys/kpi_socketfilter.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

#include "firewall.h"

#define HANDLE_V4	0x66697234	/* "fir4" */
#define PORTS		65536

static u_int8_t blocked[PORTS];
static struct firewall_counts counts;
static kern_ctl_ref control;
static volatile boolean_t filter_is_there;

static errno_t attach(void **cookie, socket_t so)
{
	*cookie = NULL;
	return 0;
}

static void detach(void *cookie, socket_t so)
{
}

/* The last socket has let go of the filter, which may go now. */
static void unregistered(sflt_handle handle)
{
	filter_is_there = FALSE;
}

static errno_t connect_out(void *cookie, socket_t so, const struct sockaddr *to)
{
	const struct sockaddr_in *sin = (const struct sockaddr_in *)to;

	if (to->sa_family == AF_INET && blocked[ntohs(sin->sin_port)]) {
		OSIncrementAtomic((SInt32 *)&counts.refused);
		return EPERM;
	}
	OSIncrementAtomic((SInt32 *)&counts.passed);
	return 0;
}

static struct sflt_filter filter = {
	.sf_handle = HANDLE_V4,
	.sf_flags = SFLT_GLOBAL,
	.sf_name = FIREWALL_NAME,
	.sf_unregistered = unregistered,
	.sf_attach = attach,
	.sf_detach = detach,
	.sf_connect_out = connect_out,
};

static errno_t ctl_connect(kern_ctl_ref ref, struct sockaddr_ctl *sac, void **unitinfo)
{
	return 0;
}

static errno_t ctl_setopt(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, int opt, void *data,
			  size_t len)
{
	u_int32_t port;

	if (opt != FIREWALL_BLOCK && opt != FIREWALL_ALLOW)
		return ENOPROTOOPT;
	if (data == NULL || len != sizeof(port))
		return EINVAL;
	port = *(u_int32_t *)data;
	if (port >= PORTS)
		return ERANGE;
	blocked[port] = opt == FIREWALL_BLOCK;
	return 0;
}

static errno_t ctl_getopt(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, int opt, void *data,
			  size_t *len)
{
	if (opt != FIREWALL_COUNTS)
		return ENOPROTOOPT;
	if (data != NULL && *len < sizeof(counts))
		return EMSGSIZE;
	if (data != NULL)
		bcopy(&counts, data, sizeof(counts));
	*len = sizeof(counts);
	return 0;
}

static errno_t offer_control(void)
{
	struct kern_ctl_reg reg;

	bzero(&reg, sizeof(reg));
	strlcpy(reg.ctl_name, FIREWALL_NAME, sizeof(reg.ctl_name));
	reg.ctl_flags = CTL_FLAG_PRIVILEGED;
	reg.ctl_connect = ctl_connect;
	reg.ctl_setopt = ctl_setopt;
	reg.ctl_getopt = ctl_getopt;
	return ctl_register(&reg, &control);
}

kern_return_t firewall_start(kmod_info_t *ki, void *data)
{
	errno_t error = offer_control();

	if (error == 0)
		error = sflt_register(&filter, PF_INET, SOCK_STREAM, IPPROTO_TCP);
	filter_is_there = error == 0;
	if (error != 0 && control != NULL)
		ctl_deregister(control);
	return error == 0 ? KERN_SUCCESS : KERN_FAILURE;
}

/* Asked again until no program is connected and no socket has the filter. */
kern_return_t firewall_stop(kmod_info_t *ki, void *data)
{
	if (control != NULL && ctl_deregister(control) != 0)
		return KERN_FAILURE;
	control = NULL;
	if (filter_is_there)
		sflt_unregister(HANDLE_V4);
	return filter_is_there ? KERN_FAILURE : KERN_SUCCESS;
}
