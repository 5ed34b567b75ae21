/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Digests: MD5 and SHA-1.
 *
 * A context is the caller's memory and needs no freeing; it may be copied
 * between two calls, to go on from there twice.
 */
#ifndef _KPI_DIGEST_H
#define _KPI_DIGEST_H

#include <kpi/types.h>

#define KPI_MD5_SIZE		16
#define KPI_SHA1_SIZE		20

#define KPI_DIGEST_STATE	16	/* words of what the kernel keeps */

/* One type for all: a context knows which digest it is for. */
struct bsd_digest {
	u_int64_t begun;
	u_int64_t state[KPI_DIGEST_STATE];
};

_Static_assert(sizeof(struct bsd_digest) == 136, "layout of MD5_CTX and SHA1_CTX");

void kpi_MD5Init(struct bsd_digest *ctx);
void kpi_MD5Update(struct bsd_digest *ctx, const void *data, unsigned int len);
void kpi_MD5Final(unsigned char digest[KPI_MD5_SIZE], struct bsd_digest *ctx);

void kpi_SHA1Init(struct bsd_digest *ctx);
void kpi_SHA1Update(struct bsd_digest *ctx, const void *data, size_t len);
void kpi_SHA1Final(void *digest, struct bsd_digest *ctx);

#endif /* _KPI_DIGEST_H */
