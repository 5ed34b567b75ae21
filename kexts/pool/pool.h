/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Connections to one server that stay open between requests. At most so many
 * exist at a time; who wants one more waits. Those idle for long are closed.
 */
#ifndef POOL_H
#define POOL_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <netinet/in.h>

struct conn {
	TAILQ_ENTRY(conn) link;
	socket_t	so;
	uint64_t	idle_since;
	boolean_t	used;		/* has served a request: the server may drop it */
};

errno_t	pool_create(const struct sockaddr_in *to, int limit);
void	pool_destroy(void);		/* all connections have been put back */

errno_t	pool_get(struct conn **conn);
void	pool_put(struct conn *conn, boolean_t keep);
void	pool_interrupt(void);		/* ends all waiting; nothing can be had any more */

extern int opened;
extern int reused;

#endif
