/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The calls that kexts make most, as loads and stores in the kext.
 *
 * The functions exist, too: kexts take their addresses, and these definitions
 * turn to them for what is not ordinary (a NULL mbuf, a length beyond the
 * storage, bytes that are to be copied first), so that what happens then is
 * written down once. In debug builds of the layer, and if it has not been
 * built, there are only the functions.
 */
#ifndef _KPI_MBUF_INLINE_H
#define _KPI_MBUF_INLINE_H

#include <kpi/mbuf.h>

#if !defined(__KERNEL__) && __has_include("mbuf_offsets.h")
#include <kpi/mbuf_offsets.h>
#endif

#if defined(KPI_MBUF_INLINE) && KPI_MBUF_INLINE

#define KPI_MBUF_ACCESS	__attribute__((__gnu_inline__))

/* The function of an accessor under another name, for the accessor to call. */
#define KPI_MBUF_CALL(name)	__asm__(#name)

#define KPI_MBUF_FIELD(type, m, at)	(*(type *)((char *)(m) + (at)))
#define KPI_MBUF_DATA(m)	KPI_MBUF_FIELD(char *, m, KPI_MBUF_AT_DATA)
#define KPI_MBUF_START(m)	KPI_MBUF_FIELD(char *, m, KPI_MBUF_AT_START)
#define KPI_MBUF_LEN(m)		KPI_MBUF_FIELD(u_int32_t, m, KPI_MBUF_AT_LEN)
#define KPI_MBUF_SIZE(m)	KPI_MBUF_FIELD(u_int32_t, m, KPI_MBUF_AT_SIZE)
#define KPI_MBUF_FLAGS(m)	KPI_MBUF_FIELD(u_int16_t, m, KPI_MBUF_AT_FLAGS)
#define KPI_MBUF_TYPE(m)	KPI_MBUF_FIELD(u_int32_t, m, KPI_MBUF_AT_TYPE)
#define KPI_MBUF_MAY_LOOK(m)	\
	(!(__atomic_load_n(&KPI_MBUF_FLAGS(m), __ATOMIC_ACQUIRE) & KPI_MBUF_VEILED))
#define KPI_MBUF_HEAD(m)	KPI_MBUF_FIELD(char *, m, KPI_MBUF_AT_HEAD)
#define KPI_PKTHDR_LEN(m)	KPI_MBUF_FIELD(int32_t, KPI_MBUF_HEAD(m), KPI_PKTHDR_AT_LEN)

void *kpi_mbuf_data_call(mbuf_t mbuf) KPI_MBUF_CALL(kpi_mbuf_data);
void *kpi_mbuf_datastart_call(mbuf_t mbuf) KPI_MBUF_CALL(kpi_mbuf_datastart);
mbuf_t kpi_mbuf_next_call(const mbuf_t mbuf) KPI_MBUF_CALL(kpi_mbuf_next);
mbuf_t kpi_mbuf_nextpkt_call(const mbuf_t mbuf) KPI_MBUF_CALL(kpi_mbuf_nextpkt);
void kpi_mbuf_setnextpkt_call(mbuf_t mbuf, mbuf_t nextpkt) KPI_MBUF_CALL(kpi_mbuf_setnextpkt);
size_t kpi_mbuf_len_call(const mbuf_t mbuf) KPI_MBUF_CALL(kpi_mbuf_len);
void kpi_mbuf_setlen_call(mbuf_t mbuf, size_t len) KPI_MBUF_CALL(kpi_mbuf_setlen);
size_t kpi_mbuf_maxlen_call(const mbuf_t mbuf) KPI_MBUF_CALL(kpi_mbuf_maxlen);
mbuf_type_t kpi_mbuf_type_call(const mbuf_t mbuf) KPI_MBUF_CALL(kpi_mbuf_type);
mbuf_flags_t kpi_mbuf_flags_call(const mbuf_t mbuf) KPI_MBUF_CALL(kpi_mbuf_flags);
size_t kpi_mbuf_pkthdr_len_call(const mbuf_t mbuf) KPI_MBUF_CALL(kpi_mbuf_pkthdr_len);
void kpi_mbuf_pkthdr_setlen_call(mbuf_t mbuf, size_t len) KPI_MBUF_CALL(kpi_mbuf_pkthdr_setlen);

extern inline KPI_MBUF_ACCESS void *kpi_mbuf_data(mbuf_t mbuf)
{
	return mbuf && KPI_MBUF_MAY_LOOK(mbuf) ? KPI_MBUF_DATA(mbuf) : kpi_mbuf_data_call(mbuf);
}

extern inline KPI_MBUF_ACCESS void *kpi_mbuf_datastart(mbuf_t mbuf)
{
	return mbuf && KPI_MBUF_MAY_LOOK(mbuf) ? KPI_MBUF_START(mbuf) : kpi_mbuf_datastart_call(mbuf);
}

extern inline KPI_MBUF_ACCESS mbuf_t kpi_mbuf_next(const mbuf_t mbuf)
{
	return mbuf ? KPI_MBUF_FIELD(mbuf_t, mbuf, KPI_MBUF_AT_NEXT) : kpi_mbuf_next_call(mbuf);
}

extern inline KPI_MBUF_ACCESS mbuf_t kpi_mbuf_nextpkt(const mbuf_t mbuf)
{
	return mbuf ? KPI_MBUF_FIELD(mbuf_t, mbuf, KPI_MBUF_AT_NEXTPKT) :
		      kpi_mbuf_nextpkt_call(mbuf);
}

extern inline KPI_MBUF_ACCESS void kpi_mbuf_setnextpkt(mbuf_t mbuf, mbuf_t nextpkt)
{
	if (mbuf)
		KPI_MBUF_FIELD(mbuf_t, mbuf, KPI_MBUF_AT_NEXTPKT) = nextpkt;
	else
		kpi_mbuf_setnextpkt_call(mbuf, nextpkt);
}

extern inline KPI_MBUF_ACCESS size_t kpi_mbuf_len(const mbuf_t mbuf)
{
	return mbuf ? KPI_MBUF_LEN(mbuf) : kpi_mbuf_len_call(mbuf);
}

extern inline KPI_MBUF_ACCESS void kpi_mbuf_setlen(mbuf_t mbuf, size_t len)
{
	if (mbuf && len <= (size_t)(KPI_MBUF_START(mbuf) + KPI_MBUF_SIZE(mbuf) -
				    KPI_MBUF_DATA(mbuf)))
		KPI_MBUF_LEN(mbuf) = (u_int32_t)len;
	else
		kpi_mbuf_setlen_call(mbuf, len);
}

extern inline KPI_MBUF_ACCESS size_t kpi_mbuf_maxlen(const mbuf_t mbuf)
{
	return mbuf ? KPI_MBUF_SIZE(mbuf) : kpi_mbuf_maxlen_call(mbuf);
}

extern inline KPI_MBUF_ACCESS mbuf_type_t kpi_mbuf_type(const mbuf_t mbuf)
{
	return mbuf ? KPI_MBUF_TYPE(mbuf) : kpi_mbuf_type_call(mbuf);
}

extern inline KPI_MBUF_ACCESS mbuf_flags_t kpi_mbuf_flags(const mbuf_t mbuf)
{
	return mbuf ? KPI_MBUF_FLAGS(mbuf) & KPI_MBUF_PUBLIC_FLAGS : kpi_mbuf_flags_call(mbuf);
}

extern inline KPI_MBUF_ACCESS size_t kpi_mbuf_pkthdr_len(const mbuf_t mbuf)
{
	if (mbuf && (KPI_MBUF_FLAGS(mbuf) & MBUF_PKTHDR) && KPI_PKTHDR_LEN(mbuf) >= 0)
		return (size_t)KPI_PKTHDR_LEN(mbuf);
	return kpi_mbuf_pkthdr_len_call(mbuf);
}

extern inline KPI_MBUF_ACCESS void kpi_mbuf_pkthdr_setlen(mbuf_t mbuf, size_t len)
{
	if (mbuf && (KPI_MBUF_FLAGS(mbuf) & MBUF_PKTHDR) && len <= 0x7fffffff)
		KPI_PKTHDR_LEN(mbuf) = (int32_t)len;
	else
		kpi_mbuf_pkthdr_setlen_call(mbuf, len);
}

#endif /* KPI_MBUF_INLINE */

#endif /* _KPI_MBUF_INLINE_H */
