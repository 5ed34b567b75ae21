/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UUID_UUID_H
#define _UUID_UUID_H

#include <kpi/string.h>
#include <sys/types.h>

typedef unsigned char uuid_t[16];
typedef char uuid_string_t[37];

#define UUID_NULL	((const unsigned char[16]){ 0 })

#define uuid_clear		kpi_uuid_clear
#define uuid_compare		kpi_uuid_compare
#define uuid_copy		kpi_uuid_copy
#define uuid_generate		kpi_uuid_generate
#define uuid_generate_random	kpi_uuid_generate
#define uuid_generate_time	kpi_uuid_generate
#define uuid_is_null		kpi_uuid_is_null
#define uuid_parse		kpi_uuid_parse
#define uuid_unparse		kpi_uuid_unparse
#define uuid_unparse_lower	kpi_uuid_unparse_lower
#define uuid_unparse_upper	kpi_uuid_unparse

#endif /* _UUID_UUID_H */
