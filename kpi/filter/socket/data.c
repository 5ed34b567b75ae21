// SPDX-License-Identifier: GPL-2.0
/* What both ways of data share: filters that see it, and memory as Linux takes it. */

#include <linux/slab.h>
#include <linux/uio.h>

#include "../../mbuf/chain.h"
#include "../../mbuf/header.h"
#include "../../mbuf/reshape.h"
#include "attach.h"
#include "data.h"
#include "filtered.h"
#include "registry.h"
#include "walk.h"

static int call(struct kpi_attached *a, bool out, const struct bsd_sockaddr *name, mbuf_t *data,
		mbuf_t *control, sflt_data_flag_t flags)
{
	const struct bsd_sflt_filter *f = &a->sflt->f;
	struct __socket *so = kpi_attached_to(a)->so;
	int error;

	kpi_sflt_begin(a);
	if (out)
		error = f->sf_data_out(a->cookie, so, name, data, control, flags);
	else
		error = f->sf_data_in(a->cookie, so, name, data, control, flags);
	kpi_sflt_end(a);
	return kpi_sflt_result(a, out ? "sf_data_out" : "sf_data_in", error);
}

static bool sees(const struct kpi_attached *a, bool out)
{
	return out ? a->sflt->f.sf_data_out : a->sflt->f.sf_data_in;
}

/* What a filter left in the place of the data, if it is not for the bin. */
static int look_at(struct kpi_attached *a, const struct __mbuf *data)
{
	const char *wrong = data ? kpi_mbuf_wrong(data) : NULL;

	if (likely(!wrong))
		return data ? 0 : KPI_SFLT_JUST_RETURN;
	kpi_misuse_from((unsigned long)a->sflt->f.sf_attach, wrong);
	return -EINVAL;
}

static void count(struct kpi_attached *a, mbuf_t data, int result)
{
	if (result == KPI_SFLT_JUST_RETURN)
		atomic_long_inc(&a->sflt->swallowed);
}

/**
 * kpi_sflt_show() - let the filters of a socket see data
 * @f:       the socket
 * @out:     the way it goes
 * @name:    whom from or to, or NULL
 * @data:    the data; consumed unless the result is 0
 * @control: control messages, or NULL, or to NULL; as @data
 * @flags:   for the filters
 *
 * Return: 0, and what is left goes on; KPI_SFLT_JUST_RETURN; -errno.
 */
int kpi_sflt_show(struct kpi_filtered *f, bool out, const struct bsd_sockaddr *name, mbuf_t *data,
		  mbuf_t *control, sflt_data_flag_t flags)
{
	struct kpi_attached *a = NULL;
	int result = 0;

	while (!result && (a = kpi_sflt_next(f, a))) {
		if (!sees(a, out))
			continue;
		atomic_long_add(kpi_chain_len(*data), &a->sflt->bytes);
		result = call(a, out, name, data, control, flags);
		count(a, *data, result);
		result = result ?: look_at(a, *data);
	}
	if (a)
		kpi_filter_put(&a->filter, false);
	if (result < 0) {
		if (*data && !kpi_mbuf_wrong(*data))
			kpi_chain_free(*data);
		if (control && *control)
			kpi_chain_free(*control);
	}
	return result;
}

/* How many a chain has; as many of them as there is room for. */
static unsigned int pieces(mbuf_t data, struct kvec *vec, unsigned int room)
{
	struct kpi_walk walk = { .m = data };
	struct kpi_piece piece;
	unsigned int n;

	for (n = 0; kpi_walk_next(&walk, &piece); n++)
		if (n < room)
			vec[n] = (struct kvec){ piece.addr, piece.len };
	return n;
}

/* The bytes of a chain as Linux's sendmsg takes them; 0 or -ENOMEM. */
int kpi_sflt_vec(struct kpi_sflt_vec *v, mbuf_t data, struct iov_iter *iter)
{
	unsigned int n = pieces(data, v->few, ARRAY_SIZE(v->few));

	v->vec = v->few;
	if (unlikely(n > ARRAY_SIZE(v->few))) {
		v->vec = kvmalloc_array(n, sizeof(*v->vec), GFP_KERNEL);
		if (!v->vec)
			return -ENOMEM;
		pieces(data, v->vec, n);
	}
	iov_iter_kvec(iter, ITER_SOURCE, v->vec, n, kpi_chain_len(data));
	return 0;
}

void kpi_sflt_vec_free(struct kpi_sflt_vec *v)
{
	if (v->vec != v->few)
		kvfree(v->vec);
}

/* An empty datagram is a packet, too. */
static mbuf_t empty_packet(void)
{
	mbuf_t m;

	return kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m) ? NULL : m;
}

/* A packet of @len bytes, for the caller to fill; or NULL. */
mbuf_t kpi_sflt_packet(size_t len)
{
	return len ? kpi_chain_alloc(len, GFP_KERNEL, NULL) : empty_packet();
}

/*
 * The next @len bytes of a program's message; *err is -EFAULT if none can be read. A
 * piece that cannot be read as a whole is left, as TCP does.
 */
mbuf_t kpi_sflt_copy_in(struct iov_iter *from, size_t len, int *err)
{
	mbuf_t m = kpi_sflt_packet(len);
	struct kpi_walk walk = { .m = m };
	struct kpi_piece piece;
	size_t done = 0;

	*err = m ? 0 : -ENOBUFS;
	while (m && done < len && kpi_walk_next(&walk, &piece)) {
		if (!copy_from_iter_full(piece.addr, piece.len, from))
			break;
		done += piece.len;
	}
	if (!m || done == len)
		return m;
	if (done) {
		kpi_chain_trim(m, -(int)(len - done));
		return m;
	}
	kpi_chain_free(m);
	*err = -EFAULT;
	return NULL;
}
