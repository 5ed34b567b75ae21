// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses: macOS's start with a length byte and a one-byte family, Linux's
 * with a two-byte family; all other offsets agree. And the calls that ask for
 * an address.
 */

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/un.h>

#include "../control/system.h"
#include "../filter/socket/ask.h"
#include "address.h"
#include "state.h"
#include "transport.h"

#define SUN_HEADER	offsetof(struct bsd_sockaddr_un, sun_path)

static_assert(offsetof(struct bsd_sockaddr_in, sin_port) == offsetof(struct sockaddr_in, sin_port));
static_assert(offsetof(struct bsd_sockaddr_in, sin_addr) == offsetof(struct sockaddr_in, sin_addr));
static_assert(sizeof(struct bsd_sockaddr_in) == sizeof(struct sockaddr_in));
static_assert(offsetof(struct bsd_sockaddr_in6, sin6_addr) ==
	      offsetof(struct sockaddr_in6, sin6_addr));
static_assert(offsetof(struct bsd_sockaddr_in6, sin6_scope_id) ==
	      offsetof(struct sockaddr_in6, sin6_scope_id));
static_assert(sizeof(struct bsd_sockaddr_in6) == sizeof(struct sockaddr_in6));
static_assert(SUN_HEADER == offsetof(struct sockaddr_un, sun_path));
static_assert(sizeof(struct bsd_sockaddr_storage) == sizeof(struct sockaddr_storage));

const struct bsd_in6_addr kpi_in6addr_any = {};
KPI_EXPORT(kpi_in6addr_any);

const struct bsd_in6_addr kpi_in6addr_loopback = {
	.__u6_addr.__u6_addr8[15] = 1,
};
KPI_EXPORT(kpi_in6addr_loopback);

/*
 * A path may lack its NUL, and be longer than the structure says. One that
 * starts with a NUL must not reach Linux, where it means another name space.
 */
static int unix_to_linux(const struct bsd_sockaddr *from, struct sockaddr_un *to)
{
	const char *path = (const char *)from + SUN_HEADER;
	size_t len;

	if (from->sa_len <= SUN_HEADER)
		return -EINVAL;
	len = strnlen(path, from->sa_len - SUN_HEADER);
	if (!len)
		return -ENOENT;
	if (len >= sizeof(to->sun_path))
		return -ENAMETOOLONG;

	to->sun_family = AF_UNIX;
	memcpy(to->sun_path, path, len);
	to->sun_path[len] = 0;
	return SUN_HEADER + len + 1;
}

static int inet_to_linux(const struct bsd_sockaddr *from, struct sockaddr_storage *to, size_t len)
{
	if (from->sa_len != len)
		return -EINVAL;

	memcpy(to, from, len);
	to->ss_family = from->sa_family;
	return len;
}

/**
 * kpi_addr_to_linux() - convert an address of the kext's
 * @so:   the socket it is for, whose family it must have
 * @from: the address; its own length governs how much of it is read
 * @to:   where the Linux form goes
 *
 * Return: the length of the Linux form; -EINVAL for a wrong length;
 * -EAFNOSUPPORT for another family; -ENOENT or -ENAMETOOLONG for a bad path.
 */
int kpi_addr_to_linux(const struct __socket *so, const struct bsd_sockaddr *from,
		      struct sockaddr_storage *to)
{
	int family = so->sk->sk_family;

	memset(to, 0, sizeof(*to));
	if (from->sa_len < 2)
		return -EINVAL;
	if (kpi_so_is_system(so))
		return kpi_system_name_in(to, (const struct bsd_sockaddr_ctl *)from);
	if (family == AF_INET && from->sa_len != sizeof(struct sockaddr_in))
		return -EINVAL;
	if (family == AF_INET6 && from->sa_len != sizeof(struct sockaddr_in6))
		return -EINVAL;
	if (from->sa_family != family)
		return -EAFNOSUPPORT;

	if (family == AF_UNIX)
		return unix_to_linux(from, (struct sockaddr_un *)to);
	return inet_to_linux(from, to, from->sa_len);
}

/* An AF_UNIX socket without a name is 16 bytes of nothing on macOS. */
static int unix_from_linux(const struct sockaddr_un *from, int len,
			   struct bsd_sockaddr_storage *to)
{
	size_t path = 0;

	if (len > (int)SUN_HEADER)
		path = strnlen(from->sun_path, len - SUN_HEADER);
	memcpy((char *)to + SUN_HEADER, from->sun_path, path);	/* room for any: @to is zeroed */
	return path ? SUN_HEADER + path + 1 : sizeof(struct bsd_sockaddr);
}

/**
 * kpi_addr_from_linux() - convert an address of Linux's
 * @from: the address
 * @len:  its length
 * @to:   where the kext's form goes
 *
 * Return: the length of the kext's form, which is also in its sa_len.
 */
int kpi_addr_from_linux(const struct sockaddr_storage *from, int len,
			struct bsd_sockaddr_storage *to)
{
	int family = len >= (int)sizeof(from->ss_family) ? from->ss_family : AF_UNIX;

	memset(to, 0, sizeof(*to));
	switch (family) {
	case AF_INET:
		memcpy(to, from, sizeof(struct sockaddr_in));
		len = sizeof(struct sockaddr_in);
		break;
	case AF_INET6:
		memcpy(to, from, sizeof(struct sockaddr_in6));
		len = sizeof(struct sockaddr_in6);
		break;
	default:
		len = unix_from_linux((const struct sockaddr_un *)from, len, to);
	}
	to->ss_len = len;
	to->ss_family = family;
	return len;
}

/* As much of the address as there is room for; nothing says that it was cut. */
void kpi_addr_copy_out(const struct bsd_sockaddr_storage *from, void *to, int room)
{
	memcpy(to, from, min_t(int, room, from->ss_len));
}

/* The socket's or its peer's address, or -ENOTCONN. */
int kpi_so_name(struct __socket *so, bool peer, struct bsd_sockaddr_storage *name)
{
	struct sockaddr_storage addr = {};
	const struct proto_ops *ops;
	int len;

	ops = kpi_sflt_linux_ops(so->sock);
	if (!ops)		/* a process's socket that was never made */
		return -EINVAL;
	len = ops->getname(so->sock, (struct sockaddr *)&addr, peer);
	if (len < 0)
		return len;

	if (kpi_so_is_system(so))
		kpi_system_name_out((struct bsd_sockaddr_ctl *)name, &addr);
	else
		kpi_addr_from_linux(&addr, len, name);
	return 0;
}

static int get_name(struct __socket *so, bool peer, struct bsd_sockaddr *name, int namelen)
{
	struct bsd_sockaddr_storage addr;
	int err;

	if (!name || namelen < 0)
		return -EINVAL;
	if (peer && !kpi_so_is_connected(so))
		return -ENOTCONN;

	err = kpi_so_name(so, peer, &addr);
	if (!err)
		kpi_addr_copy_out(&addr, name, namelen);
	return err;
}

/**
 * kpi_sock_getsockname() - the address a socket is bound to
 * @so:      the socket, borrowed
 * @name:    where it goes
 * @namelen: room there; a longer address is cut without notice
 *
 * An unbound socket has an address of zeroes.
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: 0, or EINVAL.
 */
errno_t kpi_sock_getsockname(socket_t so, struct bsd_sockaddr *name, int namelen)
{
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = get_name(so, false, name, namelen);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_getsockname);

/**
 * kpi_sock_getpeername() - the address a socket is connected to
 * @so:      the socket, borrowed
 * @name:    where it goes
 * @namelen: room there; a longer address is cut without notice
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: 0, EINVAL, or ENOTCONN.
 */
errno_t kpi_sock_getpeername(socket_t so, struct bsd_sockaddr *name, int namelen)
{
	int err = KPI_SO_ENTER(so);

	if (err)
		return err == -ESHUTDOWN ? ENOTCONN : EINVAL;
	err = get_name(so, true, name, namelen);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_getpeername);

/* What an unconnected socket has for a peer: nothing, in the family's own form. */
static void no_peer(struct __socket *so, struct bsd_sockaddr_storage *name)
{
	struct sockaddr_storage none = { .ss_family = so->sk->sk_family };

	if (kpi_so_is_system(so)) {
		*name = (struct bsd_sockaddr_storage){
			.ss_len = sizeof(struct bsd_sockaddr_ctl), .ss_family = KPI_AF_SYSTEM,
		};
		return;
	}
	kpi_addr_from_linux(&none, sizeof(none.ss_family), name);
}

static int duplicate_name(struct __socket *so, bool peer, struct bsd_sockaddr **psa)
{
	struct bsd_sockaddr_storage name;
	struct bsd_sockaddr *sa;
	int err;

	err = kpi_so_name(so, peer, &name);
	if (err == -ENOTCONN)
		no_peer(so, &name);
	else if (err)
		return err;

	sa = kmemdup(&name, name.ss_len, GFP_KERNEL);
	if (!sa)
		return -ENOMEM;
	*psa = sa;
	return 0;
}

/**
 * kpi_sock_getaddr() - a copy of a socket's address
 * @so:   the socket, borrowed
 * @psa:  out: the address; untouched on failure
 * @peer: non-zero for the peer's, which is zeroes for an unconnected socket
 *
 * Returns the copy to the caller, who gives it to sock_freeaddr().
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: 0, EINVAL, or ENOMEM.
 */
errno_t kpi_sock_getaddr(socket_t so, struct bsd_sockaddr **psa, int peer)
{
	int err;

	if (!psa || KPI_SO_ENTER(so))
		return EINVAL;
	err = duplicate_name(so, peer, psa);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_getaddr);

/**
 * kpi_sock_freeaddr() - free what sock_getaddr() returned
 * @sa: the address, consumed; or NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_sock_freeaddr(struct bsd_sockaddr *sa)
{
	kfree(sa);
}
KPI_EXPORT(kpi_sock_freeaddr);
