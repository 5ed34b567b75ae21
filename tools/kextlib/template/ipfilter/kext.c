/*
 * @NAME@: counts pings that come in, and drops them if it is told to.
 *
 * A kext as one writes it for macOS; nothing in here is Linux's. What it prints
 * stands in the log behind its name.
 */
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <netinet/in.h>
#include <netinet/kpi_ipfilter.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

int drop;	/* these two are module parameters: see Kbuild */
int pings;

static ipfilter_t filter;
static boolean_t filter_is_there;

/* Called for each packet for this host, in a thread that may sleep. */
static errno_t
input(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	u_int8_t type;

	if (protocol != IPPROTO_ICMP || mbuf_copydata(*data, offset, 1, &type) != 0 || type != 8)
		return 0;
	OSIncrementAtomic(&pings);
	return drop ? EPERM : 0;	/* the packet is freed for us */
}

/* The last call: from now on the code may go. */
static void
detached(void *cookie)
{
	filter_is_there = FALSE;
}

static struct ipf_filter description = {
	.name = "org.example.@NAME@",
	.ipf_input = input,
	.ipf_detach = detached,
};

kern_return_t
@NAME@_start(kmod_info_t *ki, void *data)
{
	filter_is_there = TRUE;
	if (ipf_addv4(&description, &filter) != 0)
		return KERN_FAILURE;
	printf("@NAME@: counts pings\n");
	return KERN_SUCCESS;
}

kern_return_t
@NAME@_stop(kmod_info_t *ki, void *data)
{
	if (filter)
		ipf_remove(filter);
	filter = NULL;
	if (filter_is_there)
		return KERN_FAILURE;	/* ask again, until it is gone */
	printf("@NAME@: %d pings\n", pings);
	return KERN_SUCCESS;
}
