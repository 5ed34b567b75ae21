// SPDX-License-Identifier: GPL-2.0
/*
 * Options and requests: setsockopt, getsockopt, ioctl of processes, and what a
 * filter's function may ask of an option.
 */

#include <linux/net.h>
#include <linux/sockios.h>
#include <linux/sockptr.h>
#include <linux/tcp.h>
#include <linux/uaccess.h>
#include <asm/ioctls.h>

#include <kpi/socknum.h>

#include "../../socket/option.h"
#include "../../socket/socket_priv.h"
#include "ask.h"
#include "attach.h"
#include "calls.h"
#include "data.h"
#include "filtered.h"
#include "hands.h"
#include "nke.h"
#include "passed.h"
#include "registry.h"
#include "walk.h"

/* An option that is being set or read, on the stack of the call. */
struct __sockopt {
	sockopt_dir dir;
	int level;
	int name;
	size_t size;
	sockptr_t value;
};

/**
 * kpi_sockopt_direction() - whether an option is being read or set
 * @sopt: what the filter's function was given
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: sockopt_get or sockopt_set.
 */
sockopt_dir kpi_sockopt_direction(struct __sockopt *sopt)
{
	return sopt->dir;
}
KPI_EXPORT(kpi_sockopt_direction);

/**
 * kpi_sockopt_level() - the level of an option
 * @sopt: what the filter's function was given
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: SOL_SOCKET, IPPROTO_TCP and the like.
 */
int kpi_sockopt_level(struct __sockopt *sopt)
{
	return sopt->level;
}
KPI_EXPORT(kpi_sockopt_level);

/**
 * kpi_sockopt_name() - the number of an option
 * @sopt: what the filter's function was given
 *
 * macOS difference: a process's option has Linux's number.
 *
 * Context: Any.
 * Return: SO_KEEPALIVE, TCP_NODELAY and the like.
 */
int kpi_sockopt_name(struct __sockopt *sopt)
{
	return sopt->name;
}
KPI_EXPORT(kpi_sockopt_name);

/**
 * kpi_sockopt_valsize() - how many bytes the value of an option has
 * @sopt: what the filter's function was given
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: bytes; of an option that is being read, the room there is.
 */
size_t kpi_sockopt_valsize(struct __sockopt *sopt)
{
	return sopt->size;
}
KPI_EXPORT(kpi_sockopt_valsize);

/**
 * kpi_sockopt_copyin() - read the value of an option
 * @sopt: what the filter's function was given
 * @data: where to
 * @len:  how many bytes
 *
 * On success the size of the value is @len afterwards.
 *
 * macOS difference: a failure leaves the size alone.
 *
 * Context: Within the filter's function; may sleep.
 * Return: 0; EINVAL if the value is shorter; EFAULT.
 */
errno_t kpi_sockopt_copyin(struct __sockopt *sopt, void *data, size_t len)
{
	if (sopt->size < len)
		return EINVAL;
	if (copy_from_sockptr(data, sopt->value, len))
		return EFAULT;
	sopt->size = len;
	return 0;
}
KPI_EXPORT(kpi_sockopt_copyin);

/**
 * kpi_sockopt_copyout() - give the value of an option
 * @sopt: what the filter's function was given
 * @data: the value, borrowed
 * @len:  how many bytes; no more are copied than there is room for
 *
 * macOS difference: a failure leaves the size alone.
 *
 * Context: Within the filter's function; may sleep.
 * Return: 0 or EFAULT.
 */
errno_t kpi_sockopt_copyout(struct __sockopt *sopt, void *data, size_t len)
{
	len = min(len, sopt->size);
	if (copy_to_sockptr(sopt->value, data, len))
		return EFAULT;
	sopt->size = len;
	return 0;
}
KPI_EXPORT(kpi_sockopt_copyout);

/* After both directions are shut down macOS sets no options any more, and asks nobody. */
static bool is_past_options(const struct kpi_filtered *f)
{
	return READ_ONCE(f->sk->sk_shutdown) == SHUTDOWN_MASK;
}

static int ask_set(struct kpi_filtered *f, struct __sockopt *opt)
{
	return is_past_options(f) ? 0 : kpi_sflt_ask(f, sf_setoption, opt);
}

static int ask_get(struct kpi_filtered *f, struct __sockopt *opt)
{
	return is_past_options(f) ? 0 : kpi_sflt_ask(f, sf_getoption, opt);
}

static int set_linux(const struct proto_ops *linux_ops, struct socket *sock, int level, int name,
		     sockptr_t value, unsigned int len)
{
	if (level == SOL_SOCKET)
		return sock_setsockopt(sock, level, name, value, len);
	return linux_ops->setsockopt(sock, level, name, value, len);
}

/* What was read ahead is not in the queue that whoever saves a connection looks at. */
static int prepare_to_save(struct kpi_filtered *f)
{
	return !tcp_sk(f->sk)->repair && kpi_sflt_has_passed(f) ? -EBUSY : 0;
}

static int set_asked(struct kpi_filtered *f, int level, int name, sockptr_t value,
		      unsigned int len)
{
	struct __sockopt opt = {
		.dir = sockopt_set, .level = level, .name = name, .size = len, .value = value,
	};
	int err = ask_set(f, &opt);

	if (!err && f->stream && level == IPPROTO_TCP && name == TCP_REPAIR)
		err = prepare_to_save(f);
	if (err)
		return min(err, 0);
	if (level == SOL_SOCKET && name == KPI_SO_NKE)
		return kpi_sflt_attach_by_option(f->sock, value, len);
	if (kpi_sflt_changes_hands(f, level, name))
		return kpi_sflt_change_hands(f, level, value, len);
	return set_linux(f->linux_ops, f->sock, level, name, value, len);
}

static int filtered_setsockopt(struct socket *sock, int level, int name, sockptr_t value,
			       unsigned int len)
{
	struct kpi_here here = kpi_here(sock);
	int err;

	if (here.f && !here.f->own)
		err = set_asked(here.f, level, name, value, len);
	else
		err = set_linux(here.linux_ops, sock, level, name, value, len);
	kpi_here_end(&here);
	return err;
}

static int get_asked(struct kpi_filtered *f, int level, int name, char __user *value,
		      int __user *len)
{
	struct __sockopt opt = {
		.dir = sockopt_get, .level = level, .name = name, .value = USER_SOCKPTR(value),
	};
	int size, err;

	if (get_user(size, len) || size < 0)	/* which of its errors it is Linux says */
		return f->linux_ops->getsockopt(f->sock, level, name, value, len);
	opt.size = size;
	err = ask_get(f, &opt);
	if (!err)
		return f->linux_ops->getsockopt(f->sock, level, name, value, len);
	if (err < 0)
		return err;
	return put_user((int)opt.size, len);
}

/* Data that the filters have to see are not given as pages; who asks for those can read. */
static bool is_zerocopy(const struct kpi_filtered *f, int level, int name)
{
	return f->stream && level == IPPROTO_TCP && name == TCP_ZEROCOPY_RECEIVE &&
	       (kpi_filtered_wants(f, KPI_SFLT_IN) || kpi_sflt_unread(f));
}

/* As if all there is were less than a page. */
static int fill_no_pages(struct kpi_filtered *f, struct tcp_zerocopy_receive *zc)
{
	int n = kpi_sflt_inq(f);

	if (n < 0)
		return n;
	if (!n && sock_flag(f->sk, SOCK_DONE))
		return -EIO;
	zc->length = 0;
	zc->recv_skip_hint = n;
	zc->inq = n;
	zc->err = 0;
	zc->copybuf_len = 0;
	zc->msg_controllen = 0;
	zc->msg_flags = 0;
	return 0;
}

static int tell_no_pages(struct kpi_filtered *f, void __user *value, int __user *len)
{
	struct tcp_zerocopy_receive zc = {};
	int size, err;

	if (get_user(size, len))
		return -EFAULT;
	if (size < (int)offsetofend(struct tcp_zerocopy_receive, length))
		return -EINVAL;
	size = min_t(int, size, sizeof(zc));
	if (copy_from_user(&zc, value, size))
		return -EFAULT;
	if (zc.address & ~PAGE_MASK || zc.reserved)
		return -EINVAL;
	if (READ_ONCE(f->sk->sk_state) == TCP_LISTEN)
		return -ENOTCONN;
	err = fill_no_pages(f, &zc);
	if (!err && (put_user(size, len) || copy_to_user(value, &zc, size)))
		err = -EFAULT;
	return err;
}

static int filtered_getsockopt(struct socket *sock, int level, int name, char __user *value,
			       int __user *len)
{
	struct kpi_here here = kpi_here(sock);
	int err;

	if (here.f && is_zerocopy(here.f, level, name))
		err = tell_no_pages(here.f, value, len);
	else if (here.f && !here.f->own)
		err = get_asked(here.f, level, name, value, len);
	else
		err = here.linux_ops->getsockopt(sock, level, name, value, len);
	kpi_here_end(&here);
	return err;
}

/* The same for a kext's call, whose memory is the kernel's: 0, KPI_SFLT_JUST_RETURN or -errno. */
int kpi_sflt_ask_setopt(struct __socket *so, int level, int name, const void *value, int len)
{
	struct __sockopt opt = {
		.dir = sockopt_set, .level = level, .name = name, .size = max(len, 0),
		.value = KERNEL_SOCKPTR((void *)value),
	};
	struct kpi_filtered *f = kpi_filtered_of(so->sock);
	int err;

	if (likely(!f))
		return 0;
	err = ask_set(f, &opt);
	kpi_filtered_put(f);
	return err;
}

int kpi_sflt_ask_getopt(struct __socket *so, int level, int name, void *value, int *len)
{
	struct __sockopt opt = {
		.dir = sockopt_get, .level = level, .name = name,
		.size = *len < 0 ? KPI_OPTION_MAX : *len, .value = KERNEL_SOCKPTR(value),
	};
	struct kpi_filtered *f = kpi_filtered_of(so->sock);
	int err;

	if (likely(!f))
		return 0;
	err = ask_get(f, &opt);
	if (err == KPI_SFLT_JUST_RETURN)
		*len = opt.size;
	kpi_filtered_put(f);
	return err;
}

int kpi_sflt_ask_ioctl(struct __socket *so, unsigned long request, void *arg)
{
	struct kpi_filtered *f = kpi_filtered_of(so->sock);
	int err;

	if (likely(!f))
		return 0;
	err = kpi_sflt_ask(f, sf_ioctl, request, arg);
	kpi_filtered_put(f);
	return err;
}

/* Of interfaces and routes filters are not asked; of these they are. All take an int. */
static bool is_for_filters(unsigned int request)
{
	return request == SIOCINQ || request == SIOCOUTQ || request == SIOCOUTQNSD ||
	       request == SIOCATMARK;
}

static int do_ioctl(struct kpi_filtered *f, unsigned int request, unsigned long arg)
{
	int __user *place = (int __user *)arg;
	int value = 0, err = 0;

	if (!is_for_filters(request))
		return f->linux_ops->ioctl(f->sock, request, arg);
	err = kpi_sflt_ask(f, sf_ioctl, (unsigned long)request, (char *)&value);
	if (err == KPI_SFLT_JUST_RETURN)
		return put_user(value, place);
	return err ?: kpi_sflt_ioctl(f, request, place);
}

static int filtered_ioctl(struct socket *sock, unsigned int request, unsigned long arg)
{
	struct kpi_here here = kpi_here(sock);
	int err;

	if (here.f && !here.f->own)
		err = do_ioctl(here.f, request, arg);
	else
		err = here.linux_ops->ioctl(sock, request, arg);
	kpi_here_end(&here);
	return err;
}

void kpi_sflt_fill_options(struct proto_ops *ops)
{
	if (ops->setsockopt)
		ops->setsockopt = filtered_setsockopt;
	if (ops->getsockopt)
		ops->getsockopt = filtered_getsockopt;
	if (ops->ioctl)
		ops->ioctl = filtered_ioctl;
}
