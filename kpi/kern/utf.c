// SPDX-License-Identifier: GPL-2.0
/*
 * UTF-8 and UTF-16, for file names: no slash and no NUL in UTF-8. Written here
 * because the kernel's own conversions come with CONFIG_NLS only, and take
 * sequences that macOS refuses.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/swab.h>

#include <kpi/utf.h>

#include "../kpi_priv.h"

#define ALT_NUL		0x2400		/* what a NUL becomes: the picture of one */
#define HIGH_SURROGATE	0xd800
#define LOW_SURROGATE	0xdc00
#define SURROGATES_END	0xe000
#define BEYOND_UTF16	0x10000

/* From here on decomposing or composing may change something: there are no tables for that. */
#define FIRST_DECOMPOSED	0xc0
#define FIRST_COMBINING		0x300

static bool in(u32 c, u32 first, u32 end)
{
	return c >= first && c < end;
}

/* Whether the flags ask for what only tables can answer of this character. */
static bool needs_tables(u32 c, int flags)
{
	if (flags & KPI_UTF_SFM_CONVERSIONS)
		return true;
	return (flags & KPI_UTF_DECOMPOSED && c >= FIRST_DECOMPOSED) ||
	       (flags & KPI_UTF_PRECOMPOSED && c >= FIRST_COMBINING);
}

static u16 in_order(u16 unit, int flags)
{
	return flags & KPI_UTF_REVERSE_ENDIAN ? swab16(unit) : unit;
}

/* The next character of @units, 1 or 2 of them; half a pair stands for itself. */
static u32 take_utf16(const u16 **units, const u16 *end, int flags)
{
	u32 high = in_order(*(*units)++, flags), low;

	if (!in(high, HIGH_SURROGATE, LOW_SURROGATE) || *units == end)
		return high;
	low = in_order(**units, flags);
	if (!in(low, LOW_SURROGATE, SURROGATES_END))
		return high;
	(*units)++;
	return BEYOND_UTF16 + ((high - HIGH_SURROGATE) << 10) + (low - LOW_SURROGATE);
}

/* What a name may hold; *err is set if it has to be something else. */
static u32 allowed(u32 c, u16 altslash, int *err)
{
	if (!c)
		return ALT_NUL;
	if (c != '/')
		return c;
	if (altslash)
		return altslash;
	*err = -EINVAL;
	return '_';
}

static int utf8_size(u32 c)
{
	return c < 0x80 ? 1 : c < 0x800 ? 2 : c < BEYOND_UTF16 ? 3 : 4;
}

static void put_utf8(u8 *to, u32 c, int size)
{
	static const u8 first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	int i;

	for (i = size - 1; i > 0; i--, c >>= 6)
		to[i] = 0x80 | (c & 0x3f);
	to[0] = first[size] | c;
}

/*
 * One character at @p, before @end: its value and, in *size, its bytes; -EINVAL
 * for what is none: cut off, longer than need be, a surrogate, beyond Unicode.
 */
static int take_utf8(const u8 *p, const u8 *end, int *size)
{
	static const u32 least[] = { 0, 0, 0x80, 0x800, BEYOND_UTF16 };
	u32 c = *p;
	int i;

	*size = c < 0x80 ? 1 : in(c, 0xc0, 0xe0) ? 2 : in(c, 0xe0, 0xf0) ? 3 :
		in(c, 0xf0, 0xf8) ? 4 : 0;
	if (*size == 1)
		return c;
	if (!*size || end - p < *size)
		return -EINVAL;

	c &= 0x7f >> *size;
	for (i = 1; i < *size; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return -EINVAL;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[*size] || c > 0x10ffff || in(c, HIGH_SURROGATE, SURROGATES_END))
		return -EINVAL;
	return c;
}

/* Writes UTF-16, as long as there is room. */
struct utf16_out {
	u16 *at, *end;
	int flags;
};

static int put_utf16(struct utf16_out *out, u32 c)
{
	bool pair = c >= BEYOND_UTF16;

	if (out->end - out->at < 1 + pair)
		return -ENAMETOOLONG;
	if (pair) {
		c -= BEYOND_UTF16;
		*out->at++ = in_order(HIGH_SURROGATE + (c >> 10), out->flags);
		c = LOW_SURROGATE + (c & 0x3ff);
	}
	*out->at++ = in_order(c, out->flags);
	return 0;
}

/* A byte that is no UTF-8, as %XX. */
static int put_escaped(struct utf16_out *out, u8 byte)
{
	if (out->end - out->at < 3)
		return -ENAMETOOLONG;
	put_utf16(out, '%');
	put_utf16(out, hex_asc_upper_hi(byte));
	return put_utf16(out, hex_asc_upper_lo(byte));
}

/* One character, or an escaped byte; the number of bytes taken, or -errno. */
static int decode_one(const u8 *p, const u8 *end, struct utf16_out *out, u16 altslash)
{
	int size, c = take_utf8(p, end, &size);

	if (c < 0 && out->flags & KPI_UTF_ESCAPE_ILLEGAL)
		return put_escaped(out, *p) ?: 1;
	if (c < 0)
		return c;
	if (needs_tables(c, out->flags))
		return -EOPNOTSUPP;
	if (c == ALT_NUL)
		c = 0;
	else if (altslash && c == altslash)
		c = '/';
	return put_utf16(out, c) ?: size;
}

static int encode(const u16 *units, size_t n, u8 *to, size_t room, size_t *len,
		  u16 altslash, int flags)
{
	const u16 *end = units + n;
	int err = 0, size;
	u32 c;

	for (*len = 0; units < end; *len += size) {
		c = allowed(take_utf16(&units, end, flags), altslash, &err);
		if (needs_tables(c, flags))
			return -EOPNOTSUPP;
		size = utf8_size(c);
		if (size > room - *len)
			return -ENAMETOOLONG;
		put_utf8(to + *len, c, size);
	}
	return err;
}

/**
 * kpi_utf8_encodelen() - how long a string becomes in UTF-8
 * @ucsp:     the string, in UTF-16
 * @ucslen:   its length in bytes
 * @altslash: what a slash becomes; 0 for '_'
 * @flags:    UTF_REVERSE_ENDIAN; the others change nothing
 *
 * macOS difference: UTF_DECOMPOSED, UTF_PRECOMPOSED and UTF_SFM_CONVERSIONS
 * are not considered.
 *
 * Context: Any.
 * Return: its length in bytes, without a NUL.
 */
size_t kpi_utf8_encodelen(const u_int16_t *ucsp, size_t ucslen, u_int16_t altslash, int flags)
{
	const u16 *end = ucsp + ucslen / sizeof(u16);
	size_t len = 0;
	int unused;

	while (ucsp < end)
		len += utf8_size(allowed(take_utf16(&ucsp, end, flags), altslash, &unused));
	return len;
}
KPI_EXPORT(kpi_utf8_encodelen);

/**
 * kpi_utf8_encodestr() - UTF-16 to UTF-8
 * @ucsp:     the string
 * @ucslen:   its length in bytes
 * @utf8p:    where it goes; with a NUL at its end
 * @utf8len:  out: its length in bytes, without the NUL; also on failure
 * @buflen:   bytes there
 * @altslash: what a slash becomes; 0 for '_', which is EINVAL then
 * @flags:    UTF_REVERSE_ENDIAN: units are in the other byte order;
 *            UTF_NO_NULL_TERM: no NUL
 *
 * A NUL becomes U+2400. Half a surrogate pair is encoded as it is.
 *
 * macOS difference: there are no tables for UTF_DECOMPOSED, UTF_PRECOMPOSED and
 * UTF_SFM_CONVERSIONS: EOPNOTSUPP for a string they might change. The first two
 * never change characters before U+00C0 and U+0300.
 *
 * Context: Any.
 * Return: 0; EINVAL for a slash; ENAMETOOLONG if it does not fit: what fits is
 * there; EOPNOTSUPP.
 */
int kpi_utf8_encodestr(const u_int16_t *ucsp, size_t ucslen, u_int8_t *utf8p, size_t *utf8len,
		       size_t buflen, u_int16_t altslash, int flags)
{
	bool terminate = !(flags & KPI_UTF_NO_NULL_TERM);
	int err;

	*utf8len = 0;
	if (terminate && !buflen)
		return ENAMETOOLONG;
	err = encode(ucsp, ucslen / sizeof(u16), utf8p, buflen - terminate, utf8len,
		     altslash, flags);
	if (terminate)
		utf8p[*utf8len] = '\0';
	return kpi_errno(err);
}
KPI_EXPORT(kpi_utf8_encodestr);

/**
 * kpi_utf8_decodestr() - UTF-8 to UTF-16
 * @utf8p:    the string; a NUL ends it
 * @utf8len:  its length in bytes
 * @ucsp:     where it goes; without a NUL
 * @ucslen:   out: its length in bytes; also on failure
 * @buflen:   bytes there
 * @altslash: the character that becomes a slash; 0 for none
 * @flags:    UTF_REVERSE_ENDIAN: units are in the other byte order;
 *            UTF_ESCAPE_ILLEGAL: a byte that is no UTF-8 becomes %XX
 *
 * U+2400 becomes a NUL.
 *
 * macOS difference: as kpi_utf8_encodestr().
 *
 * Context: Any.
 * Return: 0; EINVAL for what is no UTF-8; ENAMETOOLONG if it does not fit: what
 * fits is there; EOPNOTSUPP.
 */
int kpi_utf8_decodestr(const u_int8_t *utf8p, size_t utf8len, u_int16_t *ucsp, size_t *ucslen,
		       size_t buflen, u_int16_t altslash, int flags)
{
	struct utf16_out out = { ucsp, ucsp + buflen / sizeof(u16), flags };
	const u8 *end = utf8p + utf8len;
	int taken = 0;

	while (utf8p < end && *utf8p && taken >= 0) {
		taken = decode_one(utf8p, end, &out, altslash);
		utf8p += max(taken, 0);
	}
	*ucslen = (out.at - ucsp) * sizeof(u16);
	return taken < 0 ? kpi_errno(taken) : 0;
}
KPI_EXPORT(kpi_utf8_decodestr);

/**
 * kpi_utf8_validatestr() - whether a string is UTF-8
 * @utf8p:   the string; a NUL ends it
 * @utf8len: its length in bytes
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0 or EINVAL.
 */
int kpi_utf8_validatestr(const u_int8_t *utf8p, size_t utf8len)
{
	const u8 *end = utf8p + utf8len;
	int size;

	for (; utf8p < end && *utf8p; utf8p += size)
		if (take_utf8(utf8p, end, &size) < 0)
			return EINVAL;
	return 0;
}
KPI_EXPORT(kpi_utf8_validatestr);
