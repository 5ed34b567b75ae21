// SPDX-License-Identifier: GPL-2.0
/*
 * A kext that writes over all it receives, as those that decrypt in place do. Its
 * datagrams may come to a group, its streams from one connection at a time. With
 * ask it leaves alone what it is told is shared.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/socket.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <libkern/libkern.h>
#include <mach/mach_types.h>

#define MOST	65536

char	*group = "";		/* to be joined ... */
char	*interface = "";	/* ... on the interface with this address */
int	stream;
int	port;
int	ask;
int	received;		/* datagrams, or pieces of the stream */
int	shared;			/* mbufs of them */
long	bytes;
unsigned int crc;		/* of all of them, as they came */

static socket_t	sc_so, sc_child;

static void
sc_scribble(mbuf_t m)
{
	for (; m != NULL; m = mbuf_next(m)) {
		crc = crc32(crc, mbuf_data(m), mbuf_len(m));
		if (mbuf_mclhasreference(m)) {
			shared++;
			if (ask)
				continue;
		}
		memset(mbuf_data(m), 0xee, mbuf_len(m));
	}
}

static void
sc_upcall(socket_t so, void *cookie, int waitf)
{
	for (;;) {
		size_t len = MOST;
		mbuf_t m = NULL;

		if (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) != 0 || m == NULL)
			break;
		sc_scribble(m);
		mbuf_freem(m);
		if (len == 0)
			break;
		bytes += len;
		received++;
	}
}

/* The connection before, if there was one, has ended. */
static void
sc_accept(socket_t so, void *cookie, int waitf)
{
	socket_t child;

	while (sock_accept(so, NULL, 0, MSG_DONTWAIT, sc_upcall, NULL, &child) == 0) {
		if (sc_child != NULL)
			sock_close(sc_child);
		sc_child = child;
	}
}

static errno_t
sc_address(struct sockaddr_in *sin, const char *address)
{
	bzero(sin, sizeof(*sin));
	sin->sin_len = sizeof(*sin);
	sin->sin_family = AF_INET;
	return *address == '\0' || inet_aton(address, &sin->sin_addr) ? 0 : EINVAL;
}

static errno_t
sc_join(void)
{
	struct sockaddr_in of, on;
	struct ip_mreq mreq;

	if (*group == '\0')
		return 0;
	if (sc_address(&of, group) != 0 || sc_address(&on, interface) != 0)
		return EINVAL;
	mreq.imr_multiaddr = of.sin_addr;
	mreq.imr_interface = on.sin_addr;
	return sock_setsockopt(sc_so, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq));
}

static errno_t
sc_open(void)
{
	struct sockaddr_in sin;
	int on = 1;
	errno_t error;

	(void)sc_address(&sin, "");
	sin.sin_port = htons(port);
	error = sock_setsockopt(sc_so, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (error == 0)
		error = sock_bind(sc_so, (struct sockaddr *)&sin);
	if (error == 0)
		error = stream ? sock_listen(sc_so, 4) : sc_join();
	return error;
}

kern_return_t
scribbler_start(struct kmod_info *ki, void *data)
{
	errno_t error;

	error = sock_socket(AF_INET, stream ? SOCK_STREAM : SOCK_DGRAM, 0,
	    stream ? sc_accept : sc_upcall, NULL, &sc_so);
	if (error != 0)
		return KERN_FAILURE;
	if (sc_open() == 0)
		return KERN_SUCCESS;
	sock_close(sc_so);
	return KERN_FAILURE;
}

kern_return_t
scribbler_stop(struct kmod_info *ki, void *data)
{
	sock_close(sc_so);
	if (sc_child != NULL)
		sock_close(sc_child);
	return KERN_SUCCESS;
}
