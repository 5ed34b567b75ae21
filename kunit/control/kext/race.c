// SPDX-License-Identifier: GPL-2.0
/* Everything at once: clients come and go, the kext sends, withdraws its control, and offers it again. */

#include <kern/thread.h>
#include <libkern/OSAtomic.h>
#include <string.h>

#include "fixture.h"

#define THREADS	4
#define ROUNDS	300

static struct {
	volatile SInt32 running, connects, disconnects, connected, sent;
	volatile u_int32_t id;
	volatile int stop;
	kern_ctl_ref volatile ref;
} race;

static errno_t on_connect(kern_ctl_ref ref, struct sockaddr_ctl *sac, void **info)
{
	OSIncrementAtomic(&race.connects);
	ctl_enqueuedata(ref, sac->sc_unit, "welcome", 7, 0);
	return sac->sc_unit == 3 ? EPERM : 0;
}

static errno_t on_disconnect(kern_ctl_ref ref, u_int32_t unit, void *info)
{
	OSIncrementAtomic(&race.disconnects);
	ctl_enqueuedata(ref, unit, "too late", 8, 0);
	return 0;
}

static errno_t on_send(kern_ctl_ref ref, u_int32_t unit, void *info, mbuf_t m, int flags)
{
	if (ctl_enqueuembuf(ref, unit, m, 0))
		mbuf_freem(m);
	return 0;
}

static void client(void *arg, wait_result_t unused)
{
	char data[16];
	int i;

	for (i = 0; i < ROUNDS; i++) {
		struct ct_client *c = ct_open(CT_DGRAM);

		if (c && ct_connect(c, race.id, 0) == 0) {
			OSIncrementAtomic(&race.connected);
			ct_send(c, "hello", 5, 0);
			ct_recv(c, data, sizeof(data), MSG_DONTWAIT);
			if (i % 3 == 0)
				ct_disconnect(c);
		}
		ct_close(c);
	}
	OSDecrementAtomic(&race.running);
}

static void sender(void *arg, wait_result_t unused)
{
	u_int32_t unit = 1;
	size_t space;

	while (!race.stop) {
		if (ctl_enqueuedata(race.ref, unit, "data", 4, 0) == 0)
			OSIncrementAtomic(&race.sent);
		ctl_getenqueuespace(race.ref, unit, &space);
		unit = unit % THREADS + 1;
		if (unit == 1)
			kt_pause_ms(1);
	}
	OSDecrementAtomic(&race.running);
}

static void start(thread_continue_t fn)
{
	thread_t thread;

	OSIncrementAtomic(&race.running);
	if (EXPECT_EQ(kernel_thread_start(fn, NULL, &thread), 0))
		thread_deallocate(thread);
	else
		OSDecrementAtomic(&race.running);
}

static int offer(void)
{
	struct kern_ctl_reg reg = reg_of(NAME, 0);
	kern_ctl_ref ref;

	reg.ctl_connect = on_connect;
	reg.ctl_disconnect = on_disconnect;
	reg.ctl_send = on_send;
	if (!EXPECT_EQ(ctl_register(&reg, &ref), 0))
		return 0;
	race.ref = ref;
	race.id = reg.ctl_id;
	return 1;
}

static void a_control_comes_and_goes_under_its_clients(void)
{
	int i, withdrawn = 0;

	bzero((void *)&race, sizeof(race));
	if (!offer())
		return;
	for (i = 0; i < THREADS; i++)
		start(client);
	start(sender);
	while (race.running > 1) {
		errno_t error = ctl_deregister(race.ref);

		EXPECT(error == 0 || error == EBUSY);
		if (error == 0) {
			withdrawn++;
			if (!offer())
				break;
		}
		if (withdrawn % 16 == 0)
			kt_pause_ms(1);
	}
	race.stop = 1;
	SETTLES(race.running == 0);
	EXPECT_EQ(race.connects, race.disconnects);
	EXPECT(race.connected > 0);
	end_control(race.ref);
}

const struct kt_case control_race_cases[] = {
	{ "a_control_comes_and_goes_under_its_clients", a_control_comes_and_goes_under_its_clients },
	{ }
};
