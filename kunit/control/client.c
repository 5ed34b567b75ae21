// SPDX-License-Identifier: GPL-2.0
/* A program's end of kernel controls. */

#include <linux/cred.h>
#include <linux/net.h>
#include <linux/sockios.h>
#include <linux/termios.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "compat/socket.h"
#include "kpi_priv.h"

#include <kpi/control.h>
#include <kpi/event.h>

#include "test.h"

#define FAMILY		32
#define EVENT		1
#define CONTROL		2
#define DEADLINE	(10 * HZ)

struct ct_client {
	struct socket sock;	/* never made: the handle is the socket */
};

static struct socket *sock_of(struct ct_client *c)
{
	return (struct socket *)c;
}

struct ct_client *ct_open(int type)
{
	struct socket *sock;

	if (sock_create_kern(&init_net, FAMILY, type, CONTROL, &sock))
		return NULL;
	sock->sk->sk_rcvtimeo = DEADLINE;
	return (struct ct_client *)sock;
}

int ct_open_error(int type, int protocol)
{
	struct socket *sock;
	int err = sock_create_kern(&init_net, FAMILY, type, protocol, &sock);

	if (!err)
		sock_release(sock);
	return err;
}

void ct_close(struct ct_client *c)
{
	if (c)
		sock_release(sock_of(c));
}

static int connect_to(struct ct_client *c, const struct bsd_sockaddr_ctl *name, int size)
{
	struct sockaddr_storage addr = { };

	memcpy(&addr, name, sizeof(*name));
	return kernel_connect(sock_of(c), (struct kpi_compat_sockaddr *)&addr, size, 0);
}

static struct bsd_sockaddr_ctl linux_name(u32 id, u32 unit)
{
	struct bsd_sockaddr_ctl name = { .ss_sysaddr = 2, .sc_id = id, .sc_unit = unit };
	u16 family = FAMILY;

	memcpy(&name, &family, sizeof(family));
	return name;
}

int ct_connect(struct ct_client *c, u32 id, u32 unit)
{
	struct bsd_sockaddr_ctl name = linux_name(id, unit);

	return connect_to(c, &name, sizeof(name));
}

int ct_connect_bsd(struct ct_client *c, u32 id, u32 unit, unsigned int family)
{
	struct bsd_sockaddr_ctl name = {
		.sc_len = sizeof(name), .sc_family = family, .ss_sysaddr = 2,
		.sc_id = id, .sc_unit = unit,
	};

	return connect_to(c, &name, sizeof(name));
}

int ct_connect_sized(struct ct_client *c, u32 id, int size)
{
	struct bsd_sockaddr_ctl name = linux_name(id, 0);

	return connect_to(c, &name, size);
}

int ct_connect_as_user(struct ct_client *c, u32 id)
{
	const struct cred *before;
	struct cred *user = prepare_creds();
	int err;

	if (!user)
		return -ENOMEM;
	cap_clear(user->cap_effective);
	before = override_creds(user);
	err = ct_connect(c, id, 0);
	revert_creds(before);
	put_cred(user);
	return err;
}

int ct_disconnect(struct ct_client *c)
{
	struct sockaddr_storage none = { .ss_family = AF_UNSPEC };

	return kernel_connect(sock_of(c), (struct kpi_compat_sockaddr *)&none, sizeof(sa_family_t), 0);
}

int ct_peer(struct ct_client *c, void *name)
{
	struct sockaddr_storage addr;
	int n = kernel_getpeername(sock_of(c), (struct sockaddr *)&addr);

	if (n > 0)
		memcpy(name, &addr, sizeof(struct bsd_sockaddr_ctl));
	return n;
}

int ct_shutdown(struct ct_client *c, int how)
{
	return kernel_sock_shutdown(sock_of(c), how);
}

long ct_send(struct ct_client *c, const void *data, size_t len, int flags)
{
	struct kvec vec = { (void *)data, len };
	struct msghdr msg = { .msg_flags = flags | MSG_NOSIGNAL };

	return kernel_sendmsg(sock_of(c), &msg, &vec, 1, len);
}

long ct_recv_flags(struct ct_client *c, void *data, size_t len, int *flags)
{
	struct kvec vec = { data, len };
	struct msghdr msg = { };
	long n = kernel_recvmsg(sock_of(c), &msg, &vec, 1, len, *flags);

	*flags = msg.msg_flags;
	return n;
}

long ct_recv(struct ct_client *c, void *data, size_t len, int flags)
{
	return ct_recv_flags(c, data, len, &flags);
}

unsigned int ct_poll(struct ct_client *c)
{
	struct socket *sock = sock_of(c);

	return (__force unsigned int)sock->ops->poll(NULL, sock, NULL) &
	       (CT_POLLIN | CT_POLLOUT | CT_POLLHUP);
}

static int set_int(struct ct_client *c, int name, int value)
{
	return sock_setsockopt(sock_of(c), SOL_SOCKET, name, KERNEL_SOCKPTR(&value), sizeof(value));
}

int ct_set_rcvbuf(struct ct_client *c, int size)
{
	return set_int(c, SO_RCVBUF, size);
}

int ct_set_rcvlowat(struct ct_client *c, int size)
{
	return set_int(c, SO_RCVLOWAT, size);
}

int ct_setopt(struct ct_client *c, int level, int name, const void *data, unsigned int len)
{
	struct socket *sock = sock_of(c);

	return sock->ops->setsockopt(sock, level, name, KERNEL_SOCKPTR((void *)data), len);
}

/* A page of the test's own: the length, and behind it the value. */
static void __user *user_page(void)
{
	static void __user *page;
	static struct mm_struct *of;

	if (!page || of != current->mm)
		page = (void __user *)kt_user_page();
	of = current->mm;
	return page;
}

static int getopt_at(struct ct_client *c, int level, int name, char __user *value, int *len)
{
	struct socket *sock = sock_of(c);
	int __user *lenp = user_page();
	int err;

	if (put_user(*len, lenp))
		return -EFAULT;
	err = sock->ops->getsockopt(sock, level, name, value, lenp);
	return get_user(*len, lenp) ? -EFAULT : err;
}

int ct_getopt(struct ct_client *c, int level, int name, void *data, int *len)
{
	char __user *value = user_page();
	int room = *len, err;

	if (!value)
		return -ENODEV;
	value += 64;
	if (copy_to_user(value, data, room))
		return -EFAULT;
	err = getopt_at(c, level, name, value, len);
	return copy_from_user(data, value, room) ? -EFAULT : err;
}

int ct_getopt_null(struct ct_client *c, int name, int *len)
{
	return user_page() ? getopt_at(c, CONTROL, name, NULL, len) : -ENODEV;
}

static int ask(struct ct_client *c, unsigned int cmd, void *data, size_t size)
{
	struct socket *sock = sock_of(c);
	void __user *page = user_page();
	int err;

	if (!page)
		return -ENODEV;
	if (copy_to_user(page, data, size))
		return -EFAULT;
	err = sock->ops->ioctl(sock, cmd, (unsigned long)page);
	return copy_from_user(data, page, size) ? -EFAULT : err;
}

int ct_info(struct ct_client *c, const char *name, u32 *id)
{
	struct bsd_ctl_info info = { };
	int err;

	memcpy(info.ctl_name, name, strnlen(name, sizeof(info.ctl_name)));
	err = ask(c, 0xc0644e03, &info, sizeof(info));
	*id = info.ctl_id;
	return err;
}

int ct_count(struct ct_client *c)
{
	int n = -1, other = -2;
	int err = ask(c, 0x40044e02, &n, sizeof(n)) ?: ask(c, 0x80044e02, &other, sizeof(other));

	return err ?: n == other ? n : -EPROTO;
}

int ct_unread(struct ct_client *c)
{
	int n = -1, err = ask(c, SIOCINQ, &n, sizeof(n));

	return err ?: n;
}

struct ct_client *ct_listen(void)
{
	struct socket *sock;

	if (sock_create_kern(&init_net, FAMILY, SOCK_RAW, EVENT, &sock))
		return NULL;
	sock->sk->sk_rcvtimeo = DEADLINE;
	return (struct ct_client *)sock;
}

int ct_filter(struct ct_client *c, u32 vendor, u32 class, u32 subclass)
{
	u32 filter[] = { vendor, class, subclass };

	return ask(c, 0x800c6502, filter, sizeof(filter)) ?:	/* macOS's number, and Linux's */
	       ask(c, 0x400c6502, filter, sizeof(filter));
}

int ct_get_filter(struct ct_client *c, u32 filter[3])
{
	return ask(c, 0x800c6503, filter, 3 * sizeof(filter[0]));
}

int ct_vendor(struct ct_client *c, const char *name, u32 *code)
{
	struct bsd_kev_vendor_code vendor = { };
	int err;

	strscpy(vendor.vendor_string, name, sizeof(vendor.vendor_string));
	err = ask(c, 0xc0cc6504, &vendor, sizeof(vendor));
	*code = vendor.vendor_code;
	return err;
}

int ct_next_event(struct ct_client *c, u32 *id)
{
	return ask(c, 0x40046501, id, sizeof(*id));
}
