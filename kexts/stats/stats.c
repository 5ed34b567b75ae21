// SPDX-License-Identifier: GPL-2.0
/* A sink for datagrams that counts them. */
#include <mach/mach_types.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <kern/locks.h>

#include "stats.h"

int	port = 7014;
int	stats_limit = 65535;

static lck_grp_t	*grp;
static lck_spin_t	*lock;		/* guards stats */
static struct stats	stats;
static socket_t		so;

static void
count(size_t len, struct sockaddr_in *from)
{
	char text[INET_ADDRSTRLEN];
	int i = 0;

	inet_ntop(AF_INET, &from->sin_addr, text, sizeof(text));
	while (i < STATS_SIZES - 1 && len > 32u << i)
		i++;

	lck_spin_lock(lock);
	if (len > stats_limit) {
		stats.refused++;
	} else {
		stats.packets++;
		stats.bytes += len;
		stats.sizes[i]++;
		snprintf(stats.last, sizeof(stats.last), "%s:%d", text, ntohs(from->sin_port));
	}
	lck_spin_unlock(lock);
}

static void
upcall(socket_t s, void *cookie, int waitf)
{
	struct sockaddr_in from;
	struct msghdr msg = { &from, sizeof(from) };
	size_t len = 65535;
	mbuf_t m;

	if (sock_receivembuf(s, &msg, &m, MSG_DONTWAIT, &len) != 0)
		return;
	mbuf_freem(m);
	count(len, &from);
}

void
stats_get(struct stats *copy)
{
	lck_spin_lock(lock);
	*copy = stats;
	lck_spin_unlock(lock);
}

void
stats_reset(void)
{
	lck_spin_lock(lock);
	bzero(&stats, sizeof(stats));
	lck_spin_unlock(lock);
}

static errno_t
open_socket(void)
{
	struct sockaddr_in sin = { sizeof(sin), AF_INET, htons(port) };
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_DGRAM, 0, upcall, NULL, &so);
	if (error == 0)
		error = sock_setsockopt(so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	if (error == 0)
		error = sock_bind(so, (struct sockaddr *)&sin);
	return error;
}

static void
cleanup(void)
{
	sock_close(so);
	lck_spin_free(lock, grp);
	lck_grp_free(grp);
}

kern_return_t
stats_start(kmod_info_t *ki, void *data)
{
	errno_t error;

	if (port < 1 || port > 65535) {
		printf("stats: port=%d: not a port\n", port);
		return KERN_INVALID_ARGUMENT;
	}
	grp = lck_grp_alloc_init("org.netkpi.port.stats", LCK_GRP_ATTR_NULL);
	lock = lck_spin_alloc_init(grp, LCK_ATTR_NULL);
	error = open_socket();
	if (error != 0) {
		printf("stats: port %d: error %d\n", port, error);
		cleanup();
		return KERN_FAILURE;
	}
	stats_register();
	return KERN_SUCCESS;
}

kern_return_t
stats_stop(kmod_info_t *ki, void *data)
{
	stats_unregister();
	cleanup();
	return KERN_SUCCESS;
}
