// SPDX-License-Identifier: GPL-2.0
/* copyin, copyout and their kin: memory of the running user process. */

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <kpi/user.h>

#include "../kpi_priv.h"

/* A kernel thread has none, unless it has been lent some. */
static bool has_user_memory(void)
{
	return current->mm;
}

/**
 * kpi_copyin() - copy from user memory
 * @uaddr: from here
 * @kaddr: to here
 * @len:   how many bytes
 *
 * macOS difference: none.
 *
 * Context: A thread of a user process; may sleep.
 * Return: 0 or EFAULT.
 */
int kpi_copyin(const user_addr_t uaddr, void *kaddr, size_t len)
{
	kpi_might_sleep();
	if (!has_user_memory() || copy_from_user(kaddr, u64_to_user_ptr(uaddr), len))
		return EFAULT;
	return 0;
}
KPI_EXPORT(kpi_copyin);

/**
 * kpi_copyout() - copy to user memory
 * @kaddr: from here
 * @uaddr: to here
 * @len:   how many bytes
 *
 * macOS difference: none.
 *
 * Context: A thread of a user process; may sleep.
 * Return: 0 or EFAULT.
 */
int kpi_copyout(const void *kaddr, user_addr_t uaddr, size_t len)
{
	kpi_might_sleep();
	if (!has_user_memory() || copy_to_user(u64_to_user_ptr(uaddr), kaddr, len))
		return EFAULT;
	return 0;
}
KPI_EXPORT(kpi_copyout);

static void set_done(size_t *done, size_t n)
{
	if (done)
		*done = n;
}

/**
 * kpi_copyinstr() - copy a string from user memory
 * @uaddr: from here
 * @kaddr: to here
 * @len:   bytes there
 * @done:  out: bytes copied, the NUL included; may be NULL
 *
 * macOS difference: none.
 *
 * Context: A thread of a user process; may sleep.
 * Return: 0; ENAMETOOLONG without a NUL within @len; EFAULT.
 */
int kpi_copyinstr(const user_addr_t uaddr, void *kaddr, size_t len, size_t *done)
{
	long n;

	kpi_might_sleep();
	set_done(done, 0);
	if (!len)
		return ENAMETOOLONG;
	if (!has_user_memory())
		return EFAULT;

	n = strncpy_from_user(kaddr, u64_to_user_ptr(uaddr), len);
	if (n < 0)
		return EFAULT;
	set_done(done, min_t(size_t, n + 1, len));
	return n < len ? 0 : ENAMETOOLONG;
}
KPI_EXPORT(kpi_copyinstr);

/**
 * kpi_copyoutstr() - copy a string to user memory
 * @kaddr: from here
 * @uaddr: to here
 * @len:   bytes there
 * @done:  out: bytes copied, the NUL included; may be NULL
 *
 * macOS difference: none.
 *
 * Context: A thread of a user process; may sleep.
 * Return: 0; ENAMETOOLONG if it does not fit, after copying what does; EFAULT.
 */
int kpi_copyoutstr(const void *kaddr, user_addr_t uaddr, size_t len, size_t *done)
{
	size_t size = strnlen(kaddr, len) + 1;
	size_t n = min(size, len);
	int error = kpi_copyout(kaddr, uaddr, n);

	set_done(done, error ? 0 : n);
	if (error)
		return error;
	return size > len ? ENAMETOOLONG : 0;
}
KPI_EXPORT(kpi_copyoutstr);

/**
 * kpi_copystr() - copy a string within the kernel
 * @from: from here
 * @to:   to here
 * @len:  bytes there
 * @done: out: bytes copied, the NUL included; may be NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; ENAMETOOLONG if it does not fit, after copying what does.
 */
int kpi_copystr(const void *from, void *to, size_t len, size_t *done)
{
	size_t size = strnlen(from, len) + 1;
	size_t n = min(size, len);

	memcpy(to, from, n);
	set_done(done, n);
	return size > len ? ENAMETOOLONG : 0;
}
KPI_EXPORT(kpi_copystr);

/**
 * kpi_fubyte() - fetch a byte of user memory
 * @addr: where
 *
 * macOS difference: none.
 *
 * Context: A thread of a user process; may sleep.
 * Return: the byte, or -1 on a fault.
 */
int kpi_fubyte(user_addr_t addr)
{
	u8 byte;

	kpi_might_sleep();
	return kpi_copyin(addr, &byte, sizeof(byte)) ? -1 : byte;
}
KPI_EXPORT(kpi_fubyte);

/**
 * kpi_subyte() - store a byte in user memory
 * @addr: where
 * @byte: its value
 *
 * macOS difference: none.
 *
 * Context: A thread of a user process; may sleep.
 * Return: 0, or -1 on a fault.
 */
int kpi_subyte(user_addr_t addr, int byte)
{
	u8 value = byte;

	kpi_might_sleep();
	return kpi_copyout(&value, addr, sizeof(value)) ? -1 : 0;
}
KPI_EXPORT(kpi_subyte);

/**
 * kpi_fuword() - fetch a long of user memory
 * @addr: where
 *
 * macOS difference: none.
 *
 * Context: A thread of a user process; may sleep.
 * Return: the value, or -1 on a fault.
 */
long kpi_fuword(user_addr_t addr)
{
	long word;

	kpi_might_sleep();
	return kpi_copyin(addr, &word, sizeof(word)) ? -1 : word;
}
KPI_EXPORT(kpi_fuword);

/**
 * kpi_suword() - store a long in user memory
 * @addr: where
 * @word: its value
 *
 * macOS difference: none.
 *
 * Context: A thread of a user process; may sleep.
 * Return: 0, or -1 on a fault.
 */
int kpi_suword(user_addr_t addr, long word)
{
	return kpi_copyout(&word, addr, sizeof(word)) ? -1 : 0;
}
KPI_EXPORT(kpi_suword);

/**
 * kpi_fulong() - fetch 64 bits of user memory
 * @addr: where
 *
 * macOS difference: none.
 *
 * Context: A thread of a user process; may sleep.
 * Return: the value, or -1 on a fault.
 */
int64_t kpi_fulong(user_addr_t addr)
{
	s64 value;

	kpi_might_sleep();
	return kpi_copyin(addr, &value, sizeof(value)) ? -1 : value;
}
KPI_EXPORT(kpi_fulong);

/**
 * kpi_sulong() - store 64 bits in user memory
 * @addr:  where
 * @value: their value
 *
 * macOS difference: none.
 *
 * Context: A thread of a user process; may sleep.
 * Return: 0, or -1 on a fault.
 */
int kpi_sulong(user_addr_t addr, int64_t value)
{
	return kpi_copyout(&value, addr, sizeof(value)) ? -1 : 0;
}
KPI_EXPORT(kpi_sulong);
