/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages of kexts go to the kernel log with the kext's name in front.
 *
 * Formats are those of macOS: those of C, and %b (a value and the names of its
 * bits), %q and %j (as ll and l), %D %O %U (long). A letter that follows %p has no
 * meaning.
 */
#ifndef _KPI_PRINT_H
#define _KPI_PRINT_H

#include <kpi/types.h>

int kpi_printf(const char *fmt, ...);
int kpi_vprintf(const char *fmt, __builtin_va_list ap);
void kpi_kprintf(const char *fmt, ...);
void kpi_log(int level, const char *fmt, ...);
void kpi_os_log(int level, const char *fmt, ...);
void kpi_IOLog(const char *fmt, ...);
void kpi_IOLogv(const char *fmt, __builtin_va_list ap);

int kpi_snprintf(char *buf, size_t size, const char *fmt, ...);
int kpi_vsnprintf(char *buf, size_t size, const char *fmt, __builtin_va_list ap);
int kpi_scnprintf(char *buf, size_t size, const char *fmt, ...);
int kpi_vscnprintf(char *buf, size_t size, const char *fmt, __builtin_va_list ap);
int kpi_sprintf(char *buf, const char *fmt, ...);
int kpi_vsprintf(char *buf, const char *fmt, __builtin_va_list ap);
int kpi_sscanf(const char *buf, const char *fmt, ...)
	__attribute__((__format__(__scanf__, 2, 3)));
int kpi_vsscanf(const char *buf, const char *fmt, __builtin_va_list ap)
	__attribute__((__format__(__scanf__, 2, 0)));

void kpi_panic(const char *fmt, ...);
void kpi_Debugger(const char *message);
void kpi_OSReportWithBacktrace(const char *fmt, ...);
void kpi_assert_failed(const char *file, int line, const char *expression);

#endif /* _KPI_PRINT_H */
