// SPDX-License-Identifier: GPL-2.0
/* Tags: data that kexts hang on packets; and the one block a driver may hang there. */

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cpu.h"
#include "header.h"

/* Limits of the original. */
#define TAG_ID_FIRST	1000
#define TAG_ID_STRING	2048
#define TAG_SIZE	2007
#define DRVAUX_SIZE	(KPI_MLEN - 56)

/* Which id belongs to which string, for ever. */
struct tag_id {
	struct list_head list;
	u32 id;
	char name[];
};

static LIST_HEAD(tag_ids);		/* W: tag_ids_lock */
static DEFINE_MUTEX(tag_ids_lock);
static u32 tag_ids_end = TAG_ID_FIRST;	/* W: tag_ids_lock */

static struct tag_id *tag_id_lookup(const char *name)
{
	struct tag_id *tag_id;

	lockdep_assert_held(&tag_ids_lock);
	list_for_each_entry(tag_id, &tag_ids, list)
		if (!strcmp(tag_id->name, name))
			return tag_id;
	return NULL;
}

static struct tag_id *tag_id_add(const char *name, size_t len)
{
	struct tag_id *tag_id;

	lockdep_assert_held(&tag_ids_lock);
	if (kpi_refused(GFP_KERNEL))
		return NULL;
	tag_id = kmalloc(struct_size(tag_id, name, len + 1), GFP_KERNEL);
	if (!tag_id)
		return NULL;

	memcpy(tag_id->name, name, len + 1);
	tag_id->id = tag_ids_end;
	list_add_tail(&tag_id->list, &tag_ids);
	WRITE_ONCE(tag_ids_end, tag_ids_end + 1);
	return tag_id;
}

/**
 * kpi_mbuf_tag_id_find() - the number that belongs to a kext's name
 * @module_string: the name, usually in reverse-DNS style
 * @module_id:     out: its number, the same for the same string ever after
 *
 * macOS difference: numbers are not shared with other services.
 *
 * Context: Process context; may sleep.
 * Return: 0; EINVAL (@module_id untouched) for a NULL pointer or more than 2048
 * characters; ENOMEM (*@module_id is 0).
 */
errno_t kpi_mbuf_tag_id_find(const char *module_string, mbuf_tag_id_t *module_id)
{
	struct tag_id *tag_id;
	size_t len;

	kpi_might_sleep();
	if (!module_string || !module_id)
		return EINVAL;
	len = strnlen(module_string, TAG_ID_STRING + 1);
	if (len > TAG_ID_STRING)
		return EINVAL;

	mutex_lock(&tag_ids_lock);
	tag_id = tag_id_lookup(module_string) ?: tag_id_add(module_string, len);
	mutex_unlock(&tag_ids_lock);
	*module_id = tag_id ? tag_id->id : 0;
	return tag_id ? 0 : ENOMEM;
}
KPI_EXPORT(kpi_mbuf_tag_id_find);

void kpi_tags_exit(void)
{
	struct tag_id *tag_id, *next;

	list_for_each_entry_safe(tag_id, next, &tag_ids, list)
		kfree(tag_id);
}

static struct kpi_tag *tag_alloc(u32 id, u16 type, u16 len, gfp_t gfp)
{
	struct kpi_tag *tag;

	if (kpi_refused(gfp))
		return NULL;
	tag = kzalloc(struct_size(tag, data, len), gfp);
	if (!tag)
		return NULL;

	tag->id = id;
	tag->type = type;
	tag->len = len;
	kpi_count(tags, 1);
	return tag;
}

static void tag_free(struct kpi_tag *tag)
{
	if (tag->id == KPI_TAG_COMPANION) {
		struct kpi_companion *companion = container_of(tag, struct kpi_companion, tag);

		companion->leave(companion);
		return;
	}
	kpi_count(tags, -1);
	kfree(tag);
}

/* Where the pointer to the tag is, or the NULL at the end of the list. */
static struct kpi_tag **tag_find(struct kpi_pkthdr *hdr, u32 id, u16 type)
{
	struct kpi_tag **at = &hdr->moved.tags;

	while (*at && ((*at)->id != id || (*at)->type != type))
		at = &(*at)->next;
	return at;
}

static void tag_remove(struct kpi_pkthdr *hdr, u32 id, u16 type)
{
	struct kpi_tag **at = tag_find(hdr, id, type);
	struct kpi_tag *tag = *at;

	if (!tag)
		return;
	*at = tag->next;
	tag_free(tag);
}

void kpi_tags_free(struct kpi_pkthdr *hdr)
{
	struct kpi_tag *tag = hdr->moved.tags;

	hdr->moved.tags = NULL;
	while (tag) {
		struct kpi_tag *next = tag->next;

		tag_free(tag);
		tag = next;
	}
}

/* All of them or, without memory, none. */
void kpi_tags_dup(struct kpi_pkthdr *to, const struct kpi_pkthdr *from, gfp_t gfp)
{
	struct kpi_tag **at = &to->moved.tags;
	const struct kpi_tag *tag;

	for (tag = from->moved.tags; tag; tag = tag->next) {
		if (tag->id == KPI_TAG_COMPANION)
			continue;
		*at = tag_alloc(tag->id, tag->type, tag->len, gfp);
		if (!*at) {
			kpi_tags_free(to);
			return;
		}
		(*at)->family = tag->family;
		(*at)->subfamily = tag->subfamily;
		memcpy((*at)->data, tag->data, tag->len);
		if (to->header == tag->data)
			to->header = (*at)->data;
		at = &(*at)->next;
	}
}

struct kpi_companion *kpi_companion_of(const struct kpi_pkthdr *hdr, kpi_companion_leave_t *leave)
{
	struct kpi_tag *tag;

	for (tag = hdr->moved.tags; tag; tag = tag->next) {
		struct kpi_companion *companion = container_of(tag, struct kpi_companion, tag);

		if (tag->id == KPI_TAG_COMPANION && companion->leave == leave)
			return companion;
	}
	return NULL;
}

/* Keeps a link header as long as the packet header lives; returns where it is. */
void *kpi_link_header_keep(struct kpi_pkthdr *hdr, const void *header, size_t len, gfp_t gfp)
{
	struct kpi_tag *tag = tag_alloc(KPI_TAG_LINK, 0, len, gfp);

	if (!tag)
		return NULL;
	memcpy(tag->data, header, len);
	tag->next = hdr->moved.tags;
	hdr->moved.tags = tag;
	return tag->data;
}

/* Copies it again, unless a kext has said that the header is elsewhere. */
size_t kpi_link_header_copy(struct kpi_pkthdr *hdr, void *to, size_t size)
{
	const struct kpi_tag *tag = *tag_find(hdr, KPI_TAG_LINK, 0);

	if (!tag || hdr->header != tag->data || tag->len > size)
		return 0;
	memcpy(to, tag->data, tag->len);
	return tag->len;
}

static bool tag_id_ok(u32 id)
{
	return id >= TAG_ID_FIRST && id < READ_ONCE(tag_ids_end);
}

static int tag_add(mbuf_t m, u32 id, u16 type, size_t len, gfp_t gfp,
		   struct kpi_tag **result)
{
	struct kpi_tag **at = tag_find(kpi_hdr(m), id, type);

	if (*at)
		return -EEXIST;
	if (len > TAG_SIZE)
		return -ENOMEM;
	*at = tag_alloc(id, type, len, gfp);
	if (!*at)
		return -ENOMEM;
	*result = *at;
	return 0;
}

/* Without memory the answer depends on whether the caller would have waited. */
static errno_t tag_errno(int err, mbuf_how_t how)
{
	if (err == -ENOMEM && how != MBUF_WAITOK)
		return EWOULDBLOCK;
	return kpi_errno(err);
}

/**
 * kpi_mbuf_tag_allocate() - hang a tag on a packet
 * @mbuf:      the packet
 * @module_id: from kpi_mbuf_tag_id_find()
 * @type:      the kext's own number for it
 * @length:    bytes of data, 1 to 2007
 * @how:       MBUF_WAITOK or MBUF_DONTWAIT
 * @data_p:    out: the data, zeroed and aligned to 8 bytes, or NULL
 *
 * Borrows the packet. The data stays where it is until the tag is freed or the
 * packet is, also when the packet header moves to another mbuf.
 *
 * macOS difference: a length beyond 32 bits is EINVAL; macOS cuts it.
 *
 * Context: Any; may sleep with MBUF_WAITOK.
 * Return: 0; EINVAL for no packet, an unknown id, a bad @length or a NULL
 * @data_p; EEXIST; without memory or beyond 2007 bytes ENOMEM, or EWOULDBLOCK
 * with MBUF_DONTWAIT.
 */
errno_t kpi_mbuf_tag_allocate(mbuf_t mbuf, mbuf_tag_id_t module_id, mbuf_tag_type_t type,
			      size_t length, mbuf_how_t how, void **data_p)
{
	gfp_t gfp = kpi_gfp(how);
	struct kpi_tag *tag;
	int err;

	if (data_p)
		*data_p = NULL;
	if (!kpi_packet_ok(mbuf) || !tag_id_ok(module_id))
		return EINVAL;
	if (!length || length > U16_MAX || !data_p)
		return EINVAL;

	err = tag_add(mbuf, module_id, type, length, gfp, &tag);
	if (err)
		return tag_errno(err, how);
	*data_p = tag->data;
	return 0;
}
KPI_EXPORT(kpi_mbuf_tag_allocate);

/**
 * kpi_mbuf_tag_find() - find a tag of a packet
 * @mbuf:      the packet
 * @module_id: from kpi_mbuf_tag_id_find()
 * @type:      the kext's own number for it
 * @length:    out: bytes of data, or 0
 * @data_p:    out: the data, or NULL
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; ENOENT; EINVAL for no packet, an unknown id or a NULL pointer.
 */
errno_t kpi_mbuf_tag_find(mbuf_t mbuf, mbuf_tag_id_t module_id, mbuf_tag_type_t type,
			  size_t *length, void **data_p)
{
	struct kpi_tag *tag;

	if (length)
		*length = 0;
	if (data_p)
		*data_p = NULL;
	if (!kpi_packet_ok(mbuf) || !tag_id_ok(module_id))
		return EINVAL;
	if (!length || !data_p)
		return EINVAL;

	tag = *tag_find(kpi_hdr(mbuf), module_id, type);
	if (!tag)
		return ENOENT;
	*length = tag->len;
	*data_p = tag->data;
	return 0;
}
KPI_EXPORT(kpi_mbuf_tag_find);

/**
 * kpi_mbuf_tag_free() - take a tag off a packet
 * @mbuf:      the packet
 * @module_id: from kpi_mbuf_tag_id_find()
 * @type:      the kext's own number for it
 *
 * Borrows the packet. Does nothing if there is no such tag or packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_mbuf_tag_free(mbuf_t mbuf, mbuf_tag_id_t module_id, mbuf_tag_type_t type)
{
	if (kpi_packet_ok(mbuf) && tag_id_ok(module_id))
		tag_remove(kpi_hdr(mbuf), module_id, type);
}
KPI_EXPORT(kpi_mbuf_tag_free);

/**
 * kpi_mbuf_add_drvaux() - hang a driver's block on a packet
 * @mbuf:      the packet
 * @how:       MBUF_WAITOK or MBUF_DONTWAIT
 * @family:    who gives the block its meaning
 * @subfamily: and which
 * @length:    bytes, 1 to 232
 * @data_p:    out: the zeroed block, or NULL; may be NULL
 *
 * Borrows the packet. There is at most one such block per packet; it goes where
 * tags go.
 *
 * macOS difference: none.
 *
 * Context: Any; may sleep with MBUF_WAITOK.
 * Return: 0; EINVAL for no packet or a bad @length; EEXIST; without memory
 * ENOMEM, or EWOULDBLOCK with MBUF_DONTWAIT.
 */
errno_t kpi_mbuf_add_drvaux(mbuf_t mbuf, mbuf_how_t how, u_int32_t family,
			    u_int32_t subfamily, size_t length, void **data_p)
{
	gfp_t gfp = kpi_gfp(how);
	struct kpi_tag *tag;
	int err;

	if (data_p)
		*data_p = NULL;
	if (!kpi_packet_ok(mbuf))
		return EINVAL;
	if (!length || length > DRVAUX_SIZE)
		return EINVAL;

	err = tag_add(mbuf, KPI_TAG_DRVAUX, 0, length, gfp, &tag);
	if (err)
		return tag_errno(err, how);
	tag->family = family;
	tag->subfamily = subfamily;
	if (data_p)
		*data_p = tag->data;
	return 0;
}
KPI_EXPORT(kpi_mbuf_add_drvaux);

/**
 * kpi_mbuf_find_drvaux() - find the driver's block of a packet
 * @mbuf:        the packet
 * @family_p:    out: as it was added; may be NULL
 * @subfamily_p: out: as it was added; may be NULL
 * @length_p:    out: its size; may be NULL
 * @data_p:      out: the block, or NULL
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; ENOENT; EINVAL for no packet or a NULL @data_p.
 */
errno_t kpi_mbuf_find_drvaux(mbuf_t mbuf, u_int32_t *family_p, u_int32_t *subfamily_p,
			     u_int32_t *length_p, void **data_p)
{
	struct kpi_tag *tag;

	if (!kpi_packet_ok(mbuf) || !data_p)
		return EINVAL;

	*data_p = NULL;
	tag = *tag_find(kpi_hdr(mbuf), KPI_TAG_DRVAUX, 0);
	if (!tag)
		return ENOENT;
	if (family_p)
		*family_p = tag->family;
	if (subfamily_p)
		*subfamily_p = tag->subfamily;
	if (length_p)
		*length_p = tag->len;
	*data_p = tag->data;
	return 0;
}
KPI_EXPORT(kpi_mbuf_find_drvaux);

/**
 * kpi_mbuf_del_drvaux() - take the driver's block off a packet
 * @mbuf: the packet
 *
 * Borrows the packet. Does nothing if there is no block or no packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_mbuf_del_drvaux(mbuf_t mbuf)
{
	if (kpi_packet_ok(mbuf))
		tag_remove(kpi_hdr(mbuf), KPI_TAG_DRVAUX, 0);
}
KPI_EXPORT(kpi_mbuf_del_drvaux);
