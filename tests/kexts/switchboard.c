// SPDX-License-Identifier: GPL-2.0
/*
 * A kext with three kernel controls: one that answers datagrams and has options,
 * one for streams, one for the superuser.
 */

#include <sys/types.h>
#include <sys/kern_control.h>
#include <sys/kpi_mbuf.h>
#include <sys/systm.h>
#include <libkern/OSAtomic.h>
#include <libkern/libkern.h>
#include <mach/mach_types.h>

#define SWB_GREETING	1	/* set and get: what answers begin with */
#define SWB_STATISTICS	2	/* get: struct swb_statistics */
#define SWB_PUSH	3	/* set: send so many numbered datagrams; get: how many went */

struct swb_statistics {
	u_int32_t clients;
	u_int32_t messages;
	u_int64_t bytes;
};

static kern_ctl_ref swb_controls[3];
static struct swb_statistics swb_stat;
static char swb_greeting[32] = "you said: ";
static u_int32_t swb_pushed;

static errno_t
swb_connect(kern_ctl_ref ref, struct sockaddr_ctl *sac, void **unitinfo)
{
	OSIncrementAtomic((SInt32 *)&swb_stat.clients);
	*unitinfo = NULL;
	return 0;
}

static errno_t
swb_disconnect(kern_ctl_ref ref, u_int32_t unit, void *unitinfo)
{
	OSDecrementAtomic((SInt32 *)&swb_stat.clients);
	return 0;
}

static void
swb_count(mbuf_t m)
{
	OSIncrementAtomic((SInt32 *)&swb_stat.messages);
	OSAddAtomic64(mbuf_pkthdr_len(m), (SInt64 *)&swb_stat.bytes);
}

/* The answer is the message itself, with the greeting in front. */
static errno_t
swb_send(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, mbuf_t m, int flags)
{
	size_t len = strlen(swb_greeting);
	errno_t error;

	swb_count(m);
	error = mbuf_prepend(&m, len, MBUF_WAITOK);
	if (error != 0)
		return error;
	mbuf_copyback(m, 0, len, swb_greeting, MBUF_WAITOK);
	error = ctl_enqueuembuf(ref, unit, m, 0);
	if (error != 0)
		mbuf_freem(m);
	return error;
}

/* Bytes of a stream come back as they are; what does not fit is an error. */
static errno_t
swb_stream(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, mbuf_t m, int flags)
{
	errno_t error;

	swb_count(m);
	error = ctl_enqueuembuf(ref, unit, m, 0);
	if (error != 0)
		mbuf_freem(m);
	return error;
}

static void
swb_push(kern_ctl_ref ref, u_int32_t unit, u_int32_t count)
{
	u_int32_t n;

	for (n = 0; n < count; n++)
		if (ctl_enqueuedata(ref, unit, &n, sizeof(n), 0) != 0)
			break;
	swb_pushed = n;
}

static errno_t
swb_setopt(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, int opt, void *data, size_t len)
{
	switch (opt) {
	case SWB_GREETING:
		if (data == NULL || len >= sizeof(swb_greeting))
			return EINVAL;
		memcpy(swb_greeting, data, len);
		swb_greeting[len] = '\0';
		return 0;
	case SWB_PUSH:
		if (data == NULL || len != sizeof(u_int32_t))
			return EINVAL;
		swb_push(ref, unit, *(u_int32_t *)data);
		return 0;
	default:
		return ENOPROTOOPT;
	}
}

static errno_t
swb_value(void *data, size_t *len, const void *value, size_t size)
{
	if (data != NULL && *len < size)
		return EMSGSIZE;
	if (data != NULL)
		memcpy(data, value, size);
	*len = size;
	return 0;
}

static errno_t
swb_getopt(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, int opt, void *data, size_t *len)
{
	switch (opt) {
	case SWB_GREETING:
		return swb_value(data, len, swb_greeting, strlen(swb_greeting));
	case SWB_STATISTICS:
		return swb_value(data, len, &swb_stat, sizeof(swb_stat));
	case SWB_PUSH:
		return swb_value(data, len, &swb_pushed, sizeof(swb_pushed));
	default:
		return ENOPROTOOPT;
	}
}

static errno_t
swb_register(kern_ctl_ref *ref, const char *name, u_int32_t flags, ctl_send_func send)
{
	struct kern_ctl_reg reg;

	bzero(&reg, sizeof(reg));
	strlcpy(reg.ctl_name, name, sizeof(reg.ctl_name));
	reg.ctl_flags = flags;
	reg.ctl_sendsize = 64 * 1024;
	reg.ctl_recvsize = 64 * 1024 + sizeof(swb_greeting);
	reg.ctl_connect = swb_connect;
	reg.ctl_disconnect = swb_disconnect;
	reg.ctl_send = send;
	reg.ctl_setopt = swb_setopt;
	reg.ctl_getopt = swb_getopt;
	return ctl_register(&reg, ref);
}

static kern_return_t
swb_deregister(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		if (swb_controls[i] != NULL && ctl_deregister(swb_controls[i]) != 0)
			return KERN_FAILURE;
		swb_controls[i] = NULL;
	}
	return KERN_SUCCESS;
}

kern_return_t
switchboard_start(kmod_info_t *ki, void *data)
{
	if (swb_register(&swb_controls[0], "org.example.switchboard", 0, swb_send) == 0 &&
	    swb_register(&swb_controls[1], "org.example.switchboard.stream",
			 CTL_FLAG_REG_SOCK_STREAM, swb_stream) == 0 &&
	    swb_register(&swb_controls[2], "org.example.switchboard.root",
			 CTL_FLAG_PRIVILEGED, swb_send) == 0)
		return KERN_SUCCESS;
	swb_deregister();
	return KERN_FAILURE;
}

kern_return_t
switchboard_stop(kmod_info_t *ki, void *data)
{
	return swb_deregister();
}
