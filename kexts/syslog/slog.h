/* SPDX-License-Identifier: GPL-2.0 */
/* Lines for a syslog server. Anybody may log, whatever locks he holds. */
#ifndef SLOG_H
#define SLOG_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/cdefs.h>

extern char	*server;
extern int	port;
extern int	tcp;
extern int	sent;
extern int	dropped;
extern int	result;

errno_t	slog_open(void);
void	slog(int pri, const char *fmt, ...) __printflike(2, 3);
void	slog_close(void);

#endif
