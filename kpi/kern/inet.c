// SPDX-License-Identifier: GPL-2.0
/* Internet addresses as text. */

#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/socket.h>
#include <linux/string.h>

#include <kpi/inet.h>
#include <kpi/socket.h>
#include <kpi/string.h>

#include "../kpi_priv.h"

/**
 * kpi_inet_ntop() - write an address
 * @af:   AF_INET or AF_INET6
 * @src:  a struct in_addr or in6_addr
 * @dst:  where to
 * @size: bytes there
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: @dst; NULL for another family, or if it does not fit.
 */
const char *kpi_inet_ntop(int af, const void *src, char *dst, u_int32_t size)
{
	char text[INET6_ADDRSTRLEN];
	int len;

	if (af == AF_INET)
		len = snprintf(text, sizeof(text), "%pI4", src);
	else if (af == AF_INET6)
		len = snprintf(text, sizeof(text), "%pI6c", src);
	else
		return NULL;

	if (len >= size)
		return NULL;
	return memcpy(dst, text, len + 1);
}
KPI_EXPORT(kpi_inet_ntop);

/* The parts of "a.b.c.d" and its shorter forms; the number of them, or 0. */
static int read_parts(const char *s, u64 parts[4])
{
	char *end;
	int n;

	for (n = 0; n < 4; n++) {
		if (*s < '0' || *s > '9')
			return 0;
		parts[n] = kpi_strtouq(s, &end, 0);
		if (*end != '.')
			break;
		s = end + 1;
	}
	if (n == 4 || (*end && *end != ' ' && (*end < '\t' || *end > '\r')))
		return 0;
	return n + 1;
}

/**
 * kpi_inet_aton() - read an IPv4 address
 * @s:    one to four numbers with dots, each decimal, octal (0) or hex (0x);
 *        the last one fills the bytes that are left
 * @addr: out: the address; not touched on failure
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 1, or 0 if @s is no address.
 */
int kpi_inet_aton(const char *s, struct bsd_in_addr *addr)
{
	u64 parts[4];
	u32 value = 0;
	int n = read_parts(s, parts), i;

	if (!n || parts[n - 1] >= 1ull << (8 * (5 - n)))
		return 0;
	for (i = 0; i < n - 1; i++) {
		if (parts[i] > 255)
			return 0;
		value |= parts[i] << (24 - 8 * i);
	}

	addr->s_addr = (__force u32)htonl(value | (u32)parts[n - 1]);
	return 1;
}
KPI_EXPORT(kpi_inet_aton);
