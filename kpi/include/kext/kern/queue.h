/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rings with a head. enqueue_ and dequeue_ take the chain that an element has in
 * it; queue_ macros take elements, the type they have and the name of the chain.
 * A queue belongs to one kind: what queue_enter() makes leads to elements, not to
 * the chains in them.
 */
#ifndef _KERN_QUEUE_H
#define _KERN_QUEUE_H

#include <mach/boolean.h>
#include <stddef.h>
#include <sys/cdefs.h>

struct queue_entry {
	struct queue_entry *next;
	struct queue_entry *prev;
};
typedef struct queue_entry *queue_t;
typedef struct queue_entry queue_head_t;
typedef struct queue_entry queue_chain_t;
typedef struct queue_entry *queue_entry_t;

#define QUEUE_HEAD_INITIALIZER(name)	{ &(name), &(name) }

__header_inline void queue_init(queue_t q)
{
	q->next = q;
	q->prev = q;
}

#define queue_head_init(q)	queue_init(&(q))
#define queue_chain_init(q)	((q).next = (q).prev = NULL)
#define queue_first(q)		((q)->next)
#define queue_last(q)		((q)->prev)
#define queue_next(qc)		((qc)->next)
#define queue_prev(qc)		((qc)->prev)
#define queue_end(q, qe)	((q) == (qe))
#define queue_empty(q)		queue_end((q), queue_first(q))

/* --- by chains --- */

__header_inline void __kpi_queue_between(queue_entry_t elt, queue_entry_t prev, queue_entry_t next)
{
	elt->next = next;
	elt->prev = prev;
	prev->next = elt;
	next->prev = elt;
}

__header_inline void enqueue_head(queue_t q, queue_entry_t elt)
{
	__kpi_queue_between(elt, q, q->next);
}

__header_inline void enqueue_tail(queue_t q, queue_entry_t elt)
{
	__kpi_queue_between(elt, q->prev, q);
}

/* insque() puts it behind another. */
__header_inline void insque(queue_entry_t elt, queue_entry_t pred)
{
	__kpi_queue_between(elt, pred, pred->next);
}

__header_inline void remqueue(queue_entry_t elt)
{
	elt->next->prev = elt->prev;
	elt->prev->next = elt->next;
	elt->next = NULL;
	elt->prev = NULL;
}

#define remque(elt)		remqueue(elt)
#define enqueue(q, elt)		enqueue_tail(q, elt)
#define dequeue(q)		dequeue_head(q)

__header_inline queue_entry_t dequeue_head(queue_t q)
{
	queue_entry_t elt = q->next;

	if (elt == q)
		return NULL;
	remqueue(elt);
	return elt;
}

__header_inline queue_entry_t dequeue_tail(queue_t q)
{
	queue_entry_t elt = q->prev;

	if (elt == q)
		return NULL;
	remqueue(elt);
	return elt;
}

#define qe_element(qe, type, field) \
	((type *)(void *)((char *)(qe) - offsetof(type, field)))

#define qe_foreach(qe, q) \
	for ((qe) = (q)->next; (qe) != (q); (qe) = (qe)->next)
#define qe_foreach_safe(qe, q)							\
	for (queue_entry_t __kpi_next = ((qe) = (q)->next)->next; (qe) != (q);	\
	     (qe) = __kpi_next, __kpi_next = (qe)->next)
#define qe_foreach_element(elt, q, field)					\
	for ((elt) = qe_element((q)->next, __typeof__(*(elt)), field);		\
	     &(elt)->field != (q);						\
	     (elt) = qe_element((elt)->field.next, __typeof__(*(elt)), field))
#define qe_foreach_element_safe(elt, q, field)					\
	for (queue_entry_t __kpi_at = (q)->next, __kpi_next = __kpi_at->next;	\
	     (elt) = qe_element(__kpi_at, __typeof__(*(elt)), field), __kpi_at != (q); \
	     __kpi_at = __kpi_next, __kpi_next = __kpi_at->next)

#define qe_dequeue_head(q, type, field)						\
	__extension__({								\
		queue_entry_t __kpi_elt = dequeue_head(q);			\
		__kpi_elt ? qe_element(__kpi_elt, type, field) : NULL;		\
	})
#define qe_dequeue_tail(q, type, field)						\
	__extension__({								\
		queue_entry_t __kpi_elt = dequeue_tail(q);			\
		__kpi_elt ? qe_element(__kpi_elt, type, field) : NULL;		\
	})

/* --- by elements --- */

/* The chain of what may be an element, or the head itself. */
__header_inline queue_entry_t __kpi_queue_chain(queue_t q, queue_entry_t elt, size_t offset)
{
	return elt == q ? q : (queue_entry_t)(void *)((char *)elt + offset);
}

__header_inline void __kpi_queue_enter(queue_t q, queue_entry_t elt, queue_entry_t prev,
				       queue_entry_t next, size_t offset)
{
	queue_entry_t chain = __kpi_queue_chain(q, elt, offset);

	chain->prev = prev;
	chain->next = next;
	__kpi_queue_chain(q, prev, offset)->next = elt;
	__kpi_queue_chain(q, next, offset)->prev = elt;
}

__header_inline void __kpi_queue_remove(queue_t q, queue_entry_t elt, size_t offset)
{
	queue_entry_t chain = __kpi_queue_chain(q, elt, offset);

	__kpi_queue_chain(q, chain->next, offset)->prev = chain->prev;
	__kpi_queue_chain(q, chain->prev, offset)->next = chain->next;
	chain->next = NULL;
	chain->prev = NULL;
}

/* "type" may be a pointer to a structure, or what a typedef calls it. */
#define __KPI_QUEUE_OFFSET(type, field)	offsetof(__typeof__(*(type)NULL), field)
#define __KPI_QUEUE_ENTRY(elt)		((queue_entry_t)(void *)(elt))

#define queue_enter(head, elt, type, field)					\
	__kpi_queue_enter(head, __KPI_QUEUE_ENTRY(elt), (head)->prev, head,	\
			  __KPI_QUEUE_OFFSET(type, field))
#define queue_enter_first(head, elt, type, field)				\
	__kpi_queue_enter(head, __KPI_QUEUE_ENTRY(elt), head, (head)->next,	\
			  __KPI_QUEUE_OFFSET(type, field))
#define queue_insert_before(head, elt, cur, type, field)			\
	__kpi_queue_enter(head, __KPI_QUEUE_ENTRY(elt),				\
			  __kpi_queue_chain(head, __KPI_QUEUE_ENTRY(cur),	\
					    __KPI_QUEUE_OFFSET(type, field))->prev, \
			  __KPI_QUEUE_ENTRY(cur), __KPI_QUEUE_OFFSET(type, field))
#define queue_insert_after(head, elt, cur, type, field)				\
	__kpi_queue_enter(head, __KPI_QUEUE_ENTRY(elt), __KPI_QUEUE_ENTRY(cur),	\
			  __kpi_queue_chain(head, __KPI_QUEUE_ENTRY(cur),	\
					    __KPI_QUEUE_OFFSET(type, field))->next, \
			  __KPI_QUEUE_OFFSET(type, field))
#define queue_remove(head, elt, type, field) \
	__kpi_queue_remove(head, __KPI_QUEUE_ENTRY(elt), __KPI_QUEUE_OFFSET(type, field))
#define queue_remove_first(head, entry, type, field)				\
do {										\
	(entry) = (type)(void *)(head)->next;					\
	queue_remove(head, entry, type, field);					\
} while (0)
#define queue_remove_last(head, entry, type, field)				\
do {										\
	(entry) = (type)(void *)(head)->prev;					\
	queue_remove(head, entry, type, field);					\
} while (0)
#define queue_iterate(head, elt, type, field)					\
	for ((elt) = (type)(void *)queue_first(head);				\
	     !queue_end(head, __KPI_QUEUE_ENTRY(elt));				\
	     (elt) = (type)(void *)queue_next(&(elt)->field))

#endif /* _KERN_QUEUE_H */
