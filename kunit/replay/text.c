// SPDX-License-Identifier: GPL-2.0
/* The text of vector files: words, arguments, wildcards, patterns, hashes. */

#include <linux/errno.h>
#include <linux/kasan-checks.h>
#include <linux/kernel.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "vector.h"

int vector_split(char *line, char **words, int max)
{
	char *word;
	int n = 0;

	while ((word = strsep(&line, " ")) != NULL) {
		if (!*word)
			continue;
		if (n == max)
			return -E2BIG;
		words[n++] = word;
	}
	return n;
}

static bool parse_decimal(const char *text, u64 *num)
{
	bool negative = *text == '-';

	if (kstrtou64(text + negative, 10, num))
		return false;
	if (negative)
		*num = -*num;
	return true;
}

/* A letter and a number below @limit: r2, h9, c0 ... */
static bool parse_name(const char *text, char letter, u64 limit, u64 *num)
{
	return text[0] == letter && !kstrtou64(text + 1, 10, num) && *num < limit;
}

static bool parse_how(const char *text, u64 *how)
{
	*how = *text == 'n' ? MBUF_DONTWAIT : MBUF_WAITOK;
	return !strcmp(text, "w") || !strcmp(text, "n");
}

static bool parse_len(const char *text, u64 *len)
{
	if (strcmp(text, "all"))
		return parse_decimal(text, len);
	*len = MBUF_COPYALL;
	return true;
}

static bool parse_family(const char *text, u64 *family)
{
	if (!strcmp(text, "inet"))
		*family = PF_INET;
	else if (!strcmp(text, "inet6"))
		*family = PF_INET6;
	else
		return parse_decimal(text, family);
	return true;
}

/* b3, c1, or b3! for "with a NULL free callback"; clusters count on from VECTOR_BUFFERS. */
static bool parse_store(const char *text, u64 *num)
{
	char name[8];

	if (strscpy(name, text, sizeof(name)) < 0)
		return false;
	strreplace(name, '!', '\0');
	if (parse_name(name, 'b', VECTOR_BUFFERS, num))
		return true;
	if (!parse_name(name, 'c', VECTOR_CLUSTERS, num))
		return false;
	*num += VECTOR_BUFFERS;
	return true;
}

static bool parse_arg(char kind, const char *text, struct vector_arg *arg)
{
	switch (kind) {
	case 'S':	/* slot */
		return !kstrtou64(text, 10, &arg->num) && arg->num < VECTOR_SLOTS;
	case 'n':	/* number */
		return parse_decimal(text, &arg->num);
	case 'x':	/* number, hexadecimal */
		return !kstrtou64(text, 16, &arg->num);
	case 'h':	/* may it block? */
		return parse_how(text, &arg->num);
	case 'l':	/* number, or all of the chain */
		return parse_len(text, &arg->num);
	case 'p':	/* protocol family */
		return parse_family(text, &arg->num);
	case 'B':	/* buffer or cluster to attach */
		return parse_store(text, &arg->num);
	case 'C':	/* cluster */
		return parse_name(text, 'c', VECTOR_CLUSTERS, &arg->num);
	case 'R':	/* interface */
		return parse_name(text, 'r', VECTOR_RCVIFS, &arg->num);
	case 'H':	/* header pointer */
		return parse_name(text, 'h', VECTOR_HEADERS, &arg->num);
	case 'F':	/* completion callback */
		return parse_name(text, 'f', VECTOR_CALLBACKS, &arg->num);
	case 'T':	/* tag id, by name */
		return parse_name(text, 't', VECTOR_TAG_IDS, &arg->num);
	case 'D':	/* tag id, by name or as a number */
		return *text == 't' ? parse_name(text, 't', VECTOR_TAG_IDS, &arg->num) :
				      parse_decimal(text, &arg->num);
	case 'w':	/* a word */
		return true;
	default:
		return false;
	}
}

/*
 * Arguments that are NULL are "-" or "null" for nearly every kind. Calls made
 * with a NULL out pointer in front may lack the rest: what is absent is none.
 */
bool vector_parse_args(const char *signature, char **words, int nwords, struct vector_arg *args)
{
	bool optional = false;
	int n = 0;

	memset(args, 0, VECTOR_ARGS * sizeof(*args));
	for (; *signature; signature++) {
		if (*signature == '|') {
			optional = true;
			continue;
		}

		args[n].text = n < nwords ? words[n] : "";
		args[n].none = n >= nwords || !strcmp(words[n], "-") || !strcmp(words[n], "null");
		if (n >= nwords && !optional && !args[0].none)
			return false;
		if (!args[n].none && !parse_arg(*signature, words[n], &args[n]))
			return false;
		n++;
	}
	return nwords <= n;
}

/* "?" in a pattern stands for any one value. */
bool vector_matches(const char *pattern, const char *text)
{
	while (*pattern) {
		if (*pattern != '?') {
			if (*pattern++ != *text++)
				return false;
			continue;
		}
		pattern++;
		text += strcspn(text, " :");
	}
	return !*text;
}

/* Byte i of pattern @seed, for i from @first on. */
void vector_pattern(u64 seed, u64 first, u8 *to, size_t len)
{
	u64 i;

	for (i = first; i < first + len; i++)
		*to++ = seed * 131 + i * 7 + (i / 256) * 13;
}

/* FNV-1a. Asking KASAN for each byte would take most of a replay's time: it is asked once. */
__no_sanitize_address u32 vector_hash(const void *data, size_t len)
{
	const u8 *byte = data;
	u32 hash = 2166136261u;

	kasan_check_read(data, len);
	while (len--)
		hash = (hash ^ *byte++) * 16777619u;
	return hash;
}

const char *vector_errno_name(int err)
{
	switch (err) {
	case 0:			return "0";
	case EINVAL:		return "EINVAL";
	case ENOMEM:		return "ENOMEM";
	case ENOBUFS:		return "ENOBUFS";
	case EWOULDBLOCK:	return "EWOULDBLOCK";
	case EOPNOTSUPP:	return "ENOTSUP";
	case EEXIST:		return "EEXIST";
	case ENOENT:		return "ENOENT";
	case EBUSY:		return "EBUSY";
	case ENXIO:		return "ENXIO";
	case ENOSPC:		return "ENOSPC";
	default:		return "an unknown errno";
	}
}
