// SPDX-License-Identifier: GPL-2.0
/*
 * A firewall by program, and a redirector: one program may connect to nobody, and send
 * no datagram; connections of all others to one port go to another.
 */

#include <libkern/OSAtomic.h>
#include <libkern/libkern.h>
#include <mach/mach_types.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/kpi_socketfilter.h>
#include <sys/proc.h>
#include <sys/systm.h>

#define TCP_HANDLE	0x626c6b31	/* 'blk1' */
#define UDP_HANDLE	0x626c6b32

char *program = "";
int redirect_from, redirect_to;
int blocked, allowed, redirected;
static SInt32 registered;

/* What is known of a socket: who made it. */
struct owner {
	int pid;
	char name[32];
};

static errno_t block_attach(void **cookie, socket_t so)
{
	struct owner *o = _MALLOC(sizeof(*o), M_TEMP, M_WAITOK | M_ZERO);

	if (!o)
		return ENOMEM;
	o->pid = proc_selfpid();
	proc_selfname(o->name, sizeof(o->name));
	*cookie = o;
	return 0;
}

static void block_detach(void *cookie, socket_t so)
{
	_FREE(cookie, M_TEMP);
}

static void block_unregistered(sflt_handle handle)
{
	OSDecrementAtomic(&registered);
}

static int is_blocked(const struct owner *o)
{
	return program[0] && !strncmp(o->name, program, sizeof(o->name));
}

static errno_t block_connect(void *cookie, socket_t so, const struct sockaddr *to)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)(uintptr_t)to;

	if (is_blocked(cookie)) {
		OSIncrementAtomic((SInt32 *)&blocked);
		return ECONNREFUSED;
	}
	OSIncrementAtomic((SInt32 *)&allowed);
	if (to->sa_family == AF_INET && redirect_from && ntohs(sin->sin_port) == redirect_from) {
		sin->sin_port = htons(redirect_to);
		OSIncrementAtomic((SInt32 *)&redirected);
	}
	return 0;
}

static errno_t block_out(void *cookie, socket_t so, const struct sockaddr *to, mbuf_t *data,
			 mbuf_t *control, sflt_data_flag_t flags)
{
	if (!is_blocked(cookie))
		return 0;
	OSIncrementAtomic((SInt32 *)&blocked);
	return EPERM;
}

static struct sflt_filter filter = {
	.sf_flags = SFLT_GLOBAL,
	.sf_name = "blocklist",
	.sf_unregistered = block_unregistered,
	.sf_attach = block_attach,
	.sf_detach = block_detach,
	.sf_connect_out = block_connect,
};

kern_return_t blocklist_start(kmod_info_t *ki, void *d)
{
	filter.sf_handle = TCP_HANDLE;
	if (sflt_register(&filter, PF_INET, SOCK_STREAM, IPPROTO_TCP))
		return KERN_FAILURE;
	registered = 1;
	filter.sf_handle = UDP_HANDLE;
	filter.sf_data_out = block_out;
	if (sflt_register(&filter, PF_INET, SOCK_DGRAM, IPPROTO_UDP)) {
		sflt_unregister(TCP_HANDLE);
		return KERN_FAILURE;
	}
	OSIncrementAtomic(&registered);
	return KERN_SUCCESS;
}

kern_return_t blocklist_stop(kmod_info_t *ki, void *d)
{
	sflt_unregister(TCP_HANDLE);
	sflt_unregister(UDP_HANDLE);
	return registered ? KERN_FAILURE : KERN_SUCCESS;
}
