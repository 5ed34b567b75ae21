// SPDX-License-Identifier: GPL-2.0
/* The kext's sides of messages from and to programs: a kernel control. Kext world. */

#include <sys/types.h>
#include <sys/systm.h>
#include <sys/kern_control.h>
#include <sys/kpi_mbuf.h>

#include "bench.h"

#define BATCH	16

static struct bench *bench;		/* one runs at a time */
static kern_ctl_ref control;

static errno_t
on_connect(kern_ctl_ref ref, struct sockaddr_ctl *sac, void **unitinfo)
{
	return 0;
}

static errno_t
on_send(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, mbuf_t m, int flags)
{
	bench->sum += *(unsigned char *)mbuf_data(m);
	mbuf_freem(m);
	bench_event(bench, 1);
	return 0;
}

static int
open_control(struct bench *b, u_int32_t *id)
{
	struct kern_ctl_reg reg;
	errno_t error;

	bench = b;
	bzero(&reg, sizeof(reg));
	strlcpy(reg.ctl_name, "org.example.bench", sizeof(reg.ctl_name));
	reg.ctl_sendsize = reg.ctl_recvsize = BATCH * 16 * 1024;
	reg.ctl_connect = on_connect;
	reg.ctl_send = on_send;
	error = ctl_register(&reg, &control);
	b->object = error == 0 ? control : NULL;
	*id = reg.ctl_id;
	return error;
}

static int
open_one(struct bench *b)
{
	u_int32_t id;
	int error = open_control(b, &id);

	return error != 0 ? error : program_connect(b, id);
}

static unsigned long clients;

static int
open_clients(struct bench *b, unsigned long n)
{
	u_int32_t id;
	int error = open_control(b, &id);

	clients = n;
	return error != 0 ? error : program_connect_many(b, id, n);
}

static int
open_many(struct bench *b)
{
	return open_clients(b, b->pieces);
}

static int
open_ten(struct bench *b)
{
	return open_clients(b, 10);
}

static int
open_asking(struct bench *b)
{
	int error = open_one(b);

	return error != 0 ? error : program_start_control(b);
}

static void
close_control(struct bench *b)
{
	program_close(b);
	if (b->object != NULL)
		ctl_deregister(control);
}

/* To the program, which reads them by the batch. */
static unsigned long long
run_down(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i, j;

	for (i = 0; i < b->n; i += BATCH) {
		for (j = 0; j < BATCH; j++)
			if (ctl_enqueuedata(control, 1, b->buffer, b->size, 0) != 0)
				return 0;
		if (program_read(b, BATCH) != 0)
			return 0;
	}
	return bench_now() - start;
}

static unsigned long long
run_up(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (program_send(b) != 0)
			return 0;
	return bench_now() - start;
}

static unsigned long long
run_ask(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 1; i <= b->n; i++) {
		if (ctl_enqueuedata(control, 1, b->buffer, b->size, 0) != 0)
			return 0;
		if (bench_wait(b, i) != 0)
			return 0;
	}
	return bench_now() - start;
}

static unsigned long long
run_clients(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		unsigned long which = i % clients;

		if (ctl_enqueuedata(control, which + 1, b->buffer, b->size, 0) != 0)
			return 0;
		if (program_read_of(b, which) != 0)
			return 0;
	}
	return bench_now() - start;
}

const struct bench_side kext_control_down = { open_one, run_down, close_control };
const struct bench_side kext_control_up = { open_one, run_up, close_control };
const struct bench_side kext_control_ask = { open_asking, run_ask, close_control };
const struct bench_side kext_control_ten = { open_ten, run_clients, close_control };
const struct bench_side kext_control_many = { open_many, run_clients, close_control };
