/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the socket scenarios stand on.
 *
 * A scenario is kext code: it sees the kext headers and this one, and calls
 * sock_ and mbuf_ functions by their macOS names. What a kext cannot do, or
 * should not have to, stands behind the calls below, in the Linux world: tell
 * KUnit what went wrong, be an ordinary Linux socket at the other end, lose
 * packets, send a signal to a thread, let the n-th allocation fail.
 *
 * Nothing here waits without a deadline, and nothing has to be given back:
 * whatever a scenario gets is released when it ends, also when it is cut short.
 */
#ifndef _KUNIT_SOCKET_TEST_H
#define _KUNIT_SOCKET_TEST_H

#include <kpi/types.h>
#include <kpi/socket.h>

struct kunit;
struct socket;
struct st_event;
struct st_peer;
struct st_thread;

/* Enough for anything that does happen. */
#define ST_DEADLINE_MS	5000

/*
 * Expectations. EXPECT goes on after a failure and is 0 then; ASSERT ends the
 * scenario and may only be used in the scenario's own thread.
 */
void st_fail(struct kunit *test, const char *file, int line, const char *fmt, ...)
	__attribute__((__format__(__printf__, 4, 5)));
void st_abort(struct kunit *test);
void st_skip(struct kunit *test, const char *why);
void st_note(struct kunit *test, const char *fmt, ...)
	__attribute__((__format__(__printf__, 2, 3)));

#define EXPECT(test, condition)						\
({									\
	int __ok = !!(condition);					\
									\
	if (!__ok)							\
		st_fail(test, __FILE__, __LINE__, "not so: %s", #condition); \
	__ok;								\
})

#define EXPECT_EQ(test, have, want)					\
({									\
	long __have = (long)(have), __want = (long)(want);		\
									\
	if (__have != __want)						\
		st_fail(test, __FILE__, __LINE__, "%s is %ld, not %ld",	\
			#have, __have, __want);				\
	__have == __want;						\
})

#define ASSERT(test, condition)						\
do {									\
	if (!EXPECT(test, condition))					\
		st_abort(test);						\
} while (0)

#define ASSERT_EQ(test, have, want)					\
do {									\
	if (!EXPECT_EQ(test, have, want))				\
		st_abort(test);						\
} while (0)

/* Becomes true before the deadline. */
#define SETTLES(test, condition)					\
({									\
	long long __end = st_now_ms() + ST_DEADLINE_MS;			\
	int __so;							\
									\
	while (!(__so = !!(condition)) && st_now_ms() < __end)		\
		st_pause_ms(1);						\
	if (!__so)							\
		st_fail(test, __FILE__, __LINE__, "never became so: %s", #condition); \
	__so;								\
})

/* Stays false for a while: for what must not happen any more. */
#define NEVER(test, condition)						\
({									\
	long long __end = st_now_ms() + 50;				\
	int __so;							\
									\
	while (!(__so = !!(condition)) && st_now_ms() < __end)		\
		st_pause_ms(1);						\
	if (__so)							\
		st_fail(test, __FILE__, __LINE__, "happened: %s", #condition); \
	!__so;								\
})

/* A mistake that the layer reports is part of this scenario. */
void st_misuse_expected(struct kunit *test);
void st_misuse_wanted(struct kunit *test);	/* or it fails */

/*
 * Which of the suite's shapes this run has: a connection made by the layer, one
 * accepted by it, one over IPv6. Suites without shapes have the first.
 */
enum st_shape { ST_CONNECTED, ST_ACCEPTED, ST_INET6, ST_SHAPES };
int st_shape(struct kunit *test);

/* How often to repeat something: in the everyday run, and under stress. */
unsigned int st_rounds(unsigned int quick, unsigned int stress);

/* Zeroed memory. It stays until the suite ends: an upcall may return after its socket. */
void *st_alloc(struct kunit *test, size_t size);
void st_free(void *memory);		/* before that, if it is much, and often */

/*
 * Calls fn(arg) when the scenario ends: first gates are opened, then sockets
 * are closed, then threads are joined, within each the newest first.
 */
enum st_phase { ST_OPEN_GATES, ST_CLOSE_SOCKETS, ST_JOIN_THREADS, ST_RESTORE, ST_PHASES };
void st_defer(struct kunit *test, enum st_phase phase, void (*fn)(void *arg), void *arg);
int st_undefer(struct kunit *test, void (*fn)(void *arg), void *arg);

/* Time. */
long long st_now_ms(void);
long long st_now_ns(void);
void st_pause_ms(unsigned int ms);
void st_give_way(void);			/* in loops that never sleep */

/* An event happens once, and stays so until it is cleared. */
struct st_event *st_event(struct kunit *test);
void st_event_set(struct st_event *event);
void st_event_clear(struct st_event *event);
int st_event_wait(struct st_event *event);	/* 0 at the deadline */

/* Threads. They can be interrupted by st_signal(), and keep SIGPIPE pending. */
struct st_thread *st_thread(struct kunit *test, void (*fn)(void *arg), void *arg);
struct st_thread *st_thread_on(struct kunit *test, unsigned int cpu,
			       void (*fn)(void *arg), void *arg);
int st_asleep(struct st_thread *thread);	/* it blocks; 0 at the deadline */
void st_signal(struct st_thread *thread);
int st_ended(struct st_thread *thread);
int st_join(struct st_thread *thread);		/* 0 at the deadline */
int st_sigpipe_pending(void);
unsigned int st_cpus(void);
int st_handles_are_checked(void);		/* closed sockets are found out */
int st_may_sleep(void);				/* in thread context, nothing held */
int st_keeps_off_io(void);			/* what it allocates waits for no I/O */
void st_as_user(void (*fn)(void *arg), void *arg);	/* without privileges */
/* As root with no more than one capability, by Linux's number. */
#define ST_NO_CAPABILITY	-1
#define ST_CAP_BIND		10
#define ST_CAP_RAW		13
#define ST_CAP_ADMIN		21
void st_with_capability(int capability, void (*fn)(void *arg), void *arg);

/* What exists of mbufs and what is behind them. */
struct st_held {
	long mbufs;
	long clusters;
	long views;		/* of received packets */
};

struct st_held st_held(void);

/*
 * The n-th allocation of this thread from now on fails; 0 ends that. Returns
 * what was left of the previous count: 0 if the failure has happened.
 */
unsigned int st_fail_nth(unsigned int n);
int st_can_fail(void);
/* The same of mbufs, and what is behind them, of all threads; 0 tells whether it failed. */
int st_refuse_nth(unsigned int n);
/* None of them can be had for what comes to this socket. */
void st_no_mbufs_for(struct kunit *test, socket_t so, int on);

/*
 * Ordinary Linux sockets. Calls return a count, or a negative Linux errno.
 * Addresses are those of the loopback interface; reads and writes that block
 * give up at the deadline with -EAGAIN.
 */
struct st_peer *st_peer(struct kunit *test, int family, int type);
int st_peer_bind(struct st_peer *peer, u_int16_t port);
int st_peer_listen(struct st_peer *peer, int backlog);
int st_peer_connect(struct st_peer *peer, u_int16_t port);
struct st_peer *st_peer_accept(struct st_peer *listener);
int st_peer_bind_path(struct st_peer *peer, const char *path);
int st_peer_connect_path(struct st_peer *peer, const char *path);
u_int16_t st_peer_port(struct st_peer *peer);
long st_peer_send(struct st_peer *peer, const void *data, size_t len);
long st_peer_send_flags(struct st_peer *peer, const void *data, size_t len, int flags);
long st_peer_send_to(struct st_peer *peer, u_int16_t port, const void *data, size_t len);
long st_peer_recv(struct st_peer *peer, void *data, size_t len);
long st_peer_recv_flags(struct st_peer *peer, void *data, size_t len, int flags);
int st_peer_shutdown(struct st_peer *peer, int how);
void st_peer_close(struct st_peer *peer);
void st_peer_reset(struct st_peer *peer);	/* closes with RST */
int st_peer_got_reset(struct st_peer *peer);
int st_peer_at_eof(struct st_peer *peer);	/* all read, FIN seen, no error */

/*
 * Descriptors of the thread's process, for a peer's socket and for none. The
 * peer's calls are then those of a process; it closes its own end as before.
 */
int st_descriptor(struct st_peer *peer);
int st_descriptor_of_no_socket(struct kunit *test);
void st_close_descriptor(struct kunit *test, int fd);
int st_descriptor_uses(int fd);		/* references to its file */
/* Sends data with a descriptor, to a path or, NULL, to where it is connected. */
long st_peer_send_descriptor(struct st_peer *peer, const char *path, int fd,
			     const void *data, size_t len);
int st_peer_set(struct st_peer *peer, int name, int value);	/* at SOL_SOCKET */
int st_peer_get_rcvlowat(struct st_peer *peer);
#define ST_PASSCRED	16	/* Linux's numbers */
#define ST_PASSSEC	34
#define ST_RCVLOWAT	18
#define ST_MSG_OOB	1
void st_peer_take(struct st_peer *peer, int on);	/* the kernel uses its data */
int st_peer_tls(struct st_peer *peer, int tx, int rx);	/* with keys that all have */
int st_socket_tls(struct socket *sock, int tx, int rx);
/* While on, what comes for it waits, and the end with it. */
void st_peer_lock(struct st_peer *peer, int on);
void st_lock(socket_t so, int on);
int st_received(socket_t so);			/* bytes that TCP has, behind an urgent one, too */
int st_peer_of_user(struct st_peer *peer);		/* whose process it was connected by */
int st_peer_user(struct socket *sock);

/* A connect() to 127.0.0.2 that is under way, and comes to its end. */
void st_connect_begin(socket_t so);
void st_connect_end(socket_t so, u_int16_t port);
/* Linux's own limit; AF_UNIX: set to another one in the middle of the next send. */
#define ST_OTHER_LIMIT	54321
int st_sndbuf(socket_t so);
void st_peer_sets_limit(struct st_peer *peer);
void st_limit_when_it_arrives(struct socket *sock);
void st_peer_tight(struct st_peer *peer, int on);	/* no more memory for its protocol */

unsigned long st_datagrams_sent(void);	/* by UDP, since boot */

/* Bytes [off, off + len) of the pattern, in pieces of min to max bytes, from a thread. */
struct st_thread *st_peer_stream(struct st_peer *peer, size_t total, size_t min, size_t max);
/* Reads until EOF, error or deadline; the number of right bytes, -EBADMSG at a wrong one. */
long st_peer_drain(struct st_peer *peer, size_t off);
/* The same, but no more than so many bytes. */
long st_peer_read(struct st_peer *peer, size_t off, size_t len);

/* A UDP datagram to a port of 127.0.0.1, with a wrong checksum. */
int st_send_bad_checksum(struct kunit *test, u_int16_t from, u_int16_t to, size_t len);

/* Packets to this IPv4 address vanish while the hole is open. */
#define ST_BLACKHOLE	0x7f420001	/* 127.66.0.1 */
void st_blackhole(struct kunit *test, int open);
/* So do TCP segments with data to this port; 0 ends that. */
void st_lose_data_to(struct kunit *test, u_int16_t port);
unsigned int st_lost(void);

/*
 * UDP packets to this port are held back, and with them the sender's buffer,
 * until they are let go.
 */
void st_hold_datagrams_to(struct kunit *test, u_int16_t port);
void st_let_go(void);

/* The last UDP packet to this port, headers included, as it left; its length, 0 for none. */
#define ST_PACKET_MAX	10000
void st_watch_datagrams_to(struct kunit *test, u_int16_t port);
size_t st_watched(u_int8_t *packet);

void st_loopback_mtu(struct kunit *test, unsigned int mtu);
void st_loopback_simple(struct kunit *test);	/* no fragments, no checksums */
/* An IPv6 link-local address of this machine; 0 if there is none. */
int st_link_local(struct kunit *test, u_int8_t address[16], u_int32_t *scope);
/* A fresh file name for an AF_UNIX socket. */
const char *st_path(struct kunit *test);
int st_make_file(const char *path);

/* Content that shows where a byte came from. */
static inline u_int8_t st_byte(size_t pos)
{
	u_int32_t x = (u_int32_t)pos * 2654435761u;

	return (u_int8_t)(x >> 24) ^ (u_int8_t)(pos >> 13);
}

static inline void st_fill(void *buf, size_t len, size_t off)
{
	u_int8_t *p = buf;
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = st_byte(off + i);
}

/* The number of right bytes. */
static inline size_t st_match(const void *buf, size_t len, size_t off)
{
	const u_int8_t *p = buf;
	size_t i;

	for (i = 0; i < len; i++)
		if (p[i] != st_byte(off + i))
			break;
	return i;
}

#define EXPECT_PATTERN(test, buf, len, off)	\
	EXPECT_EQ(test, st_match(buf, len, off), len)

#endif /* _KUNIT_SOCKET_TEST_H */
