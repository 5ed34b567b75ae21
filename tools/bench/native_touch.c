// SPDX-License-Identifier: GPL-2.0
/* Native code that makes and reads the bytes: flat buffers and blocking threads. */

#include <linux/net.h>

#include "native.h"

static int reader_sum(void *data)
{
	struct bench *b = data;
	void *in = b->buffer + BENCH_IN;
	int n;

	while ((n = native_receive(b->object, in, 64 * 1024, 0)) > 0) {
		b->sum += bench_sum(in, n);
		bench_event(b, n);
	}
	return native_wait_for_stop();
}

static int open_receive_read(struct bench *b)
{
	int err = native_open_tcp(b);

	return err ?: native_run_thread(b, reader_sum);
}

const struct bench_side native_receive_read = { open_receive_read, peer_run_stream, native_close_tcp };

static u64 run_send_filled(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		memset(b->buffer, i, b->size);
		if (native_send(b->object, b->buffer, b->size) || peer_drain(b, b->size))
			return 0;
	}
	return bench_now() - start;
}

const struct bench_side native_send_filled = { native_open_tcp, run_send_filled, native_close_tcp };

static u64 run_both_touched(struct bench *b, bool fill)
{
	void *in = b->buffer + BENCH_IN;
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		if (fill)
			memset(b->buffer, i, b->size);
		if (native_send(b->object, b->buffer, b->size))
			return 0;
		if (native_receive_exactly(b->peer, in, b->size))
			return 0;
		b->sum += bench_sum(in, b->size);
	}
	return bench_now() - start;
}

static u64 run_both_read(struct bench *b)
{
	return run_both_touched(b, false);
}

static u64 run_both_filled(struct bench *b)
{
	return run_both_touched(b, true);
}

const struct bench_side native_both_read = { native_open_tcp, run_both_read, native_close_tcp };
const struct bench_side native_both_filled = { native_open_tcp, run_both_filled, native_close_tcp };

static int udp_read_batch(struct bench *b)
{
	void *in = b->buffer + BENCH_IN;
	int i;

	for (i = 0; i < BATCH; i++)
		if (native_send(b->object, b->buffer, b->size))
			return -EIO;
	for (i = 0; i < BATCH; i++) {
		if (native_receive(b->peer, in, b->size, MSG_DONTWAIT) != b->size)
			return -EIO;
		b->sum += bench_sum(in, b->size);
	}
	return 0;
}

static u64 run_udp_read(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i += BATCH)
		if (udp_read_batch(b))
			return 0;
	return bench_now() - start;
}

const struct bench_side native_udp_read = { native_open_udp, run_udp_read, native_close_tcp };

static int answerer(void *data)
{
	struct bench *b = data;
	void *answer = b->buffer + BENCH_IN / 2;

	while (native_receive(b->object, answer, b->size, MSG_WAITALL) == b->size) {
		b->done += bench_sum(answer, b->size);
		memset(answer, b->done, b->size);
		if (native_send(b->object, answer, b->size))
			break;
	}
	return native_wait_for_stop();
}

static int open_answer(struct bench *b)
{
	int err = native_open_tcp(b);

	return err ?: native_run_thread(b, answerer);
}

const struct bench_side native_answer = { open_answer, peer_run_exchange, native_close_tcp };
