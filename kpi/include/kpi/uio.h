/* SPDX-License-Identifier: GPL-2.0 */
/*
 * uio: where the bytes of a transfer come from or go to. One object holds a
 * few runs of memory, of the kernel or of the running user process, how much
 * is left to move, and an offset that moves along.
 */
#ifndef _KPI_UIO_H
#define _KPI_UIO_H

#include <kpi/handles.h>

#define UIO_READ		0	/* data goes to the runs of the uio */
#define UIO_WRITE		1	/* data comes from there */

#define UIO_USERSPACE		0
#define UIO_SYSSPACE		2
#define UIO_USERSPACE32		5
#define UIO_USERSPACE64		8
#define UIO_SYSSPACE32		11

uio_t kpi_uio_create(int iovcount, int64_t offset, int spacetype, int direction);
void kpi_uio_reset(uio_t uio, int64_t offset, int spacetype, int direction);
uio_t kpi_uio_duplicate(uio_t uio);
void kpi_uio_free(uio_t uio);
int kpi_uio_addiov(uio_t uio, user_addr_t base, user_size_t len);
int kpi_uio_getiov(uio_t uio, int index, user_addr_t *base, user_size_t *len);
void kpi_uio_update(uio_t uio, user_size_t count);
int64_t kpi_uio_resid(uio_t uio);
void kpi_uio_setresid(uio_t uio, int64_t resid);
int kpi_uio_iovcnt(uio_t uio);
int64_t kpi_uio_offset(uio_t uio);
void kpi_uio_setoffset(uio_t uio, int64_t offset);
int kpi_uio_rw(uio_t uio);
void kpi_uio_setrw(uio_t uio, int direction);
int kpi_uio_isuserspace(uio_t uio);
user_addr_t kpi_uio_curriovbase(uio_t uio);
user_size_t kpi_uio_curriovlen(uio_t uio);
int kpi_uiomove(const char *cp, int n, uio_t uio);
int kpi_uiomove64(const u_int64_t cp, int n, uio_t uio);

#endif /* _KPI_UIO_H */
