// SPDX-License-Identifier: GPL-2.0
/* One mbuf: its data, its links, its type and flags. */

#include <linux/align.h>
#include <linux/io.h>
#include <linux/mm.h>

#include "header.h"
#include "veil.h"

/**
 * kpi_mbuf_data() - where an mbuf's data begins
 * @mbuf: the mbuf
 *
 * Borrows the mbuf. The address is good until the mbuf is freed or its data is
 * moved by a call that says so.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the address; NULL for a NULL mbuf.
 */
void *kpi_mbuf_data(mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return NULL;
	kpi_unveil(mbuf);
	return kpi_mcb(mbuf)->data;
}
KPI_EXPORT(kpi_mbuf_data);

/**
 * kpi_mbuf_datastart() - the lowest address an mbuf's data may have
 * @mbuf: the mbuf
 *
 * Borrows the mbuf.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the start of its storage; NULL for a NULL mbuf.
 */
void *kpi_mbuf_datastart(mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return NULL;
	kpi_unveil(mbuf);
	return kpi_mcb(mbuf)->start;
}
KPI_EXPORT(kpi_mbuf_datastart);

/**
 * kpi_mbuf_setdata() - set an mbuf's data pointer and length
 * @mbuf: the mbuf
 * @data: new start of the data, within the mbuf's storage
 * @len:  new length
 *
 * Borrows the mbuf; moves no bytes and leaves the packet length alone. Shared
 * storage may be looked at differently, too.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL (nothing changed) if the data would leave the storage.
 */
errno_t kpi_mbuf_setdata(mbuf_t mbuf, void *data, size_t len)
{
	struct kpi_mcb *mcb;
	u8 *at = data;

	if (kpi_unusable(mbuf))
		return EINVAL;
	mcb = kpi_mcb(mbuf);
	if (at < mcb->start || at > kpi_end(mcb) || len > kpi_end(mcb) - at)
		return EINVAL;

	mcb->data = at;
	mcb->len = len;
	return 0;
}
KPI_EXPORT(kpi_mbuf_setdata);

/**
 * kpi_mbuf_align_32() - place an empty mbuf's data as late as possible
 * @mbuf: the mbuf
 * @len:  bytes that must fit behind the data pointer
 *
 * Borrows the mbuf. The data pointer goes to the last multiple of four bytes
 * from the start of the storage that leaves @len bytes behind it (and the
 * current length, which stays). No bytes are moved.
 *
 * macOS difference: a @len that does not fit is EINVAL; macOS sets a wild pointer.
 *
 * Context: Any.
 * Return: 0, ENOTSUP if the storage is shared, EINVAL.
 */
errno_t kpi_mbuf_align_32(mbuf_t mbuf, size_t len)
{
	struct kpi_mcb *mcb;
	size_t room;

	if (kpi_unusable(mbuf))
		return EINVAL;
	kpi_unveil(mbuf);
	mcb = kpi_mcb(mbuf);
	if (kpi_is_shared(mcb))
		return EOPNOTSUPP;
	room = mcb->size - mcb->len;
	if (len > room) {
		kpi_misuse("more than the mbuf holds");
		return EINVAL;
	}

	mcb->data = mcb->start + ALIGN_DOWN(room - len, 4);
	return 0;
}
KPI_EXPORT(kpi_mbuf_align_32);

/**
 * kpi_mbuf_data_to_physical() - physical address of mbuf data
 * @ptr: an address from kpi_mbuf_data()
 *
 * macOS difference: memory from vmalloc() in an attached buffer has no answer.
 *
 * Context: Any.
 * Return: the address, or 0 if @ptr is not in the kernel's linear mapping.
 */
addr64_t kpi_mbuf_data_to_physical(void *ptr)
{
	return virt_addr_valid(ptr) ? virt_to_phys(ptr) : 0;
}
KPI_EXPORT(kpi_mbuf_data_to_physical);

/**
 * kpi_mbuf_leadingspace() - bytes that may be used in front of the data
 * @mbuf: the mbuf
 *
 * Borrows the mbuf.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: that number; 0 while the storage is shared.
 */
size_t kpi_mbuf_leadingspace(const mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return 0;
	kpi_unveil(mbuf);
	return kpi_leading(kpi_mcb(mbuf));
}
KPI_EXPORT(kpi_mbuf_leadingspace);

/**
 * kpi_mbuf_trailingspace() - bytes that may be used behind the data
 * @mbuf: the mbuf
 *
 * Borrows the mbuf.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: that number; 0 while the storage is shared.
 */
size_t kpi_mbuf_trailingspace(const mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return 0;
	kpi_unveil(mbuf);
	return kpi_trailing(kpi_mcb(mbuf));
}
KPI_EXPORT(kpi_mbuf_trailingspace);

/**
 * kpi_mbuf_maxlen() - capacity of an mbuf's storage
 * @mbuf: the mbuf
 *
 * Borrows the mbuf.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 288, the size of the cluster, or that of the attached buffer.
 */
size_t kpi_mbuf_maxlen(const mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return 0;
	kpi_unveil(mbuf);
	return kpi_mcb(mbuf)->size;
}
KPI_EXPORT(kpi_mbuf_maxlen);

/**
 * kpi_mbuf_len() - bytes of data in one mbuf
 * @mbuf: the mbuf
 *
 * Borrows the mbuf.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: that number; 0 for a NULL mbuf.
 */
size_t kpi_mbuf_len(const mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return 0;
	return kpi_mcb(mbuf)->len;
}
KPI_EXPORT(kpi_mbuf_len);

/**
 * kpi_mbuf_setlen() - set the length of one mbuf
 * @mbuf: the mbuf
 * @len:  new length
 *
 * Borrows the mbuf; bytes and packet length stay as they are.
 *
 * macOS difference: a length beyond the end of the storage is reported and cut;
 * on macOS later calls then destroy memory.
 *
 * Context: Any.
 */
void kpi_mbuf_setlen(mbuf_t mbuf, size_t len)
{
	struct kpi_mcb *mcb;

	if (kpi_unusable(mbuf))
		return;
	mcb = kpi_mcb(mbuf);
	if (len > kpi_end(mcb) - mcb->data) {
		kpi_misuse("length beyond the storage");
		len = kpi_end(mcb) - mcb->data;
	}
	mcb->len = len;
}
KPI_EXPORT(kpi_mbuf_setlen);

/**
 * kpi_mbuf_adjustlen() - add to the length of one mbuf
 * @mbuf:   the mbuf
 * @amount: bytes to add at the end, or to take away if negative
 *
 * Borrows the mbuf; bytes and packet length stay as they are. Whether storage
 * is shared does not matter.
 *
 * macOS difference: INT_MIN is EINVAL.
 *
 * Context: Any.
 * Return: 0, or EINVAL (nothing changed) if there is not so much.
 */
errno_t kpi_mbuf_adjustlen(mbuf_t mbuf, int amount)
{
	struct kpi_mcb *mcb;
	s64 len;

	if (kpi_unusable(mbuf))
		return EINVAL;
	mcb = kpi_mcb(mbuf);
	len = (s64)mcb->len + amount;
	if (len < 0 || len > kpi_end(mcb) - mcb->data)
		return EINVAL;

	mcb->len = len;
	return 0;
}
KPI_EXPORT(kpi_mbuf_adjustlen);

/**
 * kpi_mbuf_next() - the next mbuf of a chain
 * @mbuf: the mbuf
 *
 * Borrows the mbuf.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: its successor, or NULL.
 */
mbuf_t kpi_mbuf_next(const mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return NULL;
	return kpi_next(mbuf);
}
KPI_EXPORT(kpi_mbuf_next);

/**
 * kpi_mbuf_setnext() - link an mbuf to a successor
 * @mbuf: the mbuf
 * @next: its new successor, or NULL
 *
 * Borrows @mbuf and consumes @next on success: it is part of the chain then. The
 * old successor is not looked at; it may have been freed.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL (nothing changed) if @next is in a packet list.
 */
errno_t kpi_mbuf_setnext(mbuf_t mbuf, mbuf_t next)
{
	if (kpi_unusable(mbuf) || (next && kpi_unusable(next)))
		return EINVAL;
	if (next && (kpi_nextpkt(next) || kpi_mcb(next)->type == MBUF_TYPE_FREE))
		return EINVAL;

	kpi_set_next(mbuf, next);
	return 0;
}
KPI_EXPORT(kpi_mbuf_setnext);

/**
 * kpi_mbuf_nextpkt() - the next packet of a packet list
 * @mbuf: first mbuf of a packet
 *
 * Borrows the mbuf.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: first mbuf of the next packet, or NULL.
 */
mbuf_t kpi_mbuf_nextpkt(const mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return NULL;
	return kpi_nextpkt(mbuf);
}
KPI_EXPORT(kpi_mbuf_nextpkt);

/**
 * kpi_mbuf_setnextpkt() - link a packet to the next one of a list
 * @mbuf:    first mbuf of a packet
 * @nextpkt: first mbuf of the packet to follow, or NULL
 *
 * Borrows @mbuf and consumes @nextpkt. The old successor is not looked at.
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_mbuf_setnextpkt(mbuf_t mbuf, mbuf_t nextpkt)
{
	if (kpi_unusable(mbuf))
		return;
	kpi_set_nextpkt(mbuf, nextpkt);
}
KPI_EXPORT(kpi_mbuf_setnextpkt);

/**
 * kpi_mbuf_type() - type of an mbuf
 * @mbuf: the mbuf
 *
 * Borrows the mbuf.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the type; MBUF_TYPE_FREE for a NULL mbuf.
 */
mbuf_type_t kpi_mbuf_type(const mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return MBUF_TYPE_FREE;
	return kpi_mcb(mbuf)->type;
}
KPI_EXPORT(kpi_mbuf_type);

/**
 * kpi_mbuf_settype() - set the type of an mbuf
 * @mbuf:     the mbuf
 * @new_type: MBUF_TYPE_*, anything but MBUF_TYPE_FREE
 *
 * Borrows the mbuf.
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 * Return: 0, or EINVAL (nothing changed) for MBUF_TYPE_FREE.
 */
errno_t kpi_mbuf_settype(mbuf_t mbuf, mbuf_type_t new_type)
{
	if (kpi_unusable(mbuf) || new_type == MBUF_TYPE_FREE)
		return EINVAL;

	kpi_mbuf_set_type(mbuf, new_type);
	return 0;
}
KPI_EXPORT(kpi_mbuf_settype);

/**
 * kpi_mbuf_flags() - flags of an mbuf
 * @mbuf: the mbuf
 *
 * Borrows the mbuf.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: MBUF_* flags; 0 for a NULL mbuf.
 */
mbuf_flags_t kpi_mbuf_flags(const mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return 0;
	return kpi_mcb(mbuf)->flags & KPI_M_PUBLIC;
}
KPI_EXPORT(kpi_mbuf_flags);

/* A packet header can come only where no data has been placed without one. */
static int pkthdr_set(mbuf_t m)
{
	struct kpi_mcb *mcb = kpi_mcb(m);

	if (!mcb->store && (mcb->data != mcb->start || mcb->len))
		return -EBUSY;

	mcb->flags |= MBUF_PKTHDR;
	kpi_pkthdr_init(m);
	return 0;
}

static void pkthdr_clear(mbuf_t m)
{
	kpi_mcb(m)->flags &= ~MBUF_PKTHDR;
	kpi_pkthdr_release(m);
}

/* Sets flags, of which @flags holds all public ones. */
static int mbuf_change_flags(mbuf_t m, mbuf_flags_t flags)
{
	struct kpi_mcb *mcb = kpi_mcb(m);
	u16 keep = mcb->flags & (MBUF_PKTHDR | ~KPI_M_PUBLIC);
	bool was_packet = mcb->flags & MBUF_PKTHDR;

	mcb->flags = keep | (flags & ~MBUF_PKTHDR);
	if (flags & MBUF_PKTHDR)
		return was_packet ? 0 : pkthdr_set(m);
	if (was_packet)
		pkthdr_clear(m);
	return 0;
}

/**
 * kpi_mbuf_setflags() - replace the flags of an mbuf
 * @mbuf:  the mbuf
 * @flags: MBUF_*; MBUF_EXT as it is now
 *
 * Borrows the mbuf. Clearing MBUF_PKTHDR frees the packet's tags and calls the
 * completion callbacks asked for. Setting it needs an mbuf with external storage
 * or one that holds no data yet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL (nothing changed) for other flags or a change of MBUF_EXT;
 * EBUSY if MBUF_PKTHDR could not be set, all other flags having been changed.
 */
errno_t kpi_mbuf_setflags(mbuf_t mbuf, mbuf_flags_t flags)
{
	if (kpi_unusable(mbuf))
		return EINVAL;
	if (flags & ~KPI_M_PUBLIC || (flags ^ kpi_mcb(mbuf)->flags) & MBUF_EXT)
		return EINVAL;
	return kpi_errno(mbuf_change_flags(mbuf, flags));
}
KPI_EXPORT(kpi_mbuf_setflags);

/**
 * kpi_mbuf_setflags_mask() - change some flags of an mbuf
 * @mbuf:  the mbuf
 * @flags: their new values; bits outside @mask do not matter
 * @mask:  which flags; not MBUF_EXT
 *
 * Borrows the mbuf. See kpi_mbuf_setflags() about MBUF_PKTHDR.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL (nothing changed) for MBUF_EXT or unknown flags in @mask;
 * EBUSY as for kpi_mbuf_setflags().
 */
errno_t kpi_mbuf_setflags_mask(mbuf_t mbuf, mbuf_flags_t flags, mbuf_flags_t mask)
{
	mbuf_flags_t now;

	if (kpi_unusable(mbuf))
		return EINVAL;
	if (mask & ~(KPI_M_PUBLIC & ~MBUF_EXT))
		return EINVAL;

	now = kpi_mcb(mbuf)->flags & KPI_M_PUBLIC;
	return kpi_errno(mbuf_change_flags(mbuf, (now & ~mask) | (flags & mask)));
}
KPI_EXPORT(kpi_mbuf_setflags_mask);
