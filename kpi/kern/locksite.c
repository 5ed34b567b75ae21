// SPDX-License-Identifier: GPL-2.0
/*
 * What lockdep knows of the locks of kexts.
 *
 * Locks that one place of a kext initialises are of one class, as with Linux's
 * own. They share one map, too: a lock has no room for its own, and two of a
 * class that are held at once are reported anyway. A class bears the name of the
 * lock's group and of the place.
 *
 * A kext may use a mutex as a semaphore: one thread locks, another unlocks. No
 * rule holds for these. The first such unlock, and a thread that leaves the kext
 * with the lock, take the class off; what threads are still taken to hold of it is
 * dropped when they come by.
 */

#include <linux/lockdep.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "../kpi_priv.h"
#include "lock.h"

#define MAX_SITES	1024

struct lock_site {
	unsigned long caller;		/* W: sites_lock; 0 while the kext is not loaded */
	bool off;			/* lockdep does not look at it */
	char kext[MODULE_NAME_LEN];
	char name[128];			/* of the class, and what a kext finds again */
	struct lock_class_key key;	/* registered while caller is set */
	struct lockdep_map map;
};

static bool lockdep_kexts = true;
module_param_named(lockdep, lockdep_kexts, bool, 0644);
MODULE_PARM_DESC(lockdep, "lockdep looks at the locks that kexts initialise from now on");

static struct lock_site *sites[MAX_SITES];	/* W: sites_lock; number 0 is none */
static unsigned int sites_end = 1;		/* W: sites_lock */
static atomic_t sites_off;			/* so many may have left threads with something */
static DEFINE_SPINLOCK(sites_lock);

static unsigned int site_by_caller(unsigned long caller)
{
	unsigned int i;

	for (i = 1; i < sites_end; i++)
		if (sites[i]->caller == caller)
			return i;
	return 0;
}

static unsigned int site_by_name(const char *name)
{
	unsigned int i;

	for (i = 1; i < sites_end; i++)
		if (!strcmp(sites[i]->name, name))
			return i;
	return 0;
}

static unsigned int site_add(const char *name, const char *kext)
{
	struct lock_site *site;

	if (sites_end == MAX_SITES) {
		pr_info_once("netkpi: kexts initialise locks in %u places; lockdep does not look at more\n",
			     MAX_SITES - 1);
		return 0;
	}
	site = kzalloc(sizeof(*site), GFP_ATOMIC);
	if (!site)
		return 0;
	strscpy(site->name, name, sizeof(site->name));
	strscpy(site->kext, kext, sizeof(site->kext));
	sites[sites_end] = site;
	smp_store_release(&sites_end, sites_end + 1);	/* pairs with all_sites() */
	return sites_end - 1;
}

static unsigned int site_register(unsigned long caller, lck_grp_t *grp, const char *kind,
				  const char *kext)
{
	char name[sizeof_field(struct lock_site, name)];
	unsigned int number;
	struct lock_site *site;

	scnprintf(name, sizeof(name), "%s of %s, made at %pS", kind, kpi_group_name(grp),
		  (void *)caller);
	number = site_by_name(name) ?: site_add(name, kext);
	site = sites[number];
	if (!number || site->caller)
		return number;
	lockdep_register_key(&site->key);
	lockdep_init_map(&site->map, site->name, &site->key, 0);
	site->caller = caller;
	return number;
}

/**
 * kpi_lock_site() - the class of a lock that is being initialised
 * @caller: who does
 * @grp:    the lock's group, or NULL
 * @attr:   its attributes, or NULL
 * @kind:   what kind of lock it is
 *
 * Context: Any.
 * Return: its number, or 0: lockdep does not look at the lock.
 */
u16 kpi_lock_site(unsigned long caller, lck_grp_t *grp, lck_attr_t *attr, const char *kind)
{
	const struct kpi_kext *kext = kpi_kext_at(caller);
	unsigned int number;
	unsigned long flags;

	if (!kext || !READ_ONCE(lockdep_kexts) || kpi_attr_hides(attr))
		return 0;

	spin_lock_irqsave(&sites_lock, flags);
	number = site_by_caller(caller) ?:
		 site_register(caller, grp, kind, kpi_kext_name(kext));
	spin_unlock_irqrestore(&sites_lock, flags);
	return number;
}

/* Who has no lock looks at those below this number. */
static unsigned int all_sites(void)
{
	return smp_load_acquire(&sites_end);	/* pairs with site_add() */
}

/* NULL: none, or off. A lock that was never initialised has any number. */
static struct lock_site *site_of(u16 number)
{
	struct lock_site *site;

	if (likely(!number) || number >= all_sites())
		return NULL;
	site = sites[number];
	return READ_ONCE(site->off) ? NULL : site;
}

/* Whether the running thread was taken to hold some; it is not any more. */
static bool site_drop(struct lock_site *site)
{
	int n, depth = lockdep_depth(current);

	for (n = 0; n < depth && lock_is_held(&site->map); n++)
		lock_release(&site->map, _RET_IP_);
	return n;
}

/* What the running thread is taken to hold of classes that are off. */
static void drop_off(void)
{
	unsigned int i;

	if (likely(!atomic_read(&sites_off)) || !debug_locks || !lockdep_depth(current))
		return;
	for (i = 1; i < all_sites(); i++)
		if (READ_ONCE(sites[i]->off))
			site_drop(sites[i]);
}

static void site_take_off(struct lock_site *site, const char *why)
{
	if (xchg(&site->off, true))
		return;
	atomic_inc(&sites_off);
	pr_info("netkpi: %s: %s; lockdep does not look at its class (%s)\n",
		site->kext, why, site->name);
}

/**
 * kpi_lock_site_off() - a lock of a class turned out to be a semaphore
 * @number: the class
 */
void kpi_lock_site_off(u16 number)
{
	struct lock_site *site = site_of(number);

	if (!site)
		return;
	site_take_off(site, "a lock is unlocked by another thread than locks it");
	drop_off();
}

/**
 * kpi_lock_site_acquire() - the running thread takes a lock
 * @number: its class
 * @how:    KPI_LOCK_READ, KPI_LOCK_TRY
 * @caller: who does
 */
void kpi_lock_site_acquire(u16 number, unsigned int how, unsigned long caller)
{
	struct lock_site *site = site_of(number);

	drop_off();
	if (site)
		lock_acquire(&site->map, 0, !!(how & KPI_LOCK_TRY), !!(how & KPI_LOCK_READ), 1,
			     NULL, caller);
}

/**
 * kpi_lock_site_release() - the running thread gives a lock back
 * @number: its class
 * @caller: who does
 */
void kpi_lock_site_release(u16 number, unsigned long caller)
{
	struct lock_site *site = site_of(number);

	drop_off();
	if (!site)
		return;
	if (lock_is_held(&site->map))
		lock_release(&site->map, caller);
	else
		kpi_lock_site_off(number);
}

/*
 * The running thread leaves the code of kexts, and none of them is further up its
 * stack. A lock that it takes along is for somebody else to unlock.
 */
void kpi_lock_sites_leave(void)
{
	unsigned int i;

	if (likely(!lockdep_depth(current)) || !debug_locks)
		return;
	for (i = 1; i < all_sites(); i++)
		if (site_drop(sites[i]))
			site_take_off(sites[i], "a thread leaves with a lock");
}

/* A kext has gone; one of the same name may come again, and finds its classes. */
void kpi_lock_sites_forget(const char *kext)
{
	unsigned int i;

	for (i = 1; i < all_sites(); i++) {
		struct lock_site *site = sites[i];

		if (!site->caller || strcmp(site->kext, kext))
			continue;
		lockdep_unregister_key(&site->key);
		spin_lock_irq(&sites_lock);
		site->caller = 0;
		spin_unlock_irq(&sites_lock);
	}
}

void kpi_lock_sites_exit(void)
{
	while (sites_end > 1) {
		struct lock_site *site = sites[--sites_end];

		if (site->caller)
			lockdep_unregister_key(&site->key);
		kfree(site);
	}
}
