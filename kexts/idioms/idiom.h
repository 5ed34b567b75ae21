/* SPDX-License-Identifier: GPL-2.0 */
/* What the idiom kexts share: where to connect, and setting an option. */
#ifndef _IDIOM_H
#define _IDIOM_H

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/time.h>
#include <sys/filio.h>
#include <sys/ioctl.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/proc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/libkern.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

/* fe80::1%2 and the like; no dotted quads, no second "::". */
static inline int
idiom_inet6(const char *p, struct sockaddr_in6 *sin6)
{
	u_int16_t group[8] = { 0 };
	int n = 0, gap = -1, i;
	char *end;

	while (*p && *p != '%' && n < 8) {
		if (p[0] == ':' && p[1] == ':') {
			gap = n;
			p += 2;
			continue;
		}
		if (*p == ':')
			p++;
		group[n++] = (u_int16_t)strtoul(p, &end, 16);
		if (end == p)
			return 0;
		p = end;
	}
	if (gap < 0 && n != 8)
		return 0;
	for (i = 0; gap >= 0 && i < n - gap; i++) {
		group[7 - i] = group[n - 1 - i];
		if (n - 1 - i < 7 - i)
			group[n - 1 - i] = 0;
	}
	for (i = 0; i < 8; i++)
		sin6->sin6_addr.__u6_addr.__u6_addr16[i] = htons(group[i]);
	if (*p == '%')
		sin6->sin6_scope_id = (u_int32_t)strtoul(p + 1, NULL, 10);
	return 1;
}

/* A path, an IPv6 or an IPv4 address. */
static inline errno_t
idiom_address(const char *to, int port, struct sockaddr_storage *ss)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_un *sun = (struct sockaddr_un *)ss;

	bzero(ss, sizeof(*ss));
	if (to[0] == '/') {
		sun->sun_family = AF_LOCAL;
		strlcpy(sun->sun_path, to, sizeof(sun->sun_path));
		sun->sun_len = SUN_LEN(sun);
		return 0;
	}
	if (strchr(to, ':') != NULL) {
		sin6->sin6_len = sizeof(*sin6);
		sin6->sin6_family = AF_INET6;
		sin6->sin6_port = htons(port);
		return idiom_inet6(to, sin6) ? 0 : EINVAL;
	}
	sin->sin_len = sizeof(*sin);
	sin->sin_family = AF_INET;
	sin->sin_port = htons(port);
	return inet_aton(to, &sin->sin_addr) ? 0 : EINVAL;
}

static inline errno_t
idiom_set(socket_t so, int level, int name, int value)
{
	return sock_setsockopt(so, level, name, &value, sizeof(value));
}

static inline errno_t
idiom_timeout(socket_t so, int name, int sec)
{
	struct timeval tv = { sec, 0 };

	return sock_setsockopt(so, SOL_SOCKET, name, &tv, sizeof(tv));
}

/* Runs a checksum over a chain. */
static inline u_int32_t
idiom_crc(u_int32_t crc, mbuf_t m)
{
	for (; m != NULL; m = mbuf_next(m))
		crc = crc32(crc, mbuf_data(m), mbuf_len(m));
	return crc;
}

#endif /* _IDIOM_H */
