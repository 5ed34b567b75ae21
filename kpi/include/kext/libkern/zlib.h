/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Not offered: preset dictionaries, gzip headers, inflateSync(), copies of
 * streams, parameters that change on the way, compress() and uncompress().
 */
#ifndef _LIBKERN_ZLIB_H
#define _LIBKERN_ZLIB_H

#include <kpi/string.h>
#include <kpi/zlib.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#define ZLIB_VERSION	KPI_ZLIB_VERSION
#define ZLIB_VERNUM	0x1230

#define MAX_WBITS	15
#define MAX_MEM_LEVEL	9

typedef unsigned char Byte;
typedef unsigned int uInt;
typedef unsigned long uLong;
typedef Byte Bytef;
typedef char charf;
typedef int intf;
typedef uInt uIntf;
typedef uLong uLongf;
typedef void *voidp;
typedef void *voidpf;
typedef void const *voidpc;

typedef kpi_zlib_alloc alloc_func;
typedef kpi_zlib_free free_func;

#define z_stream_s	bsd_zlib_stream
typedef struct bsd_zlib_stream z_stream;
typedef z_stream *z_streamp;

#define Z_NULL		0

#define Z_NO_FLUSH	KPI_Z_NO_FLUSH
#define Z_PARTIAL_FLUSH	KPI_Z_PARTIAL_FLUSH
#define Z_SYNC_FLUSH	KPI_Z_SYNC_FLUSH
#define Z_FULL_FLUSH	KPI_Z_FULL_FLUSH
#define Z_FINISH	KPI_Z_FINISH
#define Z_BLOCK		KPI_Z_BLOCK

#define Z_OK		0
#define Z_STREAM_END	1
#define Z_NEED_DICT	2
#define Z_ERRNO		(-1)
#define Z_STREAM_ERROR	(-2)
#define Z_DATA_ERROR	(-3)
#define Z_MEM_ERROR	(-4)
#define Z_BUF_ERROR	(-5)
#define Z_VERSION_ERROR	(-6)

#define Z_NO_COMPRESSION	0
#define Z_BEST_SPEED		1
#define Z_BEST_COMPRESSION	9
#define Z_DEFAULT_COMPRESSION	(-1)

#define Z_FILTERED		KPI_Z_FILTERED
#define Z_HUFFMAN_ONLY		KPI_Z_HUFFMAN_ONLY
#define Z_RLE			KPI_Z_RLE
#define Z_FIXED			KPI_Z_FIXED
#define Z_DEFAULT_STRATEGY	0

#define Z_BINARY	0
#define Z_TEXT		1
#define Z_ASCII		Z_TEXT
#define Z_UNKNOWN	2

#define Z_DEFLATED	8

#define deflateInit(strm, level) \
	kpi_deflateInit_(strm, level, ZLIB_VERSION, (int)sizeof(z_stream))
#define deflateInit2(strm, level, method, window_bits, mem_level, strategy) \
	kpi_deflateInit2_(strm, level, method, window_bits, mem_level, strategy, \
			  ZLIB_VERSION, (int)sizeof(z_stream))
#define inflateInit(strm) \
	kpi_inflateInit_(strm, ZLIB_VERSION, (int)sizeof(z_stream))
#define inflateInit2(strm, window_bits) \
	kpi_inflateInit2_(strm, window_bits, ZLIB_VERSION, (int)sizeof(z_stream))

#define deflateInit_	kpi_deflateInit_
#define deflateInit2_	kpi_deflateInit2_
#define deflate		kpi_deflate
#define deflateReset	kpi_deflateReset
#define deflateEnd	kpi_deflateEnd
#define deflateBound	kpi_deflateBound
#define inflateInit_	kpi_inflateInit_
#define inflateInit2_	kpi_inflateInit2_
#define inflate		kpi_inflate
#define inflateReset	kpi_inflateReset
#define inflateEnd	kpi_inflateEnd
#define compressBound	kpi_compressBound
#define adler32		kpi_adler32
#define crc32		kpi_crc32
#define z_crc32		kpi_z_crc32
#define zlibVersion	kpi_zlibVersion
#define zError		kpi_zError

#endif /* _LIBKERN_ZLIB_H */
