/* SPDX-License-Identifier: GPL-2.0 */
/* One send call, and how its bytes go to Linux. */
#ifndef _KPI_SOCKET_SEND_H
#define _KPI_SOCKET_SEND_H

#include <linux/bvec.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/sizes.h>
#include <linux/uio.h>

#include <kpi/socket.h>

#include "../mbuf/chain.h"

/* The bytes of one send call, as runs of memory. */
struct kpi_source {
	struct kpi_walk walk;		/* of a chain ... */
	const struct bsd_iovec *iov;	/* ... or, if not NULL, of these */
	unsigned int iovs;
	struct kpi_piece piece;		/* what is left of the last run looked at */
};

/* Pieces that go to Linux in one call: copied, or as pages. */
#define KPI_RUN_MAX	16

union kpi_run {
	struct kvec copied[KPI_RUN_MAX];
	struct bio_vec pages[KPI_RUN_MAX];
};

/* What Linux is given of a send call, some runs at a time. */
struct kpi_feed {
	struct kpi_source source;
	struct iov_iter iter;		/* taken from the source, not yet all sent: */
	union kpi_run run;		/* one kind of these */
	bool pages;
	bool shared;			/* somebody else still has these pages */
};

/* One send call. */
struct kpi_tx {
	struct __socket *so;
	const struct bsd_msghdr *msg;	/* the kext's, or NULL */
	int flags;
	int end_flags;			/* of Linux's, with the last byte */
	size_t len;
	size_t sent;
	size_t control_len;
	bool atomic;			/* all or nothing */
	bool passed;			/* a process's, and its filters have seen it */
	bool nonblocking;
	bool lent;			/* Linux was given pages of the chain */
	bool by_sendmsg;		/* see transmit_sendmsg.c; the feed is there */
	bool starved;			/* there is space, but Linux has no memory, */
	int queued;			/* with so much on its way already */
	long napped;
	mbuf_t chain;			/* to be consumed, or NULL: done, or there is none */
	struct kpi_feed *feed;		/* after kpi_feed_begin() */
};

/* Memory for the packets of a message of @len bytes, at the worst. */
static inline int kpi_memory_for(size_t len)
{
	return min_t(size_t, 4 * len + SZ_64K, INT_MAX / 2);
}

/* send.c */
ssize_t kpi_tx_admit(struct kpi_tx *tx, size_t unsent);
bool kpi_tx_has_space(const struct kpi_tx *tx, size_t unsent);

/* transmit_stream.c: what somebody else has admitted, all of it; -EAGAIN without memory */
int kpi_tcp_send_all(struct kpi_tx *tx);

/* transmit_udp.c: a process's datagram as it is, if that is all; 1 if it is still there */
int kpi_udp_send_passed(struct __socket *so, mbuf_t data);

/*
 * source.c. Below so many bytes a copy is cheaper than a page reference and a
 * fragment of its own on both sides.
 */
#define KPI_PAGES_MIN	2048

bool kpi_source_next(struct kpi_source *source, size_t max, struct kpi_piece *piece);
void kpi_feed_begin(struct kpi_tx *tx);
void kpi_feed_next(struct kpi_feed *feed, size_t max);

/* Memory of the slab allocator must never be sent by reference; 6.1 does not check. */
static inline bool kpi_piece_has_pages(const struct kpi_piece *piece)
{
	return piece->by_reference && piece->len >= KPI_PAGES_MIN &&
	       sendpage_ok(virt_to_page(piece->addr));
}

static inline void kpi_piece_to_page(const struct kpi_piece *piece, struct bio_vec *page)
{
	bvec_set_page(page, virt_to_page(piece->addr), piece->len, offset_in_page(piece->addr));
}

/* control.c */
int kpi_control_to_linux(const struct bsd_msghdr *msg, void *buf, size_t room);

#endif /* _KPI_SOCKET_SEND_H */
