// SPDX-License-Identifier: GPL-2.0
/* What a process does with its sockets, and others do with a kext's: for the suite of trust. */

#include <linux/cred.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/net.h>
#include <linux/tcp.h>
#include <linux/tls.h>

#include <net/af_unix.h>
#include <net/inet_sock.h>
#include <net/sock.h>

#include <kunit/test.h>

#include "socket/socket_priv.h"
#include "test.h"

static int set_keys(struct socket *sock, int name)
{
	struct tls12_crypto_info_aes_gcm_128 keys = {
		.info = { TLS_1_2_VERSION, TLS_CIPHER_AES_GCM_128 },
		.key = "0123456789abcde", .iv = "ivivivi", .salt = "sal",
	};
	int err;

	err = sock->ops->setsockopt(sock, SOL_TLS, name, KERNEL_SOCKPTR(&keys), sizeof(keys));
	return err == -ENOENT ? -EIO : err;	/* TLS is there, but not its cipher */
}

int st_socket_tls(struct socket *sock, int tx, int rx)
{
	int err = sock->ops->setsockopt(sock, SOL_TCP, TCP_ULP, KERNEL_SOCKPTR("tls"), 4);

	if (!err && tx)
		err = set_keys(sock, TLS_TX);
	if (!err && rx)
		err = set_keys(sock, TLS_RX);
	return err;
}

/* A connect() to 127.0.0.2 of a kext's socket, which has come half the way. */
void st_connect_begin(socket_t so)
{
	struct inet_sock *inet = inet_sk(so->sk);

	lock_sock(so->sk);
	sk_dst_reset(so->sk);
	inet->cork.fl.u.ip4.daddr = htonl(INADDR_LOOPBACK + 1);
	inet->inet_daddr = htonl(INADDR_LOOPBACK + 1);
}

void st_connect_end(socket_t so, u16 port)
{
	inet_sk(so->sk)->inet_dport = htons(port);
	release_sock(so->sk);
}

void st_lock(socket_t so, int on)
{
	if (on)
		lock_sock(so->sk);
	else
		release_sock(so->sk);
}

int st_received(socket_t so)
{
	const struct tcp_sock *tp = tcp_sk(so->sk);

	return READ_ONCE(tp->rcv_nxt) - READ_ONCE(tp->copied_seq);
}

int st_sndbuf(socket_t so)
{
	return READ_ONCE(so->sk->sk_sndbuf);
}

/* In the middle of a send, when the first bytes arrive. */
static void sets_limit(struct sock *sk)
{
	WRITE_ONCE(unix_peer(sk)->sk_sndbuf, ST_OTHER_LIMIT);
}

void st_limit_when_it_arrives(struct socket *sock)
{
	WRITE_ONCE(sock->sk->sk_data_ready, sets_limit);
}

int st_peer_user(struct socket *sock)
{
	return from_kuid(&init_user_ns, sock->sk->sk_peer_cred->euid);
}

void st_with_capability(int capability, void (*fn)(void *arg), void *arg)
{
	const struct cred *before;
	struct cred *root = prepare_creds();

	if (!root)
		return;
	cap_clear(root->cap_effective);
	if (capability != ST_NO_CAPABILITY)
		cap_raise(root->cap_effective, capability);
	before = override_creds(root);
	fn(arg);
	revert_creds(before);
	put_cred(root);
}
