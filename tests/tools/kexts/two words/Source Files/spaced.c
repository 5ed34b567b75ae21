/* Folders of other systems have spaces in their names; kbuild's must not. */
#include <mach/mach_types.h>
#include "spaced.h"

kern_return_t
spaced_start(kmod_info_t *ki, void *data)
{
	return SPACED;
}

kern_return_t
spaced_stop(kmod_info_t *ki, void *data)
{
	return SPACED;
}
