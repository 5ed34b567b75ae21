// SPDX-License-Identifier: GPL-2.0
/* MD5 and SHA-1: the examples of RFC 1321 and FIPS 180, and mistakes. */

#include <libkern/crypto/md5.h>
#include <libkern/crypto/sha1.h>
#include <libkern/libkern.h>
#include <string.h>

#include "../test.h"

#define ALPHABET	"abcdefghijklmnopqrstuvwxyz"
#define LETTERS		"ABCDEFGHIJKLMNOPQRSTUVWXYZ" ALPHABET "0123456789"
#define TENS		"1234567890123456789012345678901234567890" \
			"1234567890123456789012345678901234567890"
#define TWO_BLOCKS	"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"

static const struct answer {
	const char *text;
	const char *digest;
} md5_answers[] = {
	{ "", "d41d8cd98f00b204e9800998ecf8427e" },
	{ "a", "0cc175b9c0f1b6a831c399e269772661" },
	{ "abc", "900150983cd24fb0d6963f7d28e17f72" },
	{ "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
	{ ALPHABET, "c3fcd3d76192e4007dfb496cca67e13b" },
	{ LETTERS, "d174ab98d277d9f5a5611c2c9f419d9f" },
	{ TENS, "57edf4a22be3c955ac49da2e2107b67a" },
	{}
}, sha1_answers[] = {
	{ "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ TWO_BLOCKS, "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{}
};

static const char *in_hex(const unsigned char *digest, unsigned int size)
{
	static char text[2 * SHA_DIGEST_LENGTH + 1];
	unsigned int i;

	for (i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return text;
}

/* The text in pieces of @step bytes. */
static const char *md5_of(const char *text, size_t step)
{
	unsigned char digest[MD5_DIGEST_LENGTH];
	size_t len = strlen(text), off;
	MD5_CTX ctx;

	MD5Init(&ctx);
	for (off = 0; off < len; off += step)
		MD5Update(&ctx, text + off, min(step, len - off));
	MD5Final(digest, &ctx);
	return in_hex(digest, sizeof(digest));
}

static const char *sha1_of(const char *text, size_t step)
{
	unsigned char digest[SHA_DIGEST_LENGTH];
	size_t len = strlen(text), off;
	SHA1_CTX ctx;

	SHA1Init(&ctx);
	for (off = 0; off < len; off += step)
		SHA1Update(&ctx, text + off, min(step, len - off));
	SHA1Final(digest, &ctx);
	return in_hex(digest, sizeof(digest));
}

static void known_answers(void)
{
	const struct answer *a;
	size_t step;

	for (step = 1; step <= 128; step = step * 2 + 1) {
		for (a = md5_answers; a->text; a++)
			EXPECT_STR(md5_of(a->text, step), a->digest);
		for (a = sha1_answers; a->text; a++)
			EXPECT_STR(sha1_of(a->text, step), a->digest);
	}
}

static void a_million_bytes(void)
{
	static const char many[1000] = { [0 ... 999] = 'a' };
	unsigned char digest[SHA_DIGEST_LENGTH];
	SHA1_CTX sha1;
	MD5_CTX md5;
	int i;

	MD5Init(&md5);
	SHA1Init(&sha1);
	for (i = 0; i < 1000; i++) {
		MD5Update(&md5, many, sizeof(many));
		SHA1Update(&sha1, many, sizeof(many));
	}
	MD5Final(digest, &md5);
	EXPECT_STR(in_hex(digest, MD5_DIGEST_LENGTH), "7707d6ae4e027c70eea2a935c2296f21");
	SHA1Final(digest, &sha1);
	EXPECT_STR(in_hex(digest, SHA_DIGEST_LENGTH),
		   "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

static void the_names_of_kame(void)
{
	unsigned char digest[SHA1_RESULTLEN];
	struct sha1_ctxt ctx;

	sha1_init(&ctx);
	sha1_loop(&ctx, "abc", 3);
	sha1_result(&ctx, digest);
	EXPECT_STR(in_hex(digest, sizeof(digest)), sha1_answers[1].digest);
}

static void a_copy_goes_on_by_itself(void)
{
	unsigned char digest[MD5_DIGEST_LENGTH];
	MD5_CTX ctx, copy;

	MD5Init(&ctx);
	MD5Update(&ctx, "a", 1);
	copy = ctx;
	MD5Update(&ctx, "bc", 2);
	MD5Final(digest, &copy);
	EXPECT_STR(in_hex(digest, sizeof(digest)), md5_answers[1].digest);
	MD5Final(digest, &ctx);
	EXPECT_STR(in_hex(digest, sizeof(digest)), md5_answers[2].digest);
}

static void anywhere(void)
{
	kt_atomic_begin();
	EXPECT_STR(md5_of("abc", 3), md5_answers[2].digest);
	EXPECT_STR(sha1_of("abc", 3), sha1_answers[1].digest);
	kt_atomic_end();
}

static void not_begun(void)
{
	static const unsigned char zeros[SHA_DIGEST_LENGTH];
	unsigned char digest[SHA_DIGEST_LENGTH];
	SHA1_CTX ctx;

	memset(&ctx, 0x5a, sizeof(ctx));
	EXPECT_MISUSE(1, SHA1Update(&ctx, "abc", 3));
	memset(digest, 0x5a, sizeof(digest));
	EXPECT_MISUSE(1, SHA1Final(digest, &ctx));
	EXPECT_EQ(memcmp(digest, zeros, sizeof(digest)), 0);
}

static void ended_or_another(void)
{
	unsigned char digest[SHA_DIGEST_LENGTH];
	MD5_CTX ctx;

	MD5Init(&ctx);
	EXPECT_MISUSE(1, SHA1Update(&ctx, "abc", 3));
	MD5Update(&ctx, "abc", 3);
	MD5Final(digest, &ctx);
	EXPECT_STR(in_hex(digest, MD5_DIGEST_LENGTH), md5_answers[2].digest);
	EXPECT_MISUSE(1, MD5Update(&ctx, "abc", 3));
	EXPECT_MISUSE(1, MD5Final(digest, &ctx));
}

const struct kt_case kern_digest_cases[] = {
	{ "known answers", known_answers },
	{ "a million bytes", a_million_bytes },
	{ "the names of kame", the_names_of_kame },
	{ "a copy goes on by itself", a_copy_goes_on_by_itself },
	{ "anywhere", anywhere },
	{ "not begun", not_begun },
	{ "ended or another", ended_or_another },
	{}
};
