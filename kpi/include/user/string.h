/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* <string.h> of Linux, with the two calls of macOS's that older C libraries lack. */
#ifndef _NETKPI_STRING_H
#define _NETKPI_STRING_H

#include_next <string.h>
#include <strings.h>

#if defined(__GLIBC__) && (__GLIBC__ < 2 || (__GLIBC__ == 2 && __GLIBC_MINOR__ < 38))

static inline size_t strlcpy(char *to, const char *from, size_t size)
{
	size_t len = strlen(from);

	if (size) {
		size_t n = len < size ? len : size - 1;

		memcpy(to, from, n);
		to[n] = '\0';
	}
	return len;
}

static inline size_t strlcat(char *to, const char *from, size_t size)
{
	size_t used = strnlen(to, size);

	return used + (used < size ? strlcpy(to + used, from, size - used) : strlen(from));
}

#endif

#endif /* _NETKPI_STRING_H */
