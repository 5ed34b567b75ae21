// SPDX-License-Identifier: GPL-2.0
/* The packet header: length, handles, classes, what drivers and the stack put there. */

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/string.h>

#include <netkpi/skb.h>

#include "test.h"

/*
 * Length and handles
 */

static void length_cannot_be_negative_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5");
	kpi_mbuf_pkthdr_adjustlen(f->m, -7);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 0);
	kpi_mbuf_pkthdr_adjustlen(f->m, 7);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_pkthdr_len(f->m), 5, "it was only not shown");
}

static void length_is_clamped_to_an_int_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5");
	kpi_mbuf_pkthdr_setlen(f->m, 0x1ffffffffULL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), INT_MAX);
	kpi_mbuf_pkthdr_setlen(f->m, INT_MAX);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), INT_MAX);
	kpi_mbuf_pkthdr_setlen(f->m, 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 0);
}

static void length_of_no_packet_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 0);
}

static void lengths_of_lists_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5,3c");
	kpi_mbuf_setnextpkt(f->m, mbuf_test_chain(test, "h7b"));
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_maxlen(f->m), MHLEN + 2048);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkt_list_len(f->m), 15);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkt_list_maxlen(f->m), MHLEN + 2048 + 4096);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkt_list_len(NULL), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkt_list_maxlen(NULL), 0);
}

static void handles_are_stored_as_they_are_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	ifnet_t rcvif = (ifnet_t)test;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_setrcvif(f->m, rcvif), 0);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_pkthdr_rcvif(f->m), rcvif);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_setrcvif(f->m, NULL), 0);
	KUNIT_EXPECT_NULL(test, kpi_mbuf_pkthdr_rcvif(f->m));

	kpi_mbuf_pkthdr_setheader(f->m, test);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_pkthdr_header(f->m), (void *)test);
	kpi_mbuf_pkthdr_setheader(f->m, NULL);
	KUNIT_EXPECT_NULL(test, kpi_mbuf_pkthdr_header(f->m));
}

/*
 * Traffic and service classes
 */

static const struct class_case {
	const char *name;
	mbuf_svc_class_t service;
	mbuf_traffic_class_t traffic;
	u32 index;
} class_cases[] = {
	{ "background, system",	MBUF_SC_BK_SYS, MBUF_TC_BK, 1 },
	{ "background",		MBUF_SC_BK,	MBUF_TC_BK, 2 },
	{ "best effort",	MBUF_SC_BE,	MBUF_TC_BE, 0 },
	{ "responsive data",	MBUF_SC_RD,	MBUF_TC_BE, 3 },
	{ "administration",	MBUF_SC_OAM,	MBUF_TC_BE, 4 },
	{ "audio and video",	MBUF_SC_AV,	MBUF_TC_VI, 5 },
	{ "responsive video",	MBUF_SC_RV,	MBUF_TC_VI, 6 },
	{ "video",		MBUF_SC_VI,	MBUF_TC_VI, 7 },
	{ "signalling",		MBUF_SC_SIG,	MBUF_TC_VI, 7 },
	{ "voice",		MBUF_SC_VO,	MBUF_TC_VO, 8 },
	{ "control",		MBUF_SC_CTL,	MBUF_TC_VO, 9 },
};

KUNIT_ARRAY_PARAM_DESC(class, class_cases, name);

static void service_class_test(struct kunit *test)
{
	const struct class_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	u32 index = 99;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_service_class(f->m, c->service), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_service_class(f->m), c->service);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class(f->m), c->traffic);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_service_class_index(c->service, &index), 0);
	KUNIT_EXPECT_EQ(test, index, c->index);
	KUNIT_EXPECT_LT(test, index, kpi_mbuf_get_service_class_max_count());
}

static void traffic_class_test(struct kunit *test)
{
	static const u32 indices[] = { 0, 2, 7, 8 };
	struct mbuf_fixture *f = test->priv;
	u32 class, index;

	f->m = mbuf_test_chain(test, "h5");
	for (class = MBUF_TC_BE; class < MBUF_TC_MAX; class++) {
		KUNIT_EXPECT_EQ(test, kpi_mbuf_set_traffic_class(f->m, class), 0);
		KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class(f->m), class);
		KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class_index(class, &index), 0);
		KUNIT_EXPECT_EQ_MSG(test, index, indices[class], "index of its service class");
	}
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class_max_count(), 4);
}

static void classes_that_do_not_exist_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u32 index = 99;

	f->m = mbuf_test_chain(test, "h5");
	f->n = mbuf_test_chain(test, "5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_traffic_class(f->m, 4), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_service_class(f->m, 1), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class_index(4, &index), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_service_class_index(1, &index), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_service_class_index(MBUF_SC_BE, NULL), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class_index(MBUF_TC_BE, NULL), EINVAL);
	KUNIT_EXPECT_EQ(test, index, 99);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_traffic_class(f->n, MBUF_TC_VO), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class(f->n), MBUF_TC_BE);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class(NULL), MBUF_TC_BE);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_service_class(NULL), MBUF_SC_BE);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_is_traffic_class_privileged(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_is_service_class_privileged(f->m), 0);
}

/*
 * What drivers and the stack tell each other
 */

static void driver_values_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	kern_return_t status = 9;
	uintptr_t arg = 9, data = 9;
	u16 flowid = 9;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_status(f->m, &status), 0);
	KUNIT_EXPECT_EQ(test, status, 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_flowid(f->m, &flowid), 0);
	KUNIT_EXPECT_EQ(test, flowid, 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_tx_compl_data(f->m, &arg, &data), 0);
	KUNIT_EXPECT_EQ(test, arg + data, 0);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_status(f->m, -5), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_flowid(f->m, 0xffff), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_tx_compl_data(f->m, ~0UL, 7), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_status(f->m, &status), 0);
	KUNIT_EXPECT_EQ(test, status, -5);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_flowid(f->m, &flowid), 0);
	KUNIT_EXPECT_EQ(test, flowid, 0xffff);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_tx_compl_data(f->m, &arg, &data), 0);
	KUNIT_EXPECT_EQ(test, arg, ~0UL);
	KUNIT_EXPECT_EQ(test, data, 7);
}

static void truth_values_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	boolean_t keepalive, wake;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_keepalive_flag(f->m, true), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_keepalive_flag(f->m, &keepalive), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_wake_packet_flag(f->m, &wake), 0);
	KUNIT_EXPECT_TRUE(test, keepalive);
	KUNIT_EXPECT_FALSE(test, wake);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_keepalive_flag(f->m, false), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_wake_packet_flag(f->m, true), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_keepalive_flag(f->m, &keepalive), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_wake_packet_flag(f->m, &wake), 0);
	KUNIT_EXPECT_FALSE(test, keepalive);
	KUNIT_EXPECT_TRUE(test, wake);
}

static void timestamp_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	boolean_t valid = true;
	u64 ts = 9;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_timestamp(f->m, &ts, &valid), 0);
	KUNIT_EXPECT_FALSE(test, valid);
	KUNIT_EXPECT_EQ(test, ts, 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_timestamp(f->m, ~0ULL, true), 0);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_get_timestamp(f->m, &ts, NULL), 0, "valid may be NULL");
	KUNIT_EXPECT_EQ(test, ts, ~0ULL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_timestamp(f->m, 5, false), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_timestamp(f->m, &ts, &valid), 0);
	KUNIT_EXPECT_FALSE(test, valid);
	KUNIT_EXPECT_EQ(test, ts, 0);
}

static void driver_scratch_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	size_t len = 0;
	u8 *area;

	f->m = mbuf_test_chain(test, "h288");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_get_driver_scratch(f->m, &area, &len), 0);
	KUNIT_EXPECT_EQ(test, len, 16);
	KUNIT_EXPECT_EQ(test, (unsigned long)area % 4, 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(area, 0, 16));
	memset(area, 0xff, len);
	mbuf_test_expect_bytes(test, f->m, "0..287");
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_pkthdr_len(f->m), MHLEN, "a field next to it");
	mbuf_test_expect_sane(test, f->m);
}

static void what_the_stack_has_not_marked_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_pkthdr_aux_flags_t flags = 9;
	mbuf_buffer_status_t status;
	u32 value = 9;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_aux_flags(f->m, &flags), 0);
	KUNIT_EXPECT_EQ(test, flags, 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkt_new_flow(f->m, &value), 0);
	KUNIT_EXPECT_EQ(test, value, 0);
	value = 9;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_last_pkt(f->m, &value), 0);
	KUNIT_EXPECT_EQ(test, value, 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_unsent_data_bytes(f->m, &value), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_buffer_status(f->m, &status), EINVAL);
}

/* Nobody in the KPI sets these; the stack would. */
static void what_the_stack_has_marked_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct kpi_pkthdr_moved *moved;
	mbuf_buffer_status_t status;
	u32 value = 0;

	f->m = mbuf_test_chain(test, "h5");
	moved = &kpi_hdr(f->m)->moved;
	moved->flags |= KPI_PKT_BUF_STATUS | KPI_PKT_NEW_FLOW | KPI_PKT_LAST | KPI_PKT_PRIVILEGED;
	moved->buf_interface = 100;
	moved->buf_sndbuf = 23;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_unsent_data_bytes(f->m, &value), 0);
	KUNIT_EXPECT_EQ(test, value, 123);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_buffer_status(f->m, &status), 0);
	KUNIT_EXPECT_EQ(test, status.buf_interface, 100);
	KUNIT_EXPECT_EQ(test, status.buf_sndbuf, 23);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkt_new_flow(f->m, &value), 0);
	KUNIT_EXPECT_EQ(test, value, 1);
	value = 0;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_last_pkt(f->m, &value), 0);
	KUNIT_EXPECT_EQ(test, value, 1);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_is_traffic_class_privileged(f->m), 1);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_is_service_class_privileged(f->m), 1);
}

/*
 * Completion callbacks
 */

static struct {
	unsigned int calls;
	uintptr_t pktid, arg, data;
	ifnet_t ifp;
	u64 ts;
	kern_return_t status;
} completed;

static void completion(uintptr_t pktid, ifnet_t ifp, u_int64_t ts, uintptr_t arg, uintptr_t data,
		       kern_return_t status)
{
	completed.calls++;
	completed.pktid = pktid;
	completed.ifp = ifp;
	completed.ts = ts;
	completed.arg = arg;
	completed.data = data;
	completed.status = status;
}

static void other_completion(uintptr_t pktid, ifnet_t ifp, u_int64_t ts, uintptr_t arg,
			     uintptr_t data, kern_return_t status)
{
	completed.calls += 100;
}

static void forget_completions(void *unused)
{
	(void)!kpi_mbuf_unregister_tx_compl_callback(completion);
	(void)!kpi_mbuf_unregister_tx_compl_callback(other_completion);
}

static void register_completions(struct kunit *test)
{
	memset(&completed, 0, sizeof(completed));
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, forget_completions, NULL), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_register_tx_compl_callback(completion), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_register_tx_compl_callback(other_completion), 0);
}

static void completion_tells_what_was_set_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	uintptr_t id = 0;

	register_completions(test);
	f->m = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp_requested(f->m, &id, completion), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp(f->m, 999, true), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_status(f->m, 3), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_tx_compl_data(f->m, 7, 8), 0);
	kpi_mbuf_freem(f->m);
	f->m = NULL;

	KUNIT_EXPECT_EQ(test, completed.calls, 1);
	KUNIT_EXPECT_EQ(test, completed.pktid, id);
	KUNIT_EXPECT_NULL(test, completed.ifp);
	KUNIT_EXPECT_EQ(test, completed.ts, 999);
	KUNIT_EXPECT_EQ(test, completed.arg, 7);
	KUNIT_EXPECT_EQ(test, completed.data, 8);
	KUNIT_EXPECT_EQ(test, completed.status, 3);
}

static void packet_ids_differ_between_packets_only_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	uintptr_t first = 0, again = 0, other = 0;

	register_completions(test);
	f->m = mbuf_test_chain(test, "h5");
	f->n = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp_requested(f->m, &first, completion), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp_requested(f->m, &again, other_completion), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp_requested(f->n, &other, completion), 0);
	KUNIT_EXPECT_EQ(test, first, again);
	KUNIT_EXPECT_NE(test, first, other);

	kpi_mbuf_freem(f->m);
	f->m = NULL;
	KUNIT_EXPECT_EQ_MSG(test, completed.calls, 101, "both callbacks of the packet");
}

static void completion_when_the_header_goes_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	uintptr_t id;

	register_completions(test);
	f->m = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp_requested(f->m, &id, completion), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setflags_mask(f->m, 0, MBUF_PKTHDR), 0);
	KUNIT_EXPECT_EQ(test, completed.calls, 1);
	kpi_mbuf_freem(f->m);
	f->m = NULL;
	KUNIT_EXPECT_EQ(test, completed.calls, 1);
}

static void dup_does_not_ask_for_completion_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	boolean_t requested = true;
	uintptr_t id;

	register_completions(test);
	f->m = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp_requested(f->m, &id, completion), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_dup(f->m, MBUF_WAITOK, &f->n), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_timestamp_requested(f->n, &requested), 0);
	KUNIT_EXPECT_FALSE(test, requested);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_timestamp_requested(f->m, &requested), 0);
	KUNIT_EXPECT_TRUE(test, requested);
	kpi_mbuf_freem(f->n);
	f->n = NULL;
	KUNIT_EXPECT_EQ(test, completed.calls, 0);
}

/* A packet that there is no memory to send has gone, too. */
static void completion_without_memory_test(struct kunit *test)
{
	mbuf_t m = mbuf_test_chain(test, "h100,3000x");
	uintptr_t id;

	register_completions(test);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp_requested(m, &id, completion), 0);
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_TRUE(test, IS_ERR(kpi_mbuf_to_skb(m, 0, GFP_ATOMIC)));
	kpi_mbuf_fail_nonblocking(false);
	KUNIT_EXPECT_EQ(test, completed.calls, 1);
}

static void unregistered_callback_is_not_called_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	uintptr_t id;

	register_completions(test);
	f->m = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp_requested(f->m, &id, completion), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_unregister_tx_compl_callback(completion), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_unregister_tx_compl_callback(completion), ENOENT);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_timestamp_requested(f->m, &id, completion), ENOENT);
	kpi_mbuf_freem(f->m);
	f->m = NULL;
	KUNIT_EXPECT_EQ(test, completed.calls, 0);
}

/* Nor is another one that has its place. */
static void successor_is_not_called_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	uintptr_t id;

	register_completions(test);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_register_tx_compl_callback(completion), EEXIST);
	f->m = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp_requested(f->m, &id, completion), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_unregister_tx_compl_callback(other_completion), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_unregister_tx_compl_callback(completion), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_register_tx_compl_callback(other_completion), 0);
	kpi_mbuf_freem(f->m);
	f->m = NULL;
	KUNIT_EXPECT_EQ(test, completed.calls, 0);
}

static struct kunit_case header_cases[] = {
	KUNIT_CASE(length_cannot_be_negative_test),
	KUNIT_CASE(length_is_clamped_to_an_int_test),
	KUNIT_CASE(length_of_no_packet_test),
	KUNIT_CASE(lengths_of_lists_test),
	KUNIT_CASE(handles_are_stored_as_they_are_test),
	KUNIT_CASE_PARAM(service_class_test, class_gen_params),
	KUNIT_CASE(traffic_class_test),
	KUNIT_CASE(classes_that_do_not_exist_test),
	KUNIT_CASE(driver_values_test),
	KUNIT_CASE(truth_values_test),
	KUNIT_CASE(timestamp_test),
	KUNIT_CASE(driver_scratch_test),
	KUNIT_CASE(what_the_stack_has_not_marked_test),
	KUNIT_CASE(what_the_stack_has_marked_test),
	KUNIT_CASE(completion_tells_what_was_set_test),
	KUNIT_CASE(packet_ids_differ_between_packets_only_test),
	KUNIT_CASE(completion_when_the_header_goes_test),
	KUNIT_CASE(dup_does_not_ask_for_completion_test),
	KUNIT_CASE(unregistered_callback_is_not_called_test),
	KUNIT_CASE(successor_is_not_called_test),
	KUNIT_CASE(completion_without_memory_test),
	{ }
};

MBUF_TEST_SUITE(header_suite, "mbuf_header", header_cases);
