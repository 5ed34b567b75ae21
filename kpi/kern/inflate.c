// SPDX-License-Identifier: GPL-2.0
/* Decompression, by the kernel's inflate. */

#include "zlib_priv.h"

static int begin(struct bsd_zlib_stream *strm, int window_bits, unsigned long caller)
{
	struct z_stream_s *z;
	int result;

	if (!strm)
		return Z_STREAM_ERROR;
	result = kpi_zlib_begin(strm, KPI_ZLIB_INFLATE, zlib_inflate_workspacesize(), caller);
	if (result != Z_OK)
		return result;

	z = kpi_zlib_enter(strm, KPI_ZLIB_INFLATE);
	result = zlib_inflateInit2(z, window_bits ?: MAX_WBITS);
	if (result != Z_OK) {
		kpi_zlib_end(strm, caller);
		return result;
	}
	return kpi_zlib_leave(strm, Z_OK);
}

/**
 * kpi_inflateInit_() - what inflateInit() calls
 * @strm:    the stream; zalloc, zfree and opaque are set
 * @version: ZLIB_VERSION
 * @size:    of z_stream
 *
 * The stream's memory, about 42 KiB, is in one piece; inflateEnd() frees it.
 *
 * macOS difference: with zalloc or zfree NULL the layer allocates.
 *
 * Context: As zalloc; with none, process context.
 * Return: Z_OK, Z_MEM_ERROR, Z_STREAM_ERROR or Z_VERSION_ERROR.
 */
int kpi_inflateInit_(struct bsd_zlib_stream *strm, const char *version, int size)
{
	if (!kpi_zlib_version_fits(version, size))
		return Z_VERSION_ERROR;
	return begin(strm, MAX_WBITS, _RET_IP_);
}
KPI_EXPORT(kpi_inflateInit_);

/**
 * kpi_inflateInit2_() - what inflateInit2() calls
 * @strm:        the stream; zalloc, zfree and opaque are set
 * @window_bits: 8 to 15: there is zlib's header; -8 to -15: there is none; 0 is 15
 * @version:     ZLIB_VERSION
 * @size:        of z_stream
 *
 * macOS difference: gzip headers (16 or 32 more window bits) give
 * Z_STREAM_ERROR. With zalloc or zfree NULL the layer allocates.
 *
 * Context: As zalloc; with none, process context.
 * Return: Z_OK, Z_MEM_ERROR, Z_STREAM_ERROR or Z_VERSION_ERROR.
 */
int kpi_inflateInit2_(struct bsd_zlib_stream *strm, int window_bits, const char *version,
		      int size)
{
	if (!kpi_zlib_version_fits(version, size))
		return Z_VERSION_ERROR;
	return begin(strm, window_bits, _RET_IP_);
}
KPI_EXPORT(kpi_inflateInit2_);

/**
 * kpi_inflate() - decompress
 * @strm:  the stream: where the input is and where the output goes
 * @flush: Z_NO_FLUSH, Z_SYNC_FLUSH, Z_BLOCK, or Z_FINISH if the output has room for all
 *
 * macOS difference: after Z_NEED_DICT there is no way on.
 *
 * Context: Any; one call on a stream at a time.
 * Return: Z_OK; Z_STREAM_END after the last byte; Z_BUF_ERROR if nothing could
 * be done, or not all with Z_FINISH; Z_DATA_ERROR for what deflate never made;
 * Z_NEED_DICT; Z_STREAM_ERROR.
 */
int kpi_inflate(struct bsd_zlib_stream *strm, int flush)
{
	struct z_stream_s *z = kpi_zlib_enter(strm, KPI_ZLIB_INFLATE);

	flush = kpi_zlib_flush(flush);
	if (!z || !z->next_out || flush < 0)
		return Z_STREAM_ERROR;
	return kpi_zlib_leave(strm, zlib_inflate(z, flush));
}
KPI_EXPORT(kpi_inflate);

/**
 * kpi_inflateReset() - begin anew, with the same parameters and memory
 * @strm: the stream
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: Z_OK or Z_STREAM_ERROR.
 */
int kpi_inflateReset(struct bsd_zlib_stream *strm)
{
	struct z_stream_s *z = kpi_zlib_enter(strm, KPI_ZLIB_INFLATE);

	return z ? kpi_zlib_leave(strm, zlib_inflateReset(z)) : Z_STREAM_ERROR;
}
KPI_EXPORT(kpi_inflateReset);

/**
 * kpi_inflateEnd() - free a stream's memory
 * @strm: the stream
 *
 * macOS difference: none.
 *
 * Context: As zfree; with none, any.
 * Return: Z_OK; Z_STREAM_ERROR if it is no such stream, or ended already.
 */
int kpi_inflateEnd(struct bsd_zlib_stream *strm)
{
	if (!kpi_zlib_enter(strm, KPI_ZLIB_INFLATE))
		return Z_STREAM_ERROR;
	kpi_zlib_end(strm, _RET_IP_);
	return Z_OK;
}
KPI_EXPORT(kpi_inflateEnd);
