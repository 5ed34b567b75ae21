// SPDX-License-Identifier: GPL-2.0
/* Calls of the vectors: the private part of the KPI, and the traffic classes. */

#include <linux/kernel.h>
#include <linux/string.h>

#include "vector.h"

static mbuf_t packet(struct vector_run *run, const struct vector_arg *a)
{
	return run->slot[a[0].num];
}

/* The trailing word says which out pointer is NULL: "null" the first, "2", "3". */
static bool nulled(const struct vector_arg *word, int which)
{
	static const char * const names[] = { "null", "2", "3" };

	return !strcmp(word->text, names[which - 1]);
}

/*
 * Traffic and service classes
 */

static void call_set_traffic_class(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_set_traffic_class(packet(run, a), a[1].num));
}

static void call_get_traffic_class(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, "%u", kpi_mbuf_get_traffic_class(packet(run, a)));
}

static void call_is_traffic_class_privileged(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, "%d", kpi_mbuf_is_traffic_class_privileged(packet(run, a)));
}

static void call_get_traffic_class_max_count(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, "%u", kpi_mbuf_get_traffic_class_max_count());
}

static void call_get_traffic_class_index(struct vector_run *run, const struct vector_arg *a)
{
	u32 index = 0;
	errno_t err;

	err = kpi_mbuf_get_traffic_class_index(a[0].num, nulled(&a[1], 1) ? NULL : &index);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " index=%u", index);
}

static void call_set_service_class(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_set_service_class(packet(run, a), a[1].num));
}

static void call_get_service_class(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, "%x", kpi_mbuf_get_service_class(packet(run, a)));
}

static void call_get_service_class_max_count(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, "%u", kpi_mbuf_get_service_class_max_count());
}

static void call_get_service_class_index(struct vector_run *run, const struct vector_arg *a)
{
	u32 index = 0;
	errno_t err;

	err = kpi_mbuf_get_service_class_index(a[0].num, nulled(&a[1], 1) ? NULL : &index);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " index=%u", index);
}

/*
 * Segmentation
 */

static void call_set_gso_info(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_set_gso_info(packet(run, a), a[1].num, a[2].num,
						    a[3].num));
}

static void call_get_gso_info(struct vector_run *run, const struct vector_arg *a)
{
	u16 segment = 0, header = 0;
	mbuf_gso_type_t type = 0;
	errno_t err;

	err = kpi_mbuf_get_gso_info(packet(run, a), nulled(&a[1], 1) ? NULL : &type,
				    nulled(&a[1], 2) ? NULL : &segment,
				    nulled(&a[1], 3) ? NULL : &header);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " type=%u seg=%u hdr=%u", type, segment, header);
}

static void call_set_lro_info(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_set_lro_info(packet(run, a), a[1].num, a[2].num));
}

static void call_get_lro_info(struct vector_run *run, const struct vector_arg *a)
{
	u8 segments = 0, acks = 0;
	errno_t err;

	err = kpi_mbuf_get_lro_info(packet(run, a), nulled(&a[1], 1) ? NULL : &segments,
				    nulled(&a[1], 2) ? NULL : &acks);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " seg=%u dup=%u", segments, acks);
}

/*
 * Driver data
 */

static void call_add_drvaux(struct vector_run *run, const struct vector_arg *a)
{
	void *data = NULL;
	errno_t err;

	err = kpi_mbuf_add_drvaux(packet(run, a), a[1].num, a[2].num, a[3].num, a[4].num,
				  a[5].none ? NULL : &data);
	vector_say_errno(run, err);
	if (err || !data)
		return;
	if (memchr_inv(data, 0, a[4].num))
		vector_say(run, " not zeroed");
	vector_pattern(a[5].num, 0, data, a[4].num);
}

/* "2": all pointers that may be NULL are. */
static void call_find_drvaux(struct vector_run *run, const struct vector_arg *a)
{
	bool few = nulled(&a[1], 2);
	u32 family = 0, subfamily = 0, len = 0;
	void *data = NULL;
	errno_t err;

	err = kpi_mbuf_find_drvaux(packet(run, a), few ? NULL : &family, few ? NULL : &subfamily,
				   few ? NULL : &len, nulled(&a[1], 1) ? NULL : &data);
	vector_say_errno(run, err);
	if (!err && !few)
		vector_say(run, " family=%u subfamily=%u len=%u hash=%08x", family, subfamily,
			   len, vector_hash(data, len));
}

static void call_del_drvaux(struct vector_run *run, const struct vector_arg *a)
{
	kpi_mbuf_del_drvaux(packet(run, a));
	vector_say(run, "void");
}

/* The scratch area: *area NULL after an error. */
static u8 *scratch(struct vector_run *run, const struct vector_arg *a, const char *word,
		   size_t *len)
{
	u8 *area = NULL;
	errno_t err;

	*len = 0;
	err = kpi_mbuf_get_driver_scratch(packet(run, a), strcmp(word, "null") ? &area : NULL,
					  strcmp(word, "nolen") ? len : NULL);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " len=%zu", *len);
	return err ? NULL : area;
}

static void call_scratch_fill(struct vector_run *run, const struct vector_arg *a)
{
	size_t len;
	u8 *area = scratch(run, a, "", &len);

	if (area)
		vector_pattern(a[1].num, 0, area, len);
}

static void call_scratch_hash(struct vector_run *run, const struct vector_arg *a)
{
	size_t len;
	u8 *area = scratch(run, a, a[1].text, &len);

	if (area)
		vector_say(run, " hash=%08x", vector_hash(area, len));
}

/*
 * Small values
 */

static void call_pkthdr_aux_flags(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_pkthdr_aux_flags_t flags = 0;
	errno_t err;

	err = kpi_mbuf_pkthdr_aux_flags(packet(run, a), nulled(&a[1], 1) ? NULL : &flags);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " flags=%x", flags);
}

static void call_get_buffer_status(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_buffer_status_t status = { };
	errno_t err;

	err = kpi_mbuf_get_buffer_status(packet(run, a), nulled(&a[1], 1) ? NULL : &status);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " interface=%d sndbuf=%d", status.buf_interface,
			   status.buf_sndbuf);
}

/* Getters of one value, and how it is written. */
#define GETTER(name, type, format)						\
static void call_##name(struct vector_run *run, const struct vector_arg *a)	\
{										\
	type value = 0;								\
	errno_t err;								\
										\
	err = kpi_mbuf_##name(packet(run, a), nulled(&a[1], 1) ? NULL : &value);\
	vector_say_errno(run, err);						\
	if (!err)								\
		vector_say(run, " value=" format, value);			\
}

GETTER(get_unsent_data_bytes, u_int32_t, "%u")
GETTER(pkt_new_flow, u_int32_t, "%u")
GETTER(last_pkt, u_int32_t, "%u")
GETTER(get_status, kern_return_t, "%d")
GETTER(get_flowid, u_int16_t, "%u")

/* Truth values: any bit may stand for true. */
#define FLAG_GETTER(name)							\
static void call_##name(struct vector_run *run, const struct vector_arg *a)	\
{										\
	boolean_t value = 0;							\
	errno_t err;								\
										\
	err = kpi_mbuf_##name(packet(run, a), nulled(&a[1], 1) ? NULL : &value);\
	vector_say_errno(run, err);						\
	if (!err)								\
		vector_say(run, " value=%d", !!value);				\
}

FLAG_GETTER(get_keepalive_flag)
FLAG_GETTER(get_wake_packet_flag)
FLAG_GETTER(get_timestamp_requested)

#define SETTER(name)								\
static void call_##name(struct vector_run *run, const struct vector_arg *a)	\
{										\
	vector_say_errno(run, kpi_mbuf_##name(packet(run, a), a[1].num));	\
}

SETTER(set_status)
SETTER(set_flowid)
SETTER(set_keepalive_flag)
SETTER(set_wake_packet_flag)

/*
 * Time stamps and completion
 */

static void call_set_timestamp(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_set_timestamp(packet(run, a), a[1].num, a[2].num));
}

static void call_get_timestamp(struct vector_run *run, const struct vector_arg *a)
{
	boolean_t valid = 0;
	u64 ts = 0;
	errno_t err;

	err = kpi_mbuf_get_timestamp(packet(run, a), nulled(&a[1], 1) ? NULL : &ts,
				     nulled(&a[1], 2) ? NULL : &valid);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " ts=%llu valid=%d", ts, !!valid);
}

static void call_set_tx_compl_data(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_set_tx_compl_data(packet(run, a), a[1].num, a[2].num));
}

static void call_get_tx_compl_data(struct vector_run *run, const struct vector_arg *a)
{
	uintptr_t arg = 0, data = 0;
	errno_t err;

	err = kpi_mbuf_get_tx_compl_data(packet(run, a), nulled(&a[1], 1) ? NULL : &arg,
					 nulled(&a[1], 2) ? NULL : &data);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " arg=%lu data=%lu", arg, data);
}

static void call_register_tx_compl_callback(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_register_tx_compl_callback(vector_callback(&a[0])));
}

static void call_unregister_tx_compl_callback(struct vector_run *run,
					      const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_unregister_tx_compl_callback(vector_callback(&a[0])));
}

static void call_set_timestamp_requested(struct vector_run *run, const struct vector_arg *a)
{
	uintptr_t id = 0;

	vector_say_errno(run, kpi_mbuf_set_timestamp_requested(packet(run, a),
							       nulled(&a[2], 1) ? NULL : &id,
							       vector_callback(&a[1])));
}

const struct vector_call vector_calls_private[] = {
	{ "set_traffic_class",			"Sn",	call_set_traffic_class },
	{ "get_traffic_class",			"S",	call_get_traffic_class },
	{ "is_traffic_class_privileged",	"S",	call_is_traffic_class_privileged },
	{ "get_traffic_class_max_count",	"",	call_get_traffic_class_max_count },
	{ "get_traffic_class_index",		"n|w",	call_get_traffic_class_index },
	{ "set_service_class",			"Sx",	call_set_service_class },
	{ "get_service_class",			"S",	call_get_service_class },
	{ "get_service_class_max_count",	"",	call_get_service_class_max_count },
	{ "get_service_class_index",		"x|w",	call_get_service_class_index },
	{ "set_gso_info",			"Snnn",	call_set_gso_info },
	{ "get_gso_info",			"S|w",	call_get_gso_info },
	{ "set_lro_info",			"Snn",	call_set_lro_info },
	{ "get_lro_info",			"S|w",	call_get_lro_info },
	{ "add_drvaux",				"Shnnnn", call_add_drvaux },
	{ "find_drvaux",			"S|w",	call_find_drvaux },
	{ "del_drvaux",				"S",	call_del_drvaux },
	{ "scratch_fill",			"Sn",	call_scratch_fill },
	{ "scratch_hash",			"S|w",	call_scratch_hash },
	{ "pkthdr_aux_flags",			"S|w",	call_pkthdr_aux_flags },
	{ "get_unsent_data_bytes",		"S|w",	call_get_unsent_data_bytes },
	{ "get_buffer_status",			"S|w",	call_get_buffer_status },
	{ "pkt_new_flow",			"S|w",	call_pkt_new_flow },
	{ "last_pkt",				"S|w",	call_last_pkt },
	{ "set_timestamp",			"Snn",	call_set_timestamp },
	{ "get_timestamp",			"S|w",	call_get_timestamp },
	{ "set_status",				"Sn",	call_set_status },
	{ "get_status",				"S|w",	call_get_status },
	{ "set_flowid",				"Sn",	call_set_flowid },
	{ "get_flowid",				"S|w",	call_get_flowid },
	{ "set_tx_compl_data",			"Snn",	call_set_tx_compl_data },
	{ "get_tx_compl_data",			"S|w",	call_get_tx_compl_data },
	{ "set_keepalive_flag",			"Sn",	call_set_keepalive_flag },
	{ "get_keepalive_flag",			"S|w",	call_get_keepalive_flag },
	{ "set_wake_packet_flag",		"Sn",	call_set_wake_packet_flag },
	{ "get_wake_packet_flag",		"S|w",	call_get_wake_packet_flag },
	{ "register_tx_compl_callback",		"F",	call_register_tx_compl_callback },
	{ "unregister_tx_compl_callback",	"F",	call_unregister_tx_compl_callback },
	{ "set_timestamp_requested",		"SF|w",	call_set_timestamp_requested },
	{ "get_timestamp_requested",		"S|w",	call_get_timestamp_requested },
	{ }
};
