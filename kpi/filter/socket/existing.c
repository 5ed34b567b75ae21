// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets that were there before their filter: SFLT_EXTENDED_REGISTRY. Those that a
 * process has by a descriptor are found, and the kexts'; Linux's own tables of sockets
 * are not for modules.
 */

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/net.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <net/tcp_states.h>

#include "../../socket/handle.h"
#include "../../socket/socket_priv.h"
#include "attach.h"
#include "filtered.h"
#include "kind.h"
#include "registry.h"
#include "walk.h"

/* What a look at all descriptors found: more than there was room for are counted. */
struct finding {
	const struct kpi_sflt_kind *kind;
	struct file **files;
	unsigned int room, n;
};

static int find_file(const void *arg, struct file *file, unsigned int fd)
{
	struct finding *finding = (struct finding *)arg;
	struct socket *sock = sock_from_file(file);

	if (!sock || !sock->sk || !kpi_sflt_is_to_be_filtered(finding->kind, sock->sk))
		return 0;
	if (finding->n++ < finding->room)
		finding->files[finding->n - 1] = get_file(file);
	return 0;
}

static void find_files(struct finding *finding)
{
	struct task_struct *task;

	rcu_read_lock();
	for_each_process(task) {
		task_lock(task);
		if (task->files)
			iterate_fd(task->files, 0, find_file, finding);
		task_unlock(task);
	}
	rcu_read_unlock();
}

static unsigned int found(const struct finding *finding)
{
	return min(finding->n, finding->room);
}

/* What a socket is in the middle of, for the filter that has come to it; 0 for nothing. */
static sflt_event_t state_of(const struct sock *sk)
{
	int state = 1 << READ_ONCE(sk->sk_state), down = READ_ONCE(sk->sk_shutdown);

	if (sk->sk_type != SOCK_STREAM)
		return state & TCPF_ESTABLISHED ? sock_evt_connected : 0;
	if (state & (TCPF_SYN_SENT | TCPF_SYN_RECV))
		return sock_evt_connecting;
	if (state & TCPF_ESTABLISHED)
		return sock_evt_connected;
	if (state & (TCPF_FIN_WAIT1 | TCPF_FIN_WAIT2 | TCPF_CLOSING | TCPF_LAST_ACK))
		return sock_evt_disconnecting;
	if (down & SEND_SHUTDOWN)
		return sock_evt_cantsendmore;
	return down & RCV_SHUTDOWN ? sock_evt_cantrecvmore : 0;
}

/* Only the new filter is told. */
static void tell_state(struct kpi_filtered *f, const struct kpi_sflt *sflt)
{
	sflt_event_t event = state_of(f->sk);
	struct kpi_attached *a = event ? kpi_sflt_find(f, sflt) : NULL;

	if (!a)
		return;
	if (sflt->f.sf_notify) {
		kpi_sflt_begin(a);
		sflt->f.sf_notify(a->cookie, f->so, event, NULL);
		kpi_sflt_end(a);
	}
	kpi_filter_put(&a->filter, false);
}

static void attach(struct kpi_filtered *f, struct kpi_sflt *sflt)
{
	if (!f)
		return;
	kpi_sflt_attach_globals(f, sflt->kind);
	tell_state(f, sflt);
	kpi_filtered_put(f);
}

static void meet_processes(struct kpi_sflt *sflt)
{
	struct finding finding = { .kind = sflt->kind };
	unsigned int i;

	do {		/* until there is room for all */
		for (i = 0; i < found(&finding); i++)
			fput(finding.files[i]);
		kvfree(finding.files);
		finding.room = finding.n + 64;
		finding.n = 0;
		finding.files = kvmalloc_array(finding.room, sizeof(*finding.files), GFP_KERNEL);
		if (!finding.files)
			return;
		find_files(&finding);
	} while (finding.n > finding.room);

	for (i = 0; i < found(&finding); i++) {
		attach(kpi_filtered_get_sock(sock_from_file(finding.files[i])), sflt);
		fput(finding.files[i]);
	}
	kvfree(finding.files);
}

static void meet_kexts(struct kpi_sflt *sflt)
{
	unsigned int room = 0, n = kpi_so_collect_own(NULL, 0), i;
	struct __socket **all = NULL;

	while (n > room) {
		for (i = 0; i < room; i++)
			kpi_so_leave(all[i]);
		kvfree(all);
		room = n + 16;
		all = kvmalloc_array(room, sizeof(*all), GFP_KERNEL);
		if (!all)
			return;
		n = kpi_so_collect_own(all, room);
	}
	for (i = 0; i < n; i++) {
		if (kpi_sflt_kind_of_sock(all[i]->sk) == sflt->kind &&
		    net_eq(sock_net(all[i]->sk), &init_net))
			attach(kpi_filtered_get(all[i]), sflt);
		kpi_so_leave(all[i]);
	}
	kvfree(all);
}

void kpi_sflt_meet_old(struct kpi_sflt *sflt)
{
	meet_processes(sflt);
	meet_kexts(sflt);
}
