/* Has a Kbuild of its own, which knows better than any guess. */
#include <mach/mach_types.h>

kern_return_t
quiet_go(kmod_info_t *ki, void *data)
{
	return QUIET;
}

kern_return_t
quiet_halt(kmod_info_t *ki, void *data)
{
	return QUIET;
}
