/* A folder tree: headers in include/, two files called util.c, static functions of one name. */
#include <mach/mach_types.h>
#include <sys/systm.h>
#include <relay/relay.h>

kern_return_t
RelayDriver_start(kmod_info_t *ki, void *data)
{
	relay_in_init();
	return KERN_SUCCESS;
}

kern_return_t
RelayDriver_stop(kmod_info_t *ki, void *data)
{
	mbuf_t m;

	while ((m = relay_out(&relay_waiting)) != NULL)
		mbuf_freem(m);
	return KERN_SUCCESS;
}
