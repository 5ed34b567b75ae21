// SPDX-License-Identifier: GPL-2.0
/* What the filters have passed, and nobody has read: a queue in front of Linux's. */

#include <linux/slab.h>

#include "data.h"

struct kpi_passed *kpi_passed_alloc(void)
{
	return kzalloc(sizeof(struct kpi_passed), GFP_KERNEL);
}

void kpi_passed_free(struct kpi_passed *p)
{
	kpi_chain_free(p->data);
	kfree(p->control);
	kfree(p);
}

/* Behind all others. */
void kpi_passed_add(struct kpi_filtered *f, struct kpi_passed *p)
{
	list_add_tail(&p->node, &f->passed);
	WRITE_ONCE(f->passed_len, f->passed_len + p->len);
	WRITE_ONCE(f->passed_count, f->passed_count + 1);
}

/* By who has no turn to read. */
void kpi_passed_inject(struct kpi_filtered *f, struct kpi_passed *p)
{
	spin_lock_bh(&f->list.lock);
	list_add_tail(&p->node, &f->injected);
	f->injected_len += p->len;
	WRITE_ONCE(f->injected_count, f->injected_count + 1);
	spin_unlock_bh(&f->list.lock);
}

/* What was injected comes behind what is there. */
void kpi_passed_collect(struct kpi_filtered *f)
{
	if (likely(!READ_ONCE(f->injected_count)))
		return;
	spin_lock_bh(&f->list.lock);
	list_splice_tail_init(&f->injected, &f->passed);
	WRITE_ONCE(f->passed_len, f->passed_len + f->injected_len);
	WRITE_ONCE(f->passed_count, f->passed_count + f->injected_count);
	f->injected_len = 0;
	WRITE_ONCE(f->injected_count, 0);
	spin_unlock_bh(&f->list.lock);
}

/* @n bytes were read; all of it is what an empty datagram takes, too. */
void kpi_passed_consume(struct kpi_filtered *f, struct kpi_passed *p, size_t n)
{
	p->off += n;
	WRITE_ONCE(f->passed_len, f->passed_len - n);
	if (p->off < p->len)
		return;
	list_del(&p->node);
	WRITE_ONCE(f->passed_count, f->passed_count - 1);
	kpi_passed_free(p);
}

static void drop(struct list_head *list)
{
	struct kpi_passed *p, *next;

	list_for_each_entry_safe(p, next, list, node)
		kpi_passed_free(p);
}

/* Nobody can come any more. */
void kpi_sflt_drop_passed(struct kpi_filtered *f)
{
	drop(&f->passed);
	drop(&f->injected);
}

size_t kpi_sflt_unread(const struct kpi_filtered *f)
{
	return READ_ONCE(f->passed_len) + READ_ONCE(f->injected_len);
}

/* The same of a handle; a datagram's socket tells that of the first. */
size_t kpi_sflt_so_unread(const struct __socket *so)
{
	const struct kpi_filtered *f;
	size_t n;

	rcu_read_lock();
	f = kpi_filtered_rcu(so->sock);
	n = f ? kpi_sflt_unread(f) : 0;
	rcu_read_unlock();
	return n;
}

bool kpi_sflt_filtered_has_passed(const struct __socket *so)
{
	const struct kpi_filtered *f;
	bool has;

	rcu_read_lock();
	f = kpi_filtered_rcu(so->sock);
	has = f && kpi_sflt_has_passed(f);
	rcu_read_unlock();
	return has;
}

/* As a yes or no: empty datagrams count. */
bool kpi_sflt_has_passed(const struct kpi_filtered *f)
{
	return READ_ONCE(f->passed_count) || READ_ONCE(f->injected_count);
}
