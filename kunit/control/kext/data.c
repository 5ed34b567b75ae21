// SPDX-License-Identifier: GPL-2.0
/* What goes from program to kext, and back. */

#include <kern/thread.h>
#include <string.h>

#include "fixture.h"

static void C7_a_datagram_is_one_call(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	char data[100];

	memset(data, 'd', sizeof(data));
	EXPECT_EQ(ct_send(c, data, sizeof(data), MSG_DONTWAIT), 100);
	EXPECT_EQ(seen.sends, 1);
	EXPECT_EQ(seen.len, 100);
	EXPECT_EQ(seen.unit, 1);
	EXPECT_EQ(seen.flags, MSG_DONTWAIT | MSG_NOSIGNAL);
	EXPECT(seen.unitinfo == &unitinfo);
	EXPECT(!memcmp(seen.data, data, sizeof(data)));
	EXPECT_EQ(ct_send(c, NULL, 0, 0), 0);
	EXPECT_EQ(seen.sends, 2);
	EXPECT_EQ(seen.len, 0);
	ct_close(c);
	end_control(ref);
}

static void C8_limits_are_in_payload(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_sized(0, 0, 1000, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	static char data[600], back[1000];
	size_t space;

	EXPECT_EQ(ctl_getenqueuespace(ref, 1, &space), 0);
	EXPECT_EQ(space, 1000);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, data, 600, 0), 0);
	EXPECT_EQ(ctl_getenqueuespace(ref, 1, &space), 0);
	EXPECT_EQ(space, 400);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, data, 600, 0), ENOBUFS);
	EXPECT_EQ(ct_recv(c, back, sizeof(back), 0), 600);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, data, 600, 0), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, data, 400, 0), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, data, 1, 0), ENOBUFS);
	EXPECT_EQ(ctl_getenqueuespace(ref, 1, &space), 0);
	EXPECT_EQ(space, 0);
	EXPECT_EQ(ctl_getenqueuespace(ref, 1, NULL), EINVAL);
	EXPECT_EQ(ctl_getenqueuespace(ref, 2, &space), EINVAL);
	ct_close(c);
	end_control(ref);
}

static void the_program_raises_the_limit(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_sized(0, 0, 2000, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	size_t space;

	EXPECT_EQ(ct_set_rcvbuf(c, 50000), 0);
	EXPECT_EQ(ctl_getenqueuespace(ref, 1, &space), 0);
	EXPECT_EQ(space, 50000);
	ct_close(c);
	end_control(ref);
}

/* What has no payload takes memory all the same. */
static void empty_datagrams_end_somewhere(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_sized(0, 0, 1000, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	int n;
	char byte;

	for (n = 0; n < 1000 && ctl_enqueuedata(ref, 1, NULL, 0, 0) == 0; n++)
		;
	EXPECT(n > 10 && n < 100);
	EXPECT_EQ(ct_recv(c, &byte, 1, 0), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, NULL, 0, 0), 0);
	ct_close(c);
	end_control(ref);
}

static void readable_by_the_low_water_mark(void)
{
	u_int32_t id, n;
	kern_ctl_ref ref = make_control(CTL_FLAG_REG_SOCK_STREAM, &id);
	struct ct_client *c = make_client(CT_STREAM, id);
	char data[10];

	EXPECT_EQ(ctl_getenqueuereadable(ref, 1, &n), 0);
	EXPECT_EQ(n, 1);
	EXPECT_EQ(ct_set_rcvlowat(c, 10), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "abcd", 4, 0), 0);
	EXPECT_EQ(ctl_getenqueuereadable(ref, 1, &n), 0);
	EXPECT_EQ(n, 6);
	EXPECT_EQ(ct_poll(c), CT_POLLOUT);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "efghij", 6, 0), 0);
	EXPECT_EQ(ctl_getenqueuereadable(ref, 1, &n), 0);
	EXPECT_EQ(n, 0);
	EXPECT_EQ(ct_poll(c), CT_POLLIN | CT_POLLOUT);
	EXPECT_EQ(ct_recv(c, data, 10, 0), 10);
	EXPECT_EQ(ctl_getenqueuereadable(ref, 1, NULL), EINVAL);
	EXPECT_EQ(ctl_getenqueuereadable(ref, 2, &n), EINVAL);
	ct_close(c);
	end_control(ref);
}

static struct {
	struct ct_client *client;
	void *volatile thread;
	volatile long got;
	volatile int gone;
} reading;

static void reader(void *arg, wait_result_t unused)
{
	char data[10];

	reading.thread = kt_self();
	reading.got = ct_recv(reading.client, data, sizeof(data), 0);
	reading.gone = 1;
}

static void C9_nowakeup_leaves_the_reader_asleep(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	thread_t thread;

	bzero((void *)&reading, sizeof(reading));
	reading.client = make_client(CT_DGRAM, id);
	EXPECT_EQ(kernel_thread_start(reader, NULL, &thread), 0);
	SETTLES(reading.thread && kt_asleep(reading.thread));
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "one", 3, CTL_DATA_NOWAKEUP), 0);
	kt_pause_ms(50);
	EXPECT(!reading.gone && kt_asleep(reading.thread));
	EXPECT_EQ(ct_poll(reading.client), CT_POLLIN | CT_POLLOUT);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "three", 5, 0), 0);
	SETTLES(reading.gone);
	EXPECT_EQ(reading.got, 3);
	thread_deallocate(thread);
	ct_close(reading.client);
	end_control(ref);
}

static void a_disconnect_wakes_the_reader(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	thread_t thread;

	bzero((void *)&reading, sizeof(reading));
	reading.client = make_client(CT_DGRAM, id);
	EXPECT_EQ(kernel_thread_start(reader, NULL, &thread), 0);
	SETTLES(reading.thread && kt_asleep(reading.thread));
	EXPECT_EQ(ct_disconnect(reading.client), 0);
	SETTLES(reading.gone);
	CT_FAILS(reading.got, ENOTCONN);
	thread_deallocate(thread);
	ct_close(reading.client);
	end_control(ref);
}

static void C10_a_stream_has_no_boundaries(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(CTL_FLAG_REG_SOCK_STREAM, &id);
	struct ct_client *c = make_client(CT_STREAM, id);
	char data[8];

	EXPECT_EQ(ctl_enqueuedata(ref, 1, "ab", 2, 0), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "cd", 2, 0), 0);
	EXPECT_EQ(ct_recv(c, data, 4, MSG_PEEK), 4);
	EXPECT_EQ(ct_recv(c, data, 4, 0), 4);
	EXPECT(!memcmp(data, "abcd", 4));
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "efg", 3, 0), 0);
	EXPECT_EQ(ct_recv(c, data, 1, 0), 1);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "hij", 3, 0), 0);
	EXPECT_EQ(ct_recv(c, data, 4, MSG_PEEK), 4);
	EXPECT(!memcmp(data, "fghi", 4));
	EXPECT_EQ(ct_recv(c, data, 8, 0), 5);
	EXPECT(!memcmp(data, "fghij", 5));
	CT_FAILS(ct_recv(c, data, 8, MSG_DONTWAIT), EAGAIN);
	ct_close(c);
	end_control(ref);
}

static void a_record_ends_a_read(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(CTL_FLAG_REG_SOCK_STREAM, &id);
	struct ct_client *c = make_client(CT_STREAM, id);
	char data[8];
	int flags;

	EXPECT_EQ(ctl_enqueuedata(ref, 1, "ab", 2, 0), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "c", 1, CTL_DATA_EOR), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "de", 2, 0), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, NULL, 0, CTL_DATA_EOR), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "f", 1, 0), 0);
	flags = MSG_PEEK;
	EXPECT_EQ(ct_recv_flags(c, data, 8, &flags), 3);
	EXPECT(flags & MSG_EOR);
	flags = 0;
	EXPECT_EQ(ct_recv_flags(c, data, 2, &flags), 2);
	EXPECT(!(flags & MSG_EOR));
	EXPECT_EQ(ct_recv_flags(c, data, 8, &flags), 1);
	EXPECT(flags & MSG_EOR);
	flags = 0;
	EXPECT_EQ(ct_recv_flags(c, data, 2, &flags), 2);	/* and no end of file after it */
	EXPECT_EQ(ct_recv_flags(c, data, 8, &flags), 1);
	ct_close(c);
	end_control(ref);
}

static kern_ctl_ref answering;
static errno_t answered;

static void answer(kern_ctl_ref ref, u_int32_t unit)
{
	answering = ref;
	answered = ctl_enqueuedata(ref, unit, "answer", 6, 0);
}

static void C16_callbacks_may_send(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c;
	char data[8];

	seen.in_connect = answer;
	seen.in_send = answer;
	answered = -1;
	c = make_client(CT_DGRAM, id);
	EXPECT_EQ(answered, 0);
	EXPECT(answering == ref);
	EXPECT_EQ(ct_recv(c, data, 8, MSG_DONTWAIT), 6);
	answered = -1;
	EXPECT_EQ(ct_send(c, "?", 1, 0), 1);
	EXPECT_EQ(answered, 0);
	EXPECT_EQ(ct_recv(c, data, 8, MSG_DONTWAIT), 6);
	EXPECT(!memcmp(data, "answer", 6));
	ct_close(c);
	end_control(ref);
}

static void datagrams_that_are_cut(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	char data[8];
	int flags = MSG_PEEK;

	EXPECT_EQ(ctl_enqueuedata(ref, 1, "0123456789", 10, 0), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "x", 1, 0), 0);
	EXPECT_EQ(ct_recv_flags(c, data, 8, &flags), 8);
	EXPECT(flags & MSG_TRUNC);
	EXPECT_EQ(ct_recv(c, data, 4, MSG_TRUNC), 10);
	EXPECT(!memcmp(data, "0123", 4));
	flags = 0;
	EXPECT_EQ(ct_recv_flags(c, data, 8, &flags), 1);
	EXPECT(!(flags & MSG_TRUNC));
	ct_close(c);
	end_control(ref);
}

static void sends_that_are_refused(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_sized(0, 100, 0, &id);
	struct ct_client *c = ct_open(CT_DGRAM);
	static char data[101];

	CT_FAILS(ct_send(c, data, 1, 0), ENOTCONN);
	EXPECT_EQ(ct_connect(c, id, 0), 0);
	EXPECT_EQ(ct_send(c, data, 100, 0), 100);
	CT_FAILS(ct_send(c, data, 101, 0), EMSGSIZE);
	EXPECT_EQ(seen.sends, 1);
	seen.send_result = ENOSPC;
	CT_FAILS(ct_send(c, data, 1, 0), ENOSPC);
	seen.send_result = EJUSTRETURN;
	EXPECT_EQ(ct_send(c, data, 1, 0), 1);
	seen.send_result = 0;
	EXPECT_EQ(ct_shutdown(c, SHUT_WR), 0);
	CT_FAILS(ct_send(c, data, 1, 0), EPIPE);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "x", 1, 0), 0);
	EXPECT_EQ(ct_recv(c, data, 8, 0), 1);
	EXPECT_EQ(ct_shutdown(c, SHUT_RD), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "x", 1, 0), EINVAL);
	EXPECT_EQ(ct_recv(c, data, 8, 0), 0);
	ct_close(c);
	end_control(ref);
}

static void a_control_that_takes_nothing(void)
{
	struct kern_ctl_reg reg = reg_of(NAME, 0);
	kern_ctl_ref ref;
	struct ct_client *c;

	reg.ctl_send = NULL;
	reg.ctl_disconnect = NULL;
	EXPECT_EQ(ctl_register(&reg, &ref), 0);
	c = make_client(CT_DGRAM, reg.ctl_id);
	CT_FAILS(ct_send(c, "x", 1, 0), ENOTSUP);
	ct_close(c);
	end_control(ref);
}

static void a_stream_comes_in_chunks(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_sized(CTL_FLAG_REG_SOCK_STREAM, 1000, 0, &id);
	struct ct_client *c = make_client(CT_STREAM, id);
	static char data[2500];

	EXPECT_EQ(ct_send(c, data, 2500, 0), 2500);
	EXPECT_EQ(seen.sends, 3);
	EXPECT_EQ(seen.total, 2500);
	EXPECT_EQ(seen.len, 500);
	EXPECT_EQ(ct_send(c, data, 0, 0), 0);
	EXPECT_EQ(seen.sends, 3);
	seen.send_result = EPERM;
	CT_FAILS(ct_send(c, data, 2500, 0), EPERM);
	EXPECT_EQ(seen.sends, 4);
	ct_close(c);
	end_control(ref);
}

static void packets_are_handed_over(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_sized(0, 0, 100000, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	static char data[60000], back[60000];
	mbuf_t m;
	size_t i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = i * 7 + (i >> 8);
	m = packet(data, sizeof(data));
	EXPECT_EQ(ctl_enqueuembuf(ref, 1, m, 0), 0);
	m = packet(data, 50000);
	EXPECT_EQ(ctl_enqueuembuf(ref, 1, m, 0), ENOBUFS);
	mbuf_freem(m);				/* still ours */
	EXPECT_EQ(ct_recv(c, back, sizeof(back), 0), sizeof(back));
	EXPECT(!memcmp(data, back, sizeof(back)));
	m = packet(data, 100);
	EXPECT_EQ(ctl_enqueuembuf(ref, 2, m, 0), EINVAL);
	mbuf_pkthdr_setlen(m, 99);
	EXPECT_MISUSE(1, EXPECT_EQ(ctl_enqueuembuf(ref, 1, m, 0), EINVAL));
	mbuf_freem(m);
	EXPECT_MISUSE(1, EXPECT_EQ(ctl_enqueuembuf(ref, 1, NULL, 0), EINVAL));
	ct_close(c);
	end_control(ref);
}

static mbuf_t list_of(int n)
{
	mbuf_t first = NULL, last = NULL;
	int i;

	for (i = 0; i < n; i++) {
		mbuf_t m = packet("0123456789", 10);

		if (last)
			mbuf_setnextpkt(last, m);
		else
			first = m;
		last = m;
	}
	return first;
}

static void lists_go_as_far_as_there_is_room(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_sized(0, 0, 1100, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	mbuf_t list = list_of(5), left = list;
	char data[20];
	int n = 0;

	EXPECT_EQ(ctl_enqueuembuf_list(ref, 1, list, 0, &left), 0);
	EXPECT(left == NULL);
	while (ct_recv(c, data, sizeof(data), MSG_DONTWAIT) == 10)
		n++;
	EXPECT_EQ(n, 5);

	list = list_of(200);
	EXPECT_EQ(ctl_enqueuembuf_list(ref, 1, list, 0, &left), ENOBUFS);
	EXPECT(left != NULL);
	for (n = 0; left != NULL; n++) {
		mbuf_t next = mbuf_nextpkt(left);

		mbuf_setnextpkt(left, NULL);
		mbuf_freem(left);
		left = next;
	}
	EXPECT(n > 0 && n < 200);
	for (; ct_recv(c, data, sizeof(data), MSG_DONTWAIT) == 10; n++)
		;
	EXPECT_EQ(n, 200);
	EXPECT_EQ(ctl_enqueuembuf_list(ref, 1, NULL, 0, &left), EINVAL);
	ct_close(c);
	end_control(ref);
}

/* Only the first of a list is asked for. */
static void a_packet_out_of_a_list(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	mbuf_t list = list_of(2), second = mbuf_nextpkt(list);
	char data[20];

	EXPECT_EQ(ctl_enqueuembuf(ref, 1, list, 0), 0);
	EXPECT_EQ(ct_recv(c, data, sizeof(data), MSG_DONTWAIT), 10);
	CT_FAILS(ct_recv(c, data, sizeof(data), MSG_DONTWAIT), EAGAIN);
	mbuf_freem(second);
	ct_close(c);
	end_control(ref);
}

static void what_is_unread_goes_with_the_client(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	int n;

	for (n = 0; n < 10; n++)
		EXPECT_EQ(ctl_enqueuedata(ref, 1, "0123456789", 10, 0), 0);
	EXPECT(kt_held(KT_MBUFS) >= 10);
	ct_close(c);
	end_control(ref);
}

static void from_where_nobody_sleeps(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	mbuf_t m = packet("abc", 3);
	char data[8];

	kt_atomic_begin();
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "ab", 2, 0), 0);
	EXPECT_EQ(ctl_enqueuembuf(ref, 1, m, 0), 0);
	kt_atomic_end();
	EXPECT_EQ(ct_recv(c, data, 8, 0), 2);
	EXPECT_EQ(ct_recv(c, data, 8, 0), 3);
	ct_close(c);
	end_control(ref);
}

static void no_memory_to_send(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_sized(0, 0, 100000, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	static char data[40000];
	int n, error = ENOMEM, failed = 0;

	if (!kt_fail_allocation(0)) {
		ct_close(c);
		end_control(ref);
		return kt_skip("no failing allocations");
	}
	for (n = 1; n < 10; n++) {
		kt_fail_allocation(n);
		error = ctl_enqueuedata(ref, 1, data, sizeof(data), 0);
		kt_fail_allocation(0);
		failed += error == ENOMEM;
		EXPECT(error == 0 || error == ENOMEM || error == ENOBUFS);
		if (error == 0)
			EXPECT_EQ(ct_recv(c, data, sizeof(data), MSG_DONTWAIT), sizeof(data));
		CT_FAILS(ct_recv(c, data, sizeof(data), MSG_DONTWAIT), EAGAIN);
	}
	ct_close(c);
	end_control(ref);
}

const struct kt_case control_data_cases[] = {
	{ "C7_a_datagram_is_one_call", C7_a_datagram_is_one_call },
	{ "C8_limits_are_in_payload", C8_limits_are_in_payload },
	{ "the_program_raises_the_limit", the_program_raises_the_limit },
	{ "empty_datagrams_end_somewhere", empty_datagrams_end_somewhere },
	{ "readable_by_the_low_water_mark", readable_by_the_low_water_mark },
	{ "C9_nowakeup_leaves_the_reader_asleep", C9_nowakeup_leaves_the_reader_asleep },
	{ "a_disconnect_wakes_the_reader", a_disconnect_wakes_the_reader },
	{ "C10_a_stream_has_no_boundaries", C10_a_stream_has_no_boundaries },
	{ "a_record_ends_a_read", a_record_ends_a_read },
	{ "C16_callbacks_may_send", C16_callbacks_may_send },
	{ "datagrams_that_are_cut", datagrams_that_are_cut },
	{ "sends_that_are_refused", sends_that_are_refused },
	{ "a_control_that_takes_nothing", a_control_that_takes_nothing },
	{ "a_stream_comes_in_chunks", a_stream_comes_in_chunks },
	{ "packets_are_handed_over", packets_are_handed_over },
	{ "lists_go_as_far_as_there_is_room", lists_go_as_far_as_there_is_room },
	{ "a_packet_out_of_a_list", a_packet_out_of_a_list },
	{ "what_is_unread_goes_with_the_client", what_is_unread_goes_with_the_client },
	{ "from_where_nobody_sleeps", from_where_nobody_sleeps },
	{ "no_memory_to_send", no_memory_to_send },
	{ }
};
