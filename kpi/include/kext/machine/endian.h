/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACHINE_ENDIAN_H
#define _MACHINE_ENDIAN_H

#include <libkern/OSByteOrder.h>

#define __DARWIN_LITTLE_ENDIAN	1234
#define __DARWIN_BIG_ENDIAN	4321
#define __DARWIN_PDP_ENDIAN	3412
#define LITTLE_ENDIAN		__DARWIN_LITTLE_ENDIAN
#define BIG_ENDIAN		__DARWIN_BIG_ENDIAN
#define PDP_ENDIAN		__DARWIN_PDP_ENDIAN

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define __DARWIN_BYTE_ORDER	__DARWIN_LITTLE_ENDIAN
#else
#define __DARWIN_BYTE_ORDER	__DARWIN_BIG_ENDIAN
#endif
#define BYTE_ORDER		__DARWIN_BYTE_ORDER

#define ntohs(x)	OSSwapBigToHostInt16(x)
#define htons(x)	OSSwapHostToBigInt16(x)
#define ntohl(x)	OSSwapBigToHostInt32(x)
#define htonl(x)	OSSwapHostToBigInt32(x)
#define ntohll(x)	OSSwapBigToHostInt64(x)
#define htonll(x)	OSSwapHostToBigInt64(x)

#define NTOHS(x)	((x) = ntohs((u_int16_t)(x)))
#define HTONS(x)	((x) = htons((u_int16_t)(x)))
#define NTOHL(x)	((x) = ntohl((u_int32_t)(x)))
#define HTONL(x)	((x) = htonl((u_int32_t)(x)))
#define NTOHLL(x)	((x) = ntohll((u_int64_t)(x)))
#define HTONLL(x)	((x) = htonll((u_int64_t)(x)))

#endif /* _MACHINE_ENDIAN_H */
