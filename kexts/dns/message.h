/* SPDX-License-Identifier: GPL-2.0 */
/* DNS messages: one question out, addresses in. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <sys/types.h>
#include <sys/errno.h>

#define DNS_A		1
#define DNS_AAAA	28
#define DNS_NAME	256		/* a name's longest text, with its end */
#define DNS_MESSAGE	512

struct dns_answer {
	u_int16_t	id;
	int		code;		/* 0, or why not: 3 is "no such name" */
	int		count;		/* of addresses */
	int		family;
	u_char		address[16];	/* the first of them */
};

/* Length of the question, 0 if the name is none. */
size_t	dns_question(u_char *msg, u_int16_t id, const char *name, int type);
errno_t	dns_parse(const u_char *msg, size_t len, struct dns_answer *answer);

#endif
