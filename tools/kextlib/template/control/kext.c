/*
 * @NAME@: answers programs that connect to its kernel control.
 *
 * A kext as one writes it for macOS; nothing in here is Linux's. @NAME@ctl/main.c
 * is such a program.
 */
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kern_control.h>
#include <sys/kpi_mbuf.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

#include "@NAME@.h"

int answered;		/* a module parameter: see Kbuild */

static kern_ctl_ref control;
static u_int32_t limit = 1000;

/* A program connects; what *unitinfo is set to comes with every later call of it. */
static errno_t
connected(kern_ctl_ref ref, struct sockaddr_ctl *sac, void **unitinfo)
{
	printf("unit %u is there\n", sac->sc_unit);
	return 0;
}

static errno_t
disconnected(kern_ctl_ref ref, u_int32_t unit, void *unitinfo)
{
	printf("unit %u is gone\n", unit);
	return 0;
}

/* A message has come, and is ours; it goes back as it is. */
static errno_t
received(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, mbuf_t m, int flags)
{
	errno_t error;

	if (mbuf_pkthdr_len(m) > limit) {
		mbuf_freem(m);
		return EMSGSIZE;
	}
	error = ctl_enqueuembuf(ref, unit, m, 0);
	if (error != 0)
		mbuf_freem(m);
	else
		OSIncrementAtomic(&answered);
	return error;
}

static errno_t
set_option(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, int opt, void *data, size_t len)
{
	if (opt != @NAME@_LIMIT)
		return ENOPROTOOPT;
	if (data == NULL || len != sizeof(limit))
		return EINVAL;
	limit = *(u_int32_t *)data;
	return 0;
}

/* data is NULL for a program that asks for the size only. */
static errno_t
get_option(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, int opt, void *data, size_t *len)
{
	if (opt != @NAME@_LIMIT)
		return ENOPROTOOPT;
	if (data != NULL && *len < sizeof(limit))
		return EINVAL;
	if (data != NULL)
		*(u_int32_t *)data = limit;
	*len = sizeof(limit);
	return 0;
}

kern_return_t
@NAME@_start(kmod_info_t *ki, void *data)
{
	struct kern_ctl_reg reg;
	errno_t error;

	bzero(&reg, sizeof(reg));
	strlcpy(reg.ctl_name, @NAME@_CONTROL, sizeof(reg.ctl_name));
	reg.ctl_flags = CTL_FLAG_PRIVILEGED;
	reg.ctl_connect = connected;
	reg.ctl_disconnect = disconnected;
	reg.ctl_send = received;
	reg.ctl_setopt = set_option;
	reg.ctl_getopt = get_option;
	error = ctl_register(&reg, &control);
	if (error != 0) {
		printf("no control: error %d\n", error);
		return KERN_FAILURE;
	}
	return KERN_SUCCESS;
}

/* As long as a program is connected, whoever unloads us has to ask again. */
kern_return_t
@NAME@_stop(kmod_info_t *ki, void *data)
{
	if (ctl_deregister(control) != 0)
		return KERN_FAILURE;
	printf("%d messages answered\n", answered);
	return KERN_SUCCESS;
}
