// SPDX-License-Identifier: GPL-2.0
/* Options at SOL_SOCKET. */

#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <net/udp.h>

#include "buffer.h"
#include "event.h"
#include "option.h"
#include "state.h"
#include "transport.h"
#include "wait.h"

/* macOS counts SO_LINGER in hundredths of a second. */
#define LINGER_UNIT_MS		10

static int get_sock_flag(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, sock_flag(so->sk, opt->arg));
}

/* A bool of struct __socket, by its offset. */
static int set_bool(struct __socket *so, const struct kpi_option *opt, const void *val, int len)
{
	*((bool *)so + opt->arg) = *(const int *)val;
	return 0;
}

static int get_bool(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, *((bool *)so + opt->arg));
}

static int get_reuseaddr(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, !!so->sk->sk_reuse);
}

static int get_reuseport(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, so->sk->sk_reuseport);
}

static int get_type(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, so->sk->sk_type);
}

static int get_error(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, -kpi_so_take_error(so));
}

static int get_acceptconn(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, kpi_so_is_listening(so));
}

/* macOS's ceiling: a request beyond it gets the ceiling, the next one is refused. */
static int clamp_buffer(int value, u32 *limit)
{
	if (value < 1)
		return -EINVAL;
	if (value > KPI_SOCKBUF_MAX) {
		if (*limit == KPI_SOCKBUF_MAX)
			return -ENOBUFS;
		value = KPI_SOCKBUF_MAX;
	}
	WRITE_ONCE(*limit, value);
	return value;
}

/* Directly, because Linux's own option knows a maximum that depends on who asks. */
static int set_sndbuf(struct __socket *so, const struct kpi_option *opt, const void *val, int len)
{
	struct sock *sk = so->sk;
	int value = clamp_buffer(*(const int *)val, &so->snd_limit);

	if (value < 0)
		return value;
	so->sndbuf_set = true;

	lock_sock(sk);
	sk->sk_userlocks |= SOCK_SNDBUF_LOCK;
	WRITE_ONCE(sk->sk_sndbuf, max_t(int, 2 * value, SOCK_MIN_SNDBUF));
	sk->sk_write_space(sk);
	release_sock(sk);
	return 0;
}

static int get_sndbuf(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, so->snd_limit);
}

/* Linux counts the memory of packets, which for datagrams is far more than their bytes. */
static int set_rcvbuf(struct __socket *so, const struct kpi_option *opt, const void *val, int len)
{
	int value = clamp_buffer(*(const int *)val, &so->rcv_limit);

	if (value < 0)
		return value;
	so->rcvbuf_set = true;
	so->rcv_lowat = min(so->rcv_lowat, so->rcv_limit);
	sock_set_rcvbuf(so->sk, so->transport->stream ? value : 2 * value);	/* doubles it */
	return 0;
}

static int get_rcvbuf(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, kpi_so_rcv_limit(so));
}

static int set_rcvlowat(struct __socket *so, const struct kpi_option *opt, const void *val,
			int len)
{
	int value = *(const int *)val;

	if (value < 1)
		return -EINVAL;
	so->rcv_lowat = min_t(u32, value, kpi_so_rcv_limit(so));
	if (kpi_so_unread(so) >= so->rcv_lowat)
		kpi_so_post_state(so, true, false, 0);
	return 0;
}

static int get_rcvlowat(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, so->rcv_lowat);
}

static bool has_low_water_space(struct __socket *so)
{
	if (!so->transport->stream || !kpi_so_is_connected(so))
		return false;
	return so->transport->unsent(so) + so->snd_lowat <= so->snd_limit;
}

static int set_sndlowat(struct __socket *so, const struct kpi_option *opt, const void *val,
			int len)
{
	int value = *(const int *)val;

	if (value < 1)
		return -EINVAL;
	so->snd_lowat = min_t(u32, value, so->snd_limit);
	if (has_low_water_space(so))
		kpi_so_post_state(so, false, true, 0);
	return 0;
}

static int get_sndlowat(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, so->snd_lowat);
}

static struct kpi_so_timeout *timeout_of(struct __socket *so, const struct kpi_option *opt)
{
	return opt->name == KPI_SO_RCVTIMEO ? &so->rcv_timeout : &so->snd_timeout;
}

/* Field by field: what follows tv_usec may be anything. */
static int set_timeout(struct __socket *so, const struct kpi_option *opt, const void *val, int len)
{
	const struct bsd_timeval *tv = val;

	if (tv->tv_sec < 0 || tv->tv_usec < 0 || tv->tv_usec >= USEC_PER_SEC)
		return -EDOM;
	*timeout_of(so, opt) = (struct kpi_so_timeout){ tv->tv_sec, tv->tv_usec };
	return 0;
}

static int get_timeout(struct __socket *so, const struct kpi_option *opt, void *val)
{
	const struct kpi_so_timeout *tv = timeout_of(so, opt);

	*(struct bsd_timeval *)val = (struct bsd_timeval){ tv->sec, tv->usec };
	return sizeof(struct bsd_timeval);
}

static int set_linger(struct __socket *so, const struct kpi_option *opt, const void *val, int len)
{
	const struct bsd_linger *linger = val;
	unsigned int ms = min_t(u64, (u64)max(linger->l_linger, 0) * opt->arg, INT_MAX);
	struct sock *sk = so->sk;

	lock_sock(sk);
	if (linger->l_onoff) {
		WRITE_ONCE(sk->sk_lingertime, msecs_to_jiffies(ms));
		sock_set_flag(sk, SOCK_LINGER);
	} else {
		sock_reset_flag(sk, SOCK_LINGER);
	}
	release_sock(sk);
	return 0;
}

static int get_linger(struct __socket *so, const struct kpi_option *opt, void *val)
{
	struct bsd_linger *linger = val;
	struct sock *sk = so->sk;

	linger->l_onoff = sock_flag(sk, SOCK_LINGER);
	linger->l_linger = jiffies_to_msecs(READ_ONCE(sk->sk_lingertime)) / opt->arg;
	return sizeof(*linger);
}

static int get_bound_device(struct __socket *so, const struct kpi_option *opt, void *val)
{
	int ifindex = READ_ONCE(so->sk->sk_bound_dev_if);
	struct net_device *dev;
	int len = 0;

	rcu_read_lock();
	dev = ifindex ? dev_get_by_index_rcu(sock_net(so->sk), ifindex) : NULL;
	if (dev)
		len = strscpy(val, dev->name, IFNAMSIZ) + 1;
	rcu_read_unlock();
	return len;
}

/* On AF_UNIX macOS gives none, but lets them be asked for. */
static int set_timestamp(struct __socket *so, const struct kpi_option *opt, const void *val,
			 int len)
{
	if (!kpi_so_is_inet(so))
		return kpi_option_store(so, opt, val, len);
	if (*(const int *)val)
		so->wants_control = true;
	return kpi_option_pass(so, opt, val, len);
}

static int get_timestamp(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_so_is_inet(so) ? get_sock_flag(so, opt, val) : kpi_option_stored(so, opt, val);
}

static int get_nread(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, min_t(size_t, kpi_so_unread(so), INT_MAX));
}

static int get_nwrite(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, so->transport->stream ? so->transport->unsent(so) : 0);
}

static int get_numrcvpkt(struct __socket *so, const struct kpi_option *opt, void *val)
{
	int n = skb_queue_len_lockless(&so->sk->sk_receive_queue);

	if (so->transport->stream)
		return -ENOPROTOOPT;
	if (so->transport == &kpi_udp_transport)
		n += skb_queue_len_lockless(&udp_sk(so->sk)->reader_queue);
	n += READ_ONCE(so->in->stash_name) || READ_ONCE(so->in->held_skb);
	return kpi_option_put(val, n);
}

static int set_closewait(struct __socket *so, const struct kpi_option *opt, const void *val,
			 int len)
{
	spin_lock_bh(&so->lock);
	so->closewait = *(const int *)val;
	spin_unlock_bh(&so->lock);
	return 0;
}

static int get_closewait(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, so->closewait);
}

static int set_extensions(struct __socket *so, const struct kpi_option *opt, const void *val,
			  int len)
{
	const struct bsd_so_np_extensions *ext = val;

	if (ext->npx_mask & ~KPI_SONPX_SETOPTSHUT)
		return -EINVAL;
	if (ext->npx_mask & KPI_SONPX_SETOPTSHUT)
		so->setopt_shut = ext->npx_flags & KPI_SONPX_SETOPTSHUT;
	return 0;
}

static int get_extensions(struct __socket *so, const struct kpi_option *opt, void *val)
{
	struct bsd_so_np_extensions *ext = val;

	ext->npx_mask = KPI_SONPX_SETOPTSHUT;
	ext->npx_flags = so->setopt_shut ? KPI_SONPX_SETOPTSHUT : 0;
	return sizeof(*ext);
}

#define SIZED(...)	KPI_OPTION_SIZED(SOL_SOCKET, __VA_ARGS__)
#define OPTION(_name, ...)	SIZED(_name, sizeof(int), __VA_ARGS__)
#define FLAG(_name, _flag)	OPTION(_name, kpi_option_pass, get_sock_flag, .arg = _flag)
#define BOOL(_name, _field) \
	OPTION(_name, set_bool, get_bool, .arg = offsetof(struct __socket, _field))
#define LINGER(_name, _ms) \
	SIZED(_name, sizeof(struct bsd_linger), set_linger, get_linger, .arg = _ms)
#define STORED(_name)		OPTION(_name, kpi_option_store, kpi_option_stored)
#define REFUSED(_name)		OPTION(_name, NULL, NULL, .error = -EOPNOTSUPP)

const struct kpi_option kpi_socket_options[] = {
	OPTION(KPI_SO_REUSEADDR, kpi_option_pass, get_reuseaddr),
	OPTION(KPI_SO_REUSEPORT, kpi_option_pass, get_reuseport),
	FLAG(KPI_SO_DONTROUTE, SOCK_LOCALROUTE),
	FLAG(KPI_SO_BROADCAST, SOCK_BROADCAST),
	FLAG(KPI_SO_KEEPALIVE, SOCK_KEEPOPEN),
	FLAG(KPI_SO_OOBINLINE, SOCK_URGINLINE),
	OPTION(KPI_SO_TIMESTAMP, set_timestamp, get_timestamp, .arg = SOCK_RCVTSTAMP),
	SIZED(KPI_SO_BINDTODEVICE, 0, kpi_option_pass, get_bound_device, .variable = true),

	OPTION(KPI_SO_TYPE, NULL, get_type),
	OPTION(KPI_SO_ERROR, NULL, get_error),
	OPTION(KPI_SO_ACCEPTCONN, NULL, get_acceptconn),
	OPTION(KPI_SO_NREAD, NULL, get_nread),
	OPTION(KPI_SO_NWRITE, NULL, get_nwrite),
	OPTION(KPI_SO_NUMRCVPKT, NULL, get_numrcvpkt),

	OPTION(KPI_SO_SNDBUF, set_sndbuf, get_sndbuf),
	OPTION(KPI_SO_RCVBUF, set_rcvbuf, get_rcvbuf),
	OPTION(KPI_SO_SNDLOWAT, set_sndlowat, get_sndlowat),
	OPTION(KPI_SO_RCVLOWAT, set_rcvlowat, get_rcvlowat),
	SIZED(KPI_SO_SNDTIMEO, sizeof(struct bsd_timeval), set_timeout, get_timeout),
	SIZED(KPI_SO_RCVTIMEO, sizeof(struct bsd_timeval), set_timeout, get_timeout),
	LINGER(KPI_SO_LINGER, LINGER_UNIT_MS),
	LINGER(KPI_SO_LINGER_SEC, MSEC_PER_SEC),

	OPTION(KPI_SO_UPCALLCLOSEWAIT, set_closewait, get_closewait),
	SIZED(KPI_SO_NP_EXTENSIONS, sizeof(struct bsd_so_np_extensions),
	      set_extensions, get_extensions),
	BOOL(KPI_SO_DONTTRUNC, dont_trunc),
	BOOL(KPI_SO_WANTMORE, want_more),
	BOOL(KPI_SO_WANTOOBFLAG, want_oob),

	STORED(KPI_SO_DEBUG),
	STORED(KPI_SO_USELOOPBACK),
	STORED(KPI_SO_NOSIGPIPE),
	STORED(KPI_SO_NOADDRERR),
	STORED(KPI_SO_REUSESHAREUID),
	STORED(KPI_SO_NOTIFYCONFLICT),
	STORED(KPI_SO_RANDOMPORT),
	STORED(KPI_SO_TRAFFIC_CLASS),
	STORED(KPI_SO_RECV_TRAFFIC_CLASS),
	STORED(KPI_SO_NET_SERVICE_TYPE),
	STORED(KPI_SO_NETSVC_MARKING_LEVEL),

	REFUSED(KPI_SO_LABEL),
	REFUSED(KPI_SO_PEERLABEL),
	REFUSED(KPI_SO_NKE),
	{}
};
