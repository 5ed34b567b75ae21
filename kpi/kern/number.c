// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers in strings, by the rules of C: leading space, a sign, 0 and 0x, the
 * limits of the type when a number does not fit, and the place where it ends.
 * Linux's simple_strtol() knows neither a plus sign nor limits.
 */

#include <linux/ctype.h>
#include <linux/limits.h>
#include <linux/math64.h>

#include <kpi/string.h>

#include "../kpi_priv.h"

struct number {
	u64 magnitude;			/* U64_MAX if it does not fit */
	bool negative;
	bool overflow;
	const char *end;		/* NULL if there is no number */
};

static int digit_value(char c)
{
	if (isdigit(c))
		return c - '0';
	if (isalpha(c))
		return tolower(c) - 'a' + 10;
	return INT_MAX;
}

static bool has_hex_prefix(const char *s)
{
	return s[0] == '0' && tolower(s[1]) == 'x' && digit_value(s[2]) < 16;
}

static void add_digit(struct number *n, int base, int digit)
{
	u64 shifted = n->magnitude * base;

	if (n->magnitude > div_u64(U64_MAX, base) || shifted + digit < shifted)
		n->overflow = true;
	else
		n->magnitude = shifted + digit;
}

static struct number read_number(const char *s, int base)
{
	struct number n = { };

	while (isspace(*s))
		s++;
	n.negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if ((base == 0 || base == 16) && has_hex_prefix(s)) {
		s += 2;
		base = 16;
	}
	if (base == 0)
		base = *s == '0' ? 8 : 10;
	if (base < 2 || base > 36)
		return n;

	for (; digit_value(*s) < base; n.end = ++s)
		add_digit(&n, base, digit_value(*s));
	if (n.overflow)
		n.magnitude = U64_MAX;
	return n;
}

static void set_end(char **end, const char *s, const struct number *n)
{
	if (end)
		*end = (char *)(n->end ?: s);
}

/**
 * kpi_strtoq() - read a signed number
 * @s:    the text
 * @end:  out: where the number ends, or @s if there is none; may be NULL
 * @base: 2 to 36, or 0: as the number says by 0 or 0x
 *
 * macOS difference: none; there is no errno in a kernel.
 *
 * Context: Any.
 * Return: the number; the nearest limit if it does not fit; 0 if there is none.
 */
int64_t kpi_strtoq(const char *s, char **end, int base)
{
	struct number n = read_number(s, base);

	set_end(end, s, &n);
	if (n.negative)
		return n.magnitude > S64_MAX ? S64_MIN : -(s64)n.magnitude;
	return min_t(u64, n.magnitude, S64_MAX);
}
KPI_EXPORT(kpi_strtoq);

/**
 * kpi_strtouq() - read an unsigned number
 * @s:    the text
 * @end:  out: where the number ends, or @s if there is none; may be NULL
 * @base: 2 to 36, or 0: as the number says by 0 or 0x
 *
 * macOS difference: none; there is no errno in a kernel.
 *
 * Context: Any.
 * Return: the number, negated after a minus sign; the largest one if it does
 * not fit; 0 if there is none.
 */
u_int64_t kpi_strtouq(const char *s, char **end, int base)
{
	struct number n = read_number(s, base);

	set_end(end, s, &n);
	return n.negative && !n.overflow ? -n.magnitude : n.magnitude;
}
KPI_EXPORT(kpi_strtouq);

/**
 * kpi_strtol() - read a signed number
 * @s:    the text
 * @end:  out: where the number ends, or @s if there is none; may be NULL
 * @base: 2 to 36, or 0: as the number says by 0 or 0x
 *
 * macOS difference: none; there is no errno in a kernel.
 *
 * Context: Any.
 * Return: as kpi_strtoq().
 */
long kpi_strtol(const char *s, char **end, int base)
{
	return kpi_strtoq(s, end, base);
}
KPI_EXPORT(kpi_strtol);

/**
 * kpi_strtoul() - read an unsigned number
 * @s:    the text
 * @end:  out: where the number ends, or @s if there is none; may be NULL
 * @base: 2 to 36, or 0: as the number says by 0 or 0x
 *
 * macOS difference: none; there is no errno in a kernel.
 *
 * Context: Any.
 * Return: as kpi_strtouq().
 */
unsigned long kpi_strtoul(const char *s, char **end, int base)
{
	return kpi_strtouq(s, end, base);
}
KPI_EXPORT(kpi_strtoul);
