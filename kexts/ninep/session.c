// SPDX-License-Identifier: GPL-2.0
#include <kern/locks.h>
#include <libkern/OSByteOrder.h>

#include "session.h"

#define NOTAG		0xffff
#define PATIENCE	10		/* seconds for a reply */

int inflight;

static struct slot {
	boolean_t	used;
	int		type;		/* of the reply that is right */
	mbuf_t		reply;
	errno_t		error;		/* EINPROGRESS until the reply is there */
} slots[NINEP_TAGS];

static lck_grp_t	*grp;
static lck_mtx_t	*mtx;		/* guards slots, input, dead */
static socket_t		so;
static mbuf_t		input;		/* what came and is not a whole message yet */
static size_t		input_len;
static errno_t		dead;		/* why nothing comes any more */

#pragma mark Requests

static void
request_bytes(struct request *r, const void *bytes, size_t len)
{
	if (r->len + len <= sizeof(r->bytes))
		bcopy(bytes, r->bytes + r->len, len);
	r->len += len;			/* too long: session_send() sees it */
}

void
request_init(struct request *r, int type)
{
	u_char t = type;

	r->len = 0;
	request_u32(r, 0);
	request_bytes(r, &t, 1);
	request_u16(r, NOTAG);
}

void
request_u16(struct request *r, u_int16_t v)
{
	v = OSSwapHostToLittleInt16(v);
	request_bytes(r, &v, sizeof(v));
}

void
request_u32(struct request *r, u_int32_t v)
{
	v = OSSwapHostToLittleInt32(v);
	request_bytes(r, &v, sizeof(v));
}

void
request_u64(struct request *r, u_int64_t v)
{
	v = OSSwapHostToLittleInt64(v);
	request_bytes(r, &v, sizeof(v));
}

void
request_str(struct request *r, const char *s)
{
	request_u16(r, strlen(s));
	request_bytes(r, s, strlen(s));
}

static int
slot_get(int type)
{
	int tag, used = 1;

	for (tag = 0; tag < NINEP_TAGS && slots[tag].used; tag++)
		used++;
	if (tag == NINEP_TAGS)
		return -1;
	slots[tag].used = TRUE;
	slots[tag].type = type + 1;
	slots[tag].reply = NULL;
	slots[tag].error = EINPROGRESS;
	inflight = MAX(inflight, used);
	return tag;
}

static errno_t
send_bytes(struct request *r)
{
	size_t sent;
	mbuf_t m;
	errno_t error;

	error = mbuf_allocpacket(MBUF_WAITOK, r->len, NULL, &m);
	if (error != 0)
		return error;
	error = mbuf_copyback(m, 0, r->len, r->bytes, MBUF_WAITOK);
	if (error != 0) {
		mbuf_freem(m);
		return error;
	}
	return sock_sendmbuf(so, NULL, m, 0, &sent);
}

errno_t
session_send(struct request *r, int *tag)
{
	int type = r->bytes[4];
	errno_t error;

	if (r->len > sizeof(r->bytes))
		return EMSGSIZE;
	lck_mtx_lock(mtx);
	*tag = slot_get(type);
	lck_mtx_unlock(mtx);
	if (*tag < 0)
		return EBUSY;

	OSWriteLittleInt32(r->bytes, 0, r->len);
	OSWriteLittleInt16(r->bytes, 5, type == TVERSION ? NOTAG : *tag);
	error = send_bytes(r);
	if (error != 0) {
		lck_mtx_lock(mtx);
		slots[*tag].used = FALSE;
		lck_mtx_unlock(mtx);
	}
	return error;
}

errno_t
session_wait(int tag, mbuf_t *reply)
{
	struct timespec ts = { PATIENCE, 0 };
	struct slot *s = &slots[tag];
	errno_t error = 0;

	lck_mtx_lock(mtx);
	while (s->error == EINPROGRESS && dead == 0 && error == 0)
		error = msleep(s, mtx, PSOCK, "ninep", &ts);
	if (s->error != EINPROGRESS)
		error = s->error;
	else if (dead != 0)
		error = dead;
	*reply = s->reply;
	s->used = FALSE;
	lck_mtx_unlock(mtx);
	return error;
}

errno_t
session_call(struct request *r, mbuf_t *reply)
{
	int tag;
	errno_t error;

	error = session_send(r, &tag);
	return error != 0 ? error : session_wait(tag, reply);
}

#pragma mark Replies

static void
take_reply(mbuf_t m, const u_char *head)
{
	u_int16_t tag = OSReadLittleInt16(head, 5);
	u_int32_t code = 0;
	struct slot *s;

	s = &slots[tag == NOTAG ? 0 : tag];	/* the version is agreed on alone */
	if ((tag != NOTAG && tag >= NINEP_TAGS) || !s->used || s->error != EINPROGRESS) {
		mbuf_freem(m);
		return;
	}
	mbuf_adj(m, NINEP_HEADER);
	s->error = 0;
	s->reply = m;
	if (head[4] != s->type) {
		s->error = EBADRPC;
		if (head[4] == RLERROR && mbuf_copydata(m, 0, sizeof(code), &code) == 0)
			s->error = OSSwapLittleToHostInt32(code);
		mbuf_freem(m);
		s->reply = NULL;
	}
	wakeup(s);
}

/* Whole messages are cut off the front of the input. EAGAIN: there is none. */
static errno_t
take_message(void)
{
	u_char head[NINEP_HEADER];
	u_int32_t size;
	mbuf_t m, rest;
	errno_t error;

	if (input_len < sizeof(head))
		return EAGAIN;
	mbuf_copydata(input, 0, sizeof(head), head);
	size = OSReadLittleInt32(head, 0);
	if (size < NINEP_HEADER || size > NINEP_MSIZE)
		return EBADRPC;
	if (input_len < size)
		return EAGAIN;

	m = input;
	rest = NULL;
	if (input_len > size) {
		error = mbuf_split(m, size, MBUF_WAITOK, &rest);
		if (error != 0)
			return error;
	}
	input = rest;
	input_len -= size;
	take_reply(m, head);
	return 0;
}

static errno_t
receive(void)
{
	size_t len = 64 * 1024;
	mbuf_t m;
	errno_t error;

	error = sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len);
	if (error != 0)
		return error;
	if (m == NULL)
		return ECONNRESET;
	input = input == NULL ? m : mbuf_concatenate(input, m);
	input_len += len;
	mbuf_pkthdr_setlen(input, input_len);
	while ((error = take_message()) == 0)
		continue;
	return error == EAGAIN ? 0 : error;
}

static void
die(errno_t error)
{
	int i;

	dead = error;
	for (i = 0; i < NINEP_TAGS; i++)
		wakeup(&slots[i]);
}

/* One reading per call is enough: there is a call for each event. */
static void
upcall(socket_t s, void *cookie, int waitf)
{
	errno_t error;

	lck_mtx_lock(mtx);
	error = receive();
	if (error != 0 && error != EWOULDBLOCK)
		die(error);
	lck_mtx_unlock(mtx);
}

#pragma mark Opening and closing

errno_t
session_create(void)
{
	int on = 1;
	errno_t error;

	grp = lck_grp_alloc_init("org.netkpi.port.ninep", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	error = sock_socket(PF_INET, SOCK_STREAM, 0, upcall, NULL, &so);
	if (error == 0)
		error = sock_setsockopt(so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	return error;
}

errno_t
session_connect(const struct sockaddr_in *to)
{
	return sock_connect(so, (const struct sockaddr *)to, 0);
}

void
session_interrupt(void)
{
	lck_mtx_lock(mtx);
	die(EINTR);
	lck_mtx_unlock(mtx);
	sock_shutdown(so, SHUT_RDWR);
}

void
session_destroy(void)
{
	int i;

	sock_close(so);
	for (i = 0; i < NINEP_TAGS; i++)
		if (slots[i].used)
			mbuf_freem(slots[i].reply);
	mbuf_freem(input);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
}
