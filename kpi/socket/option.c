// SPDX-License-Identifier: GPL-2.0
/*
 * Socket options: sock_setsockopt() and sock_getsockopt(), and what they have in
 * common for all levels. What there is stands in the tables of option_socket.c,
 * option_tcp.c and option_ip.c.
 */

#include <linux/in.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <linux/sockptr.h>

#include "../control/system.h"
#include "../filter/socket/ask.h"
#include "option.h"
#include "privilege.h"
#include "state.h"
#include "transport.h"

/* SOL_LOCAL is a number of our own: macOS's is that of IPPROTO_IP. */
static const struct kpi_option *table_of(int level)
{
	switch (level) {
	case KPI_SOL_SOCKET:
		return kpi_socket_options;
	case KPI_IPPROTO_TCP:
		return kpi_tcp_options;
	case KPI_IPPROTO_UDP:
		return kpi_udp_options;
	case KPI_IPPROTO_IP:
		return kpi_ip_options;
	case KPI_IPPROTO_IPV6:
		return kpi_ipv6_options;
	default:
		return NULL;
	}
}

static bool has_level(const struct __socket *so, int level)
{
	switch (level) {
	case KPI_SOL_SOCKET:
		return true;
	case KPI_IPPROTO_TCP:
		return kpi_so_is_tcp(so);
	case KPI_IPPROTO_UDP:
		return kpi_so_is_inet(so) && so->sk->sk_protocol == IPPROTO_UDP;
	case KPI_IPPROTO_IP:
		return kpi_so_is_inet(so);
	case KPI_IPPROTO_IPV6:
		return so->sk->sk_family == AF_INET6;
	default:
		return false;
	}
}

/* macOS has many options of its own that nobody but Apple sets; they are remembered. */
static bool is_private(int level, int name)
{
	return level == KPI_SOL_SOCKET && name >= 0x1000 && name < 0x1200;
}

static bool find(const struct __socket *so, int level, int name, struct kpi_option *found)
{
	const struct kpi_option *opt;

	if (!has_level(so, level))
		return false;
	for (opt = table_of(level); opt->name; opt++) {
		if (opt->name != name)
			continue;
		*found = *opt;
		return true;
	}

	*found = (struct kpi_option){
		.level = level, .name = name, .size = sizeof(int),
		.set = kpi_option_store, .get = kpi_option_stored,
	};
	return is_private(level, name);
}

static int unknown(const struct __socket *so, int level)
{
	if (level == KPI_SOL_LOCAL || (!kpi_so_is_inet(so) && level != KPI_SOL_SOCKET))
		return -EOPNOTSUPP;
	return -ENOPROTOOPT;
}

/* To Linux, as the socket's creator may. */
int kpi_option_linux(struct __socket *so, int level, int name, const void *val, int len)
{
	const struct cred *old = kpi_so_cred_begin(so);
	sockptr_t ptr = KERNEL_SOCKPTR((void *)val);
	int err;

	if (level == SOL_SOCKET)
		err = sock_setsockopt(so->sock, level, name, ptr, len);
	else
		err = kpi_sflt_linux_ops(so->sock)->setsockopt(so->sock, level, name, ptr, len);
	kpi_so_cred_end(old);
	return err;
}

/* For options that are Linux's, under Linux's number. */
int kpi_option_pass(struct __socket *so, const struct kpi_option *opt, const void *val, int len)
{
	return kpi_option_linux(so, opt->level, opt->name, val, len);
}

static struct kpi_stored_option *find_stored(const struct __socket *so,
					     const struct kpi_option *opt)
{
	struct kpi_stored_option *stored;

	lockdep_assert_held(&so->lock);

	for (stored = so->stored; stored; stored = stored->next)
		if (stored->level == opt->level && stored->name == opt->name)
			return stored;
	return NULL;
}

/* An option that is only remembered: most sockets have none. */
int kpi_option_store(struct __socket *so, const struct kpi_option *opt, const void *val, int len)
{
	struct kpi_stored_option *fresh = kmalloc(sizeof(*fresh), GFP_KERNEL), *stored;

	if (!fresh)
		return -ENOBUFS;
	*fresh = (struct kpi_stored_option){ .level = opt->level, .name = opt->name };

	spin_lock_bh(&so->lock);
	stored = find_stored(so, opt);
	if (!stored) {
		fresh->next = so->stored;
		so->stored = fresh;
		swap(stored, fresh);
	}
	stored->value = *(const int *)val;
	spin_unlock_bh(&so->lock);
	kfree(fresh);
	return 0;
}

/* 0 if it was never set. */
int kpi_option_stored(struct __socket *so, const struct kpi_option *opt, void *val)
{
	const struct kpi_stored_option *stored;
	int value;

	spin_lock_bh(&so->lock);
	stored = find_stored(so, opt);
	value = stored ? stored->value : 0;
	spin_unlock_bh(&so->lock);
	return kpi_option_put(val, value);
}

/* A connection has its listener's; without memory for them it is still a connection. */
void kpi_option_inherit(struct __socket *so, struct __socket *listener)
{
	struct kpi_stored_option *stored, *fresh;

	if (likely(!READ_ONCE(listener->stored)))
		return;

	spin_lock_bh(&listener->lock);
	for (stored = listener->stored; stored; stored = stored->next) {
		fresh = kmemdup(stored, sizeof(*stored), GFP_ATOMIC);
		if (!fresh)
			break;
		fresh->next = so->stored;
		so->stored = fresh;
	}
	spin_unlock_bh(&listener->lock);
}

void kpi_option_free(struct __socket *so)
{
	struct kpi_stored_option *stored, *next;

	for (stored = so->stored; stored; stored = next) {
		next = stored->next;
		kfree(stored);
	}
}

/* After both directions are shut down macOS sets no options any more. */
static bool is_past_options(const struct __socket *so)
{
	return kpi_so_read_closed(so) && kpi_so_write_closed(so) && !so->setopt_shut;
}

static int write_option(struct __socket *so, int level, int name, const void *val, int len)
{
	struct kpi_option opt;
	int err;

	if (kpi_so_is_system(so) && level != KPI_SOL_SOCKET)
		return len < 0 ? -EINVAL : kpi_system_setopt(so->sk, level, name, (void *)val, len);
	if (!val || is_past_options(so))
		return -EINVAL;
	err = kpi_sflt_ask_setopt(so, level, name, val, len);
	if (err)
		return min(err, 0);
	if (!find(so, level, name, &opt))
		return unknown(so, level);
	if (!opt.set)
		return opt.error ?: -ENOPROTOOPT;
	if (len < opt.size)
		return -EINVAL;
	return opt.set(so, &opt, val, opt.variable ? len : opt.size);
}

/**
 * kpi_sock_setsockopt() - set an option
 * @so:      the socket, borrowed
 * @level:   SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP, IPPROTO_IPV6, SYSPROTO_CONTROL
 * @optname: the option
 * @optval:  its value, borrowed
 * @optlen:  its length; what is too much is ignored
 *
 * macOS difference: SO_SNDBUF and SO_RCVBUF limit what Linux counts, too; several
 * options are only remembered (see the README).
 *
 * Context: Process context. May take the RTNL lock.
 * Return: 0; EINVAL for a bad value or length, and after both directions are
 * shut down; ENOPROTOOPT for what is unknown; EOPNOTSUPP; EDOM for a bad time;
 * ENOBUFS.
 */
errno_t kpi_sock_setsockopt(socket_t so, int level, int optname, const void *optval, int optlen)
{
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = write_option(so, level, optname, optval, optlen);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_setsockopt);

/* A length that makes no sense is taken for a very large one: some kexts forget to set it. */
static int read_option(struct __socket *so, int level, int name, void *val, int *len)
{
	u8 value[KPI_OPTION_MAX] __aligned(sizeof(long)) = {};
	struct kpi_option opt;
	int size;

	if (kpi_so_is_system(so) && level != KPI_SOL_SOCKET)
		return kpi_system_getopt(so->sk, level, name, val, len);
	if (!val)
		return -EINVAL;
	size = kpi_sflt_ask_getopt(so, level, name, val, len);
	if (size)
		return min(size, 0);
	if (!find(so, level, name, &opt))
		return unknown(so, level);
	if (!opt.get)
		return opt.error ?: -ENOPROTOOPT;

	size = opt.get(so, &opt, value);
	if (size < 0)
		return size;
	if (*len >= 0)
		size = min(size, *len);
	memcpy(val, value, size);
	*len = size;
	return 0;
}

/**
 * kpi_sock_getsockopt() - ask for an option
 * @so:      the socket, borrowed
 * @level:   as in sock_setsockopt()
 * @optname: the option
 * @optval:  where its value goes; of SYSPROTO_CONTROL NULL asks for the size
 * @optlen:  in: room there, a negative number is plenty; out: bytes stored
 *
 * macOS difference: an option that is on reads as 1.
 *
 * Context: Process context.
 * Return: 0; EINVAL; ENOPROTOOPT; EOPNOTSUPP.
 */
errno_t kpi_sock_getsockopt(socket_t so, int level, int optname, void *optval, int *optlen)
{
	int err;

	if (!optlen || KPI_SO_ENTER(so))
		return EINVAL;
	err = read_option(so, level, optname, optval, optlen);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_getsockopt);
