/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kext world: filters that write down what they see, and say what they are told to.
 *
 * There are four, each with a handle of its own. What each saw is in its struct; what
 * all of them saw, in order, is in ft_log: "1a 2a 2c 1c" is two attachments, then
 * connect_out of the second and of the first.
 */
#ifndef _KUNIT_SOCKET_FILTER_H
#define _KUNIT_SOCKET_FILTER_H

#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/kpi_socketfilter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "../test.h"

#define FT_FILTERS	4

enum ft_call {
	FT_ATTACH, FT_DETACH, FT_GONE, FT_BIND, FT_CONNECT_OUT, FT_CONNECT_IN, FT_LISTEN,
	FT_ACCEPT, FT_SETOPTION, FT_GETOPTION, FT_IOCTL, FT_SOCKNAME, FT_PEERNAME, FT_IN, FT_OUT,
	FT_CALLS
};

struct ft_filter {
	struct sflt_filter f;
	int seen[FT_CALLS];
	errno_t say[FT_CALLS];
	u_int16_t redirect;		/* where connect_out sends it, if not 0 */
	u_int16_t rename;		/* the port that getsockname tells, if not 0 */
	socket_t so;			/* of the last attachment */
	socket_t detached;		/* of the last sf_detach */
	void *cookie;			/* that sf_detach got */
	int wrong_cookie;		/* how often a function got another one */
	u_int16_t port;			/* of the last address that was seen */
	char events[64];		/* letters of sf_notify */
	size_t in, out;			/* bytes seen */
	/* something to be done in a function; NULL: nothing */
	void (*within)(struct ft_filter *f, enum ft_call call, socket_t so);
	void (*option)(struct ft_filter *f, sockopt_t opt);
	errno_t (*data)(struct ft_filter *f, enum ft_call call, socket_t so, mbuf_t *data);
};

/* Filter n of this scenario, from 1 on, for TCP over IPv4, global; not yet registered. */
struct ft_filter *ft_filter(int n);
#define FT_HANDLE(n)	(0x66740000 + (n))

void ft_see_data(struct ft_filter *f);
void ft_see_syns(struct ft_filter *f);

errno_t ft_register(struct ft_filter *f);
errno_t ft_register_as(struct ft_filter *f, int domain, int type, int protocol);
/* Unregisters it and waits until it is gone. */
void ft_unregister(struct ft_filter *f);

extern char ft_log[256];
void ft_log_clear(void);
/* Counted in the open: all attachments less all detachments. */
int ft_attached(const struct ft_filter *f);

#endif /* _KUNIT_SOCKET_FILTER_H */
