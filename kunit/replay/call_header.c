// SPDX-License-Identifier: GPL-2.0
/* Calls of the vectors: packet header, checksums, VLAN, tags. */

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "vector.h"

static mbuf_t packet(struct vector_run *run, const struct vector_arg *a)
{
	return run->slot[a[0].num];
}

static void say_void(struct vector_run *run)
{
	vector_say(run, "void");
}

static void call_copy_pkthdr(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_copy_pkthdr(packet(run, a), run->slot[a[1].num]));
}

static void call_pkthdr_len(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, "%zu", kpi_mbuf_pkthdr_len(packet(run, a)));
}

static void call_pkthdr_setlen(struct vector_run *run, const struct vector_arg *a)
{
	kpi_mbuf_pkthdr_setlen(packet(run, a), a[1].num);
	say_void(run);
}

static void call_pkthdr_adjustlen(struct vector_run *run, const struct vector_arg *a)
{
	kpi_mbuf_pkthdr_adjustlen(packet(run, a), a[1].num);
	say_void(run);
}

static void call_pkthdr_setrcvif(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_pkthdr_setrcvif(packet(run, a), vector_rcvif(&a[1])));
}

/* A handle as the files write it: "-" or its letter and number. */
static void say_handle(struct vector_run *run, char letter, int number)
{
	if (number < 0)
		vector_say(run, "-");
	else
		vector_say(run, "%c%d", letter, number);
}

static void call_pkthdr_rcvif(struct vector_run *run, const struct vector_arg *a)
{
	say_handle(run, 'r', vector_rcvif_number(kpi_mbuf_pkthdr_rcvif(packet(run, a))));
}

static void call_pkthdr_setheader(struct vector_run *run, const struct vector_arg *a)
{
	kpi_mbuf_pkthdr_setheader(packet(run, a), vector_header(&a[1]));
	say_void(run);
}

static void call_pkthdr_header(struct vector_run *run, const struct vector_arg *a)
{
	say_handle(run, 'h', vector_header_number(kpi_mbuf_pkthdr_header(packet(run, a))));
}

/*
 * VLAN, checksums, segmentation
 */

static void call_set_vlan_tag(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_set_vlan_tag(packet(run, a), a[1].num));
}

static void call_get_vlan_tag(struct vector_run *run, const struct vector_arg *a)
{
	u16 vlan = 0;
	errno_t err = kpi_mbuf_get_vlan_tag(packet(run, a), &vlan);

	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " vlan=%u", vlan);
}

static void call_clear_vlan_tag(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_clear_vlan_tag(packet(run, a)));
}

static void call_set_csum_requested(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_set_csum_requested(packet(run, a), a[1].num, a[2].num));
}

static void call_get_csum_requested(struct vector_run *run, const struct vector_arg *a)
{
	bool null_value = *a[1].text;
	u32 flags = 0, value = 0;
	errno_t err;

	err = kpi_mbuf_get_csum_requested(packet(run, a), &flags, null_value ? NULL : &value);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " flags=%x", flags);
	if (!err && !null_value)
		vector_say(run, " value=%u", value);
}

static void call_clear_csum_requested(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_clear_csum_requested(packet(run, a)));
}

static void call_set_csum_performed(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_set_csum_performed(packet(run, a), a[1].num, a[2].num));
}

static void call_get_csum_performed(struct vector_run *run, const struct vector_arg *a)
{
	u32 flags = 0, value = 0;
	errno_t err = kpi_mbuf_get_csum_performed(packet(run, a), &flags, &value);

	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " flags=%x value=%u", flags, value);
}

static void call_clear_csum_performed(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_clear_csum_performed(packet(run, a)));
}

static void call_get_tso_requested(struct vector_run *run, const struct vector_arg *a)
{
	bool null_flags = !strcmp(a[1].text, "null"), null_mss = !strcmp(a[1].text, "nomss");
	u32 flags = 0, mss = 0;
	errno_t err;

	err = kpi_mbuf_get_tso_requested(packet(run, a), null_flags ? NULL : &flags,
					 null_mss ? NULL : &mss);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " flags=%x", flags);
	if (!err && flags)
		vector_say(run, " mss=%u", mss);
}

static void call_inbound_modified(struct vector_run *run, const struct vector_arg *a)
{
	kpi_mbuf_inbound_modified(packet(run, a));
	say_void(run);
}

static void call_outbound_finalize(struct vector_run *run, const struct vector_arg *a)
{
	kpi_mbuf_outbound_finalize(packet(run, a), a[1].num, a[2].num);
	say_void(run);
}

typedef errno_t cksum_func(mbuf_t mbuf, int protocol, u_int32_t offset, u_int32_t length,
			   u_int16_t *csum);

static void cksum(struct vector_run *run, const struct vector_arg *a, cksum_func *func)
{
	bool null_sum = *a[4].text;
	u16 sum = 0;
	errno_t err;
	u8 bytes[2];

	err = func(packet(run, a), a[1].num, a[2].num, a[3].num, null_sum ? NULL : &sum);
	vector_say_errno(run, err);
	if (err)
		return;
	memcpy(bytes, &sum, sizeof(bytes));
	vector_say(run, " sum=%02x%02x", bytes[0], bytes[1]);
}

static void call_inet_cksum(struct vector_run *run, const struct vector_arg *a)
{
	cksum(run, a, kpi_mbuf_inet_cksum);
}

static void call_inet6_cksum(struct vector_run *run, const struct vector_arg *a)
{
	cksum(run, a, kpi_mbuf_inet6_cksum);
}

/*
 * Tags
 */

/* The string for tag_id_find: *N is N times the letter x. */
static char *tag_string(const struct vector_arg *a)
{
	unsigned int times;
	char *string;

	if (sscanf(a->text, "*%u", &times) != 1)
		return kstrdup(a->text, GFP_KERNEL);
	string = kzalloc(times + 1, GFP_KERNEL);
	if (string)
		memset(string, 'x', times);
	return string;
}

/* An id counts as new if no name of this case has it yet. */
static void say_tag_id(struct vector_run *run, mbuf_tag_id_t id)
{
	int i;

	for (i = 0; i < VECTOR_TAG_IDS; i++)
		if (run->tag_id[i] == id)
			break;
	if (i < VECTOR_TAG_IDS)
		vector_say(run, " id=t%d", i);
	else
		vector_say(run, " id=new");
}

static void call_tag_id_find(struct vector_run *run, const struct vector_arg *a)
{
	char *string = a[1].none ? NULL : tag_string(&a[1]);
	mbuf_tag_id_t id = 0;
	errno_t err;

	err = kpi_mbuf_tag_id_find(string, &id);
	kfree(string);
	vector_say_errno(run, err);
	if (err)
		return;
	say_tag_id(run, id);
	run->tag_id[a[0].num] = id;
}

static mbuf_tag_id_t tag_id(struct vector_run *run, const struct vector_arg *a)
{
	return *a->text == 't' ? run->tag_id[a->num] : a->num;
}

static void call_tag_allocate(struct vector_run *run, const struct vector_arg *a)
{
	size_t len = a[3].num;
	void *data = NULL;
	errno_t err;

	err = kpi_mbuf_tag_allocate(packet(run, a), tag_id(run, &a[1]), a[2].num, len, a[4].num,
				    a[5].none ? NULL : &data);
	vector_say_errno(run, err);
	if (err || !data)
		return;
	vector_say(run, " zero=%d", !memchr_inv(data, 0, len));
	vector_pattern(a[5].num, 0, data, len);
}

static void call_tag_find(struct vector_run *run, const struct vector_arg *a)
{
	bool null_len = !strcmp(a[3].text, "nolen"), null_data = !strcmp(a[3].text, "nodata");
	void *data = NULL;
	size_t len = 0;
	errno_t err;

	err = kpi_mbuf_tag_find(packet(run, a), tag_id(run, &a[1]), a[2].num,
				null_len ? NULL : &len, null_data ? NULL : &data);
	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " len=%zu hash=%08x", len, vector_hash(data, len));
}

static void call_tag_free(struct vector_run *run, const struct vector_arg *a)
{
	kpi_mbuf_tag_free(packet(run, a), tag_id(run, &a[1]), a[2].num);
	say_void(run);
}

const struct vector_call vector_calls_header[] = {
	{ "copy_pkthdr",		"SS",		call_copy_pkthdr },
	{ "pkthdr_len",			"S",		call_pkthdr_len },
	{ "pkthdr_setlen",		"Sn",		call_pkthdr_setlen },
	{ "pkthdr_adjustlen",		"Sn",		call_pkthdr_adjustlen },
	{ "pkthdr_setrcvif",		"SR",		call_pkthdr_setrcvif },
	{ "pkthdr_rcvif",		"S",		call_pkthdr_rcvif },
	{ "pkthdr_setheader",		"SH",		call_pkthdr_setheader },
	{ "pkthdr_header",		"S",		call_pkthdr_header },
	{ "set_vlan_tag",		"Sn",		call_set_vlan_tag },
	{ "get_vlan_tag",		"S",		call_get_vlan_tag },
	{ "clear_vlan_tag",		"S",		call_clear_vlan_tag },
	{ "set_csum_requested",		"Sxn",		call_set_csum_requested },
	{ "get_csum_requested",		"S|w",		call_get_csum_requested },
	{ "clear_csum_requested",	"S",		call_clear_csum_requested },
	{ "set_csum_performed",		"Sxn",		call_set_csum_performed },
	{ "get_csum_performed",		"S",		call_get_csum_performed },
	{ "clear_csum_performed",	"S",		call_clear_csum_performed },
	{ "get_tso_requested",		"S|w",		call_get_tso_requested },
	{ "inbound_modified",		"S",		call_inbound_modified },
	{ "outbound_finalize",		"Spn",		call_outbound_finalize },
	{ "inet_cksum",			"Snnn|w",	call_inet_cksum },
	{ "inet6_cksum",		"Snnn|w",	call_inet6_cksum },
	{ "tag_id_find",		"Tw",		call_tag_id_find },
	{ "tag_allocate",		"SDnnhn",	call_tag_allocate },
	{ "tag_find",			"SDn|w",		call_tag_find },
	{ "tag_free",			"SDn",		call_tag_free },
	{ }
};
