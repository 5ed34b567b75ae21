// SPDX-License-Identifier: GPL-2.0
/* Sockets of the layer and of Linux that talk to each other, for the tests of who has the bytes. */

#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/jiffies.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/workqueue.h>

#include <net/net_namespace.h>
#include <net/sock.h>

#include "compat/socket.h"
#include "socket/socket_priv.h"
#include "test_sharing.h"

/* A packet of a kind that nobody takes. */
static long stir_this_cpu(void *unused)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	if (!skb)
		return -ENOMEM;
	skb_put_zero(skb, 64);
	skb_reset_mac_header(skb);
	skb->protocol = htons(ETH_P_LOOPBACK);
	skb->dev = init_net.loopback_dev;
	return netif_rx(skb);
}

void sharing_stir(void)
{
	int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		work_on_cpu(cpu, stir_this_cpu, NULL);
	cpus_read_unlock();
}

static void release_linux(void *sock)
{
	sock_release(sock);
}

static void release_layer(void *so)
{
	kpi_sock_close(so);
}

struct socket *sharing_linux(struct kunit *test, int family, int type, int protocol)
{
	struct socket *sock;

	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, family, type, protocol, &sock), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, release_linux, sock), 0);
	return sock;
}

static void track(struct kunit *test, socket_t so)
{
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, release_layer, so), 0);
}

socket_t sharing_socket(struct kunit *test, int type)
{
	socket_t so;

	KUNIT_ASSERT_EQ(test, kpi_sock_socket(AF_INET, type, 0, NULL, NULL, &so), 0);
	track(test, so);
	return so;
}

static struct sockaddr_storage loopback(__be16 port)
{
	struct sockaddr_storage address = {};
	struct sockaddr_in *in = (struct sockaddr_in *)&address;

	in->sin_family = AF_INET;
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	in->sin_port = port;
	return address;
}

static struct bsd_sockaddr_in loopback_of_layer(__be16 port)
{
	return (struct bsd_sockaddr_in){
		.sin_len = sizeof(struct bsd_sockaddr_in), .sin_family = AF_INET,
		.sin_addr.s_addr = (__force u32)htonl(INADDR_LOOPBACK),
		.sin_port = (__force u16)port,
	};
}

static __be16 bind_linux(struct kunit *test, struct socket *sock)
{
	struct sockaddr_storage address = loopback(0);

	KUNIT_ASSERT_EQ(test, kpi_compat_bind(sock, &address, sizeof(struct sockaddr_in)), 0);
	return inet_sk(sock->sk)->inet_sport;
}

static __be16 bind_layer(struct kunit *test, socket_t so)
{
	struct bsd_sockaddr_in at = loopback_of_layer(0);

	KUNIT_ASSERT_EQ(test, kpi_sock_bind(so, (void *)&at), 0);
	KUNIT_ASSERT_EQ(test, kpi_sock_getsockname(so, (void *)&at, sizeof(at)), 0);
	return (__force __be16)at.sin_port;
}

static void connect_layer(struct kunit *test, socket_t so, __be16 port)
{
	struct bsd_sockaddr_in to = loopback_of_layer(port);

	KUNIT_ASSERT_EQ(test, kpi_sock_connect(so, (void *)&to, 0), 0);
}

/* @so is connected to an ordinary socket; for datagrams both ways. */
void sharing_to_linux(struct kunit *test, int type, socket_t *so, struct socket **peer)
{
	struct socket *end = sharing_linux(test, AF_INET, type, 0);
	__be16 port = bind_linux(test, end);
	struct sockaddr_storage back;

	*so = sharing_socket(test, type);
	if (type == SOCK_STREAM)
		KUNIT_ASSERT_EQ(test, kernel_listen(end, 1), 0);
	connect_layer(test, *so, port);
	if (type == SOCK_STREAM) {
		KUNIT_ASSERT_EQ(test, kernel_accept(end, peer, 0), 0);
		KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, release_linux, *peer), 0);
		return;
	}
	*peer = end;
	back = loopback(inet_sk((*so)->sk)->inet_sport);
	KUNIT_ASSERT_EQ(test, kpi_compat_connect(end, &back, sizeof(struct sockaddr_in), 0), 0);
}

/* The same with the layer at both ends. */
void sharing_to_layer(struct kunit *test, int type, socket_t *so, socket_t *peer)
{
	socket_t end = sharing_socket(test, type);
	__be16 port = bind_layer(test, end);

	*so = sharing_socket(test, type);
	if (type == SOCK_STREAM)
		KUNIT_ASSERT_EQ(test, kpi_sock_listen(end, 1), 0);
	connect_layer(test, *so, port);
	*peer = end;
	if (type == SOCK_STREAM) {
		KUNIT_ASSERT_EQ(test, kpi_sock_accept(end, NULL, 0, 0, NULL, NULL, peer), 0);
		track(test, *peer);
	}
}

int sharing_read(struct socket *sock, void *to, size_t size, int flags)
{
	struct kvec vec = { to, size };
	struct msghdr msg = {};

	return kernel_recvmsg(sock, &msg, &vec, 1, size, flags);
}

void sharing_expect(struct kunit *test, struct socket *sock, size_t len, u8 byte)
{
	u8 *wire = kunit_kzalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, wire);
	KUNIT_ASSERT_EQ(test, sharing_read(sock, wire, len, MSG_WAITALL), (int)len);
	KUNIT_EXPECT_NULL_MSG(test, memchr_inv(wire, byte, len),
			      "an ordinary socket receives what it was sent");
}

void sharing_write(struct kunit *test, struct socket *sock, size_t len, u8 byte)
{
	u8 *bytes = kunit_kzalloc(test, len, GFP_KERNEL);
	struct kvec vec = { bytes, len };
	struct msghdr msg = {};

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	memset(bytes, byte, len);
	KUNIT_ASSERT_EQ(test, kernel_sendmsg(sock, &msg, &vec, 1, len), (int)len);
}

mbuf_t sharing_cluster(struct kunit *test, size_t size, size_t len, u8 byte)
{
	mbuf_t m = NULL;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, size, &m), 0);
	memset(kpi_mbuf_data(m), byte, len);
	kpi_mbuf_setlen(m, len);
	kpi_mbuf_pkthdr_setlen(m, len);
	return m;
}

void sharing_send(struct kunit *test, socket_t so, mbuf_t m)
{
	size_t sent;

	KUNIT_ASSERT_EQ(test, kpi_sock_sendmbuf(so, NULL, m, 0, &sent), 0);
}

/* All @len bytes, in one chain. */
mbuf_t sharing_receive(struct kunit *test, socket_t so, size_t len)
{
	mbuf_t m = NULL;
	size_t got = len;

	KUNIT_ASSERT_EQ(test, kpi_sock_receivembuf(so, NULL, &m, KPI_MSG_WAITALL, &got), 0);
	KUNIT_EXPECT_EQ(test, got, len);
	return m;
}

/* What kexts do with what they received; those that @ask leave alone what is shared. */
void sharing_scribble(mbuf_t m, u8 byte, bool ask)
{
	for (; m; m = kpi_mbuf_next(m))
		if (!ask || !kpi_mbuf_mclhasreference(m))
			memset(kpi_mbuf_data(m), byte, kpi_mbuf_len(m));
}
