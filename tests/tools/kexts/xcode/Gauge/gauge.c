/* Its routines and its prefix header are named in the Xcode project only. */
#include "Reading.h"

#ifndef GAUGE_SCALE
#error "GAUGE_SCALE comes from the project's settings"
#endif

static SInt32 readings;

kern_return_t
bring_up_gauge(struct kmod_info *info, void *data)
{
	OSIncrementAtomic(&readings);
	printf(GAUGE_TEXT ": %d\n", reading_scaled(GAUGE_SCALE));
	return KERN_SUCCESS;
}

kern_return_t
take_down_gauge(struct kmod_info *info, void *data)
{
	OSDecrementAtomic(&readings);
	return KERN_SUCCESS;
}
