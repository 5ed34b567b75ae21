/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sorted trees made of macros, with the names and arguments of BSD's RB_ trees.
 *
 * What balances them is not a colour: each element has a rank, which its address
 * gives, and no element lies below one of lower rank. So a tree has the depth of
 * one that grew in random order, whatever order its elements come in. An element
 * must not move while it is in a tree. SPLAY_ trees are not offered.
 */
#ifndef _LIBKERN_TREE_H
#define _LIBKERN_TREE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/cdefs.h>

#define RB_HEAD(name, type)		struct name { struct type *rbh_root; }
#define RB_INITIALIZER(root)		{ NULL }
#define RB_INIT(root)			do { (root)->rbh_root = NULL; } while (0)
#define RB_ROOT(head)			((head)->rbh_root)
#define RB_EMPTY(head)			(RB_ROOT(head) == NULL)

#define RB_ENTRY(type)								\
	struct {								\
		struct type *rbe_left;						\
		struct type *rbe_right;						\
		struct type *rbe_parent;					\
	}
#define RB_LEFT(elm, field)		((elm)->field.rbe_left)
#define RB_RIGHT(elm, field)		((elm)->field.rbe_right)
#define RB_PARENT(elm, field)		((elm)->field.rbe_parent)

/* An RB_ENTRY() whose elements are of any type; "at" is where they have it. */
struct __kpi_rb {
	char *left;
	char *right;
	char *parent;
};

__header_inline struct __kpi_rb *__kpi_rb_of(void *elm, size_t at)
{
	return (struct __kpi_rb *)(void *)((char *)elm + at);
}

__header_inline uint64_t __kpi_rb_rank(void *elm)
{
	uint64_t x = (uint64_t)(uintptr_t)elm * 0x9e3779b97f4a7c15ull;

	return (x ^ (x >> 32)) * 0xd6e8feb86659fd93ull;
}

/* Where the pointer to an element is kept: in its parent, or the root. */
__header_inline char **__kpi_rb_link(char **root, char *elm, size_t at)
{
	char *parent = __kpi_rb_of(elm, at)->parent;

	if (!parent)
		return root;
	if (__kpi_rb_of(parent, at)->left == elm)
		return &__kpi_rb_of(parent, at)->left;
	return &__kpi_rb_of(parent, at)->right;
}

/* Puts a child in the place of its parent, and that below it. */
__header_inline void __kpi_rb_lift(char **root, char *child, size_t at)
{
	struct __kpi_rb *up = __kpi_rb_of(child, at);
	char *parent = up->parent;
	struct __kpi_rb *down = __kpi_rb_of(parent, at);
	char **inner = down->left == child ? &up->right : &up->left;
	char **outer = down->left == child ? &down->left : &down->right;

	*__kpi_rb_link(root, parent, at) = child;
	up->parent = down->parent;
	down->parent = child;
	*outer = *inner;
	if (*inner)
		__kpi_rb_of(*inner, at)->parent = parent;
	*inner = parent;
}

__header_inline void __kpi_rb_insert(char **root, char **link, char *parent, char *elm, size_t at)
{
	struct __kpi_rb *entry = __kpi_rb_of(elm, at);

	entry->left = NULL;
	entry->right = NULL;
	entry->parent = parent;
	*link = elm;
	while (entry->parent && __kpi_rb_rank(entry->parent) < __kpi_rb_rank(elm))
		__kpi_rb_lift(root, elm, at);
}

__header_inline void __kpi_rb_remove(char **root, char *elm, size_t at)
{
	struct __kpi_rb *entry = __kpi_rb_of(elm, at);
	char *child;

	while (entry->left && entry->right)
		__kpi_rb_lift(root, __kpi_rb_rank(entry->left) > __kpi_rb_rank(entry->right) ?
			      entry->left : entry->right, at);
	child = entry->left ? entry->left : entry->right;
	*__kpi_rb_link(root, elm, at) = child;
	if (child)
		__kpi_rb_of(child, at)->parent = entry->parent;
}

/* The first (right: the last) one of what is below an element. */
__header_inline char *__kpi_rb_outmost(char *elm, _Bool right, size_t at)
{
	char *next = elm;

	while (next) {
		elm = next;
		next = right ? __kpi_rb_of(elm, at)->right : __kpi_rb_of(elm, at)->left;
	}
	return elm;
}

/* The one after (back: before) an element. */
__header_inline char *__kpi_rb_step(char *elm, _Bool back, size_t at)
{
	struct __kpi_rb *entry = __kpi_rb_of(elm, at);
	char *child = back ? entry->left : entry->right;
	char *from;

	if (child)
		return __kpi_rb_outmost(child, back, at);
	do {
		from = elm;
		elm = __kpi_rb_of(elm, at)->parent;
	} while (elm && (back ? __kpi_rb_of(elm, at)->left : __kpi_rb_of(elm, at)->right) == from);
	return elm;
}

#define RB_PROTOTYPE(name, type, field, cmp)	RB_PROTOTYPE_SC(, name, type, field, cmp)
#define RB_PROTOTYPE_PREV(name, type, field, cmp)	RB_PROTOTYPE(name, type, field, cmp)
#define RB_PROTOTYPE_SC_PREV(sc, name, type, field, cmp)	RB_PROTOTYPE_SC(sc, name, type, field, cmp)
#define RB_PROTOTYPE_SC(sc, name, type, field, cmp)				\
sc __attribute__((__unused__)) struct type *name##_RB_INSERT(struct name *, struct type *); \
sc __attribute__((__unused__)) struct type *name##_RB_REMOVE(struct name *, struct type *); \
sc __attribute__((__unused__)) struct type *name##_RB_FIND(struct name *, struct type *); \
sc __attribute__((__unused__)) struct type *name##_RB_NFIND(struct name *, struct type *); \
sc __attribute__((__unused__)) struct type *name##_RB_NEXT(struct type *);	\
sc __attribute__((__unused__)) struct type *name##_RB_PREV(struct type *);	\
sc __attribute__((__unused__)) struct type *name##_RB_MINMAX(struct name *, int)

#define RB_GENERATE_PREV(name, type, field, cmp)	RB_GENERATE(name, type, field, cmp)
#define RB_GENERATE(name, type, field, cmp)					\
struct type *name##_RB_INSERT(struct name *head, struct type *elm)		\
{										\
	struct type **link = &RB_ROOT(head), *parent = NULL;			\
										\
	while (*link) {								\
		int order = (cmp)(elm, *link);					\
										\
		if (order == 0)							\
			return *link;						\
		parent = *link;							\
		link = order < 0 ? &RB_LEFT(parent, field) : &RB_RIGHT(parent, field); \
	}									\
	__kpi_rb_insert((char **)(void *)&RB_ROOT(head), (char **)(void *)link,	\
			(char *)parent, (char *)elm, offsetof(struct type, field)); \
	return NULL;								\
}										\
										\
struct type *name##_RB_REMOVE(struct name *head, struct type *elm)		\
{										\
	__kpi_rb_remove((char **)(void *)&RB_ROOT(head), (char *)elm, offsetof(struct type, field)); \
	return elm;								\
}										\
										\
struct type *name##_RB_FIND(struct name *head, struct type *elm)		\
{										\
	struct type *at = RB_ROOT(head);					\
	int order;								\
										\
	while (at && (order = (cmp)(elm, at)) != 0)				\
		at = order < 0 ? RB_LEFT(at, field) : RB_RIGHT(at, field);	\
	return at;								\
}										\
										\
struct type *name##_RB_NFIND(struct name *head, struct type *elm)		\
{										\
	struct type *at = RB_ROOT(head), *least = NULL;				\
	int order;								\
										\
	while (at && (order = (cmp)(elm, at)) != 0) {				\
		least = order < 0 ? at : least;					\
		at = order < 0 ? RB_LEFT(at, field) : RB_RIGHT(at, field);	\
	}									\
	return at ? at : least;							\
}										\
										\
struct type *name##_RB_NEXT(struct type *elm)					\
{										\
	return (struct type *)(void *)__kpi_rb_step((char *)elm, 0, offsetof(struct type, field)); \
}										\
										\
struct type *name##_RB_PREV(struct type *elm)					\
{										\
	return (struct type *)(void *)__kpi_rb_step((char *)elm, 1, offsetof(struct type, field)); \
}										\
										\
struct type *name##_RB_MINMAX(struct name *head, int which)			\
{										\
	return (struct type *)(void *)__kpi_rb_outmost((char *)RB_ROOT(head), which > 0, \
						       offsetof(struct type, field)); \
}

#define RB_NEGINF	-1
#define RB_INF		1

#define RB_INSERT(name, head, elm)	name##_RB_INSERT(head, elm)
#define RB_REMOVE(name, head, elm)	name##_RB_REMOVE(head, elm)
#define RB_FIND(name, head, elm)	name##_RB_FIND(head, elm)
#define RB_NFIND(name, head, elm)	name##_RB_NFIND(head, elm)
#define RB_NEXT(name, head, elm)	name##_RB_NEXT(elm)
#define RB_PREV(name, head, elm)	name##_RB_PREV(elm)
#define RB_MIN(name, head)		name##_RB_MINMAX(head, RB_NEGINF)
#define RB_MAX(name, head)		name##_RB_MINMAX(head, RB_INF)

#define RB_FOREACH_FROM(elm, name, from)					\
	for ((elm) = (from); (elm); (elm) = name##_RB_NEXT(elm))
#define RB_FOREACH(elm, name, head)						\
	RB_FOREACH_FROM(elm, name, RB_MIN(name, head))
#define RB_FOREACH_SAFE(elm, name, head, tmp)					\
	for ((elm) = RB_MIN(name, head);					\
	     (elm) && ((tmp) = name##_RB_NEXT(elm), 1); (elm) = (tmp))
#define RB_FOREACH_REVERSE(elm, name, head)					\
	for ((elm) = RB_MAX(name, head); (elm); (elm) = name##_RB_PREV(elm))
#define RB_FOREACH_REVERSE_SAFE(elm, name, head, tmp)				\
	for ((elm) = RB_MAX(name, head);					\
	     (elm) && ((tmp) = name##_RB_PREV(elm), 1); (elm) = (tmp))

#endif /* _LIBKERN_TREE_H */
