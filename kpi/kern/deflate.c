// SPDX-License-Identifier: GPL-2.0
/* Compression, by the kernel's deflate. */

#include <linux/math.h>
#include <linux/minmax.h>

#include "zlib_priv.h"

/* Linux's own is 8, and does for 9. */
#define KPI_MAX_MEM_LEVEL	9

/* Runs of one byte are found either way; the other strategies promise something. */
static int linux_strategy(int strategy)
{
	return strategy == KPI_Z_RLE ? Z_DEFAULT_STRATEGY : strategy;
}

static bool window_is_known(int window_bits)
{
	int bits = abs(window_bits);

	return bits >= 9 && bits <= MAX_WBITS;
}

static int begin(struct bsd_zlib_stream *strm, int level, int method, int window_bits,
		 int mem_level, int strategy, unsigned long caller)
{
	struct z_stream_s *z;
	int result;

	if (!strm || mem_level < 1 || mem_level > KPI_MAX_MEM_LEVEL)
		return Z_STREAM_ERROR;
	mem_level = min(mem_level, MAX_MEM_LEVEL);
	if (window_bits == 8)		/* zlib, too, takes the next one */
		window_bits = 9;
	if (!window_is_known(window_bits))
		return Z_STREAM_ERROR;

	result = kpi_zlib_begin(strm, KPI_ZLIB_DEFLATE,
				zlib_deflate_workspacesize(window_bits, mem_level), caller);
	if (result != Z_OK)
		return result;

	z = kpi_zlib_enter(strm, KPI_ZLIB_DEFLATE);
	result = zlib_deflateInit2(z, level, method, window_bits, mem_level,
				   linux_strategy(strategy));
	kpi_zlib_leave(strm, result);
	if (result != Z_OK)
		kpi_zlib_end(strm, caller);
	return result;
}

/**
 * kpi_deflateInit_() - what deflateInit() calls
 * @strm:    the stream; zalloc, zfree and opaque are set
 * @level:   0 to 9, or Z_DEFAULT_COMPRESSION
 * @version: ZLIB_VERSION
 * @size:    of z_stream
 *
 * The stream's memory, about 260 KiB, is in one piece; deflateEnd() frees it.
 *
 * macOS difference: with zalloc or zfree NULL the layer allocates.
 *
 * Context: As zalloc; with none, process context.
 * Return: Z_OK, Z_MEM_ERROR, Z_STREAM_ERROR or Z_VERSION_ERROR.
 */
int kpi_deflateInit_(struct bsd_zlib_stream *strm, int level, const char *version, int size)
{
	if (!kpi_zlib_version_fits(version, size))
		return Z_VERSION_ERROR;
	return begin(strm, level, Z_DEFLATED, MAX_WBITS, DEF_MEM_LEVEL,
		     Z_DEFAULT_STRATEGY, _RET_IP_);
}
KPI_EXPORT(kpi_deflateInit_);

/**
 * kpi_deflateInit2_() - what deflateInit2() calls
 * @strm:        the stream; zalloc, zfree and opaque are set
 * @level:       0 to 9, or Z_DEFAULT_COMPRESSION
 * @method:      Z_DEFLATED
 * @window_bits: 9 to 15: with zlib's header; -9 to -15: with none; 8 is as 9
 * @mem_level:   1 to 9
 * @strategy:    Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY or Z_RLE
 * @version:     ZLIB_VERSION
 * @size:        of z_stream
 *
 * macOS difference: gzip headers (16 more window bits) and Z_FIXED give
 * Z_STREAM_ERROR; Z_RLE is as the default, and memory level 9 as 8. With zalloc
 * or zfree NULL the layer allocates.
 *
 * Context: As zalloc; with none, process context.
 * Return: Z_OK, Z_MEM_ERROR, Z_STREAM_ERROR or Z_VERSION_ERROR.
 */
int kpi_deflateInit2_(struct bsd_zlib_stream *strm, int level, int method, int window_bits,
		      int mem_level, int strategy, const char *version, int size)
{
	if (!kpi_zlib_version_fits(version, size))
		return Z_VERSION_ERROR;
	return begin(strm, level, method, window_bits, mem_level, strategy, _RET_IP_);
}
KPI_EXPORT(kpi_deflateInit2_);

/**
 * kpi_deflate() - compress
 * @strm:  the stream: where the input is and where the output goes
 * @flush: Z_NO_FLUSH, Z_PARTIAL_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH or Z_FINISH
 *
 * macOS difference: none; other versions of zlib make other bytes of the same
 * input.
 *
 * Context: Any; one call on a stream at a time.
 * Return: Z_OK; Z_STREAM_END with Z_FINISH when all is out; Z_BUF_ERROR if
 * nothing could be done; Z_STREAM_ERROR.
 */
int kpi_deflate(struct bsd_zlib_stream *strm, int flush)
{
	struct z_stream_s *z = kpi_zlib_enter(strm, KPI_ZLIB_DEFLATE);

	if (!z || !z->next_out)
		return Z_STREAM_ERROR;
	return kpi_zlib_leave(strm, zlib_deflate(z, kpi_zlib_flush(flush)));
}
KPI_EXPORT(kpi_deflate);

/**
 * kpi_deflateReset() - begin anew, with the same parameters and memory
 * @strm: the stream
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: Z_OK or Z_STREAM_ERROR.
 */
int kpi_deflateReset(struct bsd_zlib_stream *strm)
{
	struct z_stream_s *z = kpi_zlib_enter(strm, KPI_ZLIB_DEFLATE);

	return z ? kpi_zlib_leave(strm, zlib_deflateReset(z)) : Z_STREAM_ERROR;
}
KPI_EXPORT(kpi_deflateReset);

/**
 * kpi_deflateEnd() - free a stream's memory
 * @strm: the stream
 *
 * macOS difference: none.
 *
 * Context: As zfree; with none, any.
 * Return: Z_OK; Z_DATA_ERROR if there was input or output left; Z_STREAM_ERROR
 * if it is no such stream, or ended already.
 */
int kpi_deflateEnd(struct bsd_zlib_stream *strm)
{
	struct z_stream_s *z = kpi_zlib_enter(strm, KPI_ZLIB_DEFLATE);
	int result;

	if (!z)
		return Z_STREAM_ERROR;
	result = zlib_deflateEnd(z);
	kpi_zlib_end(strm, _RET_IP_);
	return result;
}
KPI_EXPORT(kpi_deflateEnd);
