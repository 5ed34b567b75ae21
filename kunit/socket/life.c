// SPDX-License-Identifier: GPL-2.0
/*
 * What of a socket others may meet, and how long: connections that leave or were
 * taken, memory that is still looked at, the namespace, what is queued while the
 * hooks are put in, what never ends to come.
 */

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/in.h>
#include <linux/kthread.h>
#include <linux/net.h>
#include <linux/sched/mm.h>
#include <linux/un.h>

#include <net/inet_connection_sock.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include <kunit/test.h>

#include "compat/socket.h"
#include "socket/event.h"
#include "context.h"
#include "test.h"

static void close_layer(void *so)
{
	kpi_sock_close(so);
}

static void close_linux(void *sock)
{
	sock_release(sock);
}

static socket_t layer(struct kunit *test, int domain, int type)
{
	socket_t so = NULL;

	KUNIT_ASSERT_EQ(test, kpi_sock_socket(domain, type, 0, NULL, NULL, &so), 0);
	st_defer(test, ST_CLOSE_SOCKETS, close_layer, so);
	return so;
}

static struct socket *ordinary(struct kunit *test, int domain, int type)
{
	struct socket *sock = NULL;

	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, domain, type, 0, &sock), 0);
	sock->sk->sk_rcvtimeo = msecs_to_jiffies(ST_DEADLINE_MS);
	st_defer(test, ST_CLOSE_SOCKETS, close_linux, sock);
	return sock;
}

static void close_now(struct kunit *test, socket_t so)
{
	st_undefer(test, close_layer, so);
	kpi_sock_close(so);
}

static struct sockaddr_storage at_port(u16 port)
{
	struct sockaddr_storage at = { .ss_family = AF_INET };

	((struct sockaddr_in *)&at)->sin_port = htons(port);
	((struct sockaddr_in *)&at)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return at;
}

static u16 listen_layer(struct kunit *test, socket_t so)
{
	struct bsd_sockaddr_in at = { .sin_len = sizeof(at), .sin_family = AF_INET };
	const int on = 1;

	at.sin_addr.s_addr = (__force u32)htonl(INADDR_LOOPBACK);
	KUNIT_ASSERT_EQ(test, kpi_sock_setsockopt(so, SOL_SOCKET, KPI_SO_REUSEPORT, &on,
						  sizeof(on)), 0);
	KUNIT_ASSERT_EQ(test, kpi_sock_bind(so, (struct bsd_sockaddr *)&at), 0);
	KUNIT_ASSERT_EQ(test, kpi_sock_listen(so, 64), 0);
	KUNIT_ASSERT_EQ(test, kpi_sock_getsockname(so, (struct bsd_sockaddr *)&at, sizeof(at)), 0);
	return ntohs((__force __be16)at.sin_port);
}

static struct socket *listen_ordinary(struct kunit *test, u16 port)
{
	struct socket *sock = ordinary(test, AF_INET, SOCK_STREAM);
	struct sockaddr_storage at = at_port(port);

	sock_set_reuseport(sock->sk);
	KUNIT_ASSERT_EQ(test, kpi_compat_bind(sock, &at, sizeof(struct sockaddr_in)), 0);
	KUNIT_ASSERT_EQ(test, kernel_listen(sock, 64), 0);
	return sock;
}

static struct socket *client_of(struct kunit *test, u16 port)
{
	struct socket *sock = ordinary(test, AF_INET, SOCK_STREAM);
	struct sockaddr_storage at = at_port(port);

	KUNIT_ASSERT_EQ(test, kpi_compat_connect(sock, &at, sizeof(struct sockaddr_in), 0), 0);
	return sock;
}

static void send_byte(struct kunit *test, struct socket *sock)
{
	struct kvec byte = { .iov_base = "x", .iov_len = 1 };
	struct msghdr msg = { };

	KUNIT_EXPECT_EQ(test, kernel_sendmsg(sock, &msg, &byte, 1, 1), 1);
}

static void expect_byte(struct kunit *test, struct socket *sock)
{
	char buf[1];
	struct kvec byte = { .iov_base = buf, .iov_len = 1 };
	struct msghdr msg = { };

	KUNIT_EXPECT_EQ(test, kernel_recvmsg(sock, &msg, &byte, 1, 1, 0), 1);
}

static void stop_migration(void *unused)
{
	WRITE_ONCE(init_net.ipv4.sysctl_tcp_migrate_req, 0);
}

static void expect_ordinary(struct kunit *test, const struct sock *sk, const struct sock *model)
{
	KUNIT_EXPECT_PTR_EQ(test, sk->sk_data_ready, model->sk_data_ready);
	KUNIT_EXPECT_PTR_EQ(test, sk->sk_write_space, model->sk_write_space);
	KUNIT_EXPECT_PTR_EQ(test, sk->sk_state_change, model->sk_state_change);
	KUNIT_EXPECT_PTR_EQ(test, sk->sk_error_report, model->sk_error_report);
	KUNIT_EXPECT_NULL(test, sk->sk_user_data);
}

/* A kext's listener closes; what waits there goes to somebody else's, who hears of it. */
static void connections_that_leave_are_ordinary(struct kunit *test)
{
	socket_t so = layer(test, AF_INET, SOCK_STREAM);
	u16 port = listen_layer(test, so);
	struct socket *listener = listen_ordinary(test, port), *child;
	struct socket *client[64];
	int i, n;

	WRITE_ONCE(init_net.ipv4.sysctl_tcp_migrate_req, 1);
	st_defer(test, ST_RESTORE, stop_migration, NULL);
	for (n = 0; n < ARRAY_SIZE(client) && (n < 8 || !READ_ONCE(so->sk->sk_ack_backlog)); n++)
		client[n] = client_of(test, port);
	KUNIT_ASSERT_GT(test, so->sk->sk_ack_backlog, 0);
	close_now(test, so);

	for (i = 0; i < n; i++)
		send_byte(test, client[i]);
	for (i = 0; i < n; i++) {
		KUNIT_ASSERT_EQ(test, kernel_accept(listener, &child, 0), 0);
		st_defer(test, ST_CLOSE_SOCKETS, close_linux, child);
		child->sk->sk_rcvtimeo = msecs_to_jiffies(ST_DEADLINE_MS);
		expect_ordinary(test, child->sk, client[0]->sk);
		expect_byte(test, child);
	}
}

/* Neither does one that is still in the queue when nobody else is there. */
static void waiting_connections_are_ordinary(struct kunit *test)
{
	socket_t so = layer(test, AF_INET, SOCK_STREAM);
	struct socket *client = client_of(test, listen_layer(test, so));

	expect_ordinary(test, so->sk, client->sk);
	expect_ordinary(test, inet_csk(so->sk)->icsk_accept_queue.rskq_accept_head->sk,
			client->sk);
}

static void count_call(socket_t so, void *cookie, int waitf)
{
	char buf[10];
	struct bsd_iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	struct bsd_msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t n = sizeof(buf);

	if (!kpi_sock_receive(so, &msg, KPI_MSG_DONTWAIT, &n))
		atomic_add(n, cookie);
}

static bool came(const atomic_t *bytes, int n)
{
	unsigned long end = jiffies + msecs_to_jiffies(ST_DEADLINE_MS);

	while (atomic_read(bytes) != n && time_before(jiffies, end))
		st_pause_ms(1);
	return atomic_read(bytes) == n;
}

/* As a BPF program does that puts a connection into a sockmap when it is established. */
static void taken_connection_is_left_alone(struct kunit *test)
{
	static unsigned long somebody;
	static struct proto theirs;
	socket_t so = layer(test, AF_INET, SOCK_STREAM), new_so = NULL;
	struct socket *client = client_of(test, listen_layer(test, so));
	struct sock *sk = inet_csk(so->sk)->icsk_accept_queue.rskq_accept_head->sk;
	struct proto *usual = sk->sk_prot;
	atomic_t bytes = ATOMIC_INIT(0);

	theirs = *usual;
	WRITE_ONCE(sk->sk_prot, &theirs);
	rcu_assign_sk_user_data(sk, &somebody);
	KUNIT_ASSERT_EQ(test, kpi_sock_accept(so, NULL, 0, KPI_MSG_DONTWAIT, count_call, &bytes,
					      &new_so), 0);
	KUNIT_EXPECT_PTR_EQ(test, (unsigned long *)sk->sk_user_data, &somebody);
	KUNIT_EXPECT_PTR_EQ(test, sk->sk_data_ready, client->sk->sk_data_ready);
	send_byte(test, client);
	KUNIT_EXPECT_TRUE_MSG(test, came(&bytes, 1), "the kext was not called");

	sock_hold(sk);
	WRITE_ONCE(sk->sk_prot, usual);
	kpi_sock_close(new_so);
	KUNIT_EXPECT_PTR_EQ(test, (unsigned long *)sk->sk_user_data, &somebody);
	rcu_assign_sk_user_data(sk, NULL);
	sock_put(sk);
}

static void no_event(socket_t so, void *cookie, u32 event)
{
}

/* Somebody comes upon a socket in the table while its last reference goes. */
static void memory_stays_for_readers(struct kunit *test)
{
	socket_t so = layer(test, AF_INET, SOCK_DGRAM);

	KUNIT_ASSERT_EQ(test, kpi_sock_catchevents(so, no_event, NULL, ~0u), 0);
	refcount_inc(&so->refs);
	close_now(test, so);

	rcu_read_lock();
	kpi_so_put(so);
	kpi_upcall_forget(so, (void *)test);
	KUNIT_EXPECT_PTR_EQ(test, (void *)so->events->kext, NULL);
	rcu_read_unlock();
}

static const struct kind {
	int domain, type;
} kinds[] = {
	{ AF_INET, SOCK_STREAM }, { AF_INET, SOCK_DGRAM }, { AF_INET6, SOCK_STREAM },
	{ AF_INET6, SOCK_DGRAM }, { AF_UNIX, SOCK_STREAM }, { AF_UNIX, SOCK_DGRAM },
};

/* Ordinary kernel sockets do not, and work on when the namespace is gone. */
static void namespace_is_kept(struct kunit *test)
{
	socket_t so = layer(test, AF_INET, SOCK_STREAM), new_so = NULL;
	int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		KUNIT_EXPECT_TRUE(test, layer(test, kinds[i].domain,
					      kinds[i].type)->sk->sk_net_refcnt);

	client_of(test, listen_layer(test, so));
	KUNIT_ASSERT_EQ(test, kpi_sock_accept(so, NULL, 0, 0, NULL, NULL, &new_so), 0);
	KUNIT_EXPECT_TRUE(test, new_so->sk->sk_net_refcnt);
	kpi_sock_close(new_so);
}

/* A sender that has the queue's lock since before the hooks were put in, and is slow. */
struct slow_sender {
	struct sock *sk;
	struct sk_buff *skb;
	struct completion begun;
	struct completion ended;
};

static int queue_slowly(void *arg)
{
	struct slow_sender *sender = arg;
	unsigned long end = jiffies + msecs_to_jiffies(ST_DEADLINE_MS);
	struct sk_buff_head *queue = &sender->sk->sk_receive_queue;

	spin_lock_bh(&queue->lock);
	__skb_unlink(sender->skb, queue);
	complete(&sender->begun);
	while (!READ_ONCE(sender->sk->sk_user_data) && time_before(jiffies, end))
		cpu_relax();
	mdelay(20);		/* whoever does not wait has long gone on */
	__skb_queue_tail(queue, sender->skb);
	spin_unlock_bh(&queue->lock);
	complete(&sender->ended);
	return 0;
}

static socket_t listen_path(struct kunit *test, const char *path)
{
	socket_t so = layer(test, AF_UNIX, SOCK_STREAM);
	struct bsd_sockaddr_un at = { .sun_len = sizeof(at), .sun_family = AF_UNIX };

	strscpy(at.sun_path, path, sizeof(at.sun_path));
	KUNIT_ASSERT_EQ(test, kpi_sock_bind(so, (struct bsd_sockaddr *)&at), 0);
	KUNIT_ASSERT_EQ(test, kpi_sock_listen(so, 1), 0);
	return so;
}

static void what_is_queued_meanwhile_is_seen(struct kunit *test)
{
	struct slow_sender sender = {
		.begun = COMPLETION_INITIALIZER_ONSTACK(sender.begun),
		.ended = COMPLETION_INITIALIZER_ONSTACK(sender.ended),
	};
	struct st_peer *peer = st_peer(test, AF_UNIX, SOCK_STREAM);
	const char *path = st_path(test);
	socket_t so = listen_path(test, path), new_so = NULL;
	atomic_t bytes = ATOMIC_INIT(0);
	struct task_struct *task;

	if (num_online_cpus() < 2)
		kunit_skip(test, "a lock is held meanwhile, by another CPU");
	KUNIT_ASSERT_EQ(test, st_peer_connect_path(peer, path), 0);
	KUNIT_ASSERT_EQ(test, st_peer_send(peer, "x", 1), 1L);
	sender.sk = skb_peek(&so->sk->sk_receive_queue)->sk;
	sender.skb = skb_peek(&sender.sk->sk_receive_queue);

	migrate_disable();
	task = kthread_create(queue_slowly, &sender, "slow sender");
	kthread_bind(task, cpumask_any_but(cpu_online_mask, smp_processor_id()));
	wake_up_process(task);
	migrate_enable();
	wait_for_completion(&sender.begun);
	KUNIT_EXPECT_EQ(test, kpi_sock_accept(so, NULL, 0, 0, count_call, &bytes, &new_so), 0);
	wait_for_completion(&sender.ended);
	KUNIT_EXPECT_TRUE_MSG(test, came(&bytes, 1), "the kext was not called");
	kpi_sock_close(new_so);
}

/*
 * The task's page for small writes may be half filled by a send that reclaim interrupted; that of
 * an upcall's thread is free, although it is told to keep off I/O.
 */
static void send_from_upcall(socket_t so, void *cookie, int waitf)
{
	struct bsd_iovec iov = { .iov_base = "x", .iov_len = 1 };
	struct bsd_msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t n;

	if (!(current->flags & PF_MEMALLOC_NOIO) || kpi_sock_send(so, &msg, 0, &n))
		return;
	atomic_set(cookie, so->sk->sk_use_task_frag ? 1 : 2);
}

static void reclaim_keeps_off_the_tasks_page(struct kunit *test)
{
	struct bsd_iovec iov = { .iov_base = "x", .iov_len = 1 };
	struct bsd_msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	socket_t so = layer(test, AF_INET, SOCK_STREAM), new_so = NULL;
	struct socket *client = client_of(test, listen_layer(test, so));
	atomic_t result = ATOMIC_INIT(0);
	unsigned int noio;
	size_t n;

	KUNIT_ASSERT_EQ(test, kpi_sock_accept(so, NULL, 0, 0, NULL, NULL, &new_so), 0);
	noio = memalloc_noio_save();
	KUNIT_EXPECT_EQ(test, kpi_sock_send(new_so, &msg, 0, &n), 0);
	memalloc_noio_restore(noio);
	KUNIT_EXPECT_FALSE(test, new_so->sk->sk_use_task_frag);
	KUNIT_EXPECT_EQ(test, kpi_sock_send(new_so, &msg, 0, &n), 0);
	KUNIT_EXPECT_TRUE(test, new_so->sk->sk_use_task_frag);

	KUNIT_EXPECT_EQ(test, kpi_sock_setupcall(new_so, send_from_upcall, &result), 0);
	send_byte(test, client);
	KUNIT_EXPECT_TRUE_MSG(test, came(&result, 1), "not so in an upcall: %d",
			      atomic_read(&result));
	kpi_sock_close(new_so);
}

/*
 * Who waits for memory in the middle of a message has the stream to himself. That takes
 * allocations that fail for long, so that it is only said here.
 */
static void a_message_in_its_middle_keeps_the_stream(struct kunit *test)
{
	struct bsd_iovec iov = { .iov_base = "x", .iov_len = 1 };
	struct bsd_msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	socket_t so = layer(test, AF_INET, SOCK_STREAM), new_so = NULL;
	struct socket *client = client_of(test, listen_layer(test, so));
	size_t n;

	KUNIT_ASSERT_EQ(test, kpi_sock_accept(so, NULL, 0, 0, NULL, NULL, &new_so), 0);
	WRITE_ONCE(new_so->midway, true);
	KUNIT_EXPECT_EQ(test, kpi_sock_send(new_so, &msg, KPI_MSG_DONTWAIT, &n), EWOULDBLOCK);
	WRITE_ONCE(new_so->midway, false);
	KUNIT_EXPECT_EQ(test, kpi_sock_send(new_so, &msg, KPI_MSG_DONTWAIT, &n), 0);
	expect_byte(test, client);
	kpi_sock_close(new_so);
}

#define MANY	100000

static int received;

/* There is always one more. */
static int receive_endlessly(struct socket *sock, struct msghdr *msg, size_t len, int flags)
{
	return ++received < MANY ? 1 : -EAGAIN;
}

static void shutdown_ends_under_a_flood(struct kunit *test)
{
	socket_t so = layer(test, AF_INET, SOCK_DGRAM);
	struct bsd_sockaddr_in to = { .sin_len = sizeof(to), .sin_family = AF_INET };
	const struct proto_ops *usual = so->sock->ops;
	const struct proto_ops endless = {
		.family = usual->family,
		.shutdown = usual->shutdown,
		.recvmsg = receive_endlessly,
	};

	to.sin_addr.s_addr = (__force u32)htonl(INADDR_LOOPBACK);
	to.sin_port = (__force u16)htons(9);
	KUNIT_ASSERT_EQ(test, kpi_sock_connect(so, (struct bsd_sockaddr *)&to, 0), 0);
	received = 0;
	WRITE_ONCE(so->sock->ops, &endless);
	KUNIT_EXPECT_EQ(test, kpi_sock_shutdown(so, KPI_SHUT_RD), 0);
	WRITE_ONCE(so->sock->ops, usual);
	KUNIT_EXPECT_LT(test, received, 100);
}

static struct kunit_case life_cases[] = {
	KUNIT_CASE(connections_that_leave_are_ordinary),
	KUNIT_CASE(waiting_connections_are_ordinary),
	KUNIT_CASE(taken_connection_is_left_alone),
	KUNIT_CASE(memory_stays_for_readers),
	KUNIT_CASE(namespace_is_kept),
	KUNIT_CASE(what_is_queued_meanwhile_is_seen),
	KUNIT_CASE(shutdown_ends_under_a_flood),
	KUNIT_CASE(reclaim_keeps_off_the_tasks_page),
	KUNIT_CASE(a_message_in_its_middle_keeps_the_stream),
	{ }
};

struct kunit_suite st_life_suite = {
	.name = "sock_life",
	.init = st_case_init,
	.exit = st_case_exit,
	.suite_exit = st_suite_exit,
	.test_cases = life_cases,
};
