// SPDX-License-Identifier: GPL-2.0
/* The ready-made handlers of sysctl values, and reading values by name. */

#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/utsname.h>

#include <kpi/proc.h>

#include "sysctl_priv.h"

static int value_out(struct bsd_sysctl_req *req, const void *data, size_t len)
{
	return req->oldptr ? req->oldfunc(req, data, len) : 0;
}

static int handle_bytes(void *value, size_t len, struct bsd_sysctl_req *req)
{
	int error = value_out(req, value, len);

	if (error || !req->newptr)
		return error;
	return req->newfunc(req, value, len);
}

/**
 * kpi_sysctl_handle_int() - handler of an int
 * @oidp: the object
 * @arg1: the int, or NULL
 * @arg2: the value, if @arg1 is NULL; it cannot be written
 * @req:  the request
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: 0, EPERM for a constant that is written, EINVAL.
 */
int kpi_sysctl_handle_int(struct bsd_sysctl_oid *oidp, void *arg1, int arg2,
			  struct bsd_sysctl_req *req)
{
	int error;

	if (arg1)
		return handle_bytes(arg1, sizeof(int), req);
	error = value_out(req, &arg2, sizeof(arg2));
	if (error)
		return error;
	return req->newptr ? EPERM : 0;
}
KPI_EXPORT(kpi_sysctl_handle_int);

/**
 * kpi_sysctl_handle_long() - handler of a long
 * @oidp: the object
 * @arg1: the long
 * @arg2: not used
 * @req:  the request
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: 0 or EINVAL.
 */
int kpi_sysctl_handle_long(struct bsd_sysctl_oid *oidp, void *arg1, int arg2,
			   struct bsd_sysctl_req *req)
{
	return arg1 ? handle_bytes(arg1, sizeof(long), req) : EINVAL;
}
KPI_EXPORT(kpi_sysctl_handle_long);

/**
 * kpi_sysctl_handle_quad() - handler of a 64-bit integer
 * @oidp: the object
 * @arg1: the integer
 * @arg2: not used
 * @req:  the request
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: 0 or EINVAL.
 */
int kpi_sysctl_handle_quad(struct bsd_sysctl_oid *oidp, void *arg1, int arg2,
			   struct bsd_sysctl_req *req)
{
	return arg1 ? handle_bytes(arg1, sizeof(s64), req) : EINVAL;
}
KPI_EXPORT(kpi_sysctl_handle_quad);

/**
 * kpi_sysctl_handle_string() - handler of a string
 * @oidp: the object
 * @arg1: the string's buffer
 * @arg2: its size
 * @req:  the request
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: 0; EINVAL for a string that does not fit.
 */
int kpi_sysctl_handle_string(struct bsd_sysctl_oid *oidp, void *arg1, int arg2,
			     struct bsd_sysctl_req *req)
{
	char *value = arg1;
	size_t len;
	int error = value_out(req, value, strlen(value) + 1);

	if (error || !req->newptr)
		return error;

	len = req->newlen - req->newidx;
	if (arg2 <= 0 || len >= arg2)
		return EINVAL;
	error = req->newfunc(req, value, len);
	value[len] = '\0';
	return error;
}
KPI_EXPORT(kpi_sysctl_handle_string);

/**
 * kpi_sysctl_handle_opaque() - handler of a structure
 * @oidp: the object
 * @arg1: the structure
 * @arg2: its size
 * @req:  the request
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: 0 or EINVAL.
 */
int kpi_sysctl_handle_opaque(struct bsd_sysctl_oid *oidp, void *arg1, int arg2,
			     struct bsd_sysctl_req *req)
{
	return arg1 && arg2 >= 0 ? handle_bytes(arg1, arg2, req) : EINVAL;
}
KPI_EXPORT(kpi_sysctl_handle_opaque);

static int number_out(struct bsd_sysctl_req *req, long long value, size_t size)
{
	int narrow = value;

	return size == sizeof(int) ? value_out(req, &narrow, sizeof(narrow)) :
				     value_out(req, &value, sizeof(value));
}

static int number_in(struct bsd_sysctl_req *req, size_t size, void *new_value)
{
	long long value;
	int narrow, error;

	if (req->newlen == sizeof(narrow)) {
		error = req->newfunc(req, &narrow, sizeof(narrow));
		value = narrow;
	} else {
		error = req->newfunc(req, &value, sizeof(value));
	}
	if (error)
		return error;

	if (size == sizeof(long long)) {
		*(long long *)new_value = value;
		return 0;
	}
	if (value < INT_MIN || value > UINT_MAX)
		return ERANGE;
	*(int *)new_value = value;
	return 0;
}

/**
 * kpi_sysctl_io_number() - give out a number and take a new one
 * @req:       the request
 * @value:     the number
 * @size:      of @new_value: 4 or 8
 * @new_value: out: the new number; NULL: it cannot be written
 * @changed:   out: whether there is a new one; may be NULL
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: 0, EPERM, EINVAL, ERANGE.
 */
int kpi_sysctl_io_number(struct bsd_sysctl_req *req, long long value, size_t size,
			 void *new_value, int *changed)
{
	int error;

	if (changed)
		*changed = 0;
	if (size != sizeof(int) && size != sizeof(long long))
		return EINVAL;

	error = number_out(req, value, size);
	if (error || !req->newptr)
		return error;
	if (!new_value)
		return EPERM;

	error = number_in(req, size, new_value);
	if (!error && changed)
		*changed = 1;
	return error;
}
KPI_EXPORT(kpi_sysctl_io_number);

/**
 * kpi_sysctl_io_string() - give out a string and take a new one
 * @req:     the request
 * @value:   the string's buffer
 * @size:    its size
 * @trunc:   whether a new string that does not fit is cut
 * @changed: out: whether there is a new one; may be NULL
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: 0; EINVAL for a string that does not fit.
 */
int kpi_sysctl_io_string(struct bsd_sysctl_req *req, char *value, size_t size,
			 int trunc, int *changed)
{
	size_t len = req->newlen - req->newidx;
	int error;

	if (changed)
		*changed = 0;
	error = value_out(req, value, strlen(value) + 1);
	if (error || !req->newptr)
		return error;
	if (!size || (len >= size && !trunc))
		return EINVAL;

	len = min(len, size - 1);
	error = req->newfunc(req, value, len);
	value[len] = '\0';
	if (!error && changed)
		*changed = 1;
	return error;
}
KPI_EXPORT(kpi_sysctl_io_string);

/* Between kernel memory on both sides. */
static int memory_out(struct bsd_sysctl_req *req, const void *data, size_t len)
{
	char *old = (char *)(uintptr_t)req->oldptr;

	if (!old)
		return 0;
	if (len > req->oldlen - req->oldidx)
		return ENOMEM;
	memcpy(old + req->oldidx, data, len);
	req->oldidx += len;
	return 0;
}

static int memory_in(struct bsd_sysctl_req *req, void *data, size_t len)
{
	const char *new = (const char *)(uintptr_t)req->newptr;

	if (!new)
		return 0;
	if (len > req->newlen - req->newidx)
		return EINVAL;
	memcpy(data, new + req->newidx, len);
	req->newidx += len;
	return 0;
}

static int builtin_value(const char *name, struct bsd_sysctl_req *req)
{
	const char *release = init_utsname()->release;
	u64 memory = (u64)totalram_pages() << PAGE_SHIFT;
	int cpus = num_online_cpus();

	if (req->newptr)
		return EPERM;
	if (!strcmp(name, "kern.osrelease"))
		return value_out(req, release, strlen(release) + 1);
	if (!strcmp(name, "kern.hostname"))
		return value_out(req, kpi_hostname, strlen(kpi_hostname) + 1);
	if (!strcmp(name, "hw.ncpu"))
		return value_out(req, &cpus, sizeof(cpus));
	if (!strcmp(name, "hw.memsize"))
		return value_out(req, &memory, sizeof(memory));
	return ENOENT;
}

/**
 * kpi_sysctlbyname() - read and write a value by name
 * @name:    a registered value, kern.osrelease, kern.hostname, hw.ncpu or hw.memsize
 * @oldp:    out: the value; may be NULL
 * @oldlenp: in: bytes there; out: bytes of the value; may be NULL
 * @newp:    a new value, or NULL
 * @newlen:  its size
 *
 * macOS difference: other values of the system are not known.
 *
 * Context: Process context; may sleep.
 * Return: 0; ENOENT for an unknown name; ENOMEM if it does not fit; EPERM; or
 * what the value's handler returns.
 */
int kpi_sysctlbyname(const char *name, void *oldp, size_t *oldlenp, void *newp,
		     size_t newlen)
{
	struct bsd_sysctl_req req = {
		.p = kpi_current_proc(),
		.oldptr = oldlenp ? (uintptr_t)oldp : 0,
		.oldlen = oldlenp ? *oldlenp : 0,
		.oldfunc = memory_out,
		.newptr = (uintptr_t)newp,
		.newlen = newlen,
		.newfunc = memory_in,
	};
	struct bsd_sysctl_oid *oid;
	void *handle;
	int error;

	kpi_might_sleep();

	oid = kpi_sysctl_find(name, &handle);
	if (!oid) {
		error = builtin_value(name, &req);
	} else {
		if (newp && !(oid->oid_kind & CTLFLAG_WR))
			error = EPERM;
		else if (!oid->oid_handler)
			error = EINVAL;
		else
			error = oid->oid_handler(oid, oid->oid_arg1, oid->oid_arg2, &req);
		kpi_sysctl_put(handle);
	}

	if (!error && oldlenp)
		*oldlenp = req.oldidx;
	return error;
}
KPI_EXPORT(kpi_sysctlbyname);
