// SPDX-License-Identifier: GPL-2.0
/* Clients come and go: units, privileges, who is told. */

#include <kern/thread.h>
#include <libkern/OSAtomic.h>
#include <string.h>
#include <sys/malloc.h>

#include "fixture.h"

static void C4_units_are_the_lowest_free(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c[3];
	int i;

	for (i = 0; i < 3; i++) {
		c[i] = make_client(CT_DGRAM, id);
		EXPECT_EQ(seen.unit, i + 1);
	}
	ct_close(c[1]);
	EXPECT_EQ(seen.unit, 2);
	c[1] = make_client(CT_DGRAM, id);
	EXPECT_EQ(seen.unit, 2);
	for (i = 0; i < 3; i++)
		ct_close(c[i]);
	EXPECT_EQ(seen.connects, 4);
	EXPECT_EQ(seen.disconnects, 4);
	end_control(ref);
}

static void C5_a_client_keeps_the_control(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);

	EXPECT_EQ(kt_held(KT_CLIENTS), 1);
	EXPECT_EQ(ctl_deregister(ref), EBUSY);
	ct_close(c);
	end_control(ref);
}

static void C6_a_refused_connect_is_taken_back(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = ct_open(CT_DGRAM);

	seen.connect_result = EBUSY;
	CT_FAILS(ct_connect(c, id, 0), EBUSY);
	EXPECT_EQ(seen.disconnects, 1);
	EXPECT(seen.unitinfo == &unitinfo);
	CT_FAILS(ct_send(c, "x", 1, 0), ENOTCONN);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "x", 1, 0), EINVAL);
	seen.connect_result = 0;
	EXPECT_EQ(ct_connect(c, id, 0), 0);	/* the unit is free again */
	EXPECT_EQ(seen.unit, 1);
	ct_close(c);
	EXPECT_EQ(seen.disconnects, 2);
	end_control(ref);
}

static void C13_privileged(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(CTL_FLAG_PRIVILEGED, &id);
	struct ct_client *c = ct_open(CT_DGRAM);

	CT_FAILS(ct_connect_as_user(c, id), EPERM);
	EXPECT_EQ(seen.connects, 0);
	EXPECT_EQ(ct_connect(c, id, 0), 0);
	ct_close(c);
	end_control(ref);
}

static void everybody_else_may(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = ct_open(CT_DGRAM);

	EXPECT_EQ(ct_connect_as_user(c, id), 0);
	ct_close(c);
	end_control(ref);
}

static void C14_types_must_match(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(CTL_FLAG_REG_SOCK_STREAM, &id);
	struct ct_client *c = ct_open(CT_DGRAM);

	CT_FAILS(ct_connect(c, id, 0), EPROTOTYPE);
	ct_close(c);
	end_control(ref);

	ref = make_control(0, &id);
	c = ct_open(CT_STREAM);
	CT_FAILS(ct_connect(c, id, 0), EPROTOTYPE);
	ct_close(c);
	end_control(ref);
}

static void C15_static_numbers(void)
{
	struct kern_ctl_reg reg = reg_of(NAME, CTL_FLAG_REG_ID_UNIT);
	struct ct_client *a = ct_open(CT_DGRAM), *b = ct_open(CT_DGRAM);
	kern_ctl_ref ref;

	bzero(&seen, sizeof(seen));
	reg.ctl_id = 0x41424344;
	reg.ctl_unit = 3;
	EXPECT_EQ(ctl_register(&reg, &ref), 0);
	CT_FAILS(ct_connect(a, 0x41424344, 4), ENOENT);
	EXPECT_EQ(ct_connect(a, 0x41424344, 3), 0);
	EXPECT_EQ(seen.unit, 3);
	CT_FAILS(ct_connect(b, 0x41424344, 3), EBUSY);
	ct_close(a);
	EXPECT_EQ(ct_connect(b, 0x41424344, 3), 0);
	ct_close(b);
	end_control(ref);
}

static void sockets_that_are_refused(void)
{
	CT_FAILS(ct_open_error(3, 2), EPROTOTYPE);	/* SOCK_RAW */
	CT_FAILS(ct_open_error(5, 2), EPROTOTYPE);	/* SOCK_SEQPACKET */
	CT_FAILS(ct_open_error(CT_DGRAM, 3), EPROTONOSUPPORT);
}

static void addresses_that_are_refused(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = ct_open(CT_DGRAM);

	CT_FAILS(ct_connect_sized(c, id, 31), EINVAL);
	CT_FAILS(ct_connect_sized(c, id, 33), EINVAL);
	CT_FAILS(ct_connect_sized(c, id, 2), EINVAL);
	CT_FAILS(ct_connect(c, id + 1, 0), ENOENT);
	EXPECT_EQ(seen.connects, 0);
	EXPECT_EQ(ct_connect(c, id, 0), 0);
	CT_FAILS(ct_connect(c, id, 0), EISCONN);
	CT_FAILS(ct_connect_sized(c, id, 7), EISCONN);	/* before anything else */
	EXPECT_EQ(seen.connects, 1);
	ct_close(c);
	end_control(ref);
}

static void a_chosen_unit(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *a = ct_open(CT_DGRAM), *b = ct_open(CT_DGRAM);

	EXPECT_EQ(ct_connect(a, id, 70000), 0);
	EXPECT_EQ(seen.unit, 70000);
	CT_FAILS(ct_connect(b, id, 70000), EBUSY);
	EXPECT_EQ(ct_connect(b, id, 1), 0);
	EXPECT_EQ(seen.unit, 1);
	ct_close(a);
	a = make_client(CT_DGRAM, id);
	EXPECT_EQ(seen.unit, 2);
	ct_close(a);
	ct_close(b);
	end_control(ref);
}

/* A name is returned in the layout in which it was given. */
static void both_layouts(void)
{
	static const u_int8_t bsd[] = { 32, 32, 2, 0 }, plain[] = { 32, 0, 2, 0 };
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = ct_open(CT_DGRAM);
	struct sockaddr_ctl name;

	CT_FAILS(ct_peer(c, &name), ENOTCONN);
	EXPECT_EQ(ct_connect_bsd(c, id, 5, 32), 0);
	EXPECT_EQ(seen.name.sc_len, 32);
	EXPECT_EQ(seen.name.sc_family, AF_SYSTEM);
	EXPECT_EQ(seen.name.ss_sysaddr, AF_SYS_CONTROL);
	EXPECT_EQ(seen.name.sc_id, id);
	EXPECT_EQ(seen.name.sc_unit, 5);
	EXPECT_EQ(ct_peer(c, &name), 32);
	EXPECT(!memcmp(&name, bsd, sizeof(bsd)));
	EXPECT_EQ(name.sc_id, id);
	EXPECT_EQ(name.sc_unit, 5);
	ct_close(c);

	c = make_client(CT_DGRAM, id);
	EXPECT_EQ(seen.name.sc_family, AF_SYSTEM);
	EXPECT_EQ(ct_peer(c, &name), 32);
	EXPECT(!memcmp(&name, plain, sizeof(plain)));
	EXPECT_EQ(name.sc_unit, 1);
	ct_close(c);
	end_control(ref);
}

static void a_client_disconnects_and_comes_again(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	char byte;

	EXPECT_EQ(ctl_enqueuedata(ref, 1, "x", 1, 0), 0);
	EXPECT_EQ(ct_disconnect(c), 0);
	EXPECT_EQ(seen.disconnects, 1);
	CT_FAILS(ct_send(c, "x", 1, 0), ENOTCONN);
	CT_FAILS(ct_recv(c, &byte, 1, 0), ENOTCONN);
	EXPECT_EQ(ct_poll(c), CT_POLLHUP);
	EXPECT_EQ(ct_connect(c, id, 0), 0);
	CT_FAILS(ct_recv(c, &byte, 1, MSG_DONTWAIT), EAGAIN);	/* what was there is gone */
	ct_close(c);
	EXPECT_EQ(seen.disconnects, 2);
	end_control(ref);
}

static errno_t deregistered;

static void deregister_here(kern_ctl_ref ref, u_int32_t unit)
{
	deregistered = ctl_deregister(ref);
}

static void deregister_in_the_last_disconnect(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *a = make_client(CT_DGRAM, id), *b = make_client(CT_DGRAM, id);

	seen.in_connect = deregister_here;
	ct_close(make_client(CT_DGRAM, id));
	EXPECT_EQ(deregistered, EBUSY);
	seen.in_disconnect = deregister_here;
	ct_close(a);
	EXPECT_EQ(deregistered, EBUSY);
	ct_close(b);
	EXPECT_EQ(deregistered, 0);
	EXPECT_MISUSE(1, EXPECT_EQ(ctl_deregister(ref), EINVAL));
	EXPECT_EQ(kt_held(KT_CONTROLS), 0);
	EXPECT_EQ(kt_held(KT_CLIENTS), 0);
}

/* While ctl_disconnect() runs elsewhere, the kext's text is in use. */
static struct {
	kern_ctl_ref ref;
	struct ct_client *client;
	volatile int inside, go, gone;
} leaving;

static void wait_inside(kern_ctl_ref ref, u_int32_t unit)
{
	leaving.inside = 1;
	SETTLES(leaving.go);
}

static void closer(void *arg, wait_result_t unused)
{
	ct_close(leaving.client);
	leaving.gone = 1;
}

static void another_thread_waits_for_a_disconnect(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	thread_t thread;

	bzero((void *)&leaving, sizeof(leaving));
	leaving.client = make_client(CT_DGRAM, id);
	seen.in_disconnect = wait_inside;
	EXPECT_EQ(kernel_thread_start(closer, NULL, &thread), 0);
	SETTLES(leaving.inside);
	EXPECT_EQ(ctl_deregister(ref), EBUSY);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "x", 1, 0), EINVAL);
	leaving.go = 1;
	SETTLES(leaving.gone);
	thread_deallocate(thread);
	end_control(ref);
}

/* Two threads of a program; the second one waits for the kext's answer to the first. */
static struct {
	struct ct_client *client;
	u_int32_t id;
	void *volatile thread;
	volatile int inside, gone, result;
} joining;

static void joiner(void *arg, wait_result_t unused)
{
	joining.thread = kt_self();
	joining.result = ct_connect(joining.client, joining.id, 0);
	joining.gone = 1;
}

static void join_again(kern_ctl_ref ref, u_int32_t unit)
{
	thread_t thread;

	if (joining.inside)
		return;
	joining.inside = 1;
	EXPECT_EQ(kernel_thread_start(joiner, NULL, &thread), 0);
	SETTLES(joining.thread && kt_asleep(joining.thread));
	thread_deallocate(thread);
}

static void two_connects_at_once(void)
{
	kern_ctl_ref ref;

	bzero((void *)&joining, sizeof(joining));
	ref = make_control(0, &joining.id);
	joining.client = ct_open(CT_DGRAM);
	seen.in_connect = join_again;
	EXPECT_EQ(ct_connect(joining.client, joining.id, 0), 0);
	SETTLES(joining.gone);
	CT_FAILS(joining.result, EISCONN);
	EXPECT_EQ(seen.connects, 1);
	EXPECT_EQ(kt_held(KT_CLIENTS), 1);
	ct_close(joining.client);
	end_control(ref);
}

static void results_of_connect(void)
{
	static const struct { errno_t error; int seen; } results[] = {
		{ EACCES, -EACCES }, { EPERM, -EPERM }, { EJUSTRETURN, 0 },
		{ -1, -EIO }, { 100000, -EIO },
	};
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	unsigned int i;

	for (i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		struct ct_client *c = ct_open(CT_DGRAM);

		seen.connect_result = results[i].error;
		EXPECT_EQ(ct_connect(c, id, 0), results[i].seen);
		CT_FAILS(ct_send(c, "x", 1, 0), ENOTCONN);
		ct_close(c);
	}
	EXPECT_EQ(seen.disconnects, seen.connects);
	end_control(ref);
}

#define MANY	65535

static void all_units_in_use(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client **c, *more;
	int i;

	MALLOC(c, struct ct_client **, MANY * sizeof(*c), M_TEMP, M_WAITOK);
	for (i = 0; i < MANY; i++)
		c[i] = make_client(CT_DGRAM, id);
	EXPECT_EQ(seen.unit, MANY);
	more = ct_open(CT_DGRAM);
	CT_FAILS(ct_connect(more, id, 0), EBUSY);
	EXPECT_EQ(ctl_enqueuedata(ref, MANY, "x", 1, 0), 0);
	ct_close(c[4710]);
	EXPECT_EQ(ct_connect(more, id, 0), 0);
	EXPECT_EQ(seen.unit, 4711);
	c[4710] = more;
	for (i = 0; i < MANY; i++)
		ct_close(c[i]);
	FREE(c, M_TEMP);
	end_control(ref);
}

static void no_memory_to_connect(void)
{
	struct ct_client *c;
	kern_ctl_ref ref;
	u_int32_t id;
	int n, error = -ENOMEM;

	if (!kt_fail_allocation(0))
		return kt_skip("no failing allocations");
	ref = make_control(0, &id);
	c = ct_open(CT_DGRAM);
	for (n = 1; error == -ENOMEM && n < 20; n++) {
		kt_fail_allocation(n);
		error = ct_connect(c, id, 0);
		kt_fail_allocation(0);
	}
	EXPECT_EQ(error, 0);
	EXPECT_EQ(seen.connects, 1);
	ct_close(c);
	end_control(ref);
}

const struct kt_case control_connect_cases[] = {
	{ "C4_units_are_the_lowest_free", C4_units_are_the_lowest_free },
	{ "C5_a_client_keeps_the_control", C5_a_client_keeps_the_control },
	{ "C6_a_refused_connect_is_taken_back", C6_a_refused_connect_is_taken_back },
	{ "C13_privileged", C13_privileged },
	{ "everybody_else_may", everybody_else_may },
	{ "C14_types_must_match", C14_types_must_match },
	{ "C15_static_numbers", C15_static_numbers },
	{ "sockets_that_are_refused", sockets_that_are_refused },
	{ "addresses_that_are_refused", addresses_that_are_refused },
	{ "a_chosen_unit", a_chosen_unit },
	{ "both_layouts", both_layouts },
	{ "a_client_disconnects_and_comes_again", a_client_disconnects_and_comes_again },
	{ "deregister_in_the_last_disconnect", deregister_in_the_last_disconnect },
	{ "another_thread_waits_for_a_disconnect", another_thread_waits_for_a_disconnect },
	{ "two_connects_at_once", two_connects_at_once },
	{ "results_of_connect", results_of_connect },
	{ "all_units_in_use", all_units_in_use },
	{ "no_memory_to_connect", no_memory_to_connect },
	{ }
};
