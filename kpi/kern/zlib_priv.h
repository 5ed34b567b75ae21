/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A stream of ours around one of Linux's, whose fields are others and whose
 * memory must be there before it begins.
 */
#ifndef _KPI_ZLIB_PRIV_H
#define _KPI_ZLIB_PRIV_H

#include <linux/types.h>
#include <linux/zlib.h>

#include <kpi/zlib.h>

#include "../kpi_priv.h"

enum kpi_zlib_kind {
	KPI_ZLIB_DEFLATE = 0x7a6c6966,
	KPI_ZLIB_INFLATE = 0x7a6c6974
};

struct bsd_zlib_state {
	enum kpi_zlib_kind kind;
	bool callers_memory;		/* from the stream's zalloc */
	struct z_stream_s linux_stream;
	u64 workspace[];
};

/* What ends with a Z_ number does, as zlib, and not with an errno. */
int kpi_zlib_begin(struct bsd_zlib_stream *strm, enum kpi_zlib_kind kind, size_t workspace,
		   unsigned long caller);
bool kpi_zlib_version_fits(const char *version, int size);
struct z_stream_s *kpi_zlib_enter(struct bsd_zlib_stream *strm, enum kpi_zlib_kind kind);
int kpi_zlib_leave(struct bsd_zlib_stream *strm, int result);
void kpi_zlib_end(struct bsd_zlib_stream *strm, unsigned long caller);
int kpi_zlib_flush(int flush);

#endif /* _KPI_ZLIB_PRIV_H */
