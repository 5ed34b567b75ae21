// SPDX-License-Identifier: GPL-2.0
/* Filters that write down what they see. */

#include <libkern/OSAtomic.h>

#include "filter.h"

static struct ft_filter filters[FT_FILTERS + 1];
static int registered[FT_FILTERS + 1];
char ft_log[256];
static SInt32 log_end;

void ft_log_clear(void)
{
	log_end = 0;
	memset(ft_log, 0, sizeof(ft_log));
}

static void note(const struct ft_filter *f, char what)
{
	SInt32 at = OSAddAtomic(3, &log_end);

	if (at + 3 >= (SInt32)sizeof(ft_log))
		return;
	if (at)
		ft_log[at - 1] = ' ';
	ft_log[at] = '0' + (int)(f - filters);
	ft_log[at + 1] = what;
}

/* One call of one filter: written down, and what to say. */
static errno_t seen(struct ft_filter *f, enum ft_call call, socket_t so, void *cookie)
{
	static const char letters[FT_CALLS + 1] = "adubciLASGIspRW";

	OSIncrementAtomic((SInt32 *)&f->seen[call]);
	note(f, letters[call]);
	if (call != FT_ATTACH && call != FT_GONE && cookie != f)
		f->wrong_cookie++;
	if (f->within)
		f->within(f, call, so);
	return f->say[call];
}

static u_int16_t port_of(const struct sockaddr *sa)
{
	return ntohs(((const struct sockaddr_in *)sa)->sin_port);
}

static void set_port(struct sockaddr *sa, u_int16_t port)
{
	((struct sockaddr_in *)sa)->sin_port = htons(port);
}

static errno_t attach(struct ft_filter *f, void **cookie, socket_t so)
{
	f->so = so;
	*cookie = f;
	return seen(f, FT_ATTACH, so, NULL);
}

static void detach(void *cookie, socket_t so)
{
	struct ft_filter *f = cookie;

	f->cookie = cookie;
	f->detached = so;
	seen(f, FT_DETACH, so, cookie);
}

static void notify(void *cookie, socket_t so, sflt_event_t event, void *param)
{
	static const char letters[] = "?cCdDfsrwxb";
	struct ft_filter *f = cookie;
	size_t n = strlen(f->events);

	if (n + 2 < sizeof(f->events))
		f->events[n] = event == sock_evt_shutdown ? '0' + *(int *)param : letters[event];
}

static errno_t bind_(void *cookie, socket_t so, const struct sockaddr *to)
{
	struct ft_filter *f = cookie;

	f->port = port_of(to);
	return seen(f, FT_BIND, so, cookie);
}

static errno_t connect_out(void *cookie, socket_t so, const struct sockaddr *to)
{
	struct ft_filter *f = cookie;

	f->port = port_of(to);
	if (f->redirect)
		set_port((struct sockaddr *)(uintptr_t)to, f->redirect);
	return seen(f, FT_CONNECT_OUT, so, cookie);
}

static errno_t connect_in(void *cookie, socket_t so, const struct sockaddr *from)
{
	struct ft_filter *f = cookie;

	f->port = port_of(from);
	return seen(f, FT_CONNECT_IN, so, cookie);
}

static errno_t listen_(void *cookie, socket_t so)
{
	return seen(cookie, FT_LISTEN, so, cookie);
}

static errno_t accept_(void *cookie, socket_t listener, socket_t so, const struct sockaddr *local,
		       const struct sockaddr *remote)
{
	struct ft_filter *f = cookie;

	f->port = port_of(remote);
	return seen(f, FT_ACCEPT, so, cookie);
}

static errno_t setoption(void *cookie, socket_t so, sockopt_t opt)
{
	struct ft_filter *f = cookie;

	if (f->option)
		f->option(f, opt);
	return seen(f, FT_SETOPTION, so, cookie);
}

static errno_t getoption(void *cookie, socket_t so, sockopt_t opt)
{
	struct ft_filter *f = cookie;

	if (f->option)
		f->option(f, opt);
	return seen(f, FT_GETOPTION, so, cookie);
}

static errno_t ioctl_(void *cookie, socket_t so, unsigned long request, const char *argp)
{
	return seen(cookie, FT_IOCTL, so, cookie);
}

static int getsockname_(void *cookie, socket_t so, struct sockaddr **sa)
{
	struct ft_filter *f = cookie;

	if (f->rename)
		set_port(*sa, f->rename);
	return seen(f, FT_SOCKNAME, so, cookie);
}

static int getpeername_(void *cookie, socket_t so, struct sockaddr **sa)
{
	return seen(cookie, FT_PEERNAME, so, cookie);
}

static errno_t data_in(void *cookie, socket_t so, const struct sockaddr *from, mbuf_t *data,
		       mbuf_t *control, sflt_data_flag_t flags)
{
	struct ft_filter *f = cookie;
	errno_t say;

	if (from)
		f->port = port_of(from);
	f->in += mbuf_pkthdr_len(*data);
	say = seen(f, FT_IN, so, cookie);
	return f->data ? f->data(f, FT_IN, so, data) : say;
}

static errno_t data_out(void *cookie, socket_t so, const struct sockaddr *to, mbuf_t *data,
			mbuf_t *control, sflt_data_flag_t flags)
{
	struct ft_filter *f = cookie;
	errno_t say;

	if (to)
		f->port = port_of(to);
	f->out += mbuf_pkthdr_len(*data);
	say = seen(f, FT_OUT, so, cookie);
	return f->data ? f->data(f, FT_OUT, so, data) : say;
}

static void gone(sflt_handle handle)
{
	struct ft_filter *f = &filters[handle & 7];

	registered[handle & 7] = 0;
	seen(f, FT_GONE, NULL, NULL);
}

/* sf_attach is not told which filter it is of, so each has its own. */
#define ATTACH(n)							\
static errno_t attach ## n(void **cookie, socket_t so)			\
{									\
	return attach(&filters[n], cookie, so);				\
}
ATTACH(1)
ATTACH(2)
ATTACH(3)
ATTACH(4)

static const sf_attach_func attaches[] = { NULL, attach1, attach2, attach3, attach4 };

struct ft_filter *ft_filter(int n)
{
	struct ft_filter *f = &filters[n];

	memset(f, 0, sizeof(*f));
	f->f = (struct sflt_filter){
		.sf_handle = FT_HANDLE(n),
		.sf_flags = SFLT_GLOBAL | SFLT_EXTENDED,
		.sf_name = "test",
		.sf_unregistered = gone,
		.sf_attach = attaches[n],
		.sf_detach = detach,
		.sf_notify = notify,
		.sf_getpeername = getpeername_,
		.sf_getsockname = getsockname_,
		.sf_connect_out = connect_out,
		.sf_bind = bind_,
		.sf_setoption = setoption,
		.sf_getoption = getoption,
		.sf_listen = listen_,
		.sf_ioctl = ioctl_,
		.sf_len = sizeof(struct sflt_filter_ext),
		.sf_accept = accept_,
	};
	if (n == 1)
		ft_log_clear();
	return f;
}

/* With these it sees data and connections that come in, too. */
void ft_see_data(struct ft_filter *f)
{
	f->f.sf_data_in = data_in;
	f->f.sf_data_out = data_out;
}

void ft_see_syns(struct ft_filter *f)
{
	f->f.sf_connect_in = connect_in;
}

errno_t ft_register_as(struct ft_filter *f, int domain, int type, int protocol)
{
	errno_t error = sflt_register(&f->f, domain, type, protocol);

	if (!error)
		registered[f - filters] = 1;
	return error;
}

errno_t ft_register(struct ft_filter *f)
{
	return ft_register_as(f, PF_INET, SOCK_STREAM, IPPROTO_TCP);
}

void ft_unregister(struct ft_filter *f)
{
	EXPECT_EQ(sflt_unregister(f->f.sf_handle), 0);
	SETTLES(!registered[f - filters]);
}

/* Whatever a scenario left when it was cut short. */
void ft_forget_filters(void)
{
	int n;

	for (n = 1; n <= FT_FILTERS; n++) {
		if (!registered[n])
			continue;
		sflt_unregister(FT_HANDLE(n));
		SETTLES(!registered[n]);
	}
	SETTLES(!kt_held(KT_FILTERS));
}

int ft_attached(const struct ft_filter *f)
{
	return f->seen[FT_ATTACH] - f->seen[FT_DETACH];
}
