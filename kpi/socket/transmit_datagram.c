// SPDX-License-Identifier: GPL-2.0
/*
 * Handing datagrams to Linux: one call each. UDP takes pages by reference where
 * the kernel can; all the others are copied.
 */

#include <linux/slab.h>
#include <net/sock.h>

#include "../compat/socket.h"
#include "../mbuf/mbuf_priv.h"
#include "address.h"
#include "privilege.h"
#include "send.h"
#include "state.h"
#include "transport.h"

/* More than what a kext's control messages become. */
#define CONTROL_ROOM	(2 * KPI_MLEN)

/* Where a datagram's pieces stand: many of them need memory. */
struct pieces {
	void *vec;
	unsigned int room;
	unsigned int n;
	bool pages;
	bool shared;
};

static void put_piece(struct pieces *pieces, const struct kpi_piece *piece)
{
	struct bio_vec *pages = pieces->vec;
	struct kvec *copied = pieces->vec;

	if (pieces->pages)
		kpi_piece_to_page(piece, pages + pieces->n);
	else
		copied[pieces->n] = (struct kvec){ piece->addr, piece->len };
}

/* Counts all, and puts those there is room for; false if others than the first turn out to be no pages. */
static bool put_pieces(struct kpi_source source, struct pieces *pieces)
{
	struct kpi_piece piece;

	for (pieces->n = 0; kpi_source_next(&source, SIZE_MAX, &piece); pieces->n++) {
		if (pieces->pages && !kpi_piece_has_pages(&piece)) {
			pieces->pages = false;
			if (pieces->n)
				return false;
		}
		pieces->shared |= piece.shared;
		if (pieces->n < pieces->room)
			put_piece(pieces, &piece);
	}
	return true;
}

/* The source stays as it is: there may be a second try. */
static int find_pieces(const struct kpi_tx *tx, struct pieces *pieces)
{
	pieces->vec = &tx->feed->run;
	pieces->room = KPI_RUN_MAX;
	while (!put_pieces(tx->feed->source, pieces))
		;				/* once more, as copies */
	if (likely(pieces->n <= KPI_RUN_MAX))
		return 0;

	pieces->room = pieces->n;
	pieces->vec = kvmalloc_array(pieces->room, sizeof(struct kvec), GFP_KERNEL);
	if (!pieces->vec)
		return -ENOBUFS;
	put_pieces(tx->feed->source, pieces);
	return 0;
}

static int collect(struct kpi_tx *tx, struct pieces *pieces, struct msghdr *msg)
{
	int err;

	pieces->pages = KPI_COMPAT_SPLICE_DATAGRAMS && tx->len &&
			tx->so->transport == &kpi_udp_transport;
	err = find_pieces(tx, pieces);
	if (err)
		return err;
	if (pieces->pages) {
		iov_iter_bvec(&msg->msg_iter, ITER_SOURCE, pieces->vec, pieces->n, tx->len);
		msg->msg_flags |= MSG_SPLICE_PAGES | (pieces->shared ? 0 : MSG_NO_SHARED_FRAGS);
		tx->lent = true;
	} else {
		iov_iter_kvec(&msg->msg_iter, ITER_SOURCE, pieces->vec, pieces->n, tx->len);
	}
	return 0;
}

static_assert(sizeof(struct bio_vec) <= sizeof(struct kvec));

/* Only the length inside the address counts; one that was forgotten is msg_namelen. */
static int convert_name(const struct kpi_tx *tx, struct sockaddr_storage *name)
{
	const struct bsd_sockaddr *given = tx->msg->msg_name;
	struct bsd_sockaddr_storage copy;

	if (given->sa_len > sizeof(copy))
		return -EINVAL;
	if (!given->sa_len && tx->msg->msg_namelen >= 2 && tx->msg->msg_namelen <= sizeof(copy)) {
		memcpy(&copy, given, tx->msg->msg_namelen);
		copy.ss_len = tx->msg->msg_namelen;
		given = (const struct bsd_sockaddr *)&copy;
	}
	return kpi_addr_to_linux(tx->so, given, name);
}

static int set_name(const struct kpi_tx *tx, struct msghdr *msg, struct sockaddr_storage *name)
{
	int len;

	if (!tx->msg || !tx->msg->msg_name)
		return 0;
	if (kpi_so_is_connected(tx->so))
		return -EISCONN;

	len = convert_name(tx, name);
	if (len < 0)
		return len;
	msg->msg_name = name;
	msg->msg_namelen = len;
	return 0;
}

static int set_control(const struct kpi_tx *tx, struct msghdr *msg, void *control)
{
	int len;

	if (likely(!tx->control_len))
		return 0;
	len = kpi_control_to_linux(tx->msg, control, CONTROL_ROOM);
	if (len <= 0)
		return len;
	msg->msg_control = control;
	msg->msg_controllen = len;
	return 0;
}

/* AF_UNIX: a full receiver loses the message on macOS, and a dead one has reset the connection. */
static int translate(const struct kpi_tx *tx, int err)
{
	if (kpi_so_is_inet(tx->so) || kpi_so_is_system(tx->so))
		return err;
	if (err == -EAGAIN)
		return -ENOBUFS;
	if (err == -ECONNREFUSED && !(tx->msg && tx->msg->msg_name))
		return -ECONNRESET;
	return err;
}

/* By AF_UNIX, paths and peers ask who sends. */
static int linux_send(struct __socket *so, struct msghdr *msg)
{
	const struct cred *old;
	int n;

	if (likely(kpi_so_is_inet(so)))
		return kpi_compat_sendmsg(so->sock, msg);
	old = kpi_so_cred_begin(so);
	n = kpi_compat_sendmsg(so->sock, msg);
	kpi_so_cred_end(old);
	return n;
}

static int hand_over(struct kpi_tx *tx, struct msghdr *msg)
{
	struct pieces pieces = {};
	int n;

	kpi_feed_begin(tx);
	n = collect(tx, &pieces, msg);
	if (n)
		return n;
	n = linux_send(tx->so, msg);
	if (pieces.vec != &tx->feed->run)
		kvfree(pieces.vec);
	if (n < 0)
		return translate(tx, n);
	tx->sent = tx->len;
	return 0;
}

/* What was admitted, by Linux's sendmsg. */
int kpi_datagram_send(struct kpi_tx *tx)
{
	u8 control[CONTROL_ROOM] __aligned(sizeof(size_t)) __uninitialized;
	struct sockaddr_storage name __uninitialized;
	struct msghdr msg = {
		.msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL | (tx->flags & KPI_MSG_DONTROUTE),
	};
	int err;

	err = set_name(tx, &msg, &name) ?: set_control(tx, &msg, control);
	if (!err && kpi_so_is_inet(tx->so))
		err = kpi_so_bind_low(tx->so);
	return err ?: hand_over(tx, &msg);
}

int kpi_datagram_push(struct kpi_tx *tx)
{
	ssize_t n = kpi_tx_admit(tx, 0);

	return n < 0 ? n : kpi_datagram_send(tx);
}

bool kpi_datagram_may_push(struct kpi_tx *tx)
{
	return sock_writeable(tx->so->sk);
}
