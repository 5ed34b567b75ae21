// SPDX-License-Identifier: GPL-2.0
/* Options at IPPROTO_TCP. */

#include <linux/limits.h>
#include <net/tcp.h>

#include "option.h"
#include "socket_priv.h"

static int get_nonagle(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, !!(tcp_sk(so->sk)->nonagle & opt->arg));
}

/* TCP_NOPUSH and TCP_KEEPALIVE are Linux's options of another name. */
static int set_renamed(struct __socket *so, const struct kpi_option *opt, const void *val, int len)
{
	return kpi_option_linux(so, IPPROTO_TCP,
				opt->name == KPI_TCP_NOPUSH ? TCP_CORK : TCP_KEEPIDLE, val, len);
}

static int get_maxseg(struct __socket *so, const struct kpi_option *opt, void *val)
{
	const struct tcp_sock *tp = tcp_sk(so->sk);
	int mss = tp->mss_cache;

	if (tp->rx_opt.user_mss &&
	    ((1 << so->sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)))
		mss = tp->rx_opt.user_mss;
	return kpi_option_put(val, mss);
}

static int get_keepidle(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, keepalive_time_when(tcp_sk(so->sk)) / HZ);
}

static int get_keepintvl(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, keepalive_intvl_when(tcp_sk(so->sk)) / HZ);
}

static int get_keepcnt(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, keepalive_probes(tcp_sk(so->sk)));
}

static int get_notsent_lowat(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, READ_ONCE(tcp_sk(so->sk)->notsent_lowat));
}

static int get_fastopen(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, inet_csk(so->sk)->icsk_accept_queue.fastopenq.max_qlen);
}

/* Counts from the next connect on. */
static int set_connect_timeout(struct __socket *so, const struct kpi_option *opt, const void *val,
			       int len)
{
	int seconds = *(const int *)val;

	if (seconds < 0)
		return -EINVAL;
	so->connect_timeout = seconds;
	return 0;
}

static int get_connect_timeout(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, so->connect_timeout);
}

/* Seconds here, milliseconds there. */
static int set_drop_time(struct __socket *so, const struct kpi_option *opt, const void *val,
			 int len)
{
	int seconds = *(const int *)val, ms;

	if (seconds < 0)
		return -EINVAL;
	ms = min_t(s64, (s64)seconds * MSEC_PER_SEC, INT_MAX);
	return kpi_option_linux(so, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
}

static int get_drop_time(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, READ_ONCE(inet_csk(so->sk)->icsk_user_timeout) / MSEC_PER_SEC);
}

#define OPTION(_name, ...)	KPI_OPTION_SIZED(IPPROTO_TCP, _name, sizeof(int), __VA_ARGS__)
#define STORED(_name)		OPTION(_name, kpi_option_store, kpi_option_stored)

const struct kpi_option kpi_tcp_options[] = {
	OPTION(KPI_TCP_NODELAY, kpi_option_pass, get_nonagle, .arg = TCP_NAGLE_OFF),
	OPTION(KPI_TCP_NOPUSH, set_renamed, get_nonagle, .arg = TCP_NAGLE_CORK),
	OPTION(KPI_TCP_MAXSEG, kpi_option_pass, get_maxseg),
	OPTION(KPI_TCP_KEEPALIVE, set_renamed, get_keepidle),
	OPTION(KPI_TCP_KEEPINTVL, kpi_option_pass, get_keepintvl),
	OPTION(KPI_TCP_KEEPCNT, kpi_option_pass, get_keepcnt),
	OPTION(KPI_TCP_NOTSENT_LOWAT, kpi_option_pass, get_notsent_lowat),
	OPTION(KPI_TCP_FASTOPEN, kpi_option_pass, get_fastopen),
	OPTION(KPI_TCP_CONNECTIONTIMEOUT, set_connect_timeout, get_connect_timeout),
	OPTION(KPI_TCP_RXT_CONNDROPTIME, set_drop_time, get_drop_time),
	STORED(KPI_TCP_NOOPT),
	STORED(KPI_TCP_SENDMOREACKS),
	STORED(KPI_TCP_ENABLE_ECN),
	STORED(KPI_TCP_RXT_FINDROP),
	{}
};
