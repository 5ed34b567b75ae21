/* SPDX-License-Identifier: GPL-2.0 */
/* One receive call, and where its bytes come from. */
#ifndef _KPI_SOCKET_RECEIVE_H
#define _KPI_SOCKET_RECEIVE_H

#include <linux/uio.h>

#include "../mbuf/chain.h"
#include "socket_priv.h"

/*
 * One receive call. A chain is built for sock_receivembuf(), iter is filled for
 * sock_receive().
 */
struct kpi_rx {
	struct __socket *so;
	struct bsd_msghdr *msg;		/* the kext's, or NULL */
	size_t want;
	size_t got;
	size_t queued;			/* when it was decided to wait */
	long napped;			/* without memory, and nothing new */
	bool starved;			/* there was no memory for what is there */
	int flags;			/* as passed in */
	int result;			/* MSG_ bits to add to them */
	bool nonblocking;
	bool to_mbuf;
	bool named;
	u32 control_len;		/* of the control messages given to the kext */
	struct kpi_chain chain;
	mbuf_t packet;			/* what chain became, or the datagram */
	struct iov_iter iter;
	struct bsd_sockaddr_storage *name;	/* room for it; filled if named */
};

static inline bool kpi_rx_peeks(const struct kpi_rx *rx)
{
	return rx->flags & KPI_MSG_PEEK;
}

#define KPI_RX_END	1	/* nothing more will come */
#define KPI_RX_NOTHING	3	/* nothing was taken after all */

/* receive.c, receive_stream.c, receive_datagram.c; the first two return 0, one of the above or -errno */
int kpi_rx_stream(struct kpi_rx *rx);
int kpi_rx_datagram(struct kpi_rx *rx);
int kpi_rx_urgent(struct kpi_rx *rx);
bool kpi_tcp_has_mark(const struct __socket *so);
int kpi_rx_sleep(struct kpi_rx *rx);
bool kpi_rx_wants_all(const struct kpi_rx *rx);
ssize_t kpi_recvmsg(struct __socket *so, struct msghdr *msg, int flags);

/* copy.c: bytes from Linux's own receive into mbufs of their own */
struct kpi_rx_copy {
	mbuf_t packet;
	size_t room;
	struct kvec *vec;
	struct kvec few[8];
};

int kpi_rx_copy_begin(struct kpi_rx_copy *copy, struct msghdr *msg, size_t room,
		      const struct __socket *so);
void kpi_rx_copy_end(struct kpi_rx_copy *copy, size_t got, struct kpi_chain *chain);

/* handle.c: what a process's socket begins with in the place of so->in; nobody writes there */
extern const struct kpi_so_input kpi_so_no_input;
int kpi_so_input_alloc(struct __socket *so);

/* Before so->in is locked: 0 or -ENOBUFS. */
static inline int kpi_so_input_begin(struct __socket *so)
{
	return likely(READ_ONCE(so->in) != &kpi_so_no_input) ? 0 : kpi_so_input_alloc(so);
}

/* stash.c: with so->in->lock held */
int kpi_stash_fill(struct __socket *so, size_t want);
void kpi_stash_take_back(struct kpi_rx *rx);
int kpi_stash_deliver(struct kpi_rx *rx);
int kpi_stash_copy(const struct kpi_chain *chain, struct iov_iter *iter, size_t len);
void kpi_stash_free(struct __socket *so);

/* control.c */
void kpi_control_from_linux(struct kpi_rx *rx, void *control, size_t len);

#endif /* _KPI_SOCKET_RECEIVE_H */
