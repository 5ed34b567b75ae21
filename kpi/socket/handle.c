// SPDX-License-Identifier: GPL-2.0
/* What stands behind a socket_t: its memory, who uses it, and the table of all there are. */

#include <linux/file.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../mbuf/mbuf_priv.h"
#include "buffer.h"
#include "event.h"
#include "handle.h"
#include "option.h"
#include "privilege.h"
#include "process.h"
#include "receive.h"

/* What enter_checked() asks; also what a stopping kext's sockets are found in. */
#define TABLE_BITS	10

static DEFINE_HASHTABLE(sockets, TABLE_BITS);
static DEFINE_SPINLOCK(sockets_lock);

/* Ten thousand of them are nothing special. (sparse counts some of Linux's types longer.) */
#ifndef __CHECKER__
static_assert(IS_ENABLED(CONFIG_DEBUG_SPINLOCK) || IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) ||
	      IS_ENABLED(CONFIG_DEBUG_OBJECTS) ||
	      (sizeof(struct __socket) <= 512 && KPI_SO_PROCESS_SIZE <= 216));
#endif

static struct kmem_cache *process_handles;

static bool check_handles = KPI_MBUF_DEBUG;
module_param(check_handles, bool, 0644);
MODULE_PARM_DESC(check_handles, "look every socket_t up before it is used, and name the kext that uses one too long");

/* Whether @so is a socket's handle, without looking into it; counts a user if so. */
static bool enter_checked(const struct __socket *handle)
{
	struct __socket *so;
	bool found = false;

	rcu_read_lock();
	hash_for_each_possible_rcu(sockets, so, node, (unsigned long)handle) {
		if (so != handle)
			continue;
		found = true;
		break;
	}
	if (found && !refcount_inc_not_zero(&so->users))
		found = false;
	rcu_read_unlock();
	return found;
}

/* Whether it is the handle of a process's socket, which a kext may retain beyond its end. */
bool kpi_so_is_process(struct __socket *handle)
{
	struct __socket *so;
	bool found = !check_handles;

	if (check_handles) {
		rcu_read_lock();
		hash_for_each_possible_rcu(sockets, so, node, (unsigned long)handle)
			found |= so == handle;
		rcu_read_unlock();
	}
	return found && handle->process;
}

/**
 * kpi_so_enter() - begin a call on a socket
 * @so:     the handle the kext gave
 * @caller: the kext's return address
 *
 * Return: 0; -EINVAL without a socket; -ESHUTDOWN if it is closed, which only
 * an upcall that is still running has a right to see.
 */
int kpi_so_enter(struct __socket *so, unsigned long caller)
{
	kpi_might_sleep_from(caller);

	if (unlikely(!so))
		return -EINVAL;

	if (check_handles) {
		if (!enter_checked(so)) {
			if (kpi_upcall_current() == so || kpi_so_is_process(so))
				return -ESHUTDOWN;
			kpi_misuse_from(caller, "not a socket, or one closed before");
			return -EINVAL;
		}
	} else if (!refcount_inc_not_zero(&so->users)) {
		return -ESHUTDOWN;
	}

	smp_mb__after_atomic();		/* either this sees the close, or end_connection() the user */
	if (unlikely(READ_ONCE(so->closing))) {
		kpi_so_leave(so);
		return -ESHUTDOWN;
	}
	return 0;
}

/**
 * kpi_so_leave() - end a call on a socket
 * @so: the socket
 *
 * The last user of a closed socket gives the struct socket back.
 */
void kpi_so_leave(struct __socket *so)
{
	if (unlikely(so->process)) {
		kpi_so_leave_process(so);
		return;
	}
	if (likely(!refcount_dec_and_test(&so->users)))
		return;

	if (so->borrowed)
		fput(so->borrowed->file);
	else
		sock_release(so->sock);
	kpi_stash_free(so);
	kpi_so_put(so);
}

static void free_own(struct __socket *so)
{
	kfree(so->events);
	kfree(so->watch);
	kfree(so->borrowed);
	mutex_destroy(&so->own_in.lock);
	mutex_destroy(&so->snd_lock);
	kfree(so);
}

static void free_process(struct __socket *so)
{
	if (so->in != &kpi_so_no_input)
		kfree(so->in);
	kmem_cache_free(process_handles, so);
}

/* All that a socket has, once nobody can come upon it any more. */
static void free_memory(struct rcu_head *rcu)
{
	struct __socket *so = container_of(rcu, struct __socket, rcu);

	kpi_option_free(so);
	put_cred(so->cred);
	kfree(so->connect_timer);
	if (so->process)
		free_process(so);
	else
		free_own(so);
}

void kpi_so_put(struct __socket *so)
{
	if (!refcount_dec_and_test(&so->refs))
		return;

	spin_lock(&sockets_lock);
	hash_del_rcu(&so->node);
	spin_unlock(&sockets_lock);
	if (so->process)
		sock_put(so->sk);
	call_rcu(&so->rcu, free_memory);
	module_put(THIS_MODULE);
}
KPI_EXPORT(kpi_so_put);		/* for tests */

const struct kpi_so_input kpi_so_no_input;

/* A kext receives for the first time on a process's socket. */
int kpi_so_input_alloc(struct __socket *so)
{
	struct kpi_so_input *in = kzalloc(sizeof(*in), GFP_KERNEL);

	if (!in)
		return -ENOBUFS;
	mutex_init(&in->lock);
	if (cmpxchg(&so->in, (struct kpi_so_input *)&kpi_so_no_input, in) != &kpi_so_no_input)
		kfree(in);
	return 0;
}

/* What all sockets begin with. */
static void alloc_init(struct __socket *so)
{
	refcount_set(&so->refs, 1);
	refcount_set(&so->users, 2);	/* the creator and this call */
	spin_lock_init(&so->lock);
	init_waitqueue_head(&so->wait);
	so->rcv_lowat = 1;
	so->snd_lowat = KPI_SNDLOWAT;
	kpi_so_set_cred(so, get_current_cred());
}

/* The same as kpi_so_alloc() for what a process has. */
struct __socket *kpi_so_alloc_process(void)
{
	struct __socket *so = kmem_cache_zalloc(process_handles, GFP_KERNEL);

	if (!so)
		return NULL;
	alloc_init(so);
	so->process = true;
	so->in = (struct kpi_so_input *)&kpi_so_no_input;
	return so;
}

/**
 * kpi_so_alloc() - the memory of a socket that is to be
 * @owner: the kext it will belong to
 *
 * Return: what kpi_so_adopt() or kpi_so_discard() take, or NULL.
 */
struct __socket *kpi_so_alloc(struct kpi_kext *owner)
{
	struct __socket *so;

	so = kzalloc(sizeof(*so), GFP_KERNEL);
	if (!so)
		return NULL;

	alloc_init(so);
	so->in = &so->own_in;
	mutex_init(&so->own_in.lock);
	mutex_init(&so->snd_lock);
	INIT_WORK(&so->work, kpi_dispatch_work);
	INIT_LIST_HEAD(&so->short_node);
	so->owner = owner;
	return so;
}

void kpi_so_discard(struct __socket *so)
{
	free_memory(&so->rcu);
}

/**
 * kpi_so_publish() - let a socket be found
 * @so: the socket, which is complete
 *
 * From here on its handle is one, and it counts as its kext's.
 */
void kpi_so_publish(struct __socket *so)
{
	__module_get(THIS_MODULE);
	kpi_kext_charge(so->owner, KPI_HELD_SOCKET, 1);
	spin_lock(&sockets_lock);
	hash_add_rcu(sockets, &so->node, (unsigned long)so);
	spin_unlock(&sockets_lock);
}

/* A socket the kext left open; with a user counted, for kpi_so_close(). */
static struct __socket *find_left(const struct kpi_kext *kext)
{
	struct __socket *so, *found = NULL;
	int bucket;

	rcu_read_lock();
	hash_for_each_rcu(sockets, bucket, so, node) {
		if (so->owner != kext || READ_ONCE(so->closing))
			continue;
		if (!refcount_inc_not_zero(&so->users))
			continue;
		found = so;
		break;
	}
	rcu_read_unlock();
	return found;
}

/* Those that kexts have made: how many there are; so many of them as there is room for are entered. */
unsigned int kpi_so_collect_own(struct __socket **to, unsigned int room)
{
	struct __socket *so;
	unsigned int n = 0;
	int bucket;

	rcu_read_lock();
	hash_for_each_rcu(sockets, bucket, so, node) {
		if (so->borrowed || so->process || READ_ONCE(so->closing))
			continue;
		if (n < room && !refcount_inc_not_zero(&so->users))
			continue;
		if (n < room)
			to[n] = so;
		n++;
	}
	rcu_read_unlock();
	return n;
}

/* How many upcalls of a kext are running; for the book of kexts. */
long kpi_socket_running(const struct kpi_kext *kext)
{
	struct __socket *so;
	int bucket;
	long n = 0;

	rcu_read_lock();
	hash_for_each_rcu(sockets, bucket, so, node)
		n += READ_ONCE(so->running) && READ_ONCE(so->running_kext) == kext;
	rcu_read_unlock();
	return n;
}

/*
 * None of a kext's functions is called any more, until it installs one anew. Whoever
 * asks for this waits for those that are running.
 */
void kpi_socket_silence(const struct kpi_kext *kext)
{
	struct __socket *so;
	int bucket;

	rcu_read_lock();
	hash_for_each_rcu(sockets, bucket, so, node)
		kpi_upcall_forget(so, kext);
	rcu_read_unlock();
}

static void reclaim(struct __socket *so)
{
	refcount_inc(&so->refs);
	WRITE_ONCE(so->kept, true);

	spin_lock_bh(&so->lock);
	so->closewait = false;
	so->owner_gone = true;
	so->retains = 0;
	spin_unlock_bh(&so->lock);
	kpi_so_close(so);
	kpi_so_leave(so);
}

/*
 * A kext has stopped, and as far as is known nothing of it runs: what it left open is
 * closed. Its text is still there, and might be entered in ways nobody here hears of,
 * so the memory of its handles stays, for calls to fail, until kpi_socket_forget().
 */
void kpi_socket_reclaim(const struct kpi_kext *kext)
{
	struct __socket *so;

	kpi_socket_silence(kext);
	while ((so = find_left(kext)))
		reclaim(so);
}

static struct __socket *find_kept(const struct kpi_kext *kext)
{
	struct __socket *so;
	int bucket;

	hash_for_each_rcu(sockets, bucket, so, node)
		if (so->owner == kext && READ_ONCE(so->kept))
			return so;
	return NULL;
}

/* The kext's text goes now. */
void kpi_socket_forget(const struct kpi_kext *kext)
{
	struct __socket *so;

	rcu_read_lock();
	while ((so = find_kept(kext))) {
		WRITE_ONCE(so->kept, false);
		kpi_so_put(so);
	}
	rcu_read_unlock();
}

int kpi_so_handles_init(void)
{
	process_handles = kmem_cache_create("netkpi_process_socket", KPI_SO_PROCESS_SIZE, 0, 0, NULL);
	return process_handles ? 0 : -ENOMEM;
}

/* After the last one's grace period. */
void kpi_so_handles_exit(void)
{
	kmem_cache_destroy(process_handles);
}
