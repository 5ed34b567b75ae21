/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _STRING_H
#define _STRING_H

#include <kpi/string.h>
#include <stddef.h>

/* The same functions in both worlds. */
void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *s, int c, size_t n);
int memcmp(const void *s1, const void *s2, size_t n);
void *memchr(const void *s, int c, size_t n);
int bcmp(const void *s1, const void *s2, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
int strcmp(const char *s1, const char *s2);
int strncmp(const char *s1, const char *s2, size_t n);
int strcasecmp(const char *s1, const char *s2);
int strncasecmp(const char *s1, const char *s2, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strsep(char **s, const char *delim);

#define bcopy			kpi_bcopy
#define ovbcopy			kpi_ovbcopy
#define bzero			kpi_bzero
#define timingsafe_bcmp		kpi_timingsafe_bcmp
#define memset_s		kpi_memset_s
#define strlcpy			kpi_strlcpy
#define strlcat			kpi_strlcat
#define strcpy			kpi_strcpy
#define strncpy			kpi_strncpy
#define strcat			kpi_strcat
#define strncat			kpi_strncat
#define strnstr			kpi_strnstr
#define strprefix		kpi_strprefix
#define STRDUP			kpi_STRDUP

#endif /* _STRING_H */
