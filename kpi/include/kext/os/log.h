/* SPDX-License-Identifier: GPL-2.0 */
/*
 * os_log(): the log object is ignored; qualifiers such as {public} in the
 * format are dropped.
 */
#ifndef _OS_LOG_H
#define _OS_LOG_H

#include <kpi/print.h>
#include <stdint.h>
#include <stdbool.h>
#include <sys/cdefs.h>
#include <os/base.h>

typedef struct os_log_s *os_log_t;
typedef uint8_t os_log_type_t;

#define OS_LOG_TYPE_DEFAULT	0x00
#define OS_LOG_TYPE_INFO	0x01
#define OS_LOG_TYPE_DEBUG	0x02
#define OS_LOG_TYPE_ERROR	0x10
#define OS_LOG_TYPE_FAULT	0x11

#define OS_LOG_DEFAULT		((os_log_t)0)
#define OS_LOG_DISABLED		((os_log_t)0)

/* The kernel's log levels. */
#define __OS_LOG_LEVEL(type)			\
	((type) == OS_LOG_TYPE_FAULT ? 2 :	\
	 (type) == OS_LOG_TYPE_ERROR ? 3 :	\
	 (type) == OS_LOG_TYPE_DEBUG ? 7 :	\
	 (type) == OS_LOG_TYPE_INFO ? 6 : 5)

#define os_log_create(subsystem, category)	((void)(subsystem), (void)(category), OS_LOG_DEFAULT)
#define os_log_retain(log)			(log)
#define os_log_release(log)			((void)(log))
#define os_log_type_enabled(log, type)		((void)(log), (void)(type), 1)
#define os_log_info_enabled(log)		((void)(log), 1)
#define os_log_debug_enabled(log)		((void)(log), 1)

#define os_log_with_type(log, type, ...)	((void)(log), kpi_os_log(__OS_LOG_LEVEL(type), __VA_ARGS__))
#define os_log(log, ...)	os_log_with_type(log, OS_LOG_TYPE_DEFAULT, __VA_ARGS__)
#define os_log_info(log, ...)	os_log_with_type(log, OS_LOG_TYPE_INFO, __VA_ARGS__)
#define os_log_debug(log, ...)	os_log_with_type(log, OS_LOG_TYPE_DEBUG, __VA_ARGS__)
#define os_log_error(log, ...)	os_log_with_type(log, OS_LOG_TYPE_ERROR, __VA_ARGS__)
#define os_log_fault(log, ...)	os_log_with_type(log, OS_LOG_TYPE_FAULT, __VA_ARGS__)

#endif /* _OS_LOG_H */
