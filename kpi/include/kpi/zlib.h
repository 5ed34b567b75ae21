/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compression: zlib's stream, with the fields that its users set and read.
 *
 * A stream whose zalloc and zfree are set gets its memory from them, in one
 * piece; otherwise the layer allocates. next_in and the like are read at the
 * beginning of a call and written at its end.
 */
#ifndef _KPI_ZLIB_H
#define _KPI_ZLIB_H

#include <kpi/types.h>

typedef void *(*kpi_zlib_alloc)(void *opaque, unsigned int items, unsigned int size);
typedef void (*kpi_zlib_free)(void *opaque, void *address);

struct bsd_zlib_state;

struct bsd_zlib_stream {
	unsigned char *next_in;
	unsigned int avail_in;
	unsigned long total_in;

	unsigned char *next_out;
	unsigned int avail_out;
	unsigned long total_out;

	char *msg;
	struct bsd_zlib_state *state;

	kpi_zlib_alloc zalloc;
	kpi_zlib_free zfree;
	void *opaque;

	int data_type;
	unsigned long adler;
	unsigned long reserved;
};

_Static_assert(sizeof(struct bsd_zlib_stream) == 112, "layout of z_stream");

#define KPI_Z_NO_FLUSH		0
#define KPI_Z_PARTIAL_FLUSH	1
#define KPI_Z_SYNC_FLUSH	2
#define KPI_Z_FULL_FLUSH	3
#define KPI_Z_FINISH		4
#define KPI_Z_BLOCK		5

#define KPI_Z_FILTERED		1
#define KPI_Z_HUFFMAN_ONLY	2
#define KPI_Z_RLE		3
#define KPI_Z_FIXED		4

#define KPI_ZLIB_VERSION	"1.2.3"

int kpi_deflateInit_(struct bsd_zlib_stream *strm, int level, const char *version, int size);
int kpi_deflateInit2_(struct bsd_zlib_stream *strm, int level, int method, int window_bits,
		      int mem_level, int strategy, const char *version, int size);
int kpi_deflate(struct bsd_zlib_stream *strm, int flush);
int kpi_deflateReset(struct bsd_zlib_stream *strm);
int kpi_deflateEnd(struct bsd_zlib_stream *strm);

int kpi_inflateInit_(struct bsd_zlib_stream *strm, const char *version, int size);
int kpi_inflateInit2_(struct bsd_zlib_stream *strm, int window_bits, const char *version,
		      int size);
int kpi_inflate(struct bsd_zlib_stream *strm, int flush);
int kpi_inflateReset(struct bsd_zlib_stream *strm);
int kpi_inflateEnd(struct bsd_zlib_stream *strm);

unsigned long kpi_deflateBound(struct bsd_zlib_stream *strm, unsigned long len);
unsigned long kpi_compressBound(unsigned long len);
unsigned long kpi_adler32(unsigned long adler, const unsigned char *buf, unsigned int len);
unsigned long kpi_z_crc32(unsigned long crc, const unsigned char *buf, unsigned int len);
const char *kpi_zlibVersion(void);
const char *kpi_zError(int error);

#endif /* _KPI_ZLIB_H */
