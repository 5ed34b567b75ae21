/* SPDX-License-Identifier: GPL-2.0 */
/* Names of user ids, which only a daemon in user space knows. */
#ifndef IDMAP_H
#define IDMAP_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>

#define IDMAP_NAME	64

extern char	*path;		/* where the daemon listens */
extern int	asked;
extern int	reconnects;
extern volatile boolean_t stopping;

/* Asks the daemon, which may have to be connected again. One caller at a time. */
errno_t	daemon_ask(uid_t uid, char *name, size_t size);
void	daemon_interrupt(void);
void	daemon_close(void);

#endif
