// SPDX-License-Identifier: GPL-2.0
/* The text of a sysctl file, and the value a kext's handler gives or takes. */

#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/string_helpers.h>

#include <kpi/string.h>

#include "sysctl_priv.h"

static bool is_wide(const struct bsd_sysctl_oid *oid)
{
	return kpi_oid_type(oid) == CTLTYPE_QUAD || (oid->oid_fmt && strchr("LQ", oid->oid_fmt[0]));
}

static bool is_unsigned(const struct bsd_sysctl_oid *oid)
{
	return oid->oid_fmt && strchr(oid->oid_fmt, 'U');
}

/* A request that only writes has no room for the old value: it is dropped. */
int kpi_text_request_out(struct bsd_sysctl_req *req, const void *data, size_t len)
{
	struct text_request *text = container_of(req, struct text_request, req);

	if (!req->oldptr)
		return 0;
	if (len > VALUE_ROOM - req->oldidx)
		return ENOMEM;
	memcpy(text->value + req->oldidx, data, len);
	req->oldidx += len;
	return 0;
}

/* Numbers are given in the width that is asked for, bytes in order. */
int kpi_text_request_in(struct bsd_sysctl_req *req, void *data, size_t len)
{
	struct text_request *text = container_of(req, struct text_request, req);

	if (!req->newptr)
		return 0;
	if (text->is_number) {
		if (len != sizeof(u32) && len != sizeof(u64))
			return EINVAL;
		if (len == sizeof(u32) && (text->number > U32_MAX || text->number < S32_MIN))
			return EINVAL;
		if (len == sizeof(u32))
			*(u32 *)data = text->number;
		else
			*(u64 *)data = text->number;
		return 0;
	}
	if (len > req->newlen - req->newidx)
		return EINVAL;
	memcpy(data, text->value + req->newidx, len);
	req->newidx += len;
	return 0;
}

/* A structure as Linux reads and writes it: two hexadecimal digits a byte. */
static int parse_bytes(struct text_request *text, const char *input)
{
	size_t digits = strlen(input);

	if (digits % 2 || digits / 2 > VALUE_ROOM || hex2bin(text->value, input, digits / 2))
		return -EINVAL;
	text->req.newlen = digits / 2;
	return 0;
}

static int parse_number(struct text_request *text, const struct bsd_sysctl_oid *oid,
			const char *input)
{
	int err = is_unsigned(oid) ? kstrtou64(input, 0, (u64 *)&text->number) :
				     kstrtos64(input, 0, &text->number);

	text->is_number = true;
	text->req.newlen = is_wide(oid) ? sizeof(u64) : sizeof(u32);
	return err;
}

int kpi_text_parse(struct text_request *text, const struct bsd_sysctl_oid *oid, const char *input)
{
	switch (kpi_oid_type(oid)) {
	case CTLTYPE_INT:
	case CTLTYPE_QUAD:
		return parse_number(text, oid, input);
	case CTLTYPE_STRING:
		text->req.newlen = strlen(input);
		memcpy(text->value, input, text->req.newlen);
		return 0;
	default:
		return parse_bytes(text, input);
	}
}

static int show_number(const struct bsd_sysctl_oid *oid, const void *value, size_t len,
		       char *out, size_t size)
{
	if (len == sizeof(u64))
		return scnprintf(out, size, is_unsigned(oid) ? "%llu\n" : "%lld\n",
				 *(const u64 *)value);
	if (len == sizeof(u32))
		return scnprintf(out, size, is_unsigned(oid) ? "%u\n" : "%d\n",
				 *(const u32 *)value);
	return -EIO;
}

int kpi_text_show(const struct bsd_sysctl_oid *oid, const void *value, size_t len,
		  char *out, size_t size)
{
	char *end;

	switch (kpi_oid_type(oid)) {
	case CTLTYPE_INT:
	case CTLTYPE_QUAD:
		return show_number(oid, value, len, out, size);
	case CTLTYPE_STRING:
		return scnprintf(out, size, "%.*s\n", (int)len, (const char *)value);
	default:
		end = bin2hex(out, value, min(len, size / 2 - 1));
		*end++ = '\n';
		return end - out;
	}
}
