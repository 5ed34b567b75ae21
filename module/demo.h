/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The demo kext: three small network programs written the way kexts are
 * written. Each has a start routine, a stop routine, and one that is called
 * four times a second while the kext runs.
 */
#ifndef _NETKPI_DEMO_H
#define _NETKPI_DEMO_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/socket.h>
#include <sys/filio.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <kern/locks.h>

#define TICKS_PER_SECOND	4
#define PATIENCE		(10 * TICKS_PER_SECOND)	/* silence that ends a job */

/* Module parameters; see demo.c. */
extern char *host;
extern int port;
extern char *path;
extern int udpport;
extern int count;
extern int size;
extern int listen;

/* The host as an address, with this port. */
struct sockaddr_in demo_address(int at_port);
errno_t demo_nonblocking(socket_t so);

extern lck_grp_t *demo_locks;

errno_t http_start(void);
boolean_t http_tick(void);		/* TRUE when there is nothing left to do */
void http_stop(void);

errno_t udp_start(void);
boolean_t udp_tick(void);
void udp_stop(void);

errno_t echo_start(void);
void echo_stop(void);

#endif /* _NETKPI_DEMO_H */
