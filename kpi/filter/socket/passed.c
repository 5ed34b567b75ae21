// SPDX-License-Identifier: GPL-2.0
/* What the filters have passed, and nobody has read: a queue in front of Linux's. */

#include <linux/mm.h>
#include <linux/percpu_counter.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "../../mbuf/mbuf_priv.h"
#include "../../socket/socket_priv.h"
#include "ask.h"
#include "filtered.h"
#include "passed.h"

/*
 * What was read ahead is in nobody's receive buffer any more. Of a thousand sockets it
 * would be much: all of them together have a part of the machine's memory, and beyond
 * that nothing is read that no reader has asked for.
 */
#define AHEAD_BATCH	SZ_256K

static struct percpu_counter ahead;	/* bytes in all queues */
unsigned long kpi_sflt_ahead_limit;
KPI_EXPORT(kpi_sflt_ahead_limit);	/* for tests */

int kpi_passed_init(void)
{
	kpi_sflt_ahead_limit = totalram_pages() / 32 * PAGE_SIZE;
	return percpu_counter_init(&ahead, 0, GFP_KERNEL);
}

void kpi_passed_exit(void)
{
	percpu_counter_destroy(&ahead);
}

bool kpi_sflt_may_look_ahead(void)
{
	return percpu_counter_read_positive(&ahead) < READ_ONCE(kpi_sflt_ahead_limit);
}

static void count(s64 bytes)
{
	percpu_counter_add_batch(&ahead, bytes, AHEAD_BATCH);
}

/* Who reads and who injects may both be first. */
static int queue_alloc(struct kpi_filtered *f)
{
	struct kpi_passed_queue *queue = kzalloc(sizeof(*queue), GFP_KERNEL);

	if (!queue)
		return -ENOMEM;
	INIT_LIST_HEAD(&queue->passed);
	INIT_LIST_HEAD(&queue->injected);
	if (cmpxchg(&f->queue, NULL, queue))
		kfree(queue);
	return 0;
}

/* One for the queue of @f, which is there from now on; or NULL. */
struct kpi_passed *kpi_passed_alloc(struct kpi_filtered *f)
{
	struct kpi_passed *p;

	if (unlikely(!READ_ONCE(f->queue)) && queue_alloc(f))
		return NULL;
	p = xchg(&f->queue->spare, NULL);
	if (!p)
		return kzalloc(sizeof(*p), GFP_KERNEL);
	*p = (struct kpi_passed){};
	return p;
}

static LIST_HEAD(nothing);

/* What there is to be read, for whose turn it is. */
struct list_head *kpi_passed_list(const struct kpi_filtered *f)
{
	return f->queue ? &f->queue->passed : &nothing;
}

void kpi_passed_free(struct kpi_filtered *f, struct kpi_passed *p)
{
	kpi_chain_free(p->data);
	if (unlikely(p->control))
		kfree(p->control);
	if (cmpxchg(&f->queue->spare, NULL, p))
		kfree(p);
}

/* Behind all others. */
void kpi_passed_add(struct kpi_filtered *f, struct kpi_passed *p)
{
	struct kpi_passed_queue *queue = f->queue;

	list_add_tail(&p->node, &queue->passed);
	count(p->len);
	WRITE_ONCE(queue->passed_len, queue->passed_len + p->len);
	WRITE_ONCE(queue->passed_count, queue->passed_count + 1);
}

/* By who has no turn to read. */
void kpi_passed_inject(struct kpi_filtered *f, struct kpi_passed *p)
{
	struct kpi_passed_queue *queue = f->queue;

	spin_lock_bh(&f->list.lock);
	list_add_tail(&p->node, &queue->injected);
	WRITE_ONCE(queue->injected_len, queue->injected_len + p->len);
	WRITE_ONCE(queue->injected_count, queue->injected_count + 1);
	spin_unlock_bh(&f->list.lock);
}

/* What was injected comes behind what is there. */
void kpi_passed_collect(struct kpi_filtered *f)
{
	struct kpi_passed_queue *queue = READ_ONCE(f->queue);

	if (likely(!queue || !READ_ONCE(queue->injected_count)))
		return;
	spin_lock_bh(&f->list.lock);
	list_splice_tail_init(&queue->injected, &queue->passed);
	count(queue->injected_len);
	WRITE_ONCE(queue->passed_len, queue->passed_len + queue->injected_len);
	WRITE_ONCE(queue->passed_count, queue->passed_count + queue->injected_count);
	WRITE_ONCE(queue->injected_len, 0);
	WRITE_ONCE(queue->injected_count, 0);
	spin_unlock_bh(&f->list.lock);
}

/* @n bytes were read; all of it is what an empty datagram takes, too. */
void kpi_passed_consume(struct kpi_filtered *f, struct kpi_passed *p, size_t n)
{
	struct kpi_passed_queue *queue = f->queue;

	p->off += n;
	count(-(s64)n);
	WRITE_ONCE(queue->passed_len, queue->passed_len - n);
	if (p->off < p->len)
		return;
	list_del(&p->node);
	WRITE_ONCE(queue->passed_count, queue->passed_count - 1);
	kpi_passed_free(f, p);
}

static void drop(struct kpi_filtered *f, struct list_head *list)
{
	struct kpi_passed *p, *next;

	list_for_each_entry_safe(p, next, list, node)
		kpi_passed_free(f, p);
}

/* With the socket's last reference. */
void kpi_passed_end(struct kpi_filtered *f)
{
	if (f->queue)
		kfree(f->queue->spare);
	kfree(f->queue);
}

/* By whose turn it is to read, or when nobody can come any more. */
void kpi_sflt_drop_passed(struct kpi_filtered *f)
{
	struct kpi_passed_queue *queue = READ_ONCE(f->queue);

	WRITE_ONCE(f->err, 0);
	if (!queue)
		return;
	kpi_passed_collect(f);
	drop(f, &queue->passed);
	count(-(s64)queue->passed_len);
	INIT_LIST_HEAD(&queue->passed);
	WRITE_ONCE(queue->passed_len, 0);
	WRITE_ONCE(queue->passed_count, 0);
}

size_t kpi_sflt_unread(const struct kpi_filtered *f)
{
	const struct kpi_passed_queue *queue = READ_ONCE(f->queue);

	return queue ? READ_ONCE(queue->passed_len) + READ_ONCE(queue->injected_len) : 0;
}

/* The memory that this takes, as Linux would count it. */
size_t kpi_sflt_memory(const struct kpi_filtered *f)
{
	const struct kpi_passed_queue *queue = READ_ONCE(f->queue);
	size_t n = queue ? READ_ONCE(queue->passed_count) + READ_ONCE(queue->injected_count) : 0;

	return kpi_sflt_unread(f) + n * SKB_TRUESIZE(0);
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
	const struct kpi_passed_queue *queue = READ_ONCE(f->queue);

	return queue && (READ_ONCE(queue->passed_count) || READ_ONCE(queue->injected_count));
}
