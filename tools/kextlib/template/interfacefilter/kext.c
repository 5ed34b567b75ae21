/*
 * @NAME@: counts the frames of an interface, and lets them pass.
 *
 * A kext as one writes it for macOS; nothing in here is Linux's. What it prints
 * stands in the log behind its name.
 */
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <net/kpi_interface.h>
#include <net/kpi_interfacefilter.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

char *interface = "lo";	/* these are module parameters: see Kbuild */
int in, out;

static interface_filter_t filter;

/*
 * Called in a thread that may sleep. The data is what follows the link header, which
 * *frame points to. 0 lets the frame go on, EJUSTRETURN keeps it, an errno drops it.
 */
static errno_t
frame_in(void *cookie, ifnet_t ifp, protocol_family_t protocol, mbuf_t *data, char **frame)
{
	OSIncrementAtomic(&in);
	return 0;
}

/* The data begins with the link header. */
static errno_t
frame_out(void *cookie, ifnet_t ifp, protocol_family_t protocol, mbuf_t *data)
{
	OSIncrementAtomic(&out);
	return 0;
}

static void
detached(void *cookie, ifnet_t ifp)
{
	filter = NULL;		/* the interface may have gone */
}

kern_return_t
@NAME@_start(kmod_info_t *ki, void *data)
{
	struct iff_filter iff = {
		.iff_name = "org.example.@NAME@",
		.iff_input = frame_in,
		.iff_output = frame_out,
		.iff_detached = detached,
	};
	ifnet_t ifp;
	errno_t error;

	if (ifnet_find_by_name(interface, &ifp) != 0) {
		printf("interface=%s: there is none\n", interface);
		return KERN_INVALID_ARGUMENT;
	}
	error = iflt_attach(ifp, &iff, &filter);
	ifnet_release(ifp);
	if (error != 0) {
		printf("cannot filter %s: error %d\n", interface, error);
		return KERN_FAILURE;
	}
	return KERN_SUCCESS;
}

kern_return_t
@NAME@_stop(kmod_info_t *ki, void *data)
{
	iflt_detach(filter);	/* has waited for the last call when it returns */
	printf("%d frames in, %d out\n", in, out);
	return KERN_SUCCESS;
}
