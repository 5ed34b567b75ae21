// SPDX-License-Identifier: GPL-2.0
/*
 * Kinds of sockets, and how new ones are met.
 *
 * Linux calls proto->init for each new socket of a protocol before its creator
 * sees it. While there is a global filter for the protocol our function stands
 * there, and calls Linux's first. What it looks at decides whether the socket is
 * filtered at all: in doubt it is not.
 *
 * If somebody else has put a function there after us, ours is in the middle of a
 * chain that only they can undo: it stays, and so does the layer.
 */

#include <linux/delay.h>
#include <linux/in.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <linux/uaccess.h>
#include <net/inet_connection_sock.h>
#include <net/net_namespace.h>

#include "filtered.h"
#include "kind.h"

#define KIND(_family, _type, _protocol)	\
	{ .family = _family, .type = _type, .protocol = _protocol }

static struct kpi_sflt_kind kinds[] = {
	KIND(AF_INET, SOCK_STREAM, IPPROTO_TCP),
	KIND(AF_INET, SOCK_DGRAM, IPPROTO_UDP),
	KIND(AF_INET, SOCK_DGRAM, IPPROTO_ICMP),
	KIND(AF_INET, SOCK_RAW, 0),
	KIND(AF_INET6, SOCK_STREAM, IPPROTO_TCP),
	KIND(AF_INET6, SOCK_DGRAM, IPPROTO_UDP),
	KIND(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6),
	KIND(AF_INET6, SOCK_RAW, 0),
};

static DEFINE_MUTEX(kinds_lock);
static atomic_t meeting = ATOMIC_INIT(0);	/* threads in our function */

struct kpi_sflt_kind *kpi_sflt_kind_of(int family, int type, int protocol)
{
	struct kpi_sflt_kind *kind;

	for (kind = kinds; kind < kinds + ARRAY_SIZE(kinds); kind++)
		if (kind->family == family && kind->type == type &&
		    (!kind->protocol || kind->protocol == protocol))
			return kind;
	return NULL;
}

struct kpi_sflt_kind *kpi_sflt_kind_of_sock(const struct sock *sk)
{
	return kpi_sflt_kind_of(sk->sk_family, sk->sk_type, sk->sk_protocol);
}

static struct kpi_sflt_kind *kind_of_prot(const struct proto *prot)
{
	struct kpi_sflt_kind *kind;

	for (kind = kinds; kind < kinds + ARRAY_SIZE(kinds); kind++)
		if (READ_ONCE(kind->prot) == prot)
			return kind;
	return NULL;
}

/* A process's, in the first namespace, and of just this protocol. */
bool kpi_sflt_is_to_be_filtered(const struct kpi_sflt_kind *kind, const struct sock *sk)
{
	return !sk->sk_kern_sock && sk->sk_socket && net_eq(sock_net(sk), &init_net) &&
	       kind == kpi_sflt_kind_of_sock(sk);
}

/* TLS or the like has it. */
bool kpi_sflt_is_taken(const struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_TCP && sk->sk_type == SOCK_STREAM &&
	       READ_ONCE(inet_csk(sk)->icsk_ulp_ops);
}

static int met(struct sock *sk)
{
	struct kpi_sflt_kind *kind = kind_of_prot(sk->sk_prot);
	int err = 0;

	atomic_inc(&meeting);
	if (!WARN_ON_ONCE(!kind) && kind->linux_init)
		err = kind->linux_init(sk);
	if (!err && kind && READ_ONCE(kind->globals) &&
	    kpi_sflt_is_to_be_filtered(kind, sk))
		kpi_sflt_greet(sk->sk_socket, kind, false);
	atomic_dec(&meeting);
	return err;
}

/*
 * Kernels may write-protect their tables: then the store fails, and nothing else does.
 * User-mode Linux does not, and in 7.3 its nofault store is not for modules: the address
 * where it would go on is one of 31 bits.
 */
static int put_init(struct proto *prot, int (*init)(struct sock *sk))
{
	typedef int (*init_fn)(struct sock *sk);

	if (IS_ENABLED(CONFIG_UML)) {
		WRITE_ONCE(prot->init, init);
		return 0;
	}
	pagefault_disable();
	__put_kernel_nofault(&prot->init, &init, init_fn, failed);
	pagefault_enable();
	return 0;
failed:
	pagefault_enable();
	return -EBUSY;
}

/*
 * A socket of the kind shows its protocol, and keeps it loaded. A raw one is given a
 * copy of each packet of its number, so it has one that no packet has.
 */
static struct socket *make_sample(const struct kpi_sflt_kind *kind)
{
	int protocol = kind->protocol ?: IPPROTO_RAW;
	struct socket *sock;

	return sock_create_kern(&init_net, kind->family, kind->type, protocol, &sock) ? NULL : sock;
}

/*
 * A machine without IPv6, or without ping sockets, has none to be met. Our function
 * finds the kind by its protocol, so that is stored first, and stays there.
 */
static int hook(struct kpi_sflt_kind *kind)
{
	struct socket *sample = make_sample(kind);
	struct proto *prot;
	int err;

	if (!sample)
		return 0;
	prot = sample->sk->sk_prot_creator;
	if (READ_ONCE(prot->init) != met) {
		kind->linux_init = prot->init;
		smp_wmb();	/* met() finds both */
		WRITE_ONCE(kind->prot, prot);
		err = put_init(prot, met);
		if (err) {
			pr_err("netkpi: %s: the kernel has write-protected its protocols, so new sockets cannot be met\n",
			       prot->name);
			sock_release(sample);
			return err;
		}
	}
	kind->sample = sample;
	return 0;
}

static void unhook(struct kpi_sflt_kind *kind)
{
	struct proto *prot = kind->prot;

	if (!kind->sample)
		return;
	if (READ_ONCE(prot->init) != met) {
		pr_warn("netkpi: %s: somebody else meets new sockets by way of us; netkpi stays loaded\n",
			prot->name);
		__module_get(THIS_MODULE);	/* for good */
		return;
	}
	put_init(prot, kind->linux_init);
	sock_release(kind->sample);
	kind->sample = NULL;
}

/* One more global filter: new sockets of the kind are met. */
int kpi_sflt_meet(struct kpi_sflt_kind *kind)
{
	int err = 0;

	mutex_lock(&kinds_lock);
	if (!kind->globals && !kind->sample)
		err = hook(kind);
	if (!err)
		WRITE_ONCE(kind->globals, kind->globals + 1);
	mutex_unlock(&kinds_lock);
	return err;
}

void kpi_sflt_meet_no_more(struct kpi_sflt_kind *kind)
{
	mutex_lock(&kinds_lock);
	WRITE_ONCE(kind->globals, kind->globals - 1);
	if (!kind->globals)
		unhook(kind);
	mutex_unlock(&kinds_lock);
}

/*
 * Somebody may have fetched our function and not entered it yet, or be about to
 * leave it: only a voluntary sleep tells that they are gone.
 */
void kpi_sflt_meet_exit(void)
{
	synchronize_rcu_tasks();
	while (atomic_read(&meeting))
		msleep(20);
	synchronize_rcu_tasks();
}
