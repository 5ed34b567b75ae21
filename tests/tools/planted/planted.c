/*
 * Four faults of a kext, each of which a debugging guest finds: the parameter says
 * which is made when the kext starts, 0 none.
 */
#include <kern/locks.h>
#include <libkern/OSMalloc.h>
#include <mach/mach_types.h>
#include <sys/malloc.h>
#include <sys/systm.h>

int plant;

static lck_grp_t *group;
static lck_mtx_t *first, *second;
static lck_spin_t *spin;

static void
use_after_free(void)
{
	char *p = _MALLOC(100, M_TEMP, M_WAITOK);

	p[90] = 1;	/* KASAN's own links lie in front of what is free */
	_FREE(p, M_TEMP);
	p[90] = 2;	/* here: memory */
}

static void
leak(void)
{
	_MALLOC(77, M_TEMP, M_WAITOK);	/* here: leaks */
}

static void
sleep_under_a_spin_lock(void)
{
	struct timespec ts = { 0, 1000 };

	lck_spin_lock(spin);
	msleep(&ts, NULL, PWAIT, "plant", &ts);	/* here: sleeping */
	lck_spin_unlock(spin);
}

static void
in_both_orders(void)
{
	lck_mtx_lock(first);
	lck_mtx_lock(second);
	lck_mtx_unlock(second);
	lck_mtx_unlock(first);
	lck_mtx_lock(second);
	lck_mtx_lock(first);	/* here: locking */
	lck_mtx_unlock(first);
	lck_mtx_unlock(second);
}

kern_return_t
planted_start(kmod_info_t *ki, void *data)
{
	group = lck_grp_alloc_init("planted", LCK_GRP_ATTR_NULL);
	first = lck_mtx_alloc_init(group, LCK_ATTR_NULL);
	second = lck_mtx_alloc_init(group, LCK_ATTR_NULL);
	spin = lck_spin_alloc_init(group, LCK_ATTR_NULL);
	switch (plant) {
	case 1:
		use_after_free();
		break;
	case 2:
		leak();
		break;
	case 3:
		sleep_under_a_spin_lock();
		break;
	case 4:
		in_both_orders();
		break;
	}
	return KERN_SUCCESS;
}

kern_return_t
planted_stop(kmod_info_t *ki, void *data)
{
	lck_spin_free(spin, group);
	lck_mtx_free(second, group);
	lck_mtx_free(first, group);
	lck_grp_free(group);
	return KERN_SUCCESS;
}
