// SPDX-License-Identifier: GPL-2.0
/*
 * Mistakes of the calling kext: NULL, a freed mbuf, something that is no mbuf, an
 * mbuf without packet header, no place for the result. Each call answers with an
 * errno or a harmless value, counts the mistake and changes nothing.
 */

#include <linux/errno.h>
#include <linux/kasan.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "mbuf_test.h"

/* Places for results. */
static struct results {
	mbuf_t m;
	u8 u8s[2];
	u16 u16s[2];
	u32 u32s[3];
	u64 u64s[2];
	size_t size;
	boolean_t truth;
	uintptr_t words[2];
	void *pointer;
	u8 *area;
	kern_return_t status;
	mbuf_buffer_status_t buffer_status;
	u8 bytes[16];
} r;

/*
 * Calls on one mbuf. What they answer when it is none: EINVAL, or 0 for those
 * that return no errno. Void ones answer 0, too.
 */
#define MBUF_CALLS(CALL)								\
	CALL(data,		0, (long)kpi_mbuf_data(m))				\
	CALL(datastart,		0, (long)kpi_mbuf_datastart(m))				\
	CALL(setdata,		EINVAL, kpi_mbuf_setdata(m, r.bytes, 1))		\
	CALL(align_32,		EINVAL, kpi_mbuf_align_32(m, 4))			\
	CALL(leadingspace,	0, kpi_mbuf_leadingspace(m))				\
	CALL(trailingspace,	0, kpi_mbuf_trailingspace(m))				\
	CALL(maxlen,		0, kpi_mbuf_maxlen(m))					\
	CALL(len,		0, kpi_mbuf_len(m))					\
	CALL(setlen,		0, (kpi_mbuf_setlen(m, 4), 0))				\
	CALL(adjustlen,		EINVAL, kpi_mbuf_adjustlen(m, 1))			\
	CALL(mclhasreference,	0, kpi_mbuf_mclhasreference(m))				\
	CALL(next,		0, (long)kpi_mbuf_next(m))				\
	CALL(setnext,		EINVAL, kpi_mbuf_setnext(m, NULL))			\
	CALL(nextpkt,		0, (long)kpi_mbuf_nextpkt(m))				\
	CALL(setnextpkt,	0, (kpi_mbuf_setnextpkt(m, NULL), 0))			\
	CALL(type,		0, kpi_mbuf_type(m))					\
	CALL(settype,		EINVAL, kpi_mbuf_settype(m, MBUF_TYPE_DATA))		\
	CALL(flags,		0, kpi_mbuf_flags(m))					\
	CALL(setflags,		EINVAL, kpi_mbuf_setflags(m, MBUF_EOR))			\
	CALL(setflags_mask,	EINVAL, kpi_mbuf_setflags_mask(m, MBUF_EOR, MBUF_EOR))	\
	CALL(free,		0, (long)kpi_mbuf_free(m))				\
	CALL(copym,		EINVAL, kpi_mbuf_copym(m, 0, 1, MBUF_WAITOK, &r.m))	\
	CALL(dup,		EINVAL, kpi_mbuf_dup(m, MBUF_WAITOK, &r.m))		\
	CALL(split,		EINVAL, kpi_mbuf_split(m, 1, MBUF_WAITOK, &r.m))	\
	CALL(pulldown,		EINVAL, kpi_mbuf_pulldown(m, &r.size, 1, &r.m))		\
	CALL(copy_pkthdr,	EINVAL, kpi_mbuf_copy_pkthdr(m, m))

/* Calls for packets: the same answers, also for an mbuf without packet header. */
#define PACKET_CALLS(CALL)								\
	CALL(pkthdr_setlen,	0, (kpi_mbuf_pkthdr_setlen(m, 5), 0))			\
	CALL(pkthdr_adjustlen,	0, (kpi_mbuf_pkthdr_adjustlen(m, 5), 0))		\
	CALL(pkthdr_rcvif,	0, (long)kpi_mbuf_pkthdr_rcvif(m))			\
	CALL(pkthdr_setrcvif,	EINVAL, kpi_mbuf_pkthdr_setrcvif(m, NULL))		\
	CALL(pkthdr_header,	0, (long)kpi_mbuf_pkthdr_header(m))			\
	CALL(pkthdr_setheader,	0, (kpi_mbuf_pkthdr_setheader(m, &r), 0))		\
	CALL(inbound_modified,	0, (kpi_mbuf_inbound_modified(m), 0))			\
	CALL(outbound_finalize, 0, (kpi_mbuf_outbound_finalize(m, PF_INET, 0), 0))	\
	CALL(set_vlan_tag,	EINVAL, kpi_mbuf_set_vlan_tag(m, 1))			\
	CALL(get_vlan_tag,	EINVAL, kpi_mbuf_get_vlan_tag(m, r.u16s))		\
	CALL(clear_vlan_tag,	EINVAL, kpi_mbuf_clear_vlan_tag(m))			\
	CALL(set_csum_req,	EINVAL, kpi_mbuf_set_csum_requested(m, 1, 0))		\
	CALL(get_csum_req,	EINVAL, kpi_mbuf_get_csum_requested(m, r.u32s, r.u32s + 1)) \
	CALL(clear_csum_req,	EINVAL, kpi_mbuf_clear_csum_requested(m))		\
	CALL(set_csum_done,	EINVAL, kpi_mbuf_set_csum_performed(m, 0x100, 0))	\
	CALL(get_csum_done,	EINVAL, kpi_mbuf_get_csum_performed(m, r.u32s, r.u32s + 1)) \
	CALL(clear_csum_done,	EINVAL, kpi_mbuf_clear_csum_performed(m))

/* The same; that it is no packet is an answer they give, not a mistake they count. */
#define ANY_CALLS(CALL)									\
	CALL(pkthdr_len,	0, kpi_mbuf_pkthdr_len(m))				\
	CALL(get_tso,		EINVAL, kpi_mbuf_get_tso_requested(m, r.u32s, r.u32s + 1)) \
	CALL(get_gso,		EINVAL, kpi_mbuf_get_gso_info(m, r.u8s, r.u16s, r.u16s + 1)) \
	CALL(set_gso,		EINVAL, kpi_mbuf_set_gso_info(m, MBUF_GSO_TYPE_IPV4, 9, 9)) \
	CALL(get_lro,		EINVAL, kpi_mbuf_get_lro_info(m, r.u8s, r.u8s + 1))	\
	CALL(set_lro,		EINVAL, kpi_mbuf_set_lro_info(m, 2, 0))			\
	CALL(inet_cksum,	EINVAL, kpi_mbuf_inet_cksum(m, 0, 0, 1, r.u16s))	\
	CALL(inet6_cksum,	EINVAL, kpi_mbuf_inet6_cksum(m, 0, 0, 1, r.u16s))	\
	CALL(tag_allocate,	EINVAL, kpi_mbuf_tag_allocate(m, id, 1, 8, MBUF_WAITOK, &r.pointer)) \
	CALL(tag_find,		EINVAL, kpi_mbuf_tag_find(m, id, 1, &r.size, &r.pointer)) \
	CALL(tag_free,		0, (kpi_mbuf_tag_free(m, id, 1), 0))			\
	CALL(add_drvaux,	EINVAL, kpi_mbuf_add_drvaux(m, MBUF_WAITOK, 1, 1, 8, &r.pointer)) \
	CALL(find_drvaux,	EINVAL, kpi_mbuf_find_drvaux(m, NULL, NULL, NULL, &r.pointer)) \
	CALL(del_drvaux,	0, (kpi_mbuf_del_drvaux(m), 0))				\
	CALL(get_tc,		0, kpi_mbuf_get_traffic_class(m))			\
	CALL(set_tc,		EINVAL, kpi_mbuf_set_traffic_class(m, MBUF_TC_VO))	\
	CALL(tc_privileged,	0, kpi_mbuf_is_traffic_class_privileged(m))		\
	CALL(get_sc,		0, kpi_mbuf_get_service_class(m))			\
	CALL(set_sc,		EINVAL, kpi_mbuf_set_service_class(m, MBUF_SC_VO))	\
	CALL(sc_privileged,	0, kpi_mbuf_is_service_class_privileged(m))		\
	CALL(aux_flags,		EINVAL, kpi_mbuf_pkthdr_aux_flags(m, r.u32s))		\
	CALL(scratch,		EINVAL, kpi_mbuf_get_driver_scratch(m, &r.area, &r.size)) \
	CALL(unsent,		EINVAL, kpi_mbuf_get_unsent_data_bytes(m, r.u32s))	\
	CALL(buffer_status,	EINVAL, kpi_mbuf_get_buffer_status(m, &r.buffer_status)) \
	CALL(new_flow,		EINVAL, kpi_mbuf_pkt_new_flow(m, r.u32s))		\
	CALL(last_pkt,		EINVAL, kpi_mbuf_last_pkt(m, r.u32s))			\
	CALL(get_timestamp,	EINVAL, kpi_mbuf_get_timestamp(m, r.u64s, &r.truth))	\
	CALL(set_timestamp,	EINVAL, kpi_mbuf_set_timestamp(m, 1, true))		\
	CALL(get_ts_wanted,	EINVAL, kpi_mbuf_get_timestamp_requested(m, &r.truth))	\
	CALL(set_ts_wanted,	EINVAL, kpi_mbuf_set_timestamp_requested(m, r.words, NULL)) \
	CALL(get_status,	EINVAL, kpi_mbuf_get_status(m, &r.status))		\
	CALL(set_status,	EINVAL, kpi_mbuf_set_status(m, 1))			\
	CALL(get_compl_data,	EINVAL, kpi_mbuf_get_tx_compl_data(m, r.words, r.words + 1)) \
	CALL(set_compl_data,	EINVAL, kpi_mbuf_set_tx_compl_data(m, 1, 2))		\
	CALL(get_flowid,	EINVAL, kpi_mbuf_get_flowid(m, r.u16s))			\
	CALL(set_flowid,	EINVAL, kpi_mbuf_set_flowid(m, 1))			\
	CALL(get_keepalive,	EINVAL, kpi_mbuf_get_keepalive_flag(m, &r.truth))	\
	CALL(set_keepalive,	EINVAL, kpi_mbuf_set_keepalive_flag(m, true))		\
	CALL(get_wake,		EINVAL, kpi_mbuf_get_wake_packet_flag(m, &r.truth))	\
	CALL(set_wake,		EINVAL, kpi_mbuf_set_wake_packet_flag(m, true))

/* NULL is as good as any other mbuf to these. */
#define NULL_CALLS(CALL)								\
	CALL(freem,		0, (kpi_mbuf_freem(m), 0))				\
	CALL(freem_list,	0, kpi_mbuf_freem_list(m))				\
	CALL(adj,		0, (kpi_mbuf_adj(m, 5), 0))				\
	CALL(copydata,		EINVAL, kpi_mbuf_copydata(m, 0, 4, r.bytes))		\
	CALL(copyback,		EINVAL, kpi_mbuf_copyback(m, 0, 4, r.bytes, MBUF_WAITOK))

#define CALL_FUNCTION(name, want, call)							\
	static long call_##name(mbuf_t m, mbuf_tag_id_t id) { return call; }

MBUF_CALLS(CALL_FUNCTION)
PACKET_CALLS(CALL_FUNCTION)
ANY_CALLS(CALL_FUNCTION)
NULL_CALLS(CALL_FUNCTION)

struct call_case {
	const char *name;
	long want;
	long (*call)(mbuf_t m, mbuf_tag_id_t id);
};

#define CALL_ENTRY(name, want, call)	{ #name, want, call_##name },

static const struct call_case mbuf_calls[] = { MBUF_CALLS(CALL_ENTRY) };
static const struct call_case packet_calls[] = { PACKET_CALLS(CALL_ENTRY) };
static const struct call_case any_calls[] = { ANY_CALLS(CALL_ENTRY) };
static const struct call_case null_calls[] = { NULL_CALLS(CALL_ENTRY) };
static const struct call_case all_calls[] = {
	MBUF_CALLS(CALL_ENTRY) PACKET_CALLS(CALL_ENTRY) ANY_CALLS(CALL_ENTRY)
	NULL_CALLS(CALL_ENTRY)
};

KUNIT_ARRAY_PARAM_DESC(mbuf_call, mbuf_calls, name);
KUNIT_ARRAY_PARAM_DESC(packet_call, packet_calls, name);
KUNIT_ARRAY_PARAM_DESC(any_call, any_calls, name);
KUNIT_ARRAY_PARAM_DESC(null_call, null_calls, name);
KUNIT_ARRAY_PARAM_DESC(call, all_calls, name);

/* The answer, and that nothing came into being. */
static void expect_refused(struct kunit *test, mbuf_t m)
{
	const struct call_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	mbuf_tag_id_t id = mbuf_test_tag_id(test);

	memset(&r, 0, sizeof(r));
	f->misuses = kpi_misuse_count();
	KUNIT_EXPECT_EQ(test, c->call(m, id), c->want);
	KUNIT_EXPECT_NULL(test, r.m);
	KUNIT_EXPECT_NULL(test, r.pointer);
}

static void null_is_a_mistake_test(struct kunit *test)
{
	expect_refused(test, NULL);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
}

static void null_is_answered_test(struct kunit *test)
{
	expect_refused(test, NULL);
	KUNIT_EXPECT_LE_MSG(test, mbuf_test_misuses(test), 1, "mistakes");
}

static void null_is_as_good_as_any_test(struct kunit *test)
{
	expect_refused(test, NULL);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);
}

static void no_packet_is_a_mistake_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "100");
	expect_refused(test, f->m);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	mbuf_test_expect_shape(test, f->m, "100");
	mbuf_test_expect_bytes(test, f->m, "0..99");
}

static void no_packet_is_answered_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "100");
	expect_refused(test, f->m);
	mbuf_test_expect_shape(test, f->m, "100");
	mbuf_test_expect_bytes(test, f->m, "0..99");
}

/*
 * Debug builds look before they touch, and report the kext that made the call.
 * Looking at freed memory is what KASAN reports, too; here that is no news.
 */

static void skip_unless_debug(struct kunit *test)
{
	if (!KPI_MBUF_DEBUG)
		kunit_skip(test, "not a debug build");
}

static void a_freed_mbuf_is_noticed_test(struct kunit *test)
{
	mbuf_t m;

	skip_unless_debug(test);
	m = mbuf_test_chain(test, "h5");
	kpi_mbuf_freem(m);
	kasan_disable_current();
	expect_refused(test, m);
	kasan_enable_current();
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
}

static void what_is_no_mbuf_is_noticed_test(struct kunit *test)
{
	void *memory = kunit_kzalloc(test, sizeof(struct sk_buff), GFP_KERNEL);

	skip_unless_debug(test);
	KUNIT_ASSERT_NOT_NULL(test, memory);
	expect_refused(test, memory);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
}

static void a_second_free_is_noticed_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t m;

	skip_unless_debug(test);
	m = mbuf_test_chain(test, "h5x");
	KUNIT_EXPECT_NULL(test, kpi_mbuf_free(m));
	kasan_disable_current();
	KUNIT_EXPECT_NULL(test, kpi_mbuf_free(m));
	kasan_enable_current();
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	KUNIT_EXPECT_EQ_MSG(test, f->buffer[0].freed, 1, "its buffer");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().mbufs, f->before.mbufs);
}

static void a_freed_mbuf_in_a_chain_is_noticed_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t second;

	skip_unless_debug(test);
	f->m = mbuf_test_chain(test, "h5,3,2");
	second = kpi_mbuf_next(f->m);
	f->n = kpi_mbuf_next(second);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_free(second), f->n);
	kasan_disable_current();
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "the checker sees it");
	kasan_enable_current();
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setnext(f->m, NULL), 0);
	mbuf_test_expect_sane(test, f->m);
}

/*
 * No place for the result
 */

#define PLACE_CALLS(CALL)								\
	CALL(get,		kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, NULL))	\
	CALL(gethdr,		kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, NULL))	\
	CALL(getpacket,		kpi_mbuf_getpacket(MBUF_WAITOK, NULL))			\
	CALL(mclget,		kpi_mbuf_mclget(MBUF_WAITOK, MBUF_TYPE_DATA, NULL))	\
	CALL(getcluster,	kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, 2048, NULL)) \
	CALL(allocpacket,	kpi_mbuf_allocpacket(MBUF_WAITOK, 100, NULL, NULL))	\
	CALL(allocpacket_list,	kpi_mbuf_allocpacket_list(2, MBUF_WAITOK, 100, NULL, NULL)) \
	CALL(copym,		kpi_mbuf_copym(m, 0, 5, MBUF_WAITOK, NULL))		\
	CALL(dup,		kpi_mbuf_dup(m, MBUF_WAITOK, NULL))			\
	CALL(split,		kpi_mbuf_split(m, 3, MBUF_WAITOK, NULL))		\
	CALL(prepend,		kpi_mbuf_prepend(NULL, 4, MBUF_WAITOK))			\
	CALL(pullup,		kpi_mbuf_pullup(NULL, 4))				\
	CALL(pulldown_at,	kpi_mbuf_pulldown(m, &r.size, 2, NULL))			\
	CALL(pulldown_off,	kpi_mbuf_pulldown(m, NULL, 2, &r.m))			\
	CALL(vlan,		kpi_mbuf_get_vlan_tag(m, NULL))				\
	CALL(csum_requested,	kpi_mbuf_get_csum_requested(m, NULL, r.u32s))		\
	CALL(csum_performed_1,	kpi_mbuf_get_csum_performed(m, NULL, r.u32s))		\
	CALL(csum_performed_2,	kpi_mbuf_get_csum_performed(m, r.u32s, NULL))		\
	CALL(tso_1,		kpi_mbuf_get_tso_requested(m, NULL, r.u32s))		\
	CALL(tso_2,		kpi_mbuf_get_tso_requested(m, r.u32s, NULL))		\
	CALL(inet_cksum,	kpi_mbuf_inet_cksum(m, 0, 0, 5, NULL))			\
	CALL(inet6_cksum,	kpi_mbuf_inet6_cksum(m, 0, 0, 5, NULL))			\
	CALL(ts_requested,	kpi_mbuf_get_timestamp_requested(m, NULL))

#define PLACE_FUNCTION(name, call)							\
	static errno_t place_##name(mbuf_t m) { return call; }

PLACE_CALLS(PLACE_FUNCTION)

#define PLACE_ENTRY(name, call)	{ #name, place_##name },

static const struct place_case {
	const char *name;
	errno_t (*call)(mbuf_t m);
} place_cases[] = { PLACE_CALLS(PLACE_ENTRY) };

KUNIT_ARRAY_PARAM_DESC(place, place_cases, name);

/* pulldown frees the chain whatever is wrong. */
static void no_place_for_the_result_test(struct kunit *test)
{
	const struct place_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;

	memset(&r, 0, sizeof(r));
	f->m = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_vlan_tag(f->m, 5), 0);
	KUNIT_EXPECT_EQ(test, c->call(f->m), EINVAL);
	if (strstarts(c->name, "pulldown"))
		f->m = NULL;
	else
		mbuf_test_expect_bytes(test, f->m, "0..4");
}

static void no_place_for_statistics_test(struct kunit *test)
{
	kpi_mbuf_stats(NULL);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
}

/*
 * Odd mixtures
 */

static void a_null_packet_cannot_be_prepended_to_test(struct kunit *test)
{
	mbuf_t none = NULL;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_prepend(&none, 4, MBUF_WAITOK), EINVAL);
	KUNIT_EXPECT_NULL(test, none);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pullup(&none, 4), EINVAL);
	KUNIT_EXPECT_NULL(test, none);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 2);
}

static void memory_that_is_no_cluster_is_left_alone_test(struct kunit *test)
{
	char *memory = kunit_kzalloc(test, 2048, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, memory);
	kpi_mbuf_freecluster(memory, 2048);
	kpi_mbuf_freecluster(NULL, 2048);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 2);
	KUNIT_EXPECT_NULL(test, memchr_inv(memory, 0, 2048));
}

static void a_cluster_of_another_size_is_freed_all_the_same_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	size_t size = 4096;
	char *addr;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_alloccluster(MBUF_WAITOK, &size, &addr), 0);
	kpi_mbuf_freecluster(addr, 1000);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().clusters, f->before.clusters);
}

/* A cluster that an mbuf has is not the caller's to free. */
static void an_attached_cluster_is_not_the_callers_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h100c@10");
	kpi_mbuf_freecluster(kpi_mbuf_data(f->m), 2048);
	KUNIT_EXPECT_EQ_MSG(test, mbuf_test_misuses(test), 1, "an address inside of a cluster");
	kpi_mbuf_freecluster(kpi_mbuf_datastart(f->m), 2048);
	KUNIT_EXPECT_EQ_MSG(test, mbuf_test_misuses(test), 1, "the cluster itself");
	mbuf_test_expect_bytes(test, f->m, "0..99");
	mbuf_test_expect_sane(test, f->m);
}

/* The checker itself. */
static void the_checker_sees_a_ring_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t second;

	f->m = mbuf_test_chain(test, "h5,3");
	second = kpi_mbuf_next(f->m);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setnext(second, f->m), 0);
	KUNIT_EXPECT_NOT_NULL(test, kpi_mbuf_check(f->m));
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setnext(second, NULL), 0);
	mbuf_test_expect_sane(test, f->m);

	kpi_mbuf_setnextpkt(f->m, f->m);
	KUNIT_EXPECT_NOT_NULL(test, kpi_mbuf_check(f->m));
	kpi_mbuf_setnextpkt(f->m, NULL);
}

static void the_checker_sees_a_damaged_mbuf_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct kpi_mcb *mcb, good;

	f->m = mbuf_test_chain(test, "h5,100c");
	mcb = kpi_mcb(kpi_mbuf_next(f->m));
	good = *mcb;

	mcb->len = 5000;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "length");
	*mcb = good;
	mcb->data = good.start - 1;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "data pointer");
	*mcb = good;
	mcb->store = NULL;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "storage");
	*mcb = good;
	mcb->flags |= 0x8000;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "flags");
	*mcb = good;
	mcb->flags &= ~MBUF_EXT;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "MBUF_EXT");
	*mcb = good;
	mcb->type = MBUF_TYPE_FREE;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "type");
	*mcb = good;
	mbuf_test_expect_sane(test, f->m);
	KUNIT_EXPECT_NULL(test, kpi_mbuf_check(NULL));
}

static struct kunit_case misuse_cases[] = {
	KUNIT_CASE_PARAM(null_is_a_mistake_test, mbuf_call_gen_params),
	KUNIT_CASE_PARAM(null_is_a_mistake_test, packet_call_gen_params),
	KUNIT_CASE_PARAM(null_is_answered_test, any_call_gen_params),
	KUNIT_CASE_PARAM(null_is_as_good_as_any_test, null_call_gen_params),
	KUNIT_CASE_PARAM(no_packet_is_a_mistake_test, packet_call_gen_params),
	KUNIT_CASE_PARAM(no_packet_is_answered_test, any_call_gen_params),
	KUNIT_CASE_PARAM(a_freed_mbuf_is_noticed_test, call_gen_params),
	KUNIT_CASE_PARAM(what_is_no_mbuf_is_noticed_test, call_gen_params),
	KUNIT_CASE(a_second_free_is_noticed_test),
	KUNIT_CASE(a_freed_mbuf_in_a_chain_is_noticed_test),
	KUNIT_CASE_PARAM(no_place_for_the_result_test, place_gen_params),
	KUNIT_CASE(no_place_for_statistics_test),
	KUNIT_CASE(a_null_packet_cannot_be_prepended_to_test),
	KUNIT_CASE(memory_that_is_no_cluster_is_left_alone_test),
	KUNIT_CASE(a_cluster_of_another_size_is_freed_all_the_same_test),
	KUNIT_CASE(an_attached_cluster_is_not_the_callers_test),
	KUNIT_CASE(the_checker_sees_a_ring_test),
	KUNIT_CASE(the_checker_sees_a_damaged_mbuf_test),
	{ }
};

MBUF_TEST_SUITE(misuse_suite, "mbuf_misuse", misuse_cases);
