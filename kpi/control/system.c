// SPDX-License-Identifier: GPL-2.0
/* What a kext does with a socket of PF_SYSTEM that sock_socket() has made. */

#include <linux/socket.h>

#include "control_priv.h"
#include "event_priv.h"
#include "system.h"

static bool is_event(const struct sock *sk)
{
	return sk->sk_protocol == KPI_SYSPROTO_EVENT;
}

bool kpi_system_is_readable(const struct sock *sk)
{
	return kpi_sys_is_readable(container_of(sk, const struct kpi_sys_socket, sk));
}

size_t kpi_system_unread(const struct sock *sk)
{
	const struct kpi_sys_socket *s = container_of(sk, const struct kpi_sys_socket, sk);

	if (!kpi_sys_is_readable(s))
		return 0;
	return sk->sk_type == SOCK_STREAM ? READ_ONCE(s->queue.bytes) :
					    kpi_sys_first_length(kpi_sys_of((struct sock *)sk));
}

int kpi_system_ioctl(struct sock *sk, unsigned int request, void *arg)
{
	if (!arg)
		return -EINVAL;
	if (is_event(sk))
		return kpi_event_request(sk, request, arg);
	switch (request) {
	case CTLIOCGCOUNT:
	case CTLIOCGCOUNT_LINUX:
		*(int *)arg = kpi_ctl_count();
		return 0;
	case CTLIOCGINFO:
		return kpi_ctl_info(arg);
	default:
		return -EOPNOTSUPP;
	}
}

int kpi_system_setopt(struct sock *sk, int level, int name, void *value, size_t len)
{
	if (is_event(sk) || level != KPI_SYSPROTO_CONTROL)
		return -EINVAL;
	return kpi_ctl_set_option(kpi_ctl_client_of(sk), name, len ? value : NULL, len);
}

int kpi_system_getopt(struct sock *sk, int level, int name, void *value, int *len)
{
	size_t size = *len;
	int err;

	if (is_event(sk) || level != KPI_SYSPROTO_CONTROL || *len < 0)
		return -EINVAL;
	err = kpi_ctl_get_option(kpi_ctl_client_of(sk), name, value, &size);
	if (!err)
		*len = min_t(size_t, size, INT_MAX);
	return err;
}

int kpi_system_name_in(struct sockaddr_storage *to, const struct bsd_sockaddr_ctl *from)
{
	struct bsd_sockaddr_ctl *name = (struct bsd_sockaddr_ctl *)to;

	if (from->sc_len != sizeof(*from))
		return -EINVAL;
	if (from->sc_family != KPI_AF_SYSTEM)
		return -EAFNOSUPPORT;
	*name = *from;
	name->sc_family = KPI_PF_SYSTEM;
	return sizeof(*name);
}

void kpi_system_name_out(struct bsd_sockaddr_ctl *to, const struct sockaddr_storage *from)
{
	*to = *(const struct bsd_sockaddr_ctl *)from;
	to->sc_len = sizeof(*to);
	to->sc_family = KPI_AF_SYSTEM;
}
