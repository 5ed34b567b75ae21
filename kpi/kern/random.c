// SPDX-License-Identifier: GPL-2.0
/* Random numbers, and UUIDs in the byte order of RFC 4122. */

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include <kpi/string.h>

#include "../kpi_priv.h"

#define UUID_BYTES	16

/**
 * kpi_random() - a random number
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 32 random bits.
 */
u_int32_t kpi_random(void)
{
	return get_random_u32();
}
KPI_EXPORT(kpi_random);

/**
 * kpi_read_random() - random bytes
 * @buf: where they go
 * @n:   how many
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_read_random(void *buf, unsigned int n)
{
	get_random_bytes(buf, n);
}
KPI_EXPORT(kpi_read_random);

/**
 * kpi_read_frandom() - random bytes
 * @buf: where they go
 * @n:   how many
 *
 * macOS difference: as good as kpi_read_random().
 *
 * Context: Any.
 * Return: 0.
 */
int kpi_read_frandom(void *buf, unsigned int n)
{
	get_random_bytes(buf, n);
	return 0;
}
KPI_EXPORT(kpi_read_frandom);

/**
 * kpi_random_buf() - random bytes
 * @buf: where they go
 * @n:   how many
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0.
 */
int kpi_random_buf(void *buf, size_t n)
{
	get_random_bytes(buf, n);
	return 0;
}
KPI_EXPORT(kpi_random_buf);

/**
 * kpi_uuid_clear() - make a UUID the null UUID
 * @uu: the UUID
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_uuid_clear(unsigned char *uu)
{
	memset(uu, 0, UUID_BYTES);
}
KPI_EXPORT(kpi_uuid_clear);

/**
 * kpi_uuid_compare() - order two UUIDs
 * @uu1: one
 * @uu2: another
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: less than, equal to or greater than 0, as memcmp().
 */
int kpi_uuid_compare(const unsigned char *uu1, const unsigned char *uu2)
{
	return memcmp(uu1, uu2, UUID_BYTES);
}
KPI_EXPORT(kpi_uuid_compare);

/**
 * kpi_uuid_copy() - copy a UUID
 * @dst: to here
 * @src: from here
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_uuid_copy(unsigned char *dst, const unsigned char *src)
{
	memcpy(dst, src, UUID_BYTES);
}
KPI_EXPORT(kpi_uuid_copy);

/**
 * kpi_uuid_generate() - make a random UUID
 * @out: the UUID
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_uuid_generate(unsigned char *out)
{
	generate_random_uuid(out);
}
KPI_EXPORT(kpi_uuid_generate);

/**
 * kpi_uuid_is_null() - whether a UUID is the null UUID
 * @uu: the UUID
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 1 if it is, else 0.
 */
int kpi_uuid_is_null(const unsigned char *uu)
{
	return !memchr_inv(uu, 0, UUID_BYTES);
}
KPI_EXPORT(kpi_uuid_is_null);

/**
 * kpi_uuid_parse() - read a UUID
 * @in: 36 characters, as kpi_uuid_unparse() writes them
 * @uu: out: the UUID; not touched on failure
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or -1 if @in is no UUID.
 */
int kpi_uuid_parse(const char *in, unsigned char *uu)
{
	uuid_t uuid;

	if (strlen(in) != UUID_STRING_LEN || uuid_parse(in, &uuid))
		return -1;
	memcpy(uu, &uuid, UUID_BYTES);
	return 0;
}
KPI_EXPORT(kpi_uuid_parse);

/**
 * kpi_uuid_unparse() - write a UUID in capital letters
 * @uu:  the UUID
 * @out: where to; 37 bytes
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_uuid_unparse(const unsigned char *uu, char *out)
{
	sprintf(out, "%pUB", uu);
}
KPI_EXPORT(kpi_uuid_unparse);

/**
 * kpi_uuid_unparse_lower() - write a UUID in small letters
 * @uu:  the UUID
 * @out: where to; 37 bytes
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_uuid_unparse_lower(const unsigned char *uu, char *out)
{
	sprintf(out, "%pUb", uu);
}
KPI_EXPORT(kpi_uuid_unparse_lower);
