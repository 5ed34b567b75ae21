// SPDX-License-Identifier: GPL-2.0
/*
 * A process's socket that changes hands: by TCP_ULP it gets another protocol's
 * operations, by IPV6_ADDRFORM those of IPv4.
 *
 * What makes the new operations may make them of those that are there, so Linux's have
 * to be there, and the filters leave before. If nobody takes the socket after all they
 * come again. A call that begins meanwhile is Linux's own, and there is no way to meet
 * it. So what Linux is bound to refuse is refused while the filters are there, and what
 * may have to be loaded is loaded before they leave. Then they are away for moments, and
 * in vain only if memory is short, or the connection ends in just these. Who waits for
 * data when they leave is kept until it is known whose the socket is.
 */

#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/net.h>
#include <linux/sockptr.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ipv6.h>
#include <net/tcp.h>

#include "attach.h"
#include "filtered.h"
#include "hands.h"
#include "kind.h"
#include "registry.h"

/* TCP, or another protocol that IPv4 and IPv6 have; not raw sockets, nor those of ping. */
static bool may_change_hands(const struct sock *sk)
{
	if (sk->sk_type == SOCK_STREAM)
		return true;
	return sk->sk_type == SOCK_DGRAM && sk->sk_protocol == IPPROTO_UDP;
}

bool kpi_sflt_changes_hands(const struct kpi_filtered *f, int level, int name)
{
	if (level == IPPROTO_TCP)
		return name == TCP_ULP && f->stream;
	return level == IPPROTO_IPV6 && name == IPV6_ADDRFORM && f->sk->sk_family == AF_INET6 &&
	       may_change_hands(f->sk);
}

/* A socket that nobody has taken over, or that is one of another family now. */
static void take_back(struct socket *sock)
{
	const struct kpi_sflt_kind *kind = kpi_sflt_kind_of_sock(sock->sk);
	struct kpi_filtered *f;

	if (!kind || !kpi_sflt_is_to_be_filtered(kind, sock->sk) ||
	    !kpi_sflt_any_global(kind, sock->sk))
		return;
	f = kpi_filtered_get_sock(sock);
	if (!f)
		return;
	kpi_sflt_attach_globals(f, kind);
	kpi_filtered_put(f);
}

/* Who asks for what he does not get would be rid of the filters, so they come again. */
static int hand_over(struct kpi_filtered *f, int level, int name, void *value, unsigned int len)
{
	struct socket *sock = f->sock;
	struct kpi_bare bare;
	int err = kpi_bare_begin(&bare, sock);

	if (err)
		return err;
	err = f->linux_ops->setsockopt(sock, level, name, KERNEL_SOCKPTR(value), len);
	if (err || level == IPPROTO_IPV6) {
		kpi_bare_allow(&bare);
		take_back(sock);
	}
	kpi_bare_end(&bare);
	return err;
}

/*
 * Whether Linux knows a ULP of that name, and has loaded it: 0, -ENOENT, -errno. A socket
 * of ours is asked that has one, so that none is begun.
 */
static int look_for_ulp(char *name)
{
	static const struct tcp_ulp_ops one = { .name = "netkpi" };
	struct socket *sock;
	int err = sock_create_kern(&init_net, PF_INET, SOCK_STREAM, IPPROTO_TCP, &sock);

	if (err)
		return err;
	inet_csk(sock->sk)->icsk_ulp_ops = &one;
	err = sock->ops->setsockopt(sock, IPPROTO_TCP, TCP_ULP, KERNEL_SOCKPTR(name),
				    strlen(name) + 1);
	sock_release(sock);
	return err == -EEXIST ? 0 : err;
}

/* With an end in sight, and bytes to be read. (Some network cards do TLS from the start.) */
static bool is_ending(const struct sock *sk)
{
	int state = READ_ONCE(sk->sk_state);

	if (state == TCP_CLOSE)
		return !skb_queue_empty_lockless(&sk->sk_receive_queue);
	return !((1 << state) & (TCPF_ESTABLISHED | TCPF_LISTEN));
}

static int set_ulp(struct kpi_filtered *f, sockptr_t value, unsigned int len)
{
	char name[TCP_ULP_NAME_MAX] = "";
	int err;

	if (!len)
		return -EINVAL;
	if (strncpy_from_sockptr(name, value, min_t(unsigned int, len, TCP_ULP_NAME_MAX - 1)) < 0)
		return -EFAULT;
	err = look_for_ulp(name);
	if (!err && !strcmp(name, "tls") && is_ending(f->sk))
		err = -ENOTCONN;
	return err ?: hand_over(f, IPPROTO_TCP, TCP_ULP, name, strlen(name) + 1);
}

/* What Linux says of a socket that it cannot make one of IPv4, in its order. */
static int may_be_v4(const struct sock *sk)
{
	bool udp = sk->sk_protocol == IPPROTO_UDP;

	if (udp ? READ_ONCE(udp_sk(sk)->pending) == AF_INET6 : sk->sk_prot != sk->sk_prot_creator)
		return -EBUSY;
	if (READ_ONCE(sk->sk_state) != TCP_ESTABLISHED)
		return -ENOTCONN;
	if (ipv6_only_sock(sk) || !ipv6_addr_v4mapped(&sk->sk_v6_daddr))
		return -EADDRNOTAVAIL;
	return 0;
}

static int set_family(struct kpi_filtered *f, sockptr_t value, unsigned int len)
{
	int family, err;

	if (len < sizeof(family))
		return -EINVAL;
	if (copy_from_sockptr(&family, value, sizeof(family)))
		return -EFAULT;
	err = family == PF_INET ? may_be_v4(f->sk) : -EINVAL;
	return err ?: hand_over(f, IPPROTO_IPV6, IPV6_ADDRFORM, &family, sizeof(family));
}

/* Sets one of the two, as Linux does. */
int kpi_sflt_change_hands(struct kpi_filtered *f, int level, sockptr_t value, unsigned int len)
{
	return level == IPPROTO_TCP ? set_ulp(f, value, len) : set_family(f, value, len);
}
