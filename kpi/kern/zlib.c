// SPDX-License-Identifier: GPL-2.0
/* What deflate and inflate have in common, and zlib's smaller calls. */

#include <linux/kernel.h>
#include <linux/zutil.h>

#include <kpi/memory.h>
#include <kpi/string.h>

#include "block.h"
#include "zlib_priv.h"

static struct bsd_zlib_state *state_alloc(struct bsd_zlib_stream *strm, size_t workspace,
					  unsigned long caller)
{
	size_t size = sizeof(struct bsd_zlib_state) + workspace;
	struct bsd_zlib_state *state;
	bool may_wait;

	if (strm->zalloc && strm->zfree) {
		state = strm->zalloc(strm->opaque, 1, size);
		if (state)
			state->callers_memory = true;
		return state;
	}

	state = kpi_block_alloc(size, kpi_block_gfp(M_WAITOK, &may_wait),
				(struct kpi_block_owner){ .caller = caller });
	if (state)
		state->callers_memory = false;
	return state;
}

/**
 * kpi_zlib_begin() - give a stream its state
 * @strm:      the stream
 * @kind:      what it is for
 * @workspace: bytes Linux needs for it
 * @caller:    who is charged
 *
 * Return: Z_OK or Z_MEM_ERROR.
 */
int kpi_zlib_begin(struct bsd_zlib_stream *strm, enum kpi_zlib_kind kind, size_t workspace,
		   unsigned long caller)
{
	struct bsd_zlib_state *state;

	strm->msg = NULL;
	strm->state = NULL;
	state = state_alloc(strm, workspace, caller);
	if (!state)
		return Z_MEM_ERROR;

	state->kind = kind;
	state->linux_stream = (struct z_stream_s){ .workspace = state->workspace };
	strm->state = state;
	return Z_OK;
}

void kpi_zlib_end(struct bsd_zlib_stream *strm, unsigned long caller)
{
	struct bsd_zlib_state *state = strm->state;

	strm->state = NULL;
	state->kind = 0;
	if (state->callers_memory)
		strm->zfree(strm->opaque, state);
	else
		kpi_block_free(state, KPI_ANY_SIZE, (struct kpi_block_owner){ .caller = caller });
}

/* The first digit says what is compatible. */
bool kpi_zlib_version_fits(const char *version, int size)
{
	return version && version[0] == KPI_ZLIB_VERSION[0] &&
	       size == sizeof(struct bsd_zlib_stream);
}

/**
 * kpi_zlib_enter() - begin a call on a stream
 * @strm: the stream
 * @kind: what it has to be for
 *
 * Return: Linux's stream, with what the caller set; NULL if this is none.
 */
struct z_stream_s *kpi_zlib_enter(struct bsd_zlib_stream *strm, enum kpi_zlib_kind kind)
{
	struct z_stream_s *z;

	if (!strm || !strm->state || strm->state->kind != kind)
		return NULL;

	z = &strm->state->linux_stream;
	z->next_in = strm->next_in;
	z->avail_in = strm->avail_in;
	z->total_in = strm->total_in;
	z->next_out = strm->next_out;
	z->avail_out = strm->avail_out;
	z->total_out = strm->total_out;
	z->adler = strm->adler;
	return z;
}

int kpi_zlib_leave(struct bsd_zlib_stream *strm, int result)
{
	const struct z_stream_s *z = &strm->state->linux_stream;

	strm->next_in = (unsigned char *)z->next_in;
	strm->avail_in = z->avail_in;
	strm->total_in = z->total_in;
	strm->next_out = z->next_out;
	strm->avail_out = z->avail_out;
	strm->total_out = z->total_out;
	strm->adler = z->adler;
	strm->data_type = z->data_type;
	strm->msg = z->msg;
	return result;
}

/* Linux has one flush more in the middle, and so other numbers; -1 if it has none. */
int kpi_zlib_flush(int flush)
{
	static const int linux_flush[] = {
		[KPI_Z_NO_FLUSH] = Z_NO_FLUSH,
		[KPI_Z_PARTIAL_FLUSH] = Z_PARTIAL_FLUSH,
		[KPI_Z_SYNC_FLUSH] = Z_SYNC_FLUSH,
		[KPI_Z_FULL_FLUSH] = Z_FULL_FLUSH,
		[KPI_Z_FINISH] = Z_FINISH,
		[KPI_Z_BLOCK] = Z_BLOCK,
	};

	if (flush < 0 || flush >= ARRAY_SIZE(linux_flush))
		return -1;
	return linux_flush[flush];
}

/**
 * kpi_deflateBound() - how long a stream's output can become
 * @strm: the stream, or NULL
 * @len:  bytes to compress
 *
 * macOS difference: always the bound for the least favourable parameters.
 *
 * Context: Any.
 * Return: the most bytes that one deflate() with Z_FINISH makes of them.
 */
unsigned long kpi_deflateBound(struct bsd_zlib_stream *strm, unsigned long len)
{
	return len + ((len + 7) >> 3) + ((len + 63) >> 6) + 11;
}
KPI_EXPORT(kpi_deflateBound);

/**
 * kpi_compressBound() - how long output can become with the usual parameters
 * @len: bytes to compress
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the most bytes that one deflate() with Z_FINISH makes of them.
 */
unsigned long kpi_compressBound(unsigned long len)
{
	return len + (len >> 12) + (len >> 14) + 11;
}
KPI_EXPORT(kpi_compressBound);

/**
 * kpi_adler32() - the Adler-32 checksum
 * @adler: 1, or the result for the bytes before
 * @buf:   the bytes; NULL for the value to begin with
 * @len:   how many
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the checksum so far.
 */
unsigned long kpi_adler32(unsigned long adler, const unsigned char *buf, unsigned int len)
{
	return zlib_adler32(adler, buf, len);
}
KPI_EXPORT(kpi_adler32);

/**
 * kpi_z_crc32() - the CRC-32 of zlib, under the name it has beside libkern's
 * @crc: 0, or the result for the bytes before
 * @buf: the bytes; NULL for the value to begin with
 * @len: how many
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the checksum so far.
 */
unsigned long kpi_z_crc32(unsigned long crc, const unsigned char *buf, unsigned int len)
{
	return buf ? kpi_crc32(crc, buf, len) : 0;
}
KPI_EXPORT(kpi_z_crc32);

/**
 * kpi_zlibVersion() - the version of zlib
 *
 * macOS difference: what the kernel has is derived from this version, and
 * offers less: no preset dictionaries, no gzip headers, no inflateSync().
 *
 * Context: Any.
 * Return: "1.2.3".
 */
const char *kpi_zlibVersion(void)
{
	return KPI_ZLIB_VERSION;
}
KPI_EXPORT(kpi_zlibVersion);

/**
 * kpi_zError() - a result of zlib in words
 * @error: Z_...
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the words; none for Z_OK and what is no such result.
 */
const char *kpi_zError(int error)
{
	static const char * const words[] = {
		"need dictionary", "stream end", "", "file error", "stream error",
		"data error", "insufficient memory", "buffer error", "incompatible version",
	};

	if (error > Z_NEED_DICT || error < Z_VERSION_ERROR)
		return "";
	return words[Z_NEED_DICT - error];
}
KPI_EXPORT(kpi_zError);
