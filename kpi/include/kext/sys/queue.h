/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lists made of macros, with the names and arguments of BSD: SLIST and STAILQ
 * are singly linked, LIST and TAILQ doubly linked, CIRCLEQ is a ring; STAILQ,
 * TAILQ and CIRCLEQ know their ends.
 */
#ifndef _SYS_QUEUE_H
#define _SYS_QUEUE_H

#include <sys/cdefs.h>
#include <stddef.h>

#define __KPI_CONTAINER(ptr, type, member) \
	((struct type *)(void *)((char *)(ptr) - offsetof(struct type, member)))

/* Singly linked list. */

#define SLIST_HEAD(name, type)		struct name { struct type *slh_first; }
#define SLIST_HEAD_INITIALIZER(head)	{ NULL }
#define SLIST_ENTRY(type)		struct { struct type *sle_next; }

#define SLIST_EMPTY(head)		((head)->slh_first == NULL)
#define SLIST_FIRST(head)		((head)->slh_first)
#define SLIST_NEXT(elm, field)		((elm)->field.sle_next)
#define SLIST_INIT(head)		do { SLIST_FIRST(head) = NULL; } while (0)

#define SLIST_FOREACH(var, head, field) \
	for ((var) = SLIST_FIRST(head); (var); (var) = SLIST_NEXT(var, field))
#define SLIST_FOREACH_SAFE(var, head, field, tmp)				\
	for ((var) = SLIST_FIRST(head);						\
	     (var) && ((tmp) = SLIST_NEXT(var, field), 1); (var) = (tmp))
#define SLIST_FOREACH_PREVPTR(var, varp, head, field)				\
	for ((varp) = &SLIST_FIRST(head); ((var) = *(varp)) != NULL;		\
	     (varp) = &SLIST_NEXT(var, field))

#define SLIST_INSERT_HEAD(head, elm, field)					\
do {										\
	SLIST_NEXT(elm, field) = SLIST_FIRST(head);				\
	SLIST_FIRST(head) = (elm);						\
} while (0)

#define SLIST_INSERT_AFTER(slistelm, elm, field)				\
do {										\
	SLIST_NEXT(elm, field) = SLIST_NEXT(slistelm, field);			\
	SLIST_NEXT(slistelm, field) = (elm);					\
} while (0)

#define SLIST_REMOVE_HEAD(head, field)						\
do {										\
	SLIST_FIRST(head) = SLIST_NEXT(SLIST_FIRST(head), field);		\
} while (0)

#define SLIST_REMOVE_AFTER(elm, field)						\
do {										\
	SLIST_NEXT(elm, field) = SLIST_NEXT(SLIST_NEXT(elm, field), field);	\
} while (0)

#define SLIST_REMOVE(head, elm, type, field)					\
do {										\
	struct type **__link = &SLIST_FIRST(head);				\
										\
	while (*__link != (elm))						\
		__link = &SLIST_NEXT(*__link, field);				\
	*__link = SLIST_NEXT(elm, field);					\
} while (0)

/* Singly linked tail queue. */

#define STAILQ_HEAD(name, type) \
	struct name { struct type *stqh_first; struct type **stqh_last; }
#define STAILQ_HEAD_INITIALIZER(head)	{ NULL, &(head).stqh_first }
#define STAILQ_ENTRY(type)		struct { struct type *stqe_next; }

#define STAILQ_EMPTY(head)		((head)->stqh_first == NULL)
#define STAILQ_FIRST(head)		((head)->stqh_first)
#define STAILQ_NEXT(elm, field)		((elm)->field.stqe_next)
#define STAILQ_LAST(head, type, field)						\
	(STAILQ_EMPTY(head) ? (struct type *)NULL :				\
	 __KPI_CONTAINER((head)->stqh_last, type, field.stqe_next))

#define STAILQ_INIT(head)							\
do {										\
	STAILQ_FIRST(head) = NULL;						\
	(head)->stqh_last = &STAILQ_FIRST(head);				\
} while (0)

#define STAILQ_FOREACH(var, head, field) \
	for ((var) = STAILQ_FIRST(head); (var); (var) = STAILQ_NEXT(var, field))
#define STAILQ_FOREACH_SAFE(var, head, field, tmp)				\
	for ((var) = STAILQ_FIRST(head);					\
	     (var) && ((tmp) = STAILQ_NEXT(var, field), 1); (var) = (tmp))

#define STAILQ_INSERT_HEAD(head, elm, field)					\
do {										\
	STAILQ_NEXT(elm, field) = STAILQ_FIRST(head);				\
	if (STAILQ_NEXT(elm, field) == NULL)					\
		(head)->stqh_last = &STAILQ_NEXT(elm, field);			\
	STAILQ_FIRST(head) = (elm);						\
} while (0)

#define STAILQ_INSERT_TAIL(head, elm, field)					\
do {										\
	STAILQ_NEXT(elm, field) = NULL;						\
	*(head)->stqh_last = (elm);						\
	(head)->stqh_last = &STAILQ_NEXT(elm, field);				\
} while (0)

#define STAILQ_INSERT_AFTER(head, tqelm, elm, field)				\
do {										\
	STAILQ_NEXT(elm, field) = STAILQ_NEXT(tqelm, field);			\
	if (STAILQ_NEXT(elm, field) == NULL)					\
		(head)->stqh_last = &STAILQ_NEXT(elm, field);			\
	STAILQ_NEXT(tqelm, field) = (elm);					\
} while (0)

#define STAILQ_REMOVE_HEAD(head, field)						\
do {										\
	STAILQ_FIRST(head) = STAILQ_NEXT(STAILQ_FIRST(head), field);		\
	if (STAILQ_EMPTY(head))							\
		(head)->stqh_last = &STAILQ_FIRST(head);			\
} while (0)

#define STAILQ_REMOVE_HEAD_UNTIL(head, elm, field)				\
do {										\
	STAILQ_FIRST(head) = STAILQ_NEXT(elm, field);				\
	if (STAILQ_EMPTY(head))							\
		(head)->stqh_last = &STAILQ_FIRST(head);			\
} while (0)

#define STAILQ_REMOVE_AFTER(head, elm, field)					\
do {										\
	STAILQ_NEXT(elm, field) = STAILQ_NEXT(STAILQ_NEXT(elm, field), field);	\
	if (STAILQ_NEXT(elm, field) == NULL)					\
		(head)->stqh_last = &STAILQ_NEXT(elm, field);			\
} while (0)

#define STAILQ_REMOVE(head, elm, type, field)					\
do {										\
	struct type **__link = &STAILQ_FIRST(head);				\
										\
	while (*__link != (elm))						\
		__link = &STAILQ_NEXT(*__link, field);				\
	*__link = STAILQ_NEXT(elm, field);					\
	if (*__link == NULL)							\
		(head)->stqh_last = __link;					\
} while (0)

#define STAILQ_CONCAT(head1, head2)						\
do {										\
	if (!STAILQ_EMPTY(head2)) {						\
		*(head1)->stqh_last = STAILQ_FIRST(head2);			\
		(head1)->stqh_last = (head2)->stqh_last;			\
		STAILQ_INIT(head2);						\
	}									\
} while (0)

#define STAILQ_SWAP(head1, head2, type)						\
do {										\
	struct type *__first = STAILQ_FIRST(head1);				\
	struct type **__last = (head1)->stqh_last;				\
										\
	STAILQ_FIRST(head1) = STAILQ_FIRST(head2);				\
	(head1)->stqh_last = (head2)->stqh_last;				\
	STAILQ_FIRST(head2) = __first;						\
	(head2)->stqh_last = __last;						\
	if (STAILQ_EMPTY(head1))						\
		(head1)->stqh_last = &STAILQ_FIRST(head1);			\
	if (STAILQ_EMPTY(head2))						\
		(head2)->stqh_last = &STAILQ_FIRST(head2);			\
} while (0)

/* List. */

#define LIST_HEAD(name, type)		struct name { struct type *lh_first; }
#define LIST_HEAD_INITIALIZER(head)	{ NULL }
#define LIST_ENTRY(type) \
	struct { struct type *le_next; struct type **le_prev; }

#define LIST_EMPTY(head)		((head)->lh_first == NULL)
#define LIST_FIRST(head)		((head)->lh_first)
#define LIST_NEXT(elm, field)		((elm)->field.le_next)
#define LIST_INIT(head)			do { LIST_FIRST(head) = NULL; } while (0)

#define LIST_FOREACH(var, head, field) \
	for ((var) = LIST_FIRST(head); (var); (var) = LIST_NEXT(var, field))
#define LIST_FOREACH_SAFE(var, head, field, tmp)				\
	for ((var) = LIST_FIRST(head);						\
	     (var) && ((tmp) = LIST_NEXT(var, field), 1); (var) = (tmp))

#define LIST_INSERT_HEAD(head, elm, field)					\
do {										\
	LIST_NEXT(elm, field) = LIST_FIRST(head);				\
	if (LIST_NEXT(elm, field) != NULL)					\
		LIST_FIRST(head)->field.le_prev = &LIST_NEXT(elm, field);	\
	LIST_FIRST(head) = (elm);						\
	(elm)->field.le_prev = &LIST_FIRST(head);				\
} while (0)

#define LIST_INSERT_AFTER(listelm, elm, field)					\
do {										\
	LIST_NEXT(elm, field) = LIST_NEXT(listelm, field);			\
	if (LIST_NEXT(elm, field) != NULL)					\
		LIST_NEXT(listelm, field)->field.le_prev = &LIST_NEXT(elm, field); \
	LIST_NEXT(listelm, field) = (elm);					\
	(elm)->field.le_prev = &LIST_NEXT(listelm, field);			\
} while (0)

#define LIST_INSERT_BEFORE(listelm, elm, field)					\
do {										\
	(elm)->field.le_prev = (listelm)->field.le_prev;			\
	LIST_NEXT(elm, field) = (listelm);					\
	*(listelm)->field.le_prev = (elm);					\
	(listelm)->field.le_prev = &LIST_NEXT(elm, field);			\
} while (0)

#define LIST_REMOVE(elm, field)							\
do {										\
	if (LIST_NEXT(elm, field) != NULL)					\
		LIST_NEXT(elm, field)->field.le_prev = (elm)->field.le_prev;	\
	*(elm)->field.le_prev = LIST_NEXT(elm, field);				\
} while (0)

#define LIST_SWAP(head1, head2, type, field)					\
do {										\
	struct type *__first = LIST_FIRST(head1);				\
										\
	LIST_FIRST(head1) = LIST_FIRST(head2);					\
	LIST_FIRST(head2) = __first;						\
	if (LIST_FIRST(head1) != NULL)						\
		LIST_FIRST(head1)->field.le_prev = &LIST_FIRST(head1);		\
	if (LIST_FIRST(head2) != NULL)						\
		LIST_FIRST(head2)->field.le_prev = &LIST_FIRST(head2);		\
} while (0)

/* Tail queue. */

#define TAILQ_HEAD(name, type) \
	struct name { struct type *tqh_first; struct type **tqh_last; }
#define TAILQ_HEAD_INITIALIZER(head)	{ NULL, &(head).tqh_first }
#define TAILQ_ENTRY(type) \
	struct { struct type *tqe_next; struct type **tqe_prev; }

#define TAILQ_EMPTY(head)		((head)->tqh_first == NULL)
#define TAILQ_FIRST(head)		((head)->tqh_first)
#define TAILQ_NEXT(elm, field)		((elm)->field.tqe_next)
#define TAILQ_LAST(head, headname) \
	(*((struct headname *)(void *)((head)->tqh_last))->tqh_last)
#define TAILQ_PREV(elm, headname, field) \
	(*((struct headname *)(void *)((elm)->field.tqe_prev))->tqh_last)

#define TAILQ_INIT(head)							\
do {										\
	TAILQ_FIRST(head) = NULL;						\
	(head)->tqh_last = &TAILQ_FIRST(head);					\
} while (0)

#define TAILQ_FOREACH(var, head, field) \
	for ((var) = TAILQ_FIRST(head); (var); (var) = TAILQ_NEXT(var, field))
#define TAILQ_FOREACH_SAFE(var, head, field, tmp)				\
	for ((var) = TAILQ_FIRST(head);						\
	     (var) && ((tmp) = TAILQ_NEXT(var, field), 1); (var) = (tmp))
#define TAILQ_FOREACH_REVERSE(var, head, headname, field)			\
	for ((var) = TAILQ_LAST(head, headname); (var);				\
	     (var) = TAILQ_PREV(var, headname, field))
#define TAILQ_FOREACH_REVERSE_SAFE(var, head, headname, field, tmp)		\
	for ((var) = TAILQ_LAST(head, headname);				\
	     (var) && ((tmp) = TAILQ_PREV(var, headname, field), 1); (var) = (tmp))

#define TAILQ_INSERT_HEAD(head, elm, field)					\
do {										\
	TAILQ_NEXT(elm, field) = TAILQ_FIRST(head);				\
	if (TAILQ_NEXT(elm, field) != NULL)					\
		TAILQ_FIRST(head)->field.tqe_prev = &TAILQ_NEXT(elm, field);	\
	else									\
		(head)->tqh_last = &TAILQ_NEXT(elm, field);			\
	TAILQ_FIRST(head) = (elm);						\
	(elm)->field.tqe_prev = &TAILQ_FIRST(head);				\
} while (0)

#define TAILQ_INSERT_TAIL(head, elm, field)					\
do {										\
	TAILQ_NEXT(elm, field) = NULL;						\
	(elm)->field.tqe_prev = (head)->tqh_last;				\
	*(head)->tqh_last = (elm);						\
	(head)->tqh_last = &TAILQ_NEXT(elm, field);				\
} while (0)

#define TAILQ_INSERT_AFTER(head, listelm, elm, field)				\
do {										\
	TAILQ_NEXT(elm, field) = TAILQ_NEXT(listelm, field);			\
	if (TAILQ_NEXT(elm, field) != NULL)					\
		TAILQ_NEXT(elm, field)->field.tqe_prev = &TAILQ_NEXT(elm, field); \
	else									\
		(head)->tqh_last = &TAILQ_NEXT(elm, field);			\
	TAILQ_NEXT(listelm, field) = (elm);					\
	(elm)->field.tqe_prev = &TAILQ_NEXT(listelm, field);			\
} while (0)

#define TAILQ_INSERT_BEFORE(listelm, elm, field)				\
do {										\
	(elm)->field.tqe_prev = (listelm)->field.tqe_prev;			\
	TAILQ_NEXT(elm, field) = (listelm);					\
	*(listelm)->field.tqe_prev = (elm);					\
	(listelm)->field.tqe_prev = &TAILQ_NEXT(elm, field);			\
} while (0)

#define TAILQ_REMOVE(head, elm, field)						\
do {										\
	if (TAILQ_NEXT(elm, field) != NULL)					\
		TAILQ_NEXT(elm, field)->field.tqe_prev = (elm)->field.tqe_prev;	\
	else									\
		(head)->tqh_last = (elm)->field.tqe_prev;			\
	*(elm)->field.tqe_prev = TAILQ_NEXT(elm, field);			\
} while (0)

#define TAILQ_CONCAT(head1, head2, field)					\
do {										\
	if (!TAILQ_EMPTY(head2)) {						\
		*(head1)->tqh_last = TAILQ_FIRST(head2);			\
		TAILQ_FIRST(head2)->field.tqe_prev = (head1)->tqh_last;		\
		(head1)->tqh_last = (head2)->tqh_last;				\
		TAILQ_INIT(head2);						\
	}									\
} while (0)

#define TAILQ_SWAP(head1, head2, type, field)					\
do {										\
	struct type *__first = TAILQ_FIRST(head1);				\
	struct type **__last = (head1)->tqh_last;				\
										\
	TAILQ_FIRST(head1) = TAILQ_FIRST(head2);				\
	(head1)->tqh_last = (head2)->tqh_last;					\
	TAILQ_FIRST(head2) = __first;						\
	(head2)->tqh_last = __last;						\
	if (!TAILQ_EMPTY(head1))						\
		TAILQ_FIRST(head1)->field.tqe_prev = &TAILQ_FIRST(head1);	\
	else									\
		(head1)->tqh_last = &TAILQ_FIRST(head1);			\
	if (!TAILQ_EMPTY(head2))						\
		TAILQ_FIRST(head2)->field.tqe_prev = &TAILQ_FIRST(head2);	\
	else									\
		(head2)->tqh_last = &TAILQ_FIRST(head2);			\
} while (0)

/* Circular queue: the ends point at the head. */

#define CIRCLEQ_HEAD(name, type) \
	struct name { struct type *cqh_first; struct type *cqh_last; }
#define CIRCLEQ_HEAD_INITIALIZER(head)	{ (void *)&(head), (void *)&(head) }
#define CIRCLEQ_ENTRY(type) \
	struct { struct type *cqe_next; struct type *cqe_prev; }

#define CIRCLEQ_EMPTY(head)		((head)->cqh_first == (void *)(head))
#define CIRCLEQ_FIRST(head)		((head)->cqh_first)
#define CIRCLEQ_LAST(head)		((head)->cqh_last)
#define CIRCLEQ_NEXT(elm, field)	((elm)->field.cqe_next)
#define CIRCLEQ_PREV(elm, field)	((elm)->field.cqe_prev)

#define CIRCLEQ_INIT(head)							\
do {										\
	(head)->cqh_first = (void *)(head);					\
	(head)->cqh_last = (void *)(head);					\
} while (0)

#define CIRCLEQ_FOREACH(var, head, field)					\
	for ((var) = CIRCLEQ_FIRST(head); (void *)(var) != (void *)(head);	\
	     (var) = CIRCLEQ_NEXT(var, field))
#define CIRCLEQ_FOREACH_REVERSE(var, head, field)				\
	for ((var) = CIRCLEQ_LAST(head); (void *)(var) != (void *)(head);	\
	     (var) = CIRCLEQ_PREV(var, field))

#define CIRCLEQ_INSERT_AFTER(head, listelm, elm, field)				\
do {										\
	CIRCLEQ_NEXT(elm, field) = CIRCLEQ_NEXT(listelm, field);		\
	CIRCLEQ_PREV(elm, field) = (listelm);					\
	if ((void *)CIRCLEQ_NEXT(listelm, field) == (void *)(head))		\
		CIRCLEQ_LAST(head) = (elm);					\
	else									\
		CIRCLEQ_PREV(CIRCLEQ_NEXT(listelm, field), field) = (elm);	\
	CIRCLEQ_NEXT(listelm, field) = (elm);					\
} while (0)

#define CIRCLEQ_INSERT_BEFORE(head, listelm, elm, field)			\
do {										\
	CIRCLEQ_NEXT(elm, field) = (listelm);					\
	CIRCLEQ_PREV(elm, field) = CIRCLEQ_PREV(listelm, field);		\
	if ((void *)CIRCLEQ_PREV(listelm, field) == (void *)(head))		\
		CIRCLEQ_FIRST(head) = (elm);					\
	else									\
		CIRCLEQ_NEXT(CIRCLEQ_PREV(listelm, field), field) = (elm);	\
	CIRCLEQ_PREV(listelm, field) = (elm);					\
} while (0)

#define CIRCLEQ_INSERT_HEAD(head, elm, field)					\
do {										\
	CIRCLEQ_NEXT(elm, field) = CIRCLEQ_FIRST(head);				\
	CIRCLEQ_PREV(elm, field) = (void *)(head);				\
	if ((void *)CIRCLEQ_LAST(head) == (void *)(head))			\
		CIRCLEQ_LAST(head) = (elm);					\
	else									\
		CIRCLEQ_PREV(CIRCLEQ_FIRST(head), field) = (elm);		\
	CIRCLEQ_FIRST(head) = (elm);						\
} while (0)

#define CIRCLEQ_INSERT_TAIL(head, elm, field)					\
do {										\
	CIRCLEQ_NEXT(elm, field) = (void *)(head);				\
	CIRCLEQ_PREV(elm, field) = CIRCLEQ_LAST(head);				\
	if ((void *)CIRCLEQ_FIRST(head) == (void *)(head))			\
		CIRCLEQ_FIRST(head) = (elm);					\
	else									\
		CIRCLEQ_NEXT(CIRCLEQ_LAST(head), field) = (elm);		\
	CIRCLEQ_LAST(head) = (elm);						\
} while (0)

#define CIRCLEQ_REMOVE(head, elm, field)					\
do {										\
	if ((void *)CIRCLEQ_NEXT(elm, field) == (void *)(head))			\
		CIRCLEQ_LAST(head) = CIRCLEQ_PREV(elm, field);			\
	else									\
		CIRCLEQ_PREV(CIRCLEQ_NEXT(elm, field), field) = CIRCLEQ_PREV(elm, field); \
	if ((void *)CIRCLEQ_PREV(elm, field) == (void *)(head))			\
		CIRCLEQ_FIRST(head) = CIRCLEQ_NEXT(elm, field);			\
	else									\
		CIRCLEQ_NEXT(CIRCLEQ_PREV(elm, field), field) = CIRCLEQ_NEXT(elm, field); \
} while (0)

#endif /* _SYS_QUEUE_H */
