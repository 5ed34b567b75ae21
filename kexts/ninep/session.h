/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A 9P session: requests go out with a tag each, replies come in any order and
 * find their request by it. Several may be on their way at once.
 */
#ifndef SESSION_H
#define SESSION_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>

#define NINEP_HEADER	7		/* size, type, tag */
#define NINEP_MSIZE	8192		/* of a message */
#define NINEP_TAGS	8

enum {
	RLERROR = 7,
	TLOPEN = 12,
	TVERSION = 100,
	TATTACH = 104,
	TWALK = 110,
	TREAD = 116,
	TCLUNK = 120
};

/* A request while it is being put together. */
struct request {
	u_char	bytes[512];
	size_t	len;
};

void	request_init(struct request *r, int type);
void	request_u16(struct request *r, u_int16_t v);
void	request_u32(struct request *r, u_int32_t v);
void	request_u64(struct request *r, u_int64_t v);
void	request_str(struct request *r, const char *s);

errno_t	session_create(void);
errno_t	session_connect(const struct sockaddr_in *to);
void	session_interrupt(void);	/* ends all waiting, now and later */
void	session_destroy(void);

errno_t	session_send(struct request *r, int *tag);
/* The reply without its header, which the caller frees. */
errno_t	session_wait(int tag, mbuf_t *reply);
errno_t	session_call(struct request *r, mbuf_t *reply);

extern int inflight;		/* the most requests that were on their way at once */

#endif
