// SPDX-License-Identifier: GPL-2.0
/* Lock groups and attributes: bookkeeping, and what lockdep is to know of locks. */

#include <linux/slab.h>
#include <linux/string.h>

#include "../kpi_priv.h"
#include "lock.h"

#define GROUP_MAGIC	0x6c675270

/* Groups, group attributes and lock attributes are all the same to us. */
struct lock_note {
	u32 magic;
	bool hides;			/* W: the kext; lockdep is not to look at such locks */
	struct kpi_kext *kext;
	char name[64];
};

static void *note_alloc(unsigned long caller, const char *name)
{
	struct lock_note *note = kzalloc(sizeof(*note), GFP_KERNEL | __GFP_NOFAIL);

	note->magic = GROUP_MAGIC;
	note->kext = kpi_kext_at(caller);
	strscpy(note->name, name ?: "", sizeof(note->name));
	kpi_kext_charge(note->kext, KPI_HELD_LOCK, 1);
	return note;
}

/* For people; a group may have gone while locks of it live, so only when they are made. */
const char *kpi_group_name(lck_grp_t *grp)
{
	const struct lock_note *note = (const struct lock_note *)grp;

	return note && note->magic == GROUP_MAGIC && note->name[0] ? note->name : "no group";
}

bool kpi_attr_hides(lck_attr_t *attr)
{
	const struct lock_note *note = (const struct lock_note *)attr;

	return note && note->magic == GROUP_MAGIC && note->hides;
}

static void set_hides(lck_attr_t *attr, bool hides)
{
	struct lock_note *note = (struct lock_note *)attr;

	if (note && note->magic == GROUP_MAGIC)
		note->hides = hides;
}

static void note_free(unsigned long caller, void *handle)
{
	struct lock_note *note = handle;

	if (!note)
		return;
	if (note->magic != GROUP_MAGIC) {
		kpi_misuse_from(caller, "not a lock group or attribute, or freed already");
		return;
	}
	note->magic = 0;
	kpi_kext_charge(note->kext, KPI_HELD_LOCK, -1);
	kfree(note);
}

/**
 * kpi_lck_grp_attr_alloc_init() - make attributes of a lock group
 *
 * macOS difference: attributes have no effect.
 *
 * Context: Process context; may sleep.
 * Return: the attributes; the caller frees them.
 */
lck_grp_attr_t *kpi_lck_grp_attr_alloc_init(void)
{
	kpi_might_sleep();
	return note_alloc(_RET_IP_, NULL);
}
KPI_EXPORT(kpi_lck_grp_attr_alloc_init);

/**
 * kpi_lck_grp_attr_setdefault() - no effect
 * @attr: attributes of a group
 *
 * macOS difference: attributes have no effect.
 *
 * Context: Any.
 */
void kpi_lck_grp_attr_setdefault(lck_grp_attr_t *attr)
{
}
KPI_EXPORT(kpi_lck_grp_attr_setdefault);

/**
 * kpi_lck_grp_attr_setstat() - no effect
 * @attr: attributes of a group
 *
 * macOS difference: no statistics are kept.
 *
 * Context: Any.
 */
void kpi_lck_grp_attr_setstat(lck_grp_attr_t *attr)
{
}
KPI_EXPORT(kpi_lck_grp_attr_setstat);

/**
 * kpi_lck_grp_attr_free() - free attributes of a lock group
 * @attr: from kpi_lck_grp_attr_alloc_init(), or NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_lck_grp_attr_free(lck_grp_attr_t *attr)
{
	note_free(_RET_IP_, attr);
}
KPI_EXPORT(kpi_lck_grp_attr_free);

/**
 * kpi_lck_grp_alloc_init() - make a lock group
 * @name: its name; 63 characters are kept
 * @attr: not used; may be NULL
 *
 * macOS difference: no statistics are kept.
 *
 * Context: Process context; may sleep.
 * Return: the group; the caller frees it, also while locks of it live.
 */
lck_grp_t *kpi_lck_grp_alloc_init(const char *name, lck_grp_attr_t *attr)
{
	kpi_might_sleep();
	return note_alloc(_RET_IP_, name);
}
KPI_EXPORT(kpi_lck_grp_alloc_init);

/**
 * kpi_lck_grp_free() - free a lock group
 * @grp: from kpi_lck_grp_alloc_init(), or NULL
 *
 * Locks of the group keep working.
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_lck_grp_free(lck_grp_t *grp)
{
	note_free(_RET_IP_, grp);
}
KPI_EXPORT(kpi_lck_grp_free);

/**
 * kpi_lck_attr_alloc_init() - make attributes of a lock
 *
 * macOS difference: see kpi_lck_attr_cleardebug().
 *
 * Context: Process context; may sleep.
 * Return: the attributes; the caller frees them.
 */
lck_attr_t *kpi_lck_attr_alloc_init(void)
{
	kpi_might_sleep();
	return note_alloc(_RET_IP_, NULL);
}
KPI_EXPORT(kpi_lck_attr_alloc_init);

/**
 * kpi_lck_attr_setdefault() - no effect
 * @attr: attributes of a lock
 *
 * macOS difference: attributes have no effect.
 *
 * Context: Any.
 */
void kpi_lck_attr_setdefault(lck_attr_t *attr)
{
}
KPI_EXPORT(kpi_lck_attr_setdefault);

/**
 * kpi_lck_attr_setdebug() - have lockdep look at the locks that are initialised so
 * @attr: attributes of a lock
 *
 * macOS difference: that is the default. What needs no lockdep is checked always.
 *
 * Context: Any.
 */
void kpi_lck_attr_setdebug(lck_attr_t *attr)
{
	set_hides(attr, false);
}
KPI_EXPORT(kpi_lck_attr_setdebug);

/**
 * kpi_lck_attr_cleardebug() - hide the locks that are initialised so from lockdep
 * @attr: attributes of a lock
 *
 * For locks whose order no rule describes, such as two of one kind by address.
 * Kernels without lockdep are not concerned.
 *
 * macOS difference: what needs no lockdep is checked all the same.
 *
 * Context: Any.
 */
void kpi_lck_attr_cleardebug(lck_attr_t *attr)
{
	set_hides(attr, true);
}
KPI_EXPORT(kpi_lck_attr_cleardebug);

/**
 * kpi_lck_attr_free() - free attributes of a lock
 * @attr: from kpi_lck_attr_alloc_init(), or NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_lck_attr_free(lck_attr_t *attr)
{
	note_free(_RET_IP_, attr);
}
KPI_EXPORT(kpi_lck_attr_free);
