// SPDX-License-Identifier: GPL-2.0
/*
 * A socket filter that sees everything that programs do with TCP, UDP and ICMP, and lets
 * all of it pass: what a program can tell of it is nothing but time.
 */

#include <libkern/OSAtomic.h>
#include <libkern/libkern.h>
#include <mach/mach_types.h>
#include <netinet/in.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/kpi_socketfilter.h>
#include <sys/systm.h>

#define HANDLE	0x70617373	/* 'pass' */

int existing;	/* parameter: also sockets that are there; the rest is to be looked at */
int sockets, attached, calls;
long bytes_in, bytes_out;
static SInt32 registered;

static errno_t pass_attach(void **cookie, socket_t so)
{
	*cookie = so;
	OSIncrementAtomic((SInt32 *)&sockets);
	OSIncrementAtomic((SInt32 *)&attached);
	return 0;
}

static void pass_detach(void *cookie, socket_t so)
{
	if (cookie != so)
		printf("passing: another socket is detached\n");
	OSDecrementAtomic((SInt32 *)&attached);
}

static void pass_unregistered(sflt_handle handle)
{
	OSDecrementAtomic(&registered);
}

static void pass_notify(void *cookie, socket_t so, sflt_event_t event, void *param)
{
	OSIncrementAtomic((SInt32 *)&calls);
}

static int pass_name(void *cookie, socket_t so, struct sockaddr **sa)
{
	OSIncrementAtomic((SInt32 *)&calls);
	return 0;
}

static errno_t pass_in(void *cookie, socket_t so, const struct sockaddr *from, mbuf_t *data,
		       mbuf_t *control, sflt_data_flag_t flags)
{
	mbuf_t m;

	for (m = *data; m; m = mbuf_next(m))
		OSAddAtomic64(mbuf_len(m), (SInt64 *)&bytes_in);
	return 0;
}

static errno_t pass_out(void *cookie, socket_t so, const struct sockaddr *to, mbuf_t *data,
			mbuf_t *control, sflt_data_flag_t flags)
{
	mbuf_t m;

	for (m = *data; m; m = mbuf_next(m))
		OSAddAtomic64(mbuf_len(m), (SInt64 *)&bytes_out);
	return 0;
}

static errno_t pass_address(void *cookie, socket_t so, const struct sockaddr *to)
{
	OSIncrementAtomic((SInt32 *)&calls);
	return 0;
}

static errno_t pass_listen(void *cookie, socket_t so)
{
	OSIncrementAtomic((SInt32 *)&calls);
	return 0;
}

static errno_t pass_option(void *cookie, socket_t so, sockopt_t opt)
{
	OSIncrementAtomic((SInt32 *)&calls);
	return 0;
}

static errno_t pass_ioctl(void *cookie, socket_t so, unsigned long request, const char *argp)
{
	OSIncrementAtomic((SInt32 *)&calls);
	return 0;
}

static errno_t pass_accept(void *cookie, socket_t listener, socket_t so,
			   const struct sockaddr *local, const struct sockaddr *remote)
{
	OSIncrementAtomic((SInt32 *)&calls);
	return 0;
}

static struct sflt_filter filter = {
	.sf_flags = SFLT_GLOBAL | SFLT_EXTENDED,
	.sf_name = "passing",
	.sf_unregistered = pass_unregistered,
	.sf_attach = pass_attach,
	.sf_detach = pass_detach,
	.sf_notify = pass_notify,
	.sf_getpeername = pass_name,
	.sf_getsockname = pass_name,
	.sf_data_in = pass_in,
	.sf_data_out = pass_out,
	.sf_connect_in = pass_address,
	.sf_connect_out = pass_address,
	.sf_bind = pass_address,
	.sf_setoption = pass_option,
	.sf_getoption = pass_option,
	.sf_listen = pass_listen,
	.sf_ioctl = pass_ioctl,
	.sf_len = sizeof(struct sflt_filter_ext),
	.sf_accept = pass_accept,
};

static const struct { int domain, type, protocol; } kinds[] = {
	{ PF_INET, SOCK_STREAM, IPPROTO_TCP }, { PF_INET, SOCK_DGRAM, IPPROTO_UDP },
	{ PF_INET6, SOCK_STREAM, IPPROTO_TCP }, { PF_INET6, SOCK_DGRAM, IPPROTO_UDP },
	{ PF_INET, SOCK_DGRAM, IPPROTO_ICMP }, { PF_INET, SOCK_RAW, IPPROTO_ICMP },
	{ PF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6 }, { PF_INET6, SOCK_RAW, IPPROTO_ICMPV6 },
};

#define KINDS	(int)(sizeof(kinds) / sizeof(kinds[0]))

static void unregister(int n)
{
	while (n--)
		sflt_unregister(HANDLE + n);
}

kern_return_t passing_start(kmod_info_t *ki, void *d)
{
	errno_t error;
	int i;

	if (existing)
		filter.sf_flags |= SFLT_EXTENDED_REGISTRY;
	for (i = 0; i < KINDS; i++) {
		filter.sf_handle = HANDLE + i;
		error = sflt_register(&filter, kinds[i].domain, kinds[i].type, kinds[i].protocol);
		if (error) {
			printf("passing: sflt_register %d: %d\n", i, error);
			unregister(i);
			return KERN_FAILURE;
		}
		OSIncrementAtomic(&registered);
	}
	return KERN_SUCCESS;
}

/* Asked again until all sockets have been let go. */
kern_return_t passing_stop(kmod_info_t *ki, void *d)
{
	static int stopping;

	if (!stopping)
		unregister(KINDS);
	stopping = 1;
	return registered ? KERN_FAILURE : KERN_SUCCESS;
}
