// SPDX-License-Identifier: GPL-2.0
/* uio: the runs of memory of a transfer. */

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include <kpi/uio.h>
#include <kpi/user.h>

#include "../kpi_priv.h"
#include "block.h"

#define UIO_MAXIOV	1024

struct run {
	u64 base;
	u64 len;
};

struct uio {
	int max;			/* room for runs */
	int count;			/* runs that are there */
	int index;			/* the current one */
	int space;
	int direction;
	s64 offset;
	s64 resid;
	struct run runs[];
};

static struct run *current_run(uio_t uio)
{
	return uio && uio->index < uio->count ? &uio->runs[uio->index] : NULL;
}

static bool is_user(uio_t uio)
{
	return uio->space == UIO_USERSPACE || uio->space == UIO_USERSPACE32 ||
	       uio->space == UIO_USERSPACE64;
}

static void advance(uio_t uio, u64 n)
{
	struct run *run = current_run(uio);

	run->base += n;
	run->len -= n;
	uio->resid -= n;
	uio->offset += n;
	if (!run->len)
		uio->index++;
}

static uio_t uio_alloc(int max, unsigned long caller)
{
	struct kpi_block_owner owner = { .caller = caller };
	uio_t uio;

	if (max < 0 || max > UIO_MAXIOV)
		return NULL;
	uio = kpi_block_alloc(struct_size(uio, runs, max), GFP_KERNEL | __GFP_ZERO, owner);
	if (uio)
		uio->max = max;
	return uio;
}

/**
 * kpi_uio_create() - make a uio
 * @iovcount:  how many runs it has room for, up to 1024
 * @offset:    a position, which moves along
 * @spacetype: UIO_SYSSPACE or one of UIO_USERSPACE
 * @direction: UIO_READ: into the runs; UIO_WRITE: out of them
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the uio, or NULL; the caller frees it with kpi_uio_free().
 */
uio_t kpi_uio_create(int iovcount, int64_t offset, int spacetype, int direction)
{
	uio_t uio;

	kpi_might_sleep();
	uio = uio_alloc(iovcount, _RET_IP_);
	if (uio)
		kpi_uio_reset(uio, offset, spacetype, direction);
	return uio;
}
KPI_EXPORT(kpi_uio_create);

/**
 * kpi_uio_reset() - empty a uio for another transfer
 * @uio:       the uio
 * @offset:    as for kpi_uio_create()
 * @spacetype: as for kpi_uio_create()
 * @direction: as for kpi_uio_create()
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_uio_reset(uio_t uio, int64_t offset, int spacetype, int direction)
{
	if (!uio)
		return;
	uio->count = 0;
	uio->index = 0;
	uio->resid = 0;
	uio->offset = offset;
	uio->space = spacetype;
	uio->direction = direction;
}
KPI_EXPORT(kpi_uio_reset);

/**
 * kpi_uio_duplicate() - copy a uio
 * @uio: the uio
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the copy, or NULL; the caller frees it with kpi_uio_free().
 */
uio_t kpi_uio_duplicate(uio_t uio)
{
	uio_t copy;

	kpi_might_sleep();
	copy = uio ? uio_alloc(uio->max, _RET_IP_) : NULL;
	return copy ? memcpy(copy, uio, struct_size(uio, runs, uio->max)) : NULL;
}
KPI_EXPORT(kpi_uio_duplicate);

/**
 * kpi_uio_free() - free a uio
 * @uio: the uio, or NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_uio_free(uio_t uio)
{
	struct kpi_block_owner owner = { .caller = _RET_IP_ };

	kpi_block_free(uio, KPI_ANY_SIZE, owner);
}
KPI_EXPORT(kpi_uio_free);

/**
 * kpi_uio_addiov() - add a run of memory
 * @uio:  the uio
 * @base: where it begins
 * @len:  how long it is
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or -1 if there is no room for it.
 */
int kpi_uio_addiov(uio_t uio, user_addr_t base, user_size_t len)
{
	if (!uio || uio->count == uio->max || len > S64_MAX - uio->resid)
		return -1;
	uio->runs[uio->count++] = (struct run){ base, len };
	uio->resid += len;
	return 0;
}
KPI_EXPORT(kpi_uio_addiov);

/**
 * kpi_uio_getiov() - look at a run of memory
 * @uio:   the uio
 * @index: which one, counted from the current one
 * @base:  out: where it begins; may be NULL
 * @len:   out: how long it is; may be NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or -1 if there is none.
 */
int kpi_uio_getiov(uio_t uio, int index, user_addr_t *base, user_size_t *len)
{
	if (!uio || index < 0 || index >= uio->count - uio->index)
		return -1;
	if (base)
		*base = uio->runs[uio->index + index].base;
	if (len)
		*len = uio->runs[uio->index + index].len;
	return 0;
}
KPI_EXPORT(kpi_uio_getiov);

/**
 * kpi_uio_update() - move along without moving bytes
 * @uio:   the uio
 * @count: how many bytes at most
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_uio_update(uio_t uio, user_size_t count)
{
	struct run *run;

	while ((run = current_run(uio))) {
		u64 n = min(run->len, count);

		if (!count && run->len)
			break;
		advance(uio, n);
		count -= n;
	}
}
KPI_EXPORT(kpi_uio_update);

/**
 * kpi_uio_resid() - how many bytes are left
 * @uio: the uio
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the number; 0 for NULL.
 */
int64_t kpi_uio_resid(uio_t uio)
{
	return uio ? uio->resid : 0;
}
KPI_EXPORT(kpi_uio_resid);

/**
 * kpi_uio_setresid() - say how many bytes are left
 * @uio:   the uio
 * @resid: the number
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_uio_setresid(uio_t uio, int64_t resid)
{
	if (uio)
		uio->resid = resid;
}
KPI_EXPORT(kpi_uio_setresid);

/**
 * kpi_uio_iovcnt() - how many runs are left
 * @uio: the uio
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the number; 0 for NULL.
 */
int kpi_uio_iovcnt(uio_t uio)
{
	return uio ? uio->count - uio->index : 0;
}
KPI_EXPORT(kpi_uio_iovcnt);

/**
 * kpi_uio_offset() - the position of the transfer
 * @uio: the uio
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the position; 0 for NULL.
 */
int64_t kpi_uio_offset(uio_t uio)
{
	return uio ? uio->offset : 0;
}
KPI_EXPORT(kpi_uio_offset);

/**
 * kpi_uio_setoffset() - change the position of the transfer
 * @uio:    the uio
 * @offset: the position
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_uio_setoffset(uio_t uio, int64_t offset)
{
	if (uio)
		uio->offset = offset;
}
KPI_EXPORT(kpi_uio_setoffset);

/**
 * kpi_uio_rw() - the direction of the transfer
 * @uio: the uio
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: UIO_READ or UIO_WRITE; -1 for NULL.
 */
int kpi_uio_rw(uio_t uio)
{
	return uio ? uio->direction : -1;
}
KPI_EXPORT(kpi_uio_rw);

/**
 * kpi_uio_setrw() - change the direction of the transfer
 * @uio:       the uio
 * @direction: UIO_READ or UIO_WRITE
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_uio_setrw(uio_t uio, int direction)
{
	if (uio)
		uio->direction = direction;
}
KPI_EXPORT(kpi_uio_setrw);

/**
 * kpi_uio_isuserspace() - whether the runs are user memory
 * @uio: the uio
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 1 if they are, else 0.
 */
int kpi_uio_isuserspace(uio_t uio)
{
	return uio && is_user(uio);
}
KPI_EXPORT(kpi_uio_isuserspace);

/**
 * kpi_uio_curriovbase() - where the current run begins
 * @uio: the uio
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: its address; 0 without one.
 */
user_addr_t kpi_uio_curriovbase(uio_t uio)
{
	struct run *run = current_run(uio);

	return run ? run->base : 0;
}
KPI_EXPORT(kpi_uio_curriovbase);

/**
 * kpi_uio_curriovlen() - how long the current run is
 * @uio: the uio
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: its length; 0 without one.
 */
user_size_t kpi_uio_curriovlen(uio_t uio)
{
	struct run *run = current_run(uio);

	return run ? run->len : 0;
}
KPI_EXPORT(kpi_uio_curriovlen);

static int move_run(char *cp, uio_t uio, u64 base, size_t n)
{
	void *run = (void *)(uintptr_t)base;

	if (is_user(uio))
		return uio->direction == UIO_READ ? kpi_copyout(cp, base, n) :
						    kpi_copyin(base, cp, n);
	if (uio->space != UIO_SYSSPACE && uio->space != UIO_SYSSPACE32)
		return EFAULT;		/* nobody knows whose memory that is */
	if (uio->direction == UIO_READ)
		memcpy(run, cp, n);
	else
		memcpy(cp, run, n);
	return 0;
}

/**
 * kpi_uiomove() - move bytes between kernel memory and a uio
 * @cp:  the kernel memory: read by UIO_READ, written by UIO_WRITE
 * @n:   how many bytes at most
 * @uio: the uio
 *
 * Moves as many bytes as the uio has left, and moves its position along. What
 * has been moved before a fault stays moved.
 *
 * macOS difference: none.
 *
 * Context: Process context for user memory; may sleep then.
 * Return: 0; EFAULT, also for a space that is none of the known; EINVAL without a uio.
 */
int kpi_uiomove(const char *cp, int n, uio_t uio)
{
	char *at = (char *)cp;
	struct run *run;

	if (!uio)
		return EINVAL;

	while (n > 0 && uio->resid > 0 && (run = current_run(uio))) {
		size_t len = min3((u64)n, (u64)uio->resid, run->len);
		int error = len ? move_run(at, uio, run->base, len) : 0;

		if (error)
			return error;
		advance(uio, len);
		at += len;
		n -= len;
	}
	return 0;
}
KPI_EXPORT(kpi_uiomove);

/**
 * kpi_uiomove64() - move bytes between kernel memory and a uio
 * @cp:  the kernel memory, as an integer
 * @n:   how many bytes at most
 * @uio: the uio
 *
 * macOS difference: none.
 *
 * Context: As kpi_uiomove().
 * Return: as kpi_uiomove().
 */
int kpi_uiomove64(const u_int64_t cp, int n, uio_t uio)
{
	return kpi_uiomove((const char *)(uintptr_t)cp, n, uio);
}
KPI_EXPORT(kpi_uiomove64);
