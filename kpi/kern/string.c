// SPDX-License-Identifier: GPL-2.0
/* Strings and runs of bytes. */

#include <linux/bitops.h>
#include <linux/crc32.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <kpi/memory.h>
#include <kpi/string.h>

#include "../kpi_priv.h"
#include "block.h"

/**
 * kpi_bcopy() - copy bytes that may overlap
 * @src: from here
 * @dst: to here
 * @n:   how many
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_bcopy(const void *src, void *dst, size_t n)
{
	memmove(dst, src, n);
}
KPI_EXPORT(kpi_bcopy);

/**
 * kpi_ovbcopy() - copy bytes that may overlap
 * @src: from here
 * @dst: to here
 * @n:   how many
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_ovbcopy(const void *src, void *dst, size_t n)
{
	memmove(dst, src, n);
}
KPI_EXPORT(kpi_ovbcopy);

/**
 * kpi_bzero() - set bytes to zero
 * @dst: the bytes
 * @n:   how many
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_bzero(void *dst, size_t n)
{
	memset(dst, 0, n);
}
KPI_EXPORT(kpi_bzero);

/**
 * kpi_timingsafe_bcmp() - compare bytes in a time that tells nothing
 * @a: some bytes
 * @b: some bytes
 * @n: how many
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0 if they are equal, else 1.
 */
int kpi_timingsafe_bcmp(const void *a, const void *b, size_t n)
{
	const u8 *p = a, *q = b;
	u8 differences = 0;

	while (n--)
		differences |= *p++ ^ *q++;
	return differences != 0;
}
KPI_EXPORT(kpi_timingsafe_bcmp);

/**
 * kpi_memset_s() - set bytes, even if nobody reads them any more
 * @dst:      the bytes
 * @dst_size: how many there are
 * @c:        their new value
 * @n:        how many to set
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL without @dst; E2BIG or EOVERFLOW for a size out of range,
 * after setting what there is.
 */
int kpi_memset_s(void *dst, size_t dst_size, int c, size_t n)
{
	if (!dst)
		return EINVAL;
	if (dst_size > SIZE_MAX / 2)
		return E2BIG;

	memset(dst, c, min(n, dst_size));
	barrier_data(dst);
	return n > dst_size ? EOVERFLOW : 0;
}
KPI_EXPORT(kpi_memset_s);

/**
 * kpi_strlcpy() - copy a string into a buffer
 * @dst: the buffer
 * @src: the string
 * @n:   the buffer's size; the copy is always terminated if it is not 0
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the length of @src.
 */
size_t kpi_strlcpy(char *dst, const char *src, size_t n)
{
	size_t len = strlen(src);

	if (n) {
		size_t copied = min(len, n - 1);

		memcpy(dst, src, copied);
		dst[copied] = '\0';
	}
	return len;
}
KPI_EXPORT(kpi_strlcpy);

/**
 * kpi_strlcat() - append a string in a buffer
 * @dst: the buffer, with a string in it
 * @src: what to append
 * @n:   the buffer's size
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the length of the string it tried to make.
 */
size_t kpi_strlcat(char *dst, const char *src, size_t n)
{
	size_t used = strnlen(dst, n);

	if (used == n)
		return n + strlen(src);
	return used + kpi_strlcpy(dst + used, src, n - used);
}
KPI_EXPORT(kpi_strlcat);

/**
 * kpi_strcpy() - copy a string
 * @dst: a buffer that is large enough
 * @src: the string
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: @dst.
 */
char *kpi_strcpy(char *dst, const char *src)
{
	return memcpy(dst, src, strlen(src) + 1);
}
KPI_EXPORT(kpi_strcpy);

/**
 * kpi_strncpy() - copy a string of at most n characters, padded with NULs
 * @dst: a buffer of @n bytes
 * @src: the string
 * @n:   how many bytes are written
 *
 * macOS difference: none: a string of @n characters or more is not terminated.
 *
 * Context: Any.
 * Return: @dst.
 */
char *kpi_strncpy(char *dst, const char *src, size_t n)
{
	size_t len = strnlen(src, n);

	memcpy(dst, src, len);
	memset(dst + len, 0, n - len);
	return dst;
}
KPI_EXPORT(kpi_strncpy);

/**
 * kpi_strcat() - append a string
 * @dst: a string in a buffer that is large enough
 * @src: what to append
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: @dst.
 */
char *kpi_strcat(char *dst, const char *src)
{
	kpi_strcpy(dst + strlen(dst), src);
	return dst;
}
KPI_EXPORT(kpi_strcat);

/**
 * kpi_strncat() - append at most n characters of a string
 * @dst: a string in a buffer that is large enough
 * @src: what to append
 * @n:   how many characters at most; a NUL follows them
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: @dst.
 */
char *kpi_strncat(char *dst, const char *src, size_t n)
{
	size_t used = strlen(dst), len = strnlen(src, n);

	memcpy(dst + used, src, len);
	dst[used + len] = '\0';
	return dst;
}
KPI_EXPORT(kpi_strncat);

/**
 * kpi_strnstr() - find a string in the first n characters of another
 * @s:    where to look
 * @find: what to find
 * @n:    how many characters to look at
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: where it begins in @s, or NULL.
 */
char *kpi_strnstr(const char *s, const char *find, size_t n)
{
	size_t len = strlen(find), left = strnlen(s, n);

	for (; left >= len; s++, left--)
		if (!memcmp(s, find, len))
			return (char *)s;
	return NULL;
}
KPI_EXPORT(kpi_strnstr);

/**
 * kpi_strprefix() - whether a string begins with another
 * @s:      the string
 * @prefix: how it should begin
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 1 if it does, else 0.
 */
int kpi_strprefix(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}
KPI_EXPORT(kpi_strprefix);

/**
 * kpi_STRDUP() - copy a string into new memory
 * @s:    the string
 * @type: what for; as for _MALLOC()
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the copy; the caller frees it with _FREE(). NULL without memory.
 */
char *kpi_STRDUP(const char *s, int type)
{
	struct kpi_block_owner owner = { .caller = type == M_SONAME ? 0 : _RET_IP_ };
	size_t size = strlen(s) + 1;
	char *copy;

	kpi_might_sleep();
	copy = kpi_block_alloc(size, GFP_KERNEL, owner);
	return copy ? memcpy(copy, s, size) : NULL;
}
KPI_EXPORT(kpi_STRDUP);

/**
 * kpi_ffs() - the lowest bit that is set
 * @mask: the bits
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: its number, from 1; 0 for none.
 */
int kpi_ffs(unsigned int mask)
{
	return ffs(mask);
}
KPI_EXPORT(kpi_ffs);

/**
 * kpi_ffsll() - the lowest bit that is set
 * @mask: the bits
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: its number, from 1; 0 for none.
 */
int kpi_ffsll(unsigned long long mask)
{
	return mask ? __ffs64(mask) + 1 : 0;
}
KPI_EXPORT(kpi_ffsll);

/**
 * kpi_fls() - the highest bit that is set
 * @mask: the bits
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: its number, from 1; 0 for none.
 */
int kpi_fls(unsigned int mask)
{
	return fls(mask);
}
KPI_EXPORT(kpi_fls);

/**
 * kpi_flsll() - the highest bit that is set
 * @mask: the bits
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: its number, from 1; 0 for none.
 */
int kpi_flsll(unsigned long long mask)
{
	return fls64(mask);
}
KPI_EXPORT(kpi_flsll);

/**
 * kpi_crc32() - the CRC-32 of zlib and Ethernet
 * @crc: 0, or the result for the bytes before
 * @buf: the bytes
 * @n:   how many
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the checksum so far.
 */
u_int32_t kpi_crc32(u_int32_t crc, const void *buf, size_t n)
{
	return ~crc32_le(~crc, buf, n);
}
KPI_EXPORT(kpi_crc32);
