// SPDX-License-Identifier: GPL-2.0
/*
 * Names of user ids, kept in a cache. Readers share it; who has to ask the
 * daemon does so without holding the cache's lock.
 */
#include <mach/mach_types.h>
#include <sys/queue.h>
#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/OSMalloc.h>

#include "idmap.h"

#define IDS_MAX	1000

char	*path = "/var/run/idmap";
int	ids = 10;

int	done;
int	result;
int	asked;
int	cached;
int	reconnects;

volatile boolean_t stopping;

struct idmap {
	SLIST_ENTRY(idmap) link;
	uid_t	uid;
	char	name[IDMAP_NAME];
};

static SLIST_HEAD(, idmap) cache = SLIST_HEAD_INITIALIZER(cache);
static lck_grp_t	*grp;
static lck_rw_t		*cache_lock;
static lck_mtx_t	*mtx;		/* guards running */
static boolean_t	running;
static OSMallocTag	tag;

static boolean_t
cache_find(uid_t uid, char *name, size_t size)
{
	struct idmap *map;

	lck_rw_lock_shared(cache_lock);
	SLIST_FOREACH(map, &cache, link)
		if (map->uid == uid)
			break;
	if (map != NULL)
		strlcpy(name, map->name, size);
	lck_rw_unlock_shared(cache_lock);
	return map != NULL;
}

static void
cache_add(uid_t uid, const char *name)
{
	struct idmap *map = OSMalloc(sizeof(*map), tag);

	if (map == NULL)
		return;			/* asked again next time */
	map->uid = uid;
	strlcpy(map->name, name, sizeof(map->name));
	lck_rw_lock_exclusive(cache_lock);
	SLIST_INSERT_HEAD(&cache, map, link);
	lck_rw_unlock_exclusive(cache_lock);
}

static errno_t
idmap_name(uid_t uid, char *name, size_t size)
{
	errno_t error;

	if (cache_find(uid, name, size)) {
		cached++;
		return 0;
	}
	error = daemon_ask(uid, name, size);
	if (error == 0)
		cache_add(uid, name);
	return error;
}

static void
idmap_thread(void *arg, wait_result_t wr)
{
	char name[IDMAP_NAME];
	int i;

	for (i = 0; i < 2 * ids && result == 0; i++) {
		result = idmap_name(i % ids, name, sizeof(name));
		if (result != 0)
			printf("helper: uid %d: error %d\n", i % ids, result);
		else if (i < ids)
			printf("helper: uid %d is %s\n", i, name);
	}
	daemon_close();

	lck_mtx_lock(mtx);
	running = FALSE;
	done = 1;
	wakeup(&running);
	lck_mtx_unlock(mtx);
}

static void
idmap_cleanup(void)
{
	struct idmap *map;

	while ((map = SLIST_FIRST(&cache)) != NULL) {
		SLIST_REMOVE_HEAD(&cache, link);
		OSFree(map, sizeof(*map), tag);
	}
	lck_rw_free(cache_lock, grp);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	OSMalloc_Tagfree(tag);
}

static boolean_t
bad_parameters(void)
{
	if (path[0] != '/' || strlen(path) >= 104)
		printf("helper: path=%s: must be absolute and shorter than 104\n", path);
	else if (ids < 1 || ids > IDS_MAX)
		printf("helper: ids=%d: must be 1 to %d\n", ids, IDS_MAX);
	else
		return FALSE;
	return TRUE;
}

kern_return_t
idmap_start(kmod_info_t *ki, void *data)
{
	thread_t thread;

	if (bad_parameters())
		return KERN_INVALID_ARGUMENT;

	tag = OSMalloc_Tagalloc("org.netkpi.port.helper", OSMT_PAGEABLE);
	grp = lck_grp_alloc_init("org.netkpi.port.helper", LCK_GRP_ATTR_NULL);
	cache_lock = lck_rw_alloc_init(grp, LCK_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	running = TRUE;
	if (kernel_thread_start(idmap_thread, NULL, &thread) != KERN_SUCCESS) {
		idmap_cleanup();
		return KERN_RESOURCE_SHORTAGE;
	}
	thread_deallocate(thread);
	return KERN_SUCCESS;
}

kern_return_t
idmap_stop(kmod_info_t *ki, void *data)
{
	stopping = TRUE;
	daemon_interrupt();
	lck_mtx_lock(mtx);
	while (running)
		msleep(&running, mtx, PWAIT, "idmapstop", NULL);
	lck_mtx_unlock(mtx);
	idmap_cleanup();
	return KERN_SUCCESS;
}
