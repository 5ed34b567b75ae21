/* SPDX-License-Identifier: GPL-2.0 */
/* Strings, numbers in strings, and runs of bytes, where macOS and Linux differ. */
#ifndef _KPI_STRING_H
#define _KPI_STRING_H

#include <kpi/types.h>

void kpi_bcopy(const void *src, void *dst, size_t n);
void kpi_ovbcopy(const void *src, void *dst, size_t n);
void kpi_bzero(void *dst, size_t n);
int kpi_timingsafe_bcmp(const void *a, const void *b, size_t n);
int kpi_memset_s(void *dst, size_t dst_size, int c, size_t n);

size_t kpi_strlcpy(char *dst, const char *src, size_t n);
size_t kpi_strlcat(char *dst, const char *src, size_t n);
char *kpi_strcpy(char *dst, const char *src);
char *kpi_strncpy(char *dst, const char *src, size_t n);
char *kpi_strcat(char *dst, const char *src);
char *kpi_strncat(char *dst, const char *src, size_t n);
char *kpi_strnstr(const char *s, const char *find, size_t n);
int kpi_strprefix(const char *s, const char *prefix);
char *kpi_STRDUP(const char *s, int type);

long kpi_strtol(const char *s, char **end, int base);
unsigned long kpi_strtoul(const char *s, char **end, int base);
int64_t kpi_strtoq(const char *s, char **end, int base);
u_int64_t kpi_strtouq(const char *s, char **end, int base);

int kpi_ffs(unsigned int mask);
int kpi_ffsll(unsigned long long mask);
int kpi_fls(unsigned int mask);
int kpi_flsll(unsigned long long mask);
u_int32_t kpi_crc32(u_int32_t crc, const void *buf, size_t n);

u_int32_t kpi_random(void);
void kpi_read_random(void *buf, unsigned int n);
int kpi_read_frandom(void *buf, unsigned int n);
int kpi_random_buf(void *buf, size_t n);

void kpi_uuid_clear(unsigned char *uu);
int kpi_uuid_compare(const unsigned char *uu1, const unsigned char *uu2);
void kpi_uuid_copy(unsigned char *dst, const unsigned char *src);
void kpi_uuid_generate(unsigned char *out);
int kpi_uuid_is_null(const unsigned char *uu);
int kpi_uuid_parse(const char *in, unsigned char *uu);
void kpi_uuid_unparse(const unsigned char *uu, char *out);
void kpi_uuid_unparse_lower(const unsigned char *uu, char *out);

#endif /* _KPI_STRING_H */
