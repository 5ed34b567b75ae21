/* SPDX-License-Identifier: GPL-2.0 */
/* UTF-8 and UTF-16. Lengths of both are in bytes. */
#ifndef _KPI_UTF_H
#define _KPI_UTF_H

#include <kpi/types.h>

#define KPI_UTF_REVERSE_ENDIAN		0x0001
#define KPI_UTF_NO_NULL_TERM		0x0002
#define KPI_UTF_DECOMPOSED		0x0004
#define KPI_UTF_PRECOMPOSED		0x0008
#define KPI_UTF_ESCAPE_ILLEGAL		0x0010
#define KPI_UTF_SFM_CONVERSIONS		0x0020

size_t kpi_utf8_encodelen(const u_int16_t *ucsp, size_t ucslen, u_int16_t altslash, int flags);
int kpi_utf8_encodestr(const u_int16_t *ucsp, size_t ucslen, u_int8_t *utf8p, size_t *utf8len,
		       size_t buflen, u_int16_t altslash, int flags);
int kpi_utf8_decodestr(const u_int8_t *utf8p, size_t utf8len, u_int16_t *ucsp, size_t *ucslen,
		       size_t buflen, u_int16_t altslash, int flags);
int kpi_utf8_validatestr(const u_int8_t *utf8p, size_t utf8len);

#endif /* _KPI_UTF_H */
