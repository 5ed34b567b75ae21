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

#define BENCH_BUFFER	(1024 * 1024)
#define BENCH_IN	(BENCH_BUFFER / 2)	/* where receivers put theirs */

struct bench {
	unsigned long size;		/* bytes of a message, or what the case says */
	unsigned long pieces;		/* of a chain, where the case has one */
	unsigned long n;		/* repetitions in a run */

	void *object;			/* the side's own: a chain, a socket_t ... */
	void *object2;
	struct socket *peer;		/* native socket at the other end */
	struct socket *peer2;
	struct socket *sink;		/* native socket behind a relay */
	struct socket *sink2;
	void *sink_thread;
	void *thread;
	void *work;
	void *buffer;			/* BENCH_BUFFER bytes */
	unsigned long turn;		/* what the bytes of this turn are */
	unsigned long sum;		/* of the bytes that were read */
	unsigned long done;		/* bytes or events that an upcall has seen */
	unsigned long target;		/* what bench_wait() waits for */
	unsigned long long stamp;	/* when an event was sent */
	unsigned long long took;	/* until it was seen */

	const char *why;		/* it failed, if a side knows */
	const char *missing;		/* what this machine does not have: no failure */
};

struct bench_side {
	int (*open)(struct bench *b);
	unsigned long long (*run)(struct bench *b);	/* ns, or 0 on failure */
	void (*close)(struct bench *b);
};

unsigned long long bench_now(void);
void bench_event(struct bench *b, unsigned long done);	/* from an upcall */
int bench_wait(struct bench *b, unsigned long done);	/* until so much is done */
void bench_arrived(struct bench *b);			/* from whoever waits for an event */

unsigned long bench_sum(const void *data, unsigned long len);	/* reads every byte */

/* Native sockets at the other end of a kext's; a port of 0 is a failure. */
int peer_listen_tcp(struct bench *b);
int peer_accept(struct bench *b);
int peer_send(struct bench *b, unsigned long size);
int peer_drain(struct bench *b, unsigned long size);
void peer_close(struct bench *b);

/* A UDP socket that sends to a port of ours. */
int peer_connect_udp(struct bench *b, int port);

/* What they do while it is timed. */
unsigned long long peer_run_stream(struct bench *b);
unsigned long long peer_run_pingpong(struct bench *b);
unsigned long long peer_run_exchange(struct bench *b);

/* Where a relay's bytes end: in a thread, or in sink_run_step() if b->pieces. */
int sink_listen_tcp(struct bench *b);
int sink_accept(struct bench *b);
int sink_drain(struct bench *b, unsigned long size);
void sink_close(struct bench *b);
unsigned long long sink_run_step(struct bench *b);

/* A program's end of a kernel control, or of a netlink family; or many of them. */
int program_connect(struct bench *b, unsigned int id);
int program_connect_many(struct bench *b, unsigned int id, unsigned long n);
int program_read(struct bench *b, unsigned long count);
int program_read_of(struct bench *b, unsigned long which);
int program_send(struct bench *b);
int program_start(struct bench *b, int (*answer)(struct bench *b));
int program_start_control(struct bench *b);
void program_close(struct bench *b);

/* A BPF program that is asked for each connection, while it is there. */
int outside_hook_connect(struct bench *b);
void outside_unhook_connect(struct bench *b);

/* A program that keeps the CPU busy. */
int hog_start(struct bench *b);
void hog_stop(void);
unsigned long long hog_run_latency(struct bench *b);
unsigned long long hog_run_flood(struct bench *b);

/* The kext's sides. */
extern const struct bench_side kext_gethdr, kext_getpacket, kext_cluster16k;
extern const struct bench_side kext_copydata, kext_copydata_small, kext_walk;
extern const struct bench_side kext_copym, kext_cksum;
extern const struct bench_side kext_tcp_receive, kext_tcp_send, kext_tcp_send_2k;
extern const struct bench_side kext_tcp_both, kext_udp_both, kext_pingpong;
extern const struct bench_side kext_chain_length, kext_tag_find, kext_sockets;

extern const struct bench_side kext_send_guide, kext_send_lens, kext_send_filled, kext_send_iov;
extern const struct bench_side kext_both_guide, kext_both_filled, kext_udp_guide;
extern const struct bench_side kext_receive_64k, kext_receive_read, kext_receive_iov;
extern const struct bench_side kext_answer, kext_answer_guide, kext_answer_iov;
extern const struct bench_side kext_relay, kext_relay_step;
extern const struct bench_side kext_latency, kext_flood;

/* The native ones. */
extern const struct bench_side native_gethdr, native_getpacket, native_cluster16k;
extern const struct bench_side native_copydata, native_copydata_small, native_walk;
extern const struct bench_side native_clone, native_cksum;
extern const struct bench_side native_tcp_receive, native_tcp_send;
extern const struct bench_side native_tcp_both, native_udp_both, native_pingpong;
extern const struct bench_side native_send_filled, native_both_filled, native_both_read, native_udp_read;
extern const struct bench_side native_receive_read, native_answer;
extern const struct bench_side native_relay, native_relay_step;
extern const struct bench_side native_receive_zero, native_receive_zero_read, native_relay_zero;
extern const struct bench_side native_send_zero, native_send_zero_filled;
extern const struct bench_side native_frag16k, native_netdev2k, native_clone_one;
extern const struct bench_side native_latency, native_flood;
extern const struct bench_side outside_direct, outside_splice, outside_sockmap, outside_nginx;
extern const struct bench_side outside_socat;
extern const struct bench_side border_convert, native_linear_copy, native_sockets;

/*
 * Packets through a kext's filter, in the hook or by a thread: IP filters, interface
 * filters, those that are gone, those that keep packets; by a native hook; by none.
 */
extern const struct bench_side filter_direct, filter_deferred, filter_gone;
extern const struct bench_side filter_kept, filter_kept_memory, frames_direct;
extern const struct bench_side filter_tcp_direct, filter_tcp_deferred;
extern const struct bench_side native_hook, native_thief, native_device_hook, native_kept_memory;
extern const struct bench_side filter_none, filter_tcp_none, outside_nfqueue;

/* A process's sockets: filtered, or not. */
extern const struct bench_side filtered_send, filtered_receive, filtered_stream;
extern const struct bench_side filtered_udp_send, filtered_udp_receive, unmatched_udp;
extern const struct bench_side filtered_connects, hooked_connects, process_connects;
extern const struct bench_side filtered_many, filtered_ten, filtered_memory, process_memory;
extern const struct bench_side process_send, process_receive;
extern const struct bench_side process_udp_send, process_udp_receive;

/* Messages between a kext and a program. */
extern const struct bench_side kext_control_down, kext_control_up, kext_control_ask;
extern const struct bench_side kext_control_many, kext_control_ten;
extern const struct bench_side native_control_down, native_control_up, native_control_ask;

/* Ours on two CPUs, and on one. */
extern const struct bench_side two_cpus, one_cpu, freed_elsewhere, freed_here;

#endif /* _NETKPI_BENCH_H */
