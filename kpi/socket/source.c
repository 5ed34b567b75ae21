// SPDX-License-Identifier: GPL-2.0
/*
 * What is to be sent, as runs of memory: from an mbuf chain, whose neighbours in
 * memory are one run, or from the kext's iovecs.
 *
 * No sk_buff is built here. Runs of pages go to Linux by reference, where that
 * is legal and worth it; all others are copied, as many as possible at once.
 */

#include <linux/mm.h>
#include <linux/uio.h>

#include "send.h"

static bool next_of_iov(struct kpi_source *source, struct kpi_piece *piece)
{
	while (source->iovs) {
		const struct bsd_iovec *iov = source->iov++;

		source->iovs--;
		if (!iov->iov_len)
			continue;
		*piece = (struct kpi_piece){ .addr = iov->iov_base, .len = iov->iov_len };
		return true;
	}
	return false;
}

static bool refill(struct kpi_source *source)
{
	if (source->piece.len)
		return true;
	if (source->iov)
		return next_of_iov(source, &source->piece);
	do {
		if (!kpi_walk_next(&source->walk, &source->piece))
			return false;
	} while (!source->piece.len);
	return true;
}

/* How far the memory at @addr is one block of pages: what one reference holds. */
static size_t block_left(const void *addr)
{
	struct page *head = virt_to_head_page(addr);

	return page_address(head) + page_size(head) - addr;
}

/**
 * kpi_source_next() - the next run of bytes
 * @source: where they come from
 * @max:    the most bytes wanted
 * @piece:  the run; never empty
 *
 * Return: false when there are no more.
 */
bool kpi_source_next(struct kpi_source *source, size_t max, struct kpi_piece *piece)
{
	if (!max || !refill(source))
		return false;

	*piece = source->piece;
	piece->len = min(piece->len, max);
	if (piece->by_reference)
		piece->len = min(piece->len, block_left(piece->addr));

	source->piece.addr += piece->len;
	source->piece.len -= piece->len;
	return true;
}

static void unget(struct kpi_source *source, const struct kpi_piece *piece)
{
	source->piece.addr = piece->addr;
	source->piece.len += piece->len;
	source->piece.by_reference = piece->by_reference;
	source->piece.shared = piece->shared;
}

/* Begins at the first byte of what is to be sent. */
void kpi_feed_begin(struct kpi_tx *tx)
{
	struct kpi_feed *feed = tx->feed;

	feed->source = (struct kpi_source){ .walk.m = tx->chain };
	if (!tx->chain) {
		feed->source.iov = tx->msg->msg_iov;
		feed->source.iovs = tx->msg->msg_iovlen;
	}
	iov_iter_kvec(&feed->iter, ITER_SOURCE, NULL, 0, 0);
}

/**
 * kpi_feed_next() - collect what one call of Linux's can take
 * @feed: what is being sent; the last run is used up
 * @max:  the most bytes wanted
 *
 * Pieces of one kind, as many as follow each other: to be copied, or pages that
 * are ours alone, or pages that are not. A receiver on this host may take the
 * second kind for its own.
 */
void kpi_feed_next(struct kpi_feed *feed, size_t max)
{
	struct kpi_piece piece;
	size_t bytes = 0;
	unsigned int n;

	for (n = 0; n < KPI_RUN_MAX && kpi_source_next(&feed->source, max - bytes, &piece); n++) {
		bool pages = kpi_piece_has_pages(&piece), shared = pages && piece.shared;

		if (n && (pages != feed->pages || shared != feed->shared)) {
			unget(&feed->source, &piece);
			break;
		}
		feed->pages = pages;
		feed->shared = shared;
		if (pages)
			kpi_piece_to_page(&piece, &feed->run.pages[n]);
		else
			feed->run.copied[n] = (struct kvec){ piece.addr, piece.len };
		bytes += piece.len;
	}

	if (feed->pages)
		iov_iter_bvec(&feed->iter, ITER_SOURCE, feed->run.pages, n, bytes);
	else
		iov_iter_kvec(&feed->iter, ITER_SOURCE, feed->run.copied, n, bytes);
}
