// SPDX-License-Identifier: GPL-2.0
/*
 * PF_SYSTEM for programs.
 *
 * Linux has given its number, 32, to a family that is only built for s390. If it is
 * taken, or another one shall be used, the parameter system_family says which.
 *
 * Anybody may open a socket, in the initial network namespace: a kext has no other.
 * Who may connect the control says.
 */

#include <linux/compat.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <net/net_namespace.h>
#include <net/tcp_states.h>

#include "../compat/socket.h"
#include "control_priv.h"
#include "event_priv.h"
#include "system.h"

u16 kpi_system_family = KPI_PF_SYSTEM;
module_param_named(system_family, kpi_system_family, ushort, 0444);
MODULE_PARM_DESC(system_family, "number of PF_SYSTEM for programs, if 32 is not free");

static int client_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (!sk)
		return 0;
	kpi_ctl_close(kpi_ctl_client_of(sk));
	sock_orphan(sk);
	sock->sk = NULL;
	sock_put(sk);
	return 0;
}

static int client_connect(struct socket *sock, struct kpi_compat_sockaddr *addr, int len, int flags)
{
	struct kpi_ctl_client *client = kpi_ctl_client_of(sock->sk);
	struct bsd_sockaddr_ctl name;
	int err;

	if (READ_ONCE(client->sys.sk.sk_state) == TCP_ESTABLISHED)
		return kpi_ctl_name_is_none(addr, len) ? kpi_ctl_disconnect(client) : -EISCONN;
	err = kpi_ctl_name_in(&name, addr, len);
	return err ?: kpi_ctl_connect(client, &name);
}

/* The socket itself has no name. */
static int client_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	struct kpi_ctl_client *client = kpi_ctl_client_of(sock->sk);
	int n;

	if (!peer)
		return -EOPNOTSUPP;
	n = kpi_ctl_call_begin(client);
	if (n)
		return n;
	n = kpi_ctl_name_out(addr, client);
	kpi_ctl_call_end(client);
	return n;
}

/* A client that is connected can send at any time: the kext takes what it gets. */
static __poll_t client_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait)
{
	const struct kpi_ctl_client *client = kpi_ctl_client_of(sock->sk);
	int shutdown = READ_ONCE(client->sys.sk.sk_shutdown);
	__poll_t mask = 0;

	sock_poll_wait(file, sock, wait);
	if (READ_ONCE(client->sys.sk.sk_state) != TCP_ESTABLISHED || shutdown == SHUTDOWN_MASK)
		mask |= EPOLLHUP;
	if (shutdown & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (kpi_sys_is_readable(&client->sys))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(client->sys.sk.sk_state) == TCP_ESTABLISHED && !(shutdown & SEND_SHUTDOWN))
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return mask;
}

static int client_shutdown(struct socket *sock, int how)
{
	struct kpi_ctl_client *client = kpi_ctl_client_of(sock->sk);
	int err;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	err = kpi_ctl_call_begin(client);
	if (err)
		return err;
	spin_lock_bh(&client->sys.queue.lock);
	WRITE_ONCE(client->sys.sk.sk_shutdown, client->sys.sk.sk_shutdown | (how + 1));
	spin_unlock_bh(&client->sys.queue.lock);
	if (how != SHUT_WR)
		kpi_sys_close(&client->sys);
	kpi_ctl_call_end(client);
	client->sys.sk.sk_state_change(&client->sys.sk);
	return 0;
}

#ifdef CONFIG_COMPAT
static int client_compat_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	return kpi_ctl_ioctl(sock, cmd, (unsigned long)compat_ptr(arg));
}
#endif

static const struct proto_ops client_ops = {
	.owner		= THIS_MODULE,
	.release	= client_release,
	.bind		= sock_no_bind,
	.connect	= client_connect,
	.socketpair	= sock_no_socketpair,
	.accept		= sock_no_accept,
	.getname	= client_getname,
	.poll		= client_poll,
	.ioctl		= kpi_ctl_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl	= client_compat_ioctl,
#endif
	.listen		= sock_no_listen,
	.shutdown	= client_shutdown,
	.setsockopt	= kpi_ctl_setsockopt,
	.getsockopt	= kpi_ctl_getsockopt,
	.sendmsg	= kpi_ctl_sendmsg,
	.recvmsg	= kpi_sys_recvmsg,
	.mmap		= sock_no_mmap,
};

static struct proto client_proto = {
	.name		= "KEXT_CONTROL",
	.owner		= THIS_MODULE,
	.obj_size	= sizeof(struct kpi_ctl_client),
};

static int check_kind(int type, int protocol)
{
	if (protocol != KPI_SYSPROTO_CONTROL)
		return -EPROTONOSUPPORT;
	return type == SOCK_DGRAM || type == SOCK_STREAM ? 0 : -EPROTOTYPE;
}

static struct lock_class_key kexts_calls;

static int system_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	struct kpi_ctl_client *client;
	struct sock *sk;
	int err;

	if (!net_eq(net, &init_net))
		return -EAFNOSUPPORT;
	if (protocol == KPI_SYSPROTO_EVENT)
		return kpi_event_create(net, sock, kpi_system_family, kern);
	err = check_kind(sock->type, protocol);
	if (err)
		return err;
	sk = sk_alloc(net, kpi_system_family, GFP_KERNEL, &client_proto, kern);
	if (!sk)
		return -ENOMEM;

	sock->ops = &client_ops;
	sock_init_data(sock, sk);
	sk->sk_protocol = protocol;
	sock_set_flag(sk, SOCK_RCU_FREE);	/* kexts find it under RCU */
	client = kpi_ctl_client_of(sk);
	init_rwsem(&client->calls);
	if (kern)	/* a kext calls one from inside another's callback */
		lockdep_set_class(&client->calls, &kexts_calls);
	kpi_sys_init(&client->sys);
	return 0;
}

static struct net_proto_family family = {
	.create	= system_create,
	.owner	= THIS_MODULE,
};
static bool registered;

/* Without the family kexts have their controls all the same, and no program reaches them. */
int kpi_control_init(void)
{
	int err = proto_register(&client_proto, 1);

	if (err)
		return err;
	err = kpi_event_init();
	if (err) {
		proto_unregister(&client_proto);
		return err;
	}
	family.family = kpi_system_family;
	err = sock_register(&family);
	registered = !err;
	if (err) {
		pr_warn("netkpi: family %u is taken: nobody reaches kernel controls; see the parameter system_family\n",
			kpi_system_family);
		kpi_system_family = AF_UNSPEC;	/* no socket has that */
	}
	return 0;
}

void kpi_control_exit(void)
{
	if (registered)
		sock_unregister(kpi_system_family);
	kpi_event_exit();
	proto_unregister(&client_proto);
}

MODULE_ALIAS_NETPROTO(KPI_PF_SYSTEM);
