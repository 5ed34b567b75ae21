#include <sys/systm.h>
#include <mach/mach_types.h>
#include <net/pfvar.h>
#include <sys/never_heard_of.h>
#include "ours_not_there.h"
#ifdef BROKEN_NEVER
#include <sys/not_reached.h>
#endif

extern int sock_wfree(int);		/* one of Linux's exports */
int broken_helper(int);

static vnode_t unused_vnode;

kern_return_t
broken_start(kmod_info_t *ki, void *data)
{
	unknown_type_t of_unknown_type = 0;

	kauth_listen_scope(0, 0, 0);
	mystery(1);
	mystery(2);
	sock_wfree(1);
	return broken_helper(BROKEN_CONSTANT) + BROKEN_CONSTANT;
}

kern_return_t
broken_stop(kmod_info_t *ki, void *data)
{
	return KERN_SUCCESS;
}
