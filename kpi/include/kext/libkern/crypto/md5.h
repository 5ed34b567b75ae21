/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBKERN_CRYPTO_MD5_H
#define _LIBKERN_CRYPTO_MD5_H

#include <kpi/digest.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#define MD5_DIGEST_LENGTH	KPI_MD5_SIZE

typedef struct bsd_digest MD5_CTX;

#define MD5Init		kpi_MD5Init
#define MD5Update	kpi_MD5Update
#define MD5Final	kpi_MD5Final

#endif /* _LIBKERN_CRYPTO_MD5_H */
