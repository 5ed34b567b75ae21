// SPDX-License-Identifier: GPL-2.0
/*
 * A kext that writes over all it receives, as those that decrypt in place do. Its
 * datagrams may come to a group, its streams from one connection at a time. With
 * ask it leaves alone what it is told is shared. With echo it sends all of it back,
 * in a packet of its own that it writes over, too, when it comes here next and is
 * told that nobody else has it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/socket.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <libkern/libkern.h>
#include <mach/mach_types.h>

#define MOST	65536
#define KEPT	8

char	*group = "";		/* to be joined ... */
char	*interface = "";	/* ... on the interface with this address */
int	stream;
int	port;
int	ask;
int	echo;
int	received;		/* datagrams, or pieces of the stream */
int	shared;			/* mbufs of them */
long	bytes;
unsigned int crc;		/* of all of them, as they came */
int	kept;			/* mbufs of what was sent, written over ... */
int	lent;			/* ... and left alone */

static socket_t	sc_so, sc_child;
static mbuf_t	sc_sent[KEPT];	/* the last ones */
static int	sc_next;

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
sc_reuse(mbuf_t m)
{
	for (; m != NULL; m = mbuf_next(m)) {
		if (mbuf_mclhasreference(m)) {
			lent++;
			continue;
		}
		memset(mbuf_data(m), 0xee, mbuf_len(m));
		kept++;
	}
}

/* A copy of the same storage is sent, and the packet itself kept. */
static void
sc_echo(socket_t so, mbuf_t m, size_t len, const struct sockaddr_in *to)
{
	mbuf_t packet = NULL, copy = NULL;
	struct msghdr msg;
	void *p;
	int i;

	for (i = 0; i < KEPT; i++)
		sc_reuse(sc_sent[i]);
	p = _MALLOC(len, M_TEMP, M_WAITOK);
	if (p == NULL)
		return;
	if (mbuf_copydata(m, 0, len, p) == 0 &&
	    mbuf_allocpacket(MBUF_WAITOK, len, NULL, &packet) == 0 &&
	    mbuf_copyback(packet, 0, len, p, MBUF_WAITOK) == 0 &&
	    mbuf_copym(packet, 0, MBUF_COPYALL, MBUF_WAITOK, &copy) == 0) {
		bzero(&msg, sizeof(msg));
		msg.msg_name = (void *)to;
		msg.msg_namelen = to->sin_len;
		(void)sock_sendmbuf(so, stream ? NULL : &msg, copy, MSG_DONTWAIT, NULL);
	}
	_FREE(p, M_TEMP);
	mbuf_freem(sc_sent[sc_next]);
	sc_sent[sc_next] = packet;
	sc_next = (sc_next + 1) % KEPT;
}

static void
sc_upcall(socket_t so, void *cookie, int waitf)
{
	for (;;) {
		size_t len = MOST;
		mbuf_t m = NULL;
		struct sockaddr_in from;
		struct msghdr msg;

		bzero(&msg, sizeof(msg));
		msg.msg_name = &from;
		msg.msg_namelen = sizeof(from);
		if (sock_receivembuf(so, &msg, &m, MSG_DONTWAIT, &len) != 0 || m == NULL)
			break;
		if (echo)
			sc_echo(so, m, len, &from);
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
	int on = 1;

	while (sock_accept(so, NULL, 0, MSG_DONTWAIT, sc_upcall, NULL, &child) == 0) {
		if (sc_child != NULL)
			sock_close(sc_child);
		sc_child = child;
		(void)sock_setsockopt(child, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
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
		error = sock_setsockopt(sc_so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
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
	int i;

	sock_close(sc_so);
	if (sc_child != NULL)
		sock_close(sc_child);
	for (i = 0; i < KEPT; i++)
		mbuf_freem(sc_sent[i]);
	return KERN_SUCCESS;
}
