/*
 * Start and stop, and the thread that sends. The folder says nothing else: the
 * routines are found by their names.
 */
#include <sys/systm.h>
#include <mach/mach_types.h>
#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/OSMalloc.h>

#include "beacon.h"

#pragma mark - state

static lck_grp_t *beacon_group;
static lck_mtx_t *beacon_lock;
static OSMallocTag beacon_tag;
static boolean_t beacon_quit;
static boolean_t beacon_gone;

static void
beacon_thread(void *parameter, wait_result_t unused)
{
	struct timespec second = { 1, 0 };
	char *text = OSMalloc(64, beacon_tag);

	lck_mtx_lock(beacon_lock);
	while (text != NULL && !beacon_quit) {
		snprintf(text, 64, "beacon %d", beacon_sent);
		if (beacon_send(text) != 0)
			printf("beacon: cannot send\n");
		msleep(&beacon_quit, beacon_lock, PZERO, "beacon", &second);
	}
	beacon_gone = TRUE;
	wakeup(&beacon_gone);
	lck_mtx_unlock(beacon_lock);

	if (text != NULL)
		OSFree(text, 64, beacon_tag);
}

kern_return_t
beacon_start(kmod_info_t *ki, void *data)
{
	thread_t thread;

	beacon_tag = OSMalloc_Tagalloc("beacon", OSMT_DEFAULT);
	beacon_group = lck_grp_alloc_init("beacon", LCK_GRP_ATTR_NULL);
	beacon_lock = lck_mtx_alloc_init(beacon_group, LCK_ATTR_NULL);
	if (beacon_open() != 0 || kernel_thread_start(beacon_thread, NULL, &thread) != KERN_SUCCESS) {
		beacon_close();
		lck_mtx_free(beacon_lock, beacon_group);
		lck_grp_free(beacon_group);
		OSMalloc_Tagfree(beacon_tag);
		return KERN_FAILURE;
	}
	thread_deallocate(thread);
	return KERN_SUCCESS;
}

kern_return_t
beacon_stop(kmod_info_t *ki, void *data)
{
	lck_mtx_lock(beacon_lock);
	beacon_quit = TRUE;
	wakeup(&beacon_quit);
	while (!beacon_gone)
		msleep(&beacon_gone, beacon_lock, PZERO, "beacon", NULL);
	lck_mtx_unlock(beacon_lock);

	beacon_close();
	lck_mtx_free(beacon_lock, beacon_group);
	lck_grp_free(beacon_group);
	OSMalloc_Tagfree(beacon_tag);
	return KERN_SUCCESS;
}
