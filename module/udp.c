// SPDX-License-Identifier: GPL-2.0
/*
 * Sends datagrams to an echo server and takes the echoes in the upcall. A few
 * are under way at a time; each echo lets the next one go. When nothing comes
 * back for a while, what is missing counts as lost.
 */

#include "demo.h"

#include <sys/malloc.h>

#define UNDER_WAY	32			/* datagrams without an echo at a time */
#define LOST_AFTER	TICKS_PER_SECOND	/* ticks of silence */

static struct {
	lck_mtx_t *lock;	/* guards everything below */
	socket_t so;
	uint8_t *echoed;	/* one for each datagram */
	char *buffer;		/* a datagram's bytes */
	int sent;
	int received;
	int lost;
	int strange;		/* from elsewhere, damaged, or twice */
	int silence;
	boolean_t finished;
} udp;

static void
finish(errno_t error)
{
	if (error != 0)
		printf("udp: %s:%d: cannot send: error %d\n", host, udpport, error);
	printf("udp: %d sent, %d received, %d lost\n", udp.sent, udp.received, udp.lost);
	if (udp.strange != 0)
		printf("udp: %d datagrams were not ours\n", udp.strange);
	udp.finished = TRUE;
}

/* A datagram starts with its number; the rest follows from it. */
static void
fill(char *bytes, uint32_t number)
{
	int i;

	memset(bytes, 0, 8);
	memcpy(bytes, &number, sizeof(number));
	for (i = 8; i < size; i++)
		bytes[i] = (char)(number + i);
}

static errno_t
send_one(uint32_t number)
{
	struct sockaddr_in to = demo_address(udpport);
	struct msghdr msg;
	mbuf_t m;
	errno_t error;

	error = mbuf_allocpacket(MBUF_WAITOK, size, NULL, &m);
	if (error != 0)
		return error;
	fill(udp.buffer, number);
	error = mbuf_copyback(m, 0, size, udp.buffer, MBUF_WAITOK);
	if (error != 0) {
		mbuf_freem(m);
		return error;
	}

	bzero(&msg, sizeof(msg));
	msg.msg_name = &to;
	msg.msg_namelen = sizeof(to);
	return sock_sendmbuf(udp.so, &msg, m, 0, NULL);
}

static void
send_more(void)
{
	errno_t error;

	while (udp.sent < count && udp.sent - udp.received - udp.lost < UNDER_WAY) {
		error = send_one(udp.sent);
		if (error == EWOULDBLOCK)
			return;
		if (error != 0)
			return finish(error);
		udp.sent++;
	}
}

/* Whether these are the bytes of a datagram that we sent and have not seen yet. */
static boolean_t
is_ours(mbuf_t m, size_t len, const struct sockaddr_in *from)
{
	uint32_t number;
	int i;

	if (from->sin_port != htons(udpport) || len != (size_t)size)
		return FALSE;
	mbuf_copydata(m, 0, len, udp.buffer);
	memcpy(&number, udp.buffer, sizeof(number));
	if (number >= (uint32_t)udp.sent || udp.echoed[number])
		return FALSE;
	for (i = 8; i < size; i++)
		if (udp.buffer[i] != (char)(number + i))
			return FALSE;
	return TRUE;
}

static void
count_echo(mbuf_t m, size_t len, const struct sockaddr_in *from)
{
	uint32_t number;

	if (!is_ours(m, len, from)) {
		udp.strange++;
		return;
	}
	memcpy(&number, udp.buffer, sizeof(number));
	udp.echoed[number] = 1;
	udp.received++;
	if (udp.received == count)
		finish(0);
}

static errno_t
receive_one(void)
{
	struct sockaddr_in from;
	struct msghdr msg;
	size_t len = 65536;
	mbuf_t m;
	errno_t error;

	bzero(&from, sizeof(from));
	bzero(&msg, sizeof(msg));
	msg.msg_name = &from;
	msg.msg_namelen = sizeof(from);
	error = sock_receivembuf(udp.so, &msg, &m, MSG_DONTWAIT, &len);
	if (error != 0)
		return error;

	count_echo(m, len, &from);
	mbuf_freem(m);
	return 0;
}

static void
udp_upcall(socket_t so, void *cookie, int waitf)
{
	errno_t error;

	lck_mtx_lock(udp.lock);
	udp.silence = 0;
	do {
		error = receive_one();
	} while (error == 0);

	if (!udp.finished) {
		if (error != EWOULDBLOCK)
			finish(error);
		else
			send_more();
	}
	lck_mtx_unlock(udp.lock);
}

static errno_t
open_socket(void)
{
	struct sockaddr_in any;
	int on = 1;
	errno_t error;

	udp.echoed = _MALLOC(count, M_TEMP, M_WAITOK | M_ZERO);
	udp.buffer = _MALLOC(size, M_TEMP, M_WAITOK);
	error = sock_socket(PF_INET, SOCK_DGRAM, 0, udp_upcall, NULL, &udp.so);
	if (error != 0)
		return error;
	sock_setsockopt(udp.so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));

	bzero(&any, sizeof(any));
	any.sin_len = sizeof(any);
	any.sin_family = AF_INET;
	return sock_bind(udp.so, (struct sockaddr *)&any);
}

errno_t
udp_start(void)
{
	errno_t error;

	udp.lock = lck_mtx_alloc_init(demo_locks, LCK_ATTR_NULL);
	if (udpport == 0) {
		udp.finished = TRUE;
		return 0;
	}

	lck_mtx_lock(udp.lock);
	error = open_socket();
	if (error == 0)
		send_more();
	else
		finish(error);
	lck_mtx_unlock(udp.lock);
	return 0;
}

/* Nothing came back for a while: what is under way will not come any more. */
static void
give_up_waiting(void)
{
	udp.lost = udp.sent - udp.received;
	udp.silence = 0;
	if (udp.sent == count)
		finish(0);
	else
		send_more();
}

boolean_t
udp_tick(void)
{
	boolean_t finished;

	lck_mtx_lock(udp.lock);
	if (!udp.finished && ++udp.silence > LOST_AFTER)
		give_up_waiting();
	finished = udp.finished;
	lck_mtx_unlock(udp.lock);
	return finished;
}

void
udp_stop(void)
{
	if (udp.lock == NULL)
		return;

	sock_close(udp.so);	/* waits for a running upcall */
	_FREE(udp.echoed, M_TEMP);
	_FREE(udp.buffer, M_TEMP);
	lck_mtx_free(udp.lock, demo_locks);
}
