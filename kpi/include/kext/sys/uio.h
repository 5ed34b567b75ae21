/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_UIO_H
#define _SYS_UIO_H

#include <kpi/uio.h>
#include <kpi/socket.h>
#include <sys/types.h>
#include <sys/cdefs.h>
#include <sys/kernel_types.h>

#define iovec		bsd_iovec

enum uio_rw { __KPI_UIO_READ = UIO_READ, __KPI_UIO_WRITE = UIO_WRITE };
enum uio_seg { __KPI_UIO_USERSPACE = UIO_USERSPACE, __KPI_UIO_SYSSPACE = UIO_SYSSPACE };

#define UIO_MAXIOV	1024
#define UIO_SMALLIOV	8

#define uio_create	kpi_uio_create
#define uio_reset	kpi_uio_reset
#define uio_duplicate	kpi_uio_duplicate
#define uio_free	kpi_uio_free
#define uio_addiov	kpi_uio_addiov
#define uio_getiov	kpi_uio_getiov
#define uio_update	kpi_uio_update
#define uio_resid	kpi_uio_resid
#define uio_setresid	kpi_uio_setresid
#define uio_iovcnt	kpi_uio_iovcnt
#define uio_offset	kpi_uio_offset
#define uio_setoffset	kpi_uio_setoffset
#define uio_rw	kpi_uio_rw
#define uio_setrw	kpi_uio_setrw
#define uio_isuserspace	kpi_uio_isuserspace
#define uio_curriovbase	kpi_uio_curriovbase
#define uio_curriovlen	kpi_uio_curriovlen
#define uiomove	kpi_uiomove
#define uiomove64	kpi_uiomove64

#endif /* _SYS_UIO_H */
