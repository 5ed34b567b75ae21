/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_UN_H
#define _SYS_UN_H

#include <sys/socket.h>

#define sockaddr_un			bsd_sockaddr_un

#define SOL_LOCAL		KPI_SOL_LOCAL
#define LOCAL_PEERCRED		KPI_LOCAL_PEERCRED
#define LOCAL_PEERPID		KPI_LOCAL_PEERPID
#define LOCAL_PEEREPID		KPI_LOCAL_PEEREPID

/* The length of an address whose path ends with a NUL; needs <string.h>. */
#define SUN_LEN(su) \
	(sizeof(*(su)) - sizeof((su)->sun_path) + strlen((su)->sun_path))

#endif /* _SYS_UN_H */
