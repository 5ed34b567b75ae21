// SPDX-License-Identifier: GPL-2.0
/* Kernel events: who posts, who listens, who misses some. */

#include <string.h>
#include <sys/kern_event.h>

#include "fixture.h"

#define VENDOR	"org.example.netkpi.events"

static struct kern_event_msg *read_event(struct ct_client *c)
{
	static u_int32_t buf[64];

	bzero(buf, sizeof(buf));
	if (ct_recv(c, buf, sizeof(buf), MSG_DONTWAIT) < (long)KEV_MSG_HEADER_SIZE)
		return NULL;
	return (struct kern_event_msg *)buf;
}

static struct kev_msg message(u_int32_t vendor, u_int32_t class, u_int32_t subclass, u_int32_t code)
{
	struct kev_msg msg;

	bzero(&msg, sizeof(msg));
	msg.vendor_code = vendor;
	msg.kev_class = class;
	msg.kev_subclass = subclass;
	msg.event_code = code;
	return msg;
}

static u_int32_t vendor(void)
{
	u_int32_t code = 0;

	EXPECT_EQ(kev_vendor_code_find(VENDOR, &code), 0);
	return code;
}

static void vendors_have_numbers(void)
{
	u_int32_t a, b, again;
	char longest[201];

	EXPECT_EQ(kev_vendor_code_find(VENDOR, &a), 0);
	EXPECT_EQ(kev_vendor_code_find(VENDOR ".other", &b), 0);
	EXPECT_EQ(kev_vendor_code_find(VENDOR, &again), 0);
	EXPECT(a >= 1000 && a != b);
	EXPECT_EQ(again, a);
	EXPECT_EQ(kev_vendor_code_find(NULL, &a), EINVAL);
	EXPECT_EQ(kev_vendor_code_find("", &a), EINVAL);
	EXPECT_EQ(kev_vendor_code_find(VENDOR, NULL), EINVAL);
	memset(longest, 'x', 200);
	longest[200] = '\0';
	EXPECT_EQ(kev_vendor_code_find(longest, &a), EINVAL);
	longest[199] = '\0';
	EXPECT_EQ(kev_vendor_code_find(longest, &a), 0);
}

static void an_event_arrives_whole(void)
{
	struct ct_client *c = ct_listen(), *other = ct_listen();
	struct kev_msg msg = message(vendor(), 7, 8, 9);
	struct kern_event_msg *got;
	u_int32_t id = 0;

	msg.dv[0].data_ptr = "abcd";
	msg.dv[0].data_length = 4;
	msg.dv[1].data_ptr = "efghij";
	msg.dv[1].data_length = 6;
	EXPECT_EQ(ct_poll(c), 0);
	EXPECT_EQ(kev_msg_post(&msg), 0);
	EXPECT_EQ(ct_poll(c), CT_POLLIN);
	got = read_event(c);
	if (EXPECT(got != NULL)) {
		EXPECT_EQ(got->total_size, KEV_MSG_HEADER_SIZE + 10);
		EXPECT_EQ(got->vendor_code, msg.vendor_code);
		EXPECT_EQ(got->kev_class, 7);
		EXPECT_EQ(got->kev_subclass, 8);
		EXPECT_EQ(got->event_code, 9);
		EXPECT(!memcmp(got->event_data, "abcdefghij", 10));
		id = got->id;
	}
	got = read_event(other);
	EXPECT(got != NULL && got->id == id);
	EXPECT_EQ(kev_msg_post(&msg), 0);
	got = read_event(c);
	EXPECT(got != NULL && got->id == id + 1);
	ct_close(other);
	ct_close(c);
	EXPECT_EQ(kev_msg_post(&msg), 0);	/* nobody listens */
}

static void events_that_are_refused(void)
{
	struct kev_msg msg = message(KEV_VENDOR_APPLE, 1, 1, 1);

	EXPECT_EQ(kev_msg_post(NULL), EINVAL);
	EXPECT_EQ(kev_msg_post(&msg), EINVAL);
	msg.vendor_code = 999999;
	EXPECT_EQ(kev_msg_post(&msg), EINVAL);
	msg.vendor_code = vendor();
	msg.dv[0].data_ptr = "x";
	msg.dv[0].data_length = 100000;
	EXPECT_EQ(kev_msg_post(&msg), EMSGSIZE);
	msg.dv[0].data_length = 0xffffffff;
	EXPECT_EQ(kev_msg_post(&msg), EMSGSIZE);
	msg.dv[0].data_length = 1;
	msg.dv[1].data_length = 4;
	EXPECT_MISUSE(1, EXPECT_EQ(kev_msg_post(&msg), EINVAL));
}

static int passes(struct ct_client *c, u_int32_t v, u_int32_t class, u_int32_t subclass)
{
	struct kev_msg msg = message(v, class, subclass, 1);

	EXPECT_EQ(kev_msg_post(&msg), 0);
	return read_event(c) != NULL;
}

static void filters_are_nested(void)
{
	struct ct_client *c = ct_listen();
	u_int32_t v = vendor(), other = 0, filter[3], found;
	int error = ct_filter(c, v, 2, 3);

	kev_vendor_code_find(VENDOR ".other", &other);
	if (error == -CT_ENODEV) {
		kt_skip("no user memory");
	} else {
		EXPECT_EQ(error, 0);
		EXPECT_EQ(ct_get_filter(c, filter), 0);
		EXPECT(filter[0] == v && filter[1] == 2 && filter[2] == 3);
		EXPECT(passes(c, v, 2, 3));
		EXPECT(!passes(c, other, 2, 3));
		EXPECT(!passes(c, v, 1, 3));
		EXPECT(!passes(c, v, 2, 4));
		EXPECT_EQ(ct_filter(c, v, 2, 0), 0);
		EXPECT(passes(c, v, 2, 4));
		EXPECT_EQ(ct_filter(c, v, 0, 3), 0);
		EXPECT(passes(c, v, 1, 4));
		EXPECT_EQ(ct_filter(c, 0, 2, 3), 0);
		EXPECT(passes(c, other, 9, 9));
		EXPECT_EQ(ct_vendor(c, VENDOR, &found), 0);
		EXPECT_EQ(found, v);
		EXPECT_EQ(ct_vendor(c, "org.example.nobody", &found), -ENOENT);
		EXPECT_EQ(ct_next_event(c, &found), 0);
		passes(c, v, 1, 1);
		EXPECT_EQ(ct_next_event(c, &other), 0);
		EXPECT_EQ(other, found + 1);
	}
	ct_close(c);
}

static void who_does_not_read_loses_some(void)
{
	struct ct_client *c = ct_listen();
	struct kev_msg msg = message(vendor(), 1, 1, 1);
	int n, kept = 0;

	for (n = 0; n < 1000; n++)
		EXPECT_EQ(kev_msg_post(&msg), 0);
	while (read_event(c) != NULL)
		kept++;
	EXPECT(kept > 50 && kept < 1000);
	EXPECT(passes(c, msg.vendor_code, 1, 1));
	ct_close(c);
}

static void controls_are_announced(void)
{
	struct ct_client *c = ct_listen();
	struct kern_event_msg *got;
	struct ctl_event_data *data;
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	int n;

	for (n = 1; n <= 2; n++) {
		got = read_event(c);
		if (!EXPECT(got != NULL))
			break;
		EXPECT_EQ(got->vendor_code, KEV_VENDOR_APPLE);
		EXPECT_EQ(got->kev_class, KEV_SYSTEM_CLASS);
		EXPECT_EQ(got->kev_subclass, KEV_CTL_SUBCLASS);
		EXPECT_EQ(got->event_code, n == 1 ? KEV_CTL_REGISTERED : KEV_CTL_DEREGISTERED);
		data = (struct ctl_event_data *)got->event_data;
		EXPECT_EQ(data->ctl_id, id);
		if (n == 1)
			end_control(ref);
	}
	ct_close(c);
}

static void events_from_where_nobody_sleeps(void)
{
	struct ct_client *c = ct_listen();
	struct kev_msg msg = message(vendor(), 1, 1, 1);

	kt_atomic_begin();
	EXPECT_EQ(kev_msg_post(&msg), 0);
	kt_atomic_end();
	EXPECT(read_event(c) != NULL);
	ct_close(c);
}

static void no_memory_for_events(void)
{
	struct ct_client *c = ct_listen();
	struct kev_msg msg = message(vendor(), 1, 1, 1);
	int n;

	for (n = 1; n < 8; n++) {
		int error;

		if (!kt_fail_allocation(n)) {
			kt_skip("no failing allocations");
			break;
		}
		error = kev_msg_post(&msg);
		kt_fail_allocation(0);
		EXPECT(error == 0 || error == ENOMEM);
		EXPECT((read_event(c) != NULL) == (error == 0));
	}
	ct_close(c);
}

const struct kt_case control_event_cases[] = {
	{ "vendors_have_numbers", vendors_have_numbers },
	{ "an_event_arrives_whole", an_event_arrives_whole },
	{ "events_that_are_refused", events_that_are_refused },
	{ "filters_are_nested", filters_are_nested },
	{ "who_does_not_read_loses_some", who_does_not_read_loses_some },
	{ "controls_are_announced", controls_are_announced },
	{ "events_from_where_nobody_sleeps", events_from_where_nobody_sleeps },
	{ "no_memory_for_events", no_memory_for_events },
	{ }
};
