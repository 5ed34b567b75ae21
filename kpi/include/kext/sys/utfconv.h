/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_UTFCONV_H
#define _SYS_UTFCONV_H

#include <kpi/utf.h>
#include <machine/endian.h>
#include <sys/appleapiopts.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#define UTF_REVERSE_ENDIAN	KPI_UTF_REVERSE_ENDIAN
#define UTF_NO_NULL_TERM	KPI_UTF_NO_NULL_TERM
#define UTF_DECOMPOSED		KPI_UTF_DECOMPOSED
#define UTF_PRECOMPOSED		KPI_UTF_PRECOMPOSED
#define UTF_ESCAPE_ILLEGAL	KPI_UTF_ESCAPE_ILLEGAL
#define UTF_SFM_CONVERSIONS	KPI_UTF_SFM_CONVERSIONS

#if BYTE_ORDER == LITTLE_ENDIAN
#define UTF_BIG_ENDIAN		UTF_REVERSE_ENDIAN
#define UTF_LITTLE_ENDIAN	0
#else
#define UTF_BIG_ENDIAN		0
#define UTF_LITTLE_ENDIAN	UTF_REVERSE_ENDIAN
#endif

#define utf8_encodelen		kpi_utf8_encodelen
#define utf8_encodestr		kpi_utf8_encodestr
#define utf8_decodestr		kpi_utf8_decodestr
#define utf8_validatestr	kpi_utf8_validatestr

#endif /* _SYS_UTFCONV_H */
