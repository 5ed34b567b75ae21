/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBKERN_LIBKERN_H
#define _LIBKERN_LIBKERN_H

#include <kpi/memory.h>
#include <kpi/print.h>
#include <kpi/string.h>
#include <kpi/user.h>
#include <stdint.h>
#include <stdarg.h>
#include <string.h>
#include <sys/types.h>
#include <sys/appleapiopts.h>
#include <mach/vm_param.h>
#include <machine/limits.h>

#define printf		kpi_printf
#define vprintf		kpi_vprintf
#define kprintf		kpi_kprintf
#define snprintf	kpi_snprintf
#define vsnprintf	kpi_vsnprintf
#define scnprintf	kpi_scnprintf
#define vscnprintf	kpi_vscnprintf
#define sprintf		kpi_sprintf
#define vsprintf	kpi_vsprintf
#define sscanf		kpi_sscanf
#define vsscanf		kpi_vsscanf

#define strtol		kpi_strtol
#define strtoul		kpi_strtoul
#define strtoq		kpi_strtoq
#define strtouq		kpi_strtouq

#define ffs		kpi_ffs
#define ffsll		kpi_ffsll
#define fls		kpi_fls
#define flsll		kpi_flsll
#define crc32		kpi_crc32
#define kern_os_malloc	kpi_kern_os_malloc
#define kern_os_realloc	kpi_kern_os_realloc
#define kern_os_free	kpi_kern_os_free
#define random		kpi_random
#define read_random	kpi_read_random
#define read_frandom	kpi_read_frandom
#define copystr		kpi_copystr
#define copyinstr	kpi_copyinstr
#define copyoutstr	kpi_copyoutstr
#define copyin		kpi_copyin
#define copyout		kpi_copyout

static inline __attribute__((__unused__)) int imax(int a, int b)
{
	return a > b ? a : b;
}

static inline __attribute__((__unused__)) int imin(int a, int b)
{
	return a < b ? a : b;
}

static inline __attribute__((__unused__)) long lmax(long a, long b)
{
	return a > b ? a : b;
}

static inline __attribute__((__unused__)) long lmin(long a, long b)
{
	return a < b ? a : b;
}

static inline __attribute__((__unused__)) u_int max(u_int a, u_int b)
{
	return a > b ? a : b;
}

static inline __attribute__((__unused__)) u_int min(u_int a, u_int b)
{
	return a < b ? a : b;
}

static inline __attribute__((__unused__)) u_int32_t ulmax(u_int32_t a, u_int32_t b)
{
	return a > b ? a : b;
}

static inline __attribute__((__unused__)) u_int32_t ulmin(u_int32_t a, u_int32_t b)
{
	return a < b ? a : b;
}

#endif /* _LIBKERN_LIBKERN_H */
