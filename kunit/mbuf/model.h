/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of mbuf chains: a few slots, each a chain and the bytes it should
 * stand for. Operations are drawn from random numbers, done to the chain and to
 * the bytes; then everything is compared.
 *
 * Storage is shared, and writes go through: the model asks where in memory each
 * byte of a chain is, and what is written to one chain changes the bytes of all
 * that have the same memory. That they may have it is checked, too: only
 * storage that says it is shared may show up twice.
 *
 * An operation's numbers are taken modulo what is there at the time, so that any
 * part of a sequence of operations is a sequence of operations: a failing one
 * can be made shorter.
 */
#ifndef _KUNIT_MBUF_MODEL_H
#define _KUNIT_MBUF_MODEL_H

#include <linux/types.h>

#include <kpi/mbuf.h>

#include "mbuf/check.h"
#include "mbuf/cpu.h"
#include "mbuf/header.h"

#define MODEL_SLOTS	6
#define MODEL_BYTES	24000	/* in one chain */
#define MODEL_ARGS	4

struct model_op {
	u32 kind;
	u32 arg[MODEL_ARGS];
};

struct model_slot {
	mbuf_t m;
	u8 *bytes;
	size_t len;
	bool packet;
	s64 pktlen;		/* as stored: may be negative, and wrong */
};

struct model {
	struct model_slot slot[MODEL_SLOTS];
	struct kpi_mbuf_counts before;
	unsigned int attached;	/* buffers of ours that mbufs have */
	u32 pattern;		/* next byte to write */
	char what[160];		/* the last operation in words, "" if it did nothing */
	char wrong[256];	/* what is wrong now, "" if nothing */
};

/* model.c */
struct model *model_alloc(void);
void model_free(struct model *model);
void model_step(struct model *model, const struct model_op *op);
const char *model_finish(struct model *model);	/* frees all; what is left behind, or "" */

/* For the operations. */
void model_fail(struct model *model, const char *fmt, ...) __printf(2, 3);
void model_say(struct model *model, const char *fmt, ...) __printf(2, 3);
u8 model_byte(struct model *model);
struct model_slot *model_used(struct model *model, u32 number);
struct model_slot *model_empty(struct model *model, u32 number);
struct model_slot *model_packet(struct model *model, u32 number);
char model_name(struct model *model, const struct model_slot *s);
void model_wrote(struct model *model, struct model_slot *s, size_t off, size_t len,
		 const u8 *data);
void model_gone(struct model_slot *s);
void model_cut(struct model_slot *s, size_t off, size_t len);
void model_reread(struct model_slot *s);
size_t model_chain_len(mbuf_t m);
unsigned int model_chain_count(mbuf_t m);
mbuf_t model_pick(struct model_slot *s, u32 number, size_t *before);

/* model_ops.c */
struct model_kind {
	const char *name;
	void (*run)(struct model *model, const u32 *arg);
	u32 weight;
};

extern const struct model_kind model_kinds[];
extern const u32 model_kind_count;

/* threads.c: chains go from thread to thread; what went wrong, "" if nothing. */
void mbuf_hand_around(u64 seed, unsigned int ms, char *wrong, size_t size);

#endif /* _KUNIT_MBUF_MODEL_H */
