/* SPDX-License-Identifier: GPL-2.0 */
/* Pairs of connections: what comes from the one goes to the other. */
#ifndef RELAY_H
#define RELAY_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/socket.h>
#include <netinet/in.h>

extern int	relayed;		/* pairs so far */
extern int	open;			/* those that still exist */
extern long	bytes;

errno_t	pairs_init(const struct sockaddr_in *to);
errno_t	pair_accept(socket_t listener);	/* one connection, in the listener's upcall */
void	pairs_destroy(void);		/* the listener is closed */

#endif
