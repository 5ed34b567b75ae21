// SPDX-License-Identifier: GPL-2.0
/* Data that a filter puts into a socket: what it kept, changed, or made. */

#include <linux/slab.h>

#include "../../mbuf/mbuf_priv.h"
#include "../../socket/address.h"
#include "../../socket/socket_priv.h"
#include "attach.h"
#include "data.h"
#include "filtered.h"
#include "kind.h"
#include "passed.h"
#include "registry.h"
#include "walk.h"

static void free_both(mbuf_t data, mbuf_t control)
{
	kpi_chain_free(data);
	kpi_chain_free(control);
}

/* The name that a reader is told. */
static void set_name(struct kpi_passed *p, struct __socket *so, const struct bsd_sockaddr *from)
{
	struct sockaddr_storage name;
	int len = from ? kpi_addr_to_linux(so, from, &name) : 0;

	if (len <= 0 || len > (int)sizeof(p->name))
		return;
	memcpy(&p->name, &name, len);
	p->namelen = len;
}

/* As much as a receive buffer holds of datagrams; nothing of a stream is dropped. */
static bool is_full(const struct kpi_filtered *f)
{
	return !f->stream && kpi_sflt_unread(f) > READ_ONCE(f->sk->sk_rcvbuf);
}

/* The kext that injects has, as a rule, a filter on the socket. */
static void count(struct kpi_filtered *f, const struct kpi_kext *kext)
{
	struct kpi_attached *a = NULL;

	while ((a = kpi_sflt_next(f, a)))
		if (a->sflt->kext == kext)
			atomic_long_inc(&a->sflt->injected);
}

/* To be read, if the socket is still there. */
static void deliver(struct kpi_filtered *f, struct kpi_passed *p, const struct bsd_sockaddr *from)
{
	struct __socket *so = f->so;

	if (!refcount_inc_not_zero(&so->users)) {
		kpi_passed_free(f, p);
		return;
	}
	smp_mb__after_atomic();		/* see kpi_so_enter() */
	if (READ_ONCE(so->closing) || is_full(f)) {
		kpi_passed_free(f, p);
	} else {
		set_name(p, so, from);
		kpi_passed_inject(f, p);
		f->sk->sk_data_ready(f->sk);
	}
	kpi_so_leave(so);
}

static int inject_in(struct kpi_filtered *f, const struct bsd_sockaddr *from, mbuf_t data,
		     mbuf_t control, sflt_data_flag_t flags)
{
	bool stream = f->stream;
	struct kpi_passed *p = kpi_passed_alloc(f);

	if (!p) {
		free_both(data, control);
		return -ENOBUFS;
	}
	if (kpi_sflt_show(f, false, from, &data, stream ? NULL : &control, flags)) {
		kpi_passed_free(f, p);
		return 0;
	}
	kpi_chain_free(control);
	p->data = data;
	p->len = kpi_chain_len(data);
	if (p->len || !stream)
		deliver(f, p, from);
	else
		kpi_passed_free(f, p);
	return 0;
}

/* The socket's filters, held: the kext's handle is not, while they run. */
static struct kpi_filtered *enter(struct __socket *so, unsigned long caller, int *err)
{
	struct kpi_filtered *f;

	*err = kpi_so_enter(so, caller);
	if (*err)
		return NULL;
	f = kpi_sflt_kind_of_sock(so->sk) ? kpi_filtered_get(so) : NULL;
	kpi_so_leave(so);
	*err = f ? 0 : -EOPNOTSUPP;
	return f;
}

/**
 * kpi_sock_inject_data_in() - have data received
 * @so:      the socket, borrowed
 * @from:    whom it is from, borrowed; NULL for a stream
 * @data:    the data; consumed unless it is EINVAL or ENOTSUP
 * @control: control messages, or NULL; as @data
 * @flags:   0 or sock_data_filt_flag_record
 *
 * It comes behind what has come in, and the reader is woken. All of the socket's
 * filters see it, also the one that calls: a tag tells it that it has seen it.
 *
 * macOS difference: a program is not shown @control.
 *
 * Context: Process context.
 * Return: 0, also if a filter or a full buffer has dropped it; EINVAL without socket or
 * data; ENOTSUP for urgent data, or a socket that cannot be filtered; ENOBUFS.
 */
errno_t kpi_sock_inject_data_in(socket_t so, const struct bsd_sockaddr *from, mbuf_t data,
				mbuf_t control, sflt_data_flag_t flags)
{
	struct kpi_filtered *f;
	int err;

	if (!so || !data)
		return EINVAL;
	if (flags & sock_data_filt_flag_oob)
		return EOPNOTSUPP;
	if (kpi_unusable(data))
		return EINVAL;
	f = enter(so, _RET_IP_, &err);
	if (!f) {
		if (err != -ESHUTDOWN)
			return kpi_errno(err);
		free_both(data, control);	/* as if nobody had read it */
		return 0;
	}
	count(f, kpi_kext_caller());
	err = inject_in(f, from, data, control, flags);
	kpi_filtered_put(f);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_inject_data_in);

/**
 * kpi_sock_inject_data_out() - send data
 * @so:      the socket, borrowed
 * @to:      whom to, borrowed; NULL on a connected socket
 * @data:    the data; consumed
 * @control: control messages, or NULL; consumed
 * @flags:   sock_data_filt_flag_oob: its last byte is urgent
 *
 * Waits for space unless the socket is non-blocking. All of the socket's filters see
 * it, also the one that calls. Within sf_data_out it goes in front of the data that are
 * being seen.
 *
 * macOS difference: @control is not sent.
 *
 * Context: Process context.
 * Return: 0; EINVAL without socket or data; EPIPE; ENOTCONN; EWOULDBLOCK; EMSGSIZE; what
 * a filter says.
 */
errno_t kpi_sock_inject_data_out(socket_t so, const struct bsd_sockaddr *to, mbuf_t data,
				 mbuf_t control, sflt_data_flag_t flags)
{
	struct kpi_filtered *f;
	int err;

	if (!data || kpi_unusable(data))
		return EINVAL;
	if (!so) {
		free_both(data, control);
		return EINVAL;
	}
	f = enter(so, _RET_IP_, &err);
	if (!f) {
		free_both(data, control);
		return err == -ESHUTDOWN ? EPIPE : kpi_errno(err);
	}
	count(f, kpi_kext_caller());
	err = kpi_sflt_send_chain(f, to, data, control, flags);
	kpi_filtered_put(f);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_inject_data_out);
