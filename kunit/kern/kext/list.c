// SPDX-License-Identifier: GPL-2.0
/* The lists of <sys/queue.h>. */

#include <sys/queue.h>

#include "../test.h"

struct item {
	int n;
	SLIST_ENTRY(item) s;
	STAILQ_ENTRY(item) st;
	LIST_ENTRY(item) l;
	TAILQ_ENTRY(item) t;
	CIRCLEQ_ENTRY(item) c;
};

SLIST_HEAD(slist, item);
STAILQ_HEAD(stailq, item);
LIST_HEAD(list, item);
TAILQ_HEAD(tailq, item);
CIRCLEQ_HEAD(circleq, item);

static struct item items[5] = { { 1 }, { 2 }, { 3 }, { 4 }, { 5 } };

/* The order of a list as a number: 1, 2, 3 is 123. */
#define ORDER(foreach, head, field)					\
({									\
	struct item *__i;						\
	long __order = 0;						\
									\
	foreach(__i, head, field)					\
		__order = 10 * __order + __i->n;			\
	__order;							\
})

static void slist(void)
{
	struct slist head = SLIST_HEAD_INITIALIZER(head);
	struct item *i, *next;

	EXPECT(SLIST_EMPTY(&head));
	SLIST_INIT(&head);
	SLIST_INSERT_HEAD(&head, &items[1], s);
	SLIST_INSERT_HEAD(&head, &items[0], s);
	SLIST_INSERT_AFTER(&items[1], &items[2], s);
	EXPECT_EQ(ORDER(SLIST_FOREACH, &head, s), 123);
	SLIST_REMOVE(&head, &items[1], item, s);
	EXPECT_EQ(ORDER(SLIST_FOREACH, &head, s), 13);
	SLIST_REMOVE_HEAD(&head, s);
	EXPECT_EQ(SLIST_FIRST(&head)->n, 3);
	SLIST_FOREACH_SAFE(i, &head, s, next)
		SLIST_REMOVE(&head, i, item, s);
	EXPECT(SLIST_EMPTY(&head));
}

static void stailq(void)
{
	struct stailq head = STAILQ_HEAD_INITIALIZER(head), other;

	STAILQ_INIT(&other);
	STAILQ_INSERT_TAIL(&head, &items[1], st);
	STAILQ_INSERT_HEAD(&head, &items[0], st);
	STAILQ_INSERT_TAIL(&head, &items[3], st);
	STAILQ_INSERT_AFTER(&head, &items[1], &items[2], st);
	EXPECT_EQ(ORDER(STAILQ_FOREACH, &head, st), 1234);
	EXPECT_EQ(STAILQ_LAST(&head, item, st)->n, 4);
	STAILQ_REMOVE(&head, &items[3], item, st);
	STAILQ_INSERT_TAIL(&other, &items[4], st);
	STAILQ_CONCAT(&head, &other);
	EXPECT(STAILQ_EMPTY(&other));
	EXPECT_EQ(ORDER(STAILQ_FOREACH, &head, st), 1235);
	STAILQ_REMOVE_HEAD(&head, st);
	STAILQ_SWAP(&head, &other, item);
	EXPECT(STAILQ_EMPTY(&head));
	EXPECT_EQ(ORDER(STAILQ_FOREACH, &other, st), 235);
	STAILQ_INSERT_TAIL(&head, &items[0], st);
	EXPECT_EQ(ORDER(STAILQ_FOREACH, &head, st), 1);
	EXPECT(STAILQ_LAST(&head, item, st) == &items[0]);
}

static void list(void)
{
	struct list head = LIST_HEAD_INITIALIZER(head), other;
	struct item *i, *next;

	LIST_INIT(&other);
	LIST_INSERT_HEAD(&head, &items[2], l);
	LIST_INSERT_BEFORE(&items[2], &items[0], l);
	LIST_INSERT_AFTER(&items[0], &items[1], l);
	EXPECT_EQ(ORDER(LIST_FOREACH, &head, l), 123);
	LIST_REMOVE(&items[0], l);
	EXPECT_EQ(ORDER(LIST_FOREACH, &head, l), 23);
	LIST_SWAP(&head, &other, item, l);
	EXPECT(LIST_EMPTY(&head));
	LIST_REMOVE(&items[1], l);
	EXPECT_EQ(ORDER(LIST_FOREACH, &other, l), 3);
	LIST_FOREACH_SAFE(i, &other, l, next)
		LIST_REMOVE(i, l);
	EXPECT(LIST_EMPTY(&other));
}

static void tailq(void)
{
	struct tailq head = TAILQ_HEAD_INITIALIZER(head), other;
	struct item *i, *next;

	TAILQ_INIT(&other);
	TAILQ_INSERT_HEAD(&head, &items[1], t);
	TAILQ_INSERT_TAIL(&head, &items[3], t);
	TAILQ_INSERT_BEFORE(&items[1], &items[0], t);
	TAILQ_INSERT_AFTER(&head, &items[1], &items[2], t);
	EXPECT_EQ(ORDER(TAILQ_FOREACH, &head, t), 1234);
	EXPECT_EQ(TAILQ_LAST(&head, tailq)->n, 4);
	EXPECT_EQ(TAILQ_PREV(&items[3], tailq, t)->n, 3);
	EXPECT(TAILQ_PREV(&items[0], tailq, t) == NULL);
	TAILQ_REMOVE(&head, &items[3], t);
	TAILQ_REMOVE(&head, &items[1], t);
	TAILQ_INSERT_TAIL(&other, &items[4], t);
	TAILQ_CONCAT(&head, &other, t);
	EXPECT_EQ(ORDER(TAILQ_FOREACH, &head, t), 135);
	TAILQ_SWAP(&head, &other, item, t);
	EXPECT(TAILQ_EMPTY(&head));
	EXPECT_EQ(TAILQ_LAST(&other, tailq)->n, 5);
	next = NULL;
	TAILQ_FOREACH_REVERSE(i, &other, tailq, t)
		next = i;
	EXPECT_EQ(next->n, 1);
	TAILQ_FOREACH_REVERSE_SAFE(i, &other, tailq, t, next)
		TAILQ_REMOVE(&other, i, t);
	EXPECT(TAILQ_EMPTY(&other));
	TAILQ_FOREACH_SAFE(i, &other, t, next)
		EXPECT(0);
}

static void circleq(void)
{
	struct circleq head = CIRCLEQ_HEAD_INITIALIZER(head);
	long backwards = 0;
	struct item *i;

	EXPECT(CIRCLEQ_EMPTY(&head));
	CIRCLEQ_INSERT_HEAD(&head, &items[1], c);
	CIRCLEQ_INSERT_TAIL(&head, &items[3], c);
	CIRCLEQ_INSERT_BEFORE(&head, &items[1], &items[0], c);
	CIRCLEQ_INSERT_AFTER(&head, &items[1], &items[2], c);
	EXPECT_EQ(ORDER(CIRCLEQ_FOREACH, &head, c), 1234);
	CIRCLEQ_FOREACH_REVERSE(i, &head, c)
		backwards = 10 * backwards + i->n;
	EXPECT_EQ(backwards, 4321);
	CIRCLEQ_REMOVE(&head, &items[0], c);
	CIRCLEQ_REMOVE(&head, &items[3], c);
	CIRCLEQ_REMOVE(&head, &items[1], c);
	EXPECT_EQ(ORDER(CIRCLEQ_FOREACH, &head, c), 3);
	CIRCLEQ_REMOVE(&head, &items[2], c);
	EXPECT(CIRCLEQ_EMPTY(&head));
}

const struct kt_case kern_list_cases[] = {
	{ "SLIST", slist },
	{ "STAILQ", stailq },
	{ "LIST", list },
	{ "TAILQ", tailq },
	{ "CIRCLEQ", circleq },
	{ }
};
