/* SPDX-License-Identifier: GPL-2.0 */
/* Sockets of the layer and of Linux that talk to each other, for the tests of who has the bytes. */
#ifndef _KUNIT_MBUF_TEST_SHARING_H
#define _KUNIT_MBUF_TEST_SHARING_H

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/net.h>

#include <kpi/mbuf.h>
#include <kpi/socket.h>

#include "kunit_compat.h"

/* All of these are closed with the test. */
struct socket *sharing_linux(struct kunit *test, int family, int type, int protocol);
socket_t sharing_socket(struct kunit *test, int type);
void sharing_to_linux(struct kunit *test, int type, socket_t *so, struct socket **peer);
void sharing_to_layer(struct kunit *test, int type, socket_t *so, socket_t *peer);

/* What an ordinary socket has; the bytes it waits for have to be @byte. */
int sharing_read(struct socket *sock, void *to, size_t size, int flags);
void sharing_expect(struct kunit *test, struct socket *sock, size_t len, u8 byte);
void sharing_write(struct kunit *test, struct socket *sock, size_t len, u8 byte);

/* Packets of one cluster; received ones. */
mbuf_t sharing_cluster(struct kunit *test, size_t size, size_t len, u8 byte);
void sharing_send(struct kunit *test, socket_t so, mbuf_t m);
mbuf_t sharing_receive(struct kunit *test, socket_t so, size_t len);
void sharing_scribble(mbuf_t m, u8 byte, bool ask);

/*
 * What a CPU received and another has read is freed where it came from, and that
 * may wait there until the next packet: have one come in on each CPU.
 */
void sharing_stir(void);

/* Whether it is so within some seconds. */
#define sharing_settles(condition)					\
({									\
	unsigned long __end = jiffies + 20 * HZ;			\
									\
	while (!(condition) && time_before(jiffies, __end)) {		\
		sharing_stir();						\
		msleep(20);						\
	}								\
	(condition);							\
})

#endif /* _KUNIT_MBUF_TEST_SHARING_H */
