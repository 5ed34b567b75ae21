// SPDX-License-Identifier: GPL-2.0
#include <sys/systm.h>
#include <netinet/in.h>
#include <libkern/OSByteOrder.h>

#include "message.h"

#define DNS_HEADER	12
#define DNS_LABEL	63
#define DNS_IN		1
#define DNS_RECURSE	0x0100		/* please */
#define DNS_IS_ANSWER	0x8000
#define DNS_CODE	0x000f

struct dns_cursor {
	const u_char	*at;
	const u_char	*end;
};

/* "www.example.org" becomes 3 www 7 example 3 org 0. */
static u_char *
dns_put_name(p, name)
	u_char *p;
	const char *name;
{
	const char *dot;
	size_t len;

	while (*name != '\0') {
		dot = strchr(name, '.');
		len = dot ? dot - name : strlen(name);
		if (len == 0 || len > DNS_LABEL)
			return NULL;
		*p++ = len;
		bcopy(name, p, len);
		p += len;
		name += dot ? len + 1 : len;
	}
	*p++ = 0;
	return p;
}

size_t
dns_question(msg, id, name, type)
	u_char *msg;
	u_int16_t id;
	const char *name;
	int type;
{
	u_char *p;

	if (name[0] == '\0' || strlen(name) > DNS_NAME - 3)
		return 0;
	bzero(msg, DNS_HEADER);
	OSWriteBigInt16(msg, 0, id);
	OSWriteBigInt16(msg, 2, DNS_RECURSE);
	OSWriteBigInt16(msg, 4, 1);
	p = dns_put_name(msg + DNS_HEADER, name);
	if (p == NULL)
		return 0;
	OSWriteBigInt16(p, 0, type);
	OSWriteBigInt16(p, 2, DNS_IN);
	return p + 4 - msg;
}

static errno_t
dns_skip(c, len)
	struct dns_cursor *c;
	int len;
{
	if (c->end - c->at < len)
		return EBADMSG;
	c->at += len;
	return 0;
}

/* A name ends with an empty label or with a reference to the rest of it. */
static errno_t
dns_skip_name(c)
	struct dns_cursor *c;
{
	while (c->at < c->end && *c->at != 0) {
		if (*c->at >= 0xc0)
			return dns_skip(c, 2);
		if (dns_skip(c, 1 + *c->at) != 0)
			return EBADMSG;
	}
	return dns_skip(c, 1);
}

static errno_t
dns_record(c, answer)
	struct dns_cursor *c;
	struct dns_answer *answer;
{
	const u_char *fixed;
	u_int16_t type, len;
	errno_t error;

	error = dns_skip_name(c);
	fixed = c->at;
	if (error || (error = dns_skip(c, 10)))
		return error;
	type = OSReadBigInt16(fixed, 0);
	len = OSReadBigInt16(fixed, 8);
	if ((error = dns_skip(c, len)))
		return error;

	if ((type != DNS_A || len != 4) && (type != DNS_AAAA || len != 16))
		return 0;
	if (answer->count++ == 0) {
		answer->family = type == DNS_A ? AF_INET : AF_INET6;
		bcopy(fixed + 10, answer->address, len);
	}
	return 0;
}

errno_t
dns_parse(msg, len, answer)
	const u_char *msg;
	size_t len;
	struct dns_answer *answer;
{
	struct dns_cursor c = { msg, msg + len };
	int questions, records;
	errno_t error;

	bzero(answer, sizeof(*answer));
	if (dns_skip(&c, DNS_HEADER) || !(OSReadBigInt16(msg, 2) & DNS_IS_ANSWER))
		return EBADMSG;
	answer->id = OSReadBigInt16(msg, 0);
	answer->code = OSReadBigInt16(msg, 2) & DNS_CODE;

	for (questions = OSReadBigInt16(msg, 4); questions > 0; questions--)
		if ((error = dns_skip_name(&c)) || (error = dns_skip(&c, 4)))
			return error;
	for (records = OSReadBigInt16(msg, 6); records > 0; records--)
		if ((error = dns_record(&c, answer)))
			return error;
	return 0;
}
