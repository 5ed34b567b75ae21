/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bench: what both worlds know of it. Plain C types only.
 *
 * A case is one piece of work done by two sides, the kext's and native Linux
 * code. Each side opens, runs several times and closes; a run does the work
 * the given number of times and says how long that took.
 */
#ifndef _NETKPI_BENCH_H
#define _NETKPI_BENCH_H

struct socket;

struct bench {
	unsigned long size;		/* bytes of a message, or what the case says */
	unsigned long pieces;		/* of a chain, where the case has one */
	unsigned long n;		/* repetitions in a run */

	void *object;			/* the side's own: a chain, a socket_t ... */
	void *object2;
	struct socket *peer;		/* native socket at the other end */
	struct socket *peer2;
	void *thread;
	void *buffer;
	unsigned long done;		/* bytes or events that an upcall has seen */
	unsigned long target;		/* what bench_wait() waits for */
};

struct bench_side {
	int (*open)(struct bench *b);
	unsigned long long (*run)(struct bench *b);	/* ns, or 0 on failure */
	void (*close)(struct bench *b);
};

unsigned long long bench_now(void);
void bench_event(struct bench *b, unsigned long done);	/* from an upcall */
int bench_wait(struct bench *b, unsigned long done);	/* until so much is done */

/* Native sockets at the other end of a kext's; a port of 0 is a failure. */
int peer_listen_tcp(struct bench *b);
int peer_accept(struct bench *b);
int peer_send(struct bench *b, unsigned long size);
int peer_drain(struct bench *b, unsigned long size);
int peer_pingpong(struct bench *b);
void peer_close(struct bench *b);

/* The kext's sides. */
extern const struct bench_side kext_gethdr, kext_getpacket, kext_cluster16k;
extern const struct bench_side kext_copydata, kext_copydata_small, kext_walk;
extern const struct bench_side kext_copym, kext_cksum;
extern const struct bench_side kext_tcp_receive, kext_tcp_send, kext_tcp_send_2k;
extern const struct bench_side kext_tcp_both, kext_udp_both, kext_pingpong;
extern const struct bench_side kext_chain_length, kext_tag_find, kext_sockets;

/* The native ones. */
extern const struct bench_side native_gethdr, native_getpacket, native_cluster16k;
extern const struct bench_side native_copydata, native_copydata_small, native_walk;
extern const struct bench_side native_clone, native_cksum;
extern const struct bench_side native_tcp_receive, native_tcp_send;
extern const struct bench_side native_tcp_both, native_udp_both, native_pingpong;
extern const struct bench_side border_convert, native_linear_copy, native_sockets;

#endif /* _NETKPI_BENCH_H */
