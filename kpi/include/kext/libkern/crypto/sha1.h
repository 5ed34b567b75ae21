/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBKERN_CRYPTO_SHA1_H
#define _LIBKERN_CRYPTO_SHA1_H

#include <kpi/digest.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#define SHA_DIGEST_LENGTH	KPI_SHA1_SIZE
#define SHA1_DIGEST_LENGTH	KPI_SHA1_SIZE
#define SHA1_RESULTLEN		KPI_SHA1_SIZE

#define sha1_ctxt	bsd_digest
typedef struct bsd_digest SHA1_CTX;

#define SHA1Init	kpi_SHA1Init
#define SHA1Update	kpi_SHA1Update
#define SHA1Final	kpi_SHA1Final

/* the names of KAME's code */
#define sha1_init	kpi_SHA1Init
#define sha1_loop	kpi_SHA1Update
#define sha1_result(ctx, digest)	kpi_SHA1Final(digest, ctx)

#endif /* _LIBKERN_CRYPTO_SHA1_H */
