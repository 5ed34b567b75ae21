/* SPDX-License-Identifier: GPL-2.0 */
/* Kext world: sockets, messages and upcalls as the scenarios use them. */
#ifndef _KUNIT_SOCKET_SCENARIO_H
#define _KUNIT_SOCKET_SCENARIO_H

#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/filio.h>
#include <sys/sockio.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "../test.h"
#include "../scenarios.h"

/* A result code and a length, as a call returns them. */
struct st_io {
	errno_t error;
	size_t len;
};

#define EXPECT_IO(test, call, want_error, want_len)			\
({									\
	struct st_io __io = (call);					\
	int __ok = __io.error == (want_error) && __io.len == (size_t)(want_len); \
									\
	if (!__ok)							\
		st_fail(test, __FILE__, __LINE__, "%s gave %d, %lu, not %d, %lu", \
			#call, __io.error, __io.len, (errno_t)(want_error), \
			(size_t)(want_len));				\
	__ok;								\
})

/* EINTR, or ERESTART where the signal would restart a system call. */
#define EXPECT_INTERRUPTED(test, error)					\
	EXPECT(test, (error) == EINTR || (error) == ERESTART)

/* One buffer in, one buffer out. A length that is not written stays ST_UNTOUCHED. */
#define ST_UNTOUCHED	0x5a5a5a5aUL

struct st_io st_recv(socket_t so, void *buf, size_t len, int flags);
struct st_io st_send(socket_t so, const void *buf, size_t len, int flags);
struct st_io st_send_to(socket_t so, u_int16_t port, const void *buf, size_t len);
struct st_io st_sendm(socket_t so, mbuf_t m, int flags);
/*
 * sock_receivembuf(); the chain has to have the length that was said, also in
 * its packet header, and is NULL exactly if nothing came. Copied to buf and freed.
 */
struct st_io st_recvm(struct kunit *test, socket_t so, void *buf, size_t len, int flags);

/* Sends n bytes of the pattern from off on; all of them, or ends the scenario. */
void st_send_pattern(struct kunit *test, socket_t so, size_t off, size_t n);
void st_peer_send_pattern(struct kunit *test, struct st_peer *peer, size_t off, size_t n);
/* The next n bytes are there and are those of the pattern from off on. */
int st_recv_pattern(struct kunit *test, socket_t so, size_t off, size_t n);
/* Sends until the socket would block; the number of bytes that went out. */
size_t st_fill_up(struct kunit *test, socket_t so);
/* The same, but a little more may fit in later: 0.3 seconds less. */
size_t st_fill_nearly(struct kunit *test, socket_t so);

/* Packets of the pattern: as mbuf_allocpacket() shapes them; with a buffer of our own. */
mbuf_t st_mbuf(struct kunit *test, size_t len, size_t off);
mbuf_t st_mbuf_attached(struct kunit *test, size_t len, size_t off, int *freed);

/* Addresses on the loopback interface. */
struct sockaddr *st_in(struct sockaddr_in *sin, u_int16_t port);
struct sockaddr *st_in_at(struct sockaddr_in *sin, u_int32_t host, u_int16_t port);
struct sockaddr *st_in6(struct sockaddr_in6 *sin6, u_int16_t port);
struct sockaddr *st_un(struct sockaddr_un *sun, const char *path);
u_int16_t st_port(struct kunit *test, socket_t so);
/* A port nobody listens on. */
u_int16_t st_closed_port(struct kunit *test, int type);

/* Sockets that are closed when the scenario ends, unless st_close() comes first. */
socket_t st_socket(struct kunit *test, int domain, int type);
socket_t st_socket_upcall(struct kunit *test, int domain, int type,
			  sock_upcall upcall, void *cookie);
socket_t st_stream(struct kunit *test);		/* TCP, UDP over IPv4 */
socket_t st_dgram(struct kunit *test);
socket_t st_track(struct kunit *test, socket_t so);
void st_untrack(struct kunit *test, socket_t so);
void st_close(struct kunit *test, socket_t so);

/* A connected TCP socket of the layer and its peer, in the shape of this run. */
struct st_tcp {
	socket_t so;
	struct st_peer *peer;
};

void st_tcp(struct kunit *test, struct st_tcp *t);
void st_tcp_upcall(struct kunit *test, struct st_tcp *t, sock_upcall upcall, void *cookie);
/* The same, with room for no more than so many unacknowledged bytes. */
#define ST_SEND_LIMIT	65536
void st_tcp_limited(struct kunit *test, struct st_tcp *t);
/* A listener of the layer, bound to a port of the loopback. */
socket_t st_listener(struct kunit *test, u_int16_t *port);
socket_t st_listener_upcall(struct kunit *test, u_int16_t *port,
			    sock_upcall upcall, void *cookie);
/* A peer that is connected to a layer's listener but not yet accepted. */
struct st_peer *st_client(struct kunit *test, u_int16_t port);
/* A socket in the middle of connecting to where nobody answers. */
socket_t st_connecting(struct kunit *test);

/* n bytes of the pattern have come; the same on a fresh connection; it was reset. */
void st_arrived(struct kunit *test, struct st_tcp *t, size_t off, size_t n);
void st_tcp_with(struct kunit *test, struct st_tcp *t, size_t n);
void st_tcp_reset(struct kunit *test, struct st_tcp *t);

/* A bound UDP socket of the layer, and a bound peer. */
struct st_udp {
	socket_t so;
	u_int16_t port;
	struct st_peer *peer;
	u_int16_t peer_port;
};

void st_udp(struct kunit *test, struct st_udp *u);
void st_udp_upcall(struct kunit *test, struct st_udp *u, sock_upcall upcall, void *cookie);
void st_udp_connect(struct kunit *test, struct st_udp *u);

/* A message with one buffer, a name and room for control data. */
struct st_message {
	struct msghdr msg;
	struct iovec iov;
	union {
		struct sockaddr_storage storage;
		struct sockaddr_in sin;
	} name;
	u_int8_t buf[4000];
	u_int8_t control[128];
	size_t len;
};

struct st_message *st_message(struct kunit *test, size_t room);
errno_t st_receive(socket_t so, struct st_message *m, int flags);
/* A datagram of n bytes of the pattern has come. */
void st_from_peer(struct kunit *test, struct st_udp *u, size_t off, size_t n);

/* One-byte datagrams from a thread, as many as packets says. */
struct st_flood {
	struct st_udp u;
	int packets;
};

struct st_thread *st_flood(struct kunit *test, struct st_flood *f, unsigned int cpu);

/* Options. */
errno_t st_set(socket_t so, int level, int name, int value);
int st_get(struct kunit *test, socket_t so, int level, int name);
errno_t st_set_time(socket_t so, int name, long sec, int usec);
errno_t st_nonblocking(socket_t so, int on);
int st_readable(struct kunit *test, socket_t so);	/* FIONREAD */
int st_at_mark(struct kunit *test, socket_t so);	/* SIOCATMARK */

/*
 * An upcall that counts. What else a scenario wants of it is its body; what it
 * saw is in the fields, which only the upcall writes.
 */
struct st_cb {
	struct kunit *test;
	void (*body)(struct st_cb *cb, socket_t so);
	void *arg;			/* the body's */
	struct st_event *entered;	/* set at the first call */
	struct st_event *gate;		/* the body's, closed at first */
	int calls;			/* begun */
	int inside;			/* not returned yet */
	int overlaps;			/* begun while another was inside */
	int slept;			/* begun where sleeping is allowed */
	int noio;			/* begun where memory waits for no I/O */
	socket_t so;			/* arguments of the last call */
	int waitf;
	size_t bytes;			/* the body's counters */
	int got;
	int empty;
	errno_t error;
};

struct st_cb *st_cb(struct kunit *test, void (*body)(struct st_cb *cb, socket_t so));
void st_upcall(socket_t so, void *cookie, int waitf);
int st_calls(struct st_cb *cb);
int st_inside(struct st_cb *cb);
size_t st_bytes(struct st_cb *cb);
int st_got(struct st_cb *cb);
/* Wait for one more call than there were, or at all. */
int st_called(struct st_cb *cb, int calls);

/* The peer sends a byte; and the upcall is inside, at its gate. */
void st_send_byte(struct kunit *test, struct st_tcp *t);
void st_let_in(struct kunit *test, struct st_cb *cb, struct st_tcp *t);
/* All is told that was to be told; the number of calls that took. */
int st_quiet(struct st_cb *cb);
void st_no_more_calls(struct kunit *test, struct st_cb *cb);

/* Bodies: wait at the gate; read the pattern until the socket would block; receive once. */
void st_body_gate(struct st_cb *cb, socket_t so);
void st_body_drain(struct st_cb *cb, socket_t so);
void st_body_take_one(struct st_cb *cb, socket_t so);

/* A call that blocks, in a thread of its own. */
struct st_blocked {
	struct st_thread *thread;
	socket_t so;
	void *buf;
	size_t len;
	int flags;
	struct sockaddr_in to;
	mbuf_t m;
	socket_t new_so;		/* of accept; ST_NO_SOCKET before */
	struct st_io io;
};

#define ST_NO_SOCKET	((socket_t)0x5a5a)

struct st_blocked *st_block_in_receive(struct kunit *test, socket_t so, size_t len, int flags);
struct st_blocked *st_block_in_receivembuf(struct kunit *test, socket_t so, size_t len,
					   int flags);
struct st_blocked *st_block_in_send(struct kunit *test, socket_t so, size_t off, size_t len);
struct st_blocked *st_block_in_sendmbuf(struct kunit *test, socket_t so, mbuf_t m);
struct st_blocked *st_block_in_can_wait(struct kunit *test, socket_t so, mbuf_t m);
struct st_blocked *st_block_in_accept(struct kunit *test, socket_t so);
struct st_blocked *st_block_in_connect(struct kunit *test, socket_t so, u_int32_t host,
				       u_int16_t port);
/* Its result, once it has ended; ends the scenario if it does not. */
struct st_io st_result(struct kunit *test, struct st_blocked *blocked);

#endif /* _KUNIT_SOCKET_SCENARIO_H */
