/* SPDX-License-Identifier: GPL-2.0 */
/* A server for both kinds of IP, which tells each client its address. */
#ifndef DUAL_H
#define DUAL_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/socket.h>
#include <netinet/in.h>

extern int port;

errno_t	server_open(void);
void	server_close(void);

#endif
