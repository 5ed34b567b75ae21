// SPDX-License-Identifier: GPL-2.0
/*
 * Formats of macOS on Linux's vsnprintf().
 *
 * Each conversion is read here and handed to snprintf() on its own, so that
 * nothing of the kext's text is taken for one of Linux's %p extensions, and
 * so that %b, %q and the like, which Linux does not have, work.
 */

#include <linux/bits.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "kern_priv.h"

#define FLAGS_ROOM	8

/* Linux warns about more. */
#define WIDTH_MAX	((1 << 23) - 1)
#define PRECISION_MAX	((1 << 15) - 1)

struct output {
	char *buf;
	size_t size;
	size_t len;			/* as if there were room for all */
};

struct conversion {
	char flags[FLAGS_ROOM];
	int width;
	int precision;			/* -1: none */
	char length;			/* 'H' is hh, 'q' is ll; 0: none */
	char type;
};

/* va_list is an array on some machines and cannot be passed by address there. */
struct arguments {
	va_list list;
};

static void put_char(struct output *out, char c)
{
	if (out->len + 1 < out->size)
		out->buf[out->len] = c;
	out->len++;
}

static char *room(struct output *out, size_t *size)
{
	*size = out->len < out->size ? out->size - out->len : 0;
	return *size ? out->buf + out->len : NULL;
}

static int read_number(const char **fmt, struct arguments *args)
{
	int n = 0;

	if (**fmt == '*') {
		++*fmt;
		return va_arg(args->list, int);
	}
	for (; isdigit(**fmt); ++*fmt)
		n = min(n * 10 + **fmt - '0', WIDTH_MAX);
	return n;
}

static char read_length(const char **fmt)
{
	static const char lengths[] = "hlqjztL";
	char length = 0;

	while (**fmt && strchr(lengths, **fmt)) {
		char c = *(*fmt)++;

		if (c == 'l')
			length = length == 'l' ? 'q' : 'l';
		else if (c == 'h')
			length = length == 'h' ? 'H' : 'h';
		else
			length = c == 'L' ? 'q' : c;
	}
	return length;
}

/* Reads what follows a % and leaves @fmt behind the conversion's letter. */
static const char *read_conversion(const char *fmt, struct arguments *args,
				   struct conversion *c)
{
	size_t n = 0;

	memset(c, 0, sizeof(*c));
	for (; *fmt && strchr("-+ #0'", *fmt); fmt++)
		if (*fmt != '\'' && n < FLAGS_ROOM - 1 && !strchr(c->flags, *fmt))
			c->flags[n++] = *fmt;

	c->width = clamp(read_number(&fmt, args), -WIDTH_MAX, WIDTH_MAX);
	c->precision = -1;
	if (*fmt == '.') {
		fmt++;
		c->precision = clamp(read_number(&fmt, args), -1, PRECISION_MAX);
	}
	c->length = read_length(&fmt);
	c->type = *fmt;
	return *fmt ? fmt + 1 : fmt;
}

static long long read_signed(struct arguments *args, char length)
{
	switch (length) {
	case 'H':
		return (signed char)va_arg(args->list, int);
	case 'h':
		return (short)va_arg(args->list, int);
	case 'l': case 'j': case 'z': case 't':
		return va_arg(args->list, long);
	case 'q':
		return va_arg(args->list, long long);
	default:
		return va_arg(args->list, int);
	}
}

static unsigned long long read_unsigned(struct arguments *args, char length)
{
	switch (length) {
	case 'H':
		return (unsigned char)va_arg(args->list, int);
	case 'h':
		return (unsigned short)va_arg(args->list, int);
	case 'l': case 'j': case 'z': case 't':
		return va_arg(args->list, unsigned long);
	case 'q':
		return va_arg(args->list, unsigned long long);
	default:
		return va_arg(args->list, unsigned int);
	}
}

/*
 * Lets snprintf() do one conversion. A precision is passed on only if there is
 * one: Linux takes a negative one for 0.
 */
#define put_converted(out, c, suffix, value)					\
({										\
	char spec[FLAGS_ROOM + 12];						\
	size_t size;								\
	char *at = room(out, &size);						\
										\
	snprintf(spec, sizeof(spec), "%%%s*%s%s", (c)->flags,			\
		 (c)->precision < 0 ? "" : ".*", suffix);			\
	if ((c)->precision < 0)							\
		(out)->len += snprintf(at, size, spec, (c)->width, value);	\
	else									\
		(out)->len += snprintf(at, size, spec, (c)->width,		\
				       (c)->precision, value);			\
})

static void put_number(struct output *out, const struct conversion *c, char type,
		       unsigned long long value)
{
	char suffix[4] = { 'l', 'l', type };

	put_converted(out, c, suffix, value);
}

/* The digits of a pointer as Linux shows it, hashed, but without leading zeros. */
static void put_pointer(struct output *out, struct conversion *c, const void *value)
{
	char digits[24], shown[28] = "0x";
	const char *p = digits;

	snprintf(digits, sizeof(digits), "%p", value);
	while (p[0] == '0' && p[1])
		p++;
	strlcat(shown, p, sizeof(shown));
	c->precision = -1;
	put_converted(out, c, "s", shown);
}

/* "\20\2TWO\1ONE": the base of the value, then the bits' numbers and names. */
static void put_bits(struct output *out, const struct conversion *c,
		     unsigned long long value, const char *names)
{
	bool any = false;

	if (!names || !*names) {
		put_number(out, c, 'x', value);
		return;
	}

	put_number(out, c, *names == 8 ? 'o' : *names == 10 ? 'u' : 'x', value);
	names++;
	while (*names) {
		unsigned int bit = (u8)*names++;
		bool set = bit >= 1 && bit <= 32 && value & BIT_ULL(bit - 1);

		if (set)
			put_char(out, any ? ',' : '<');
		any |= set;
		for (; (u8)*names > ' '; names++)
			if (set)
				put_char(out, *names);
	}
	if (any)
		put_char(out, '>');
}

static void put_radix(struct output *out, struct conversion *c, int radix,
		      struct arguments *args, bool is_signed)
{
	char type = radix == 8 ? 'o' : radix == 10 ? 'u' : 'x';
	long long value;

	if (!is_signed) {
		put_number(out, c, type, read_unsigned(args, c->length));
		return;
	}
	value = read_signed(args, c->length);
	if (value < 0)
		put_char(out, '-');
	put_number(out, c, type, abs(value));
}

static void put_conversion(struct output *out, struct conversion *c, int radix,
			   struct arguments *args)
{
	unsigned long long bits;

	switch (c->type) {
	case 'd': case 'i':
		put_number(out, c, 'd', read_signed(args, c->length));
		break;
	case 'u': case 'x': case 'X': case 'o':
		put_number(out, c, c->type, read_unsigned(args, c->length));
		break;
	case 'D':
		put_number(out, c, 'd', read_signed(args, c->length ?: 'l'));
		break;
	case 'U': case 'O':
		put_number(out, c, tolower(c->type), read_unsigned(args, c->length ?: 'l'));
		break;
	case 'n': case 'r':
		put_radix(out, c, radix, args, true);
		break;
	case 'N': case 'R':
		put_radix(out, c, radix, args, false);
		break;
	case 'b': case 'B':
		bits = read_unsigned(args, c->length);
		put_bits(out, c, bits, va_arg(args->list, const char *));
		break;
	case 'p':
		put_pointer(out, c, va_arg(args->list, const void *));
		break;
	case 's':
		put_converted(out, c, "s", va_arg(args->list, const char *));
		break;
	case 'c':
		c->precision = -1;
		put_converted(out, c, "c", va_arg(args->list, int));
		break;
	default:
		put_char(out, c->type);
	}
}

/* os_log() formats say "%{public}s"; what is in braces says who may read it. */
static const char *skip_qualifier(const char *fmt)
{
	const char *end = *fmt == '{' ? strchr(fmt, '}') : NULL;

	return end ? end + 1 : fmt;
}

/**
 * kpi_format() - write text by a format of macOS
 * @buf:   where to; may be NULL if @size is 0
 * @size:  its size; what does not fit is left out, and a NUL ends the rest
 * @radix: the base of %r, %R, %n and %N
 * @fmt:   the format
 * @args:  the values
 *
 * Return: the length of the whole text.
 */
int kpi_format(char *buf, size_t size, int radix, const char *fmt, va_list args)
{
	struct output out = { .buf = buf, .size = min_t(size_t, size, INT_MAX) };
	struct arguments values;
	struct conversion c;

	va_copy(values.list, args);
	while (*fmt) {
		if (*fmt != '%') {
			put_char(&out, *fmt++);
			continue;
		}
		fmt = read_conversion(skip_qualifier(fmt + 1), &values, &c);
		if (c.type)
			put_conversion(&out, &c, radix, &values);
	}
	va_end(values.list);

	if (size)
		buf[min(out.len, size - 1)] = '\0';
	return out.len;
}
