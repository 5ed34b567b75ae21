// SPDX-License-Identifier: GPL-2.0
/*
 * MD5 and SHA-1, by the kernel's own code.
 *
 * These calls cannot fail and may be made anywhere, so what can fail is done
 * when the layer is loaded. Between calls a digest's state is in the caller's
 * memory, in the form in which the kernel exports it.
 */

#include <crypto/hash.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include <kpi/digest.h>

#include "kern_priv.h"

struct algorithm {
	const char *name;
	unsigned int digest_size;
	u64 begun;			/* marks a context; any number that memory rarely has */
	struct crypto_shash *tfm;	/* NULL: the kernel has no such algorithm */
};

static struct algorithm md5 = { "md5", KPI_MD5_SIZE, 0x6d64352062656775ull };
static struct algorithm sha1 = { "sha1", KPI_SHA1_SIZE, 0x7368613120626567ull };

/* A driver of some hardware may export more than there is room for. */
static void find(struct algorithm *alg)
{
	struct crypto_shash *tfm = crypto_alloc_shash(alg->name, 0, 0);

	if (IS_ERR(tfm))
		return;
	if (crypto_shash_digestsize(tfm) == alg->digest_size &&
	    crypto_shash_statesize(tfm) <= sizeof_field(struct bsd_digest, state))
		alg->tfm = tfm;
	else
		crypto_free_shash(tfm);
}

void kpi_digest_init(void)
{
	find(&md5);
	find(&sha1);
}

void kpi_digest_exit(void)
{
	if (md5.tfm)
		crypto_free_shash(md5.tfm);
	if (sha1.tfm)
		crypto_free_shash(sha1.tfm);
}

/* Whether @ctx can be used; without the algorithm it never can. */
static bool is_begun(const struct algorithm *alg, const struct bsd_digest *ctx,
		     unsigned long caller)
{
	if (ctx->begun == alg->begun)
		return true;
	if (alg->tfm)
		kpi_misuse_from(caller, "digest not begun, or ended already");
	return false;
}

static void digest_init(const struct algorithm *alg, struct bsd_digest *ctx, unsigned long caller)
{
	SHASH_DESC_ON_STACK(desc, alg->tfm);

	memset(ctx, 0, sizeof(*ctx));
	if (!alg->tfm) {
		kpi_misuse_from(caller, "this kernel has no such digest: it will be zeros");
		return;
	}

	desc->tfm = alg->tfm;
	if (!crypto_shash_init(desc) && !crypto_shash_export(desc, ctx->state))
		ctx->begun = alg->begun;
	shash_desc_zero(desc);
}

static void digest_update(const struct algorithm *alg, struct bsd_digest *ctx, const void *data,
			  size_t len, unsigned long caller)
{
	SHASH_DESC_ON_STACK(desc, alg->tfm);
	size_t done;
	int err;

	if (!is_begun(alg, ctx, caller))
		return;

	desc->tfm = alg->tfm;
	err = crypto_shash_import(desc, ctx->state);
	for (done = 0; !err && done < len; done += SZ_1G)
		err = crypto_shash_update(desc, data + done, min_t(size_t, len - done, SZ_1G));
	if (err || crypto_shash_export(desc, ctx->state))
		ctx->begun = 0;
	shash_desc_zero(desc);
}

static void digest_final(const struct algorithm *alg, struct bsd_digest *ctx, u8 *digest,
			 unsigned long caller)
{
	SHASH_DESC_ON_STACK(desc, alg->tfm);

	memset(digest, 0, alg->digest_size);
	if (!is_begun(alg, ctx, caller))
		return;

	desc->tfm = alg->tfm;
	if (!crypto_shash_import(desc, ctx->state))
		crypto_shash_final(desc, digest);
	shash_desc_zero(desc);
	memzero_explicit(ctx, sizeof(*ctx));
}

/**
 * kpi_MD5Init() - begin an MD5 digest
 * @ctx: the caller's memory; needs no freeing
 *
 * macOS difference: on a kernel without MD5 (CONFIG_CRYPTO_MD5, or not allowed
 * by FIPS mode) this is reported, and the digest is zeros.
 *
 * Context: Any.
 */
void kpi_MD5Init(struct bsd_digest *ctx)
{
	digest_init(&md5, ctx, _RET_IP_);
}
KPI_EXPORT(kpi_MD5Init);

/**
 * kpi_MD5Update() - go on with an MD5 digest
 * @ctx:  the digest
 * @data: the next bytes
 * @len:  how many
 *
 * macOS difference: a digest that was not begun is reported and ignored.
 *
 * Context: Any.
 */
void kpi_MD5Update(struct bsd_digest *ctx, const void *data, unsigned int len)
{
	digest_update(&md5, ctx, data, len, _RET_IP_);
}
KPI_EXPORT(kpi_MD5Update);

/**
 * kpi_MD5Final() - end an MD5 digest
 * @digest: out: 16 bytes
 * @ctx:    the digest; wiped
 *
 * macOS difference: a digest that was not begun is reported and gives zeros.
 *
 * Context: Any.
 */
void kpi_MD5Final(unsigned char digest[KPI_MD5_SIZE], struct bsd_digest *ctx)
{
	digest_final(&md5, ctx, digest, _RET_IP_);
}
KPI_EXPORT(kpi_MD5Final);

/**
 * kpi_SHA1Init() - begin a SHA-1 digest
 * @ctx: the caller's memory; needs no freeing
 *
 * macOS difference: on a kernel without SHA-1 (CONFIG_CRYPTO_SHA1) this is
 * reported, and the digest is zeros.
 *
 * Context: Any.
 */
void kpi_SHA1Init(struct bsd_digest *ctx)
{
	digest_init(&sha1, ctx, _RET_IP_);
}
KPI_EXPORT(kpi_SHA1Init);

/**
 * kpi_SHA1Update() - go on with a SHA-1 digest
 * @ctx:  the digest
 * @data: the next bytes
 * @len:  how many
 *
 * macOS difference: a digest that was not begun is reported and ignored.
 *
 * Context: Any.
 */
void kpi_SHA1Update(struct bsd_digest *ctx, const void *data, size_t len)
{
	digest_update(&sha1, ctx, data, len, _RET_IP_);
}
KPI_EXPORT(kpi_SHA1Update);

/**
 * kpi_SHA1Final() - end a SHA-1 digest
 * @digest: out: 20 bytes
 * @ctx:    the digest; wiped
 *
 * macOS difference: a digest that was not begun is reported and gives zeros.
 *
 * Context: Any.
 */
void kpi_SHA1Final(void *digest, struct bsd_digest *ctx)
{
	digest_final(&sha1, ctx, digest, _RET_IP_);
}
KPI_EXPORT(kpi_SHA1Final);
