// SPDX-License-Identifier: GPL-2.0
/* The program whose sockets are filtered, and KUnit around the scenarios. */

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/fcntl.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <linux/umh.h>
#include <net/inet_connection_sock.h>
#include <net/sock.h>
#include <net/tcp.h>
#include <net/udp.h>
#include <asm/ioctls.h>

#include <netkpi/kext.h>

#include <kpi/socknum.h>

#include "compat/socket.h"
#include "filter/socket/filtered.h"
#include "filter/socket/passed.h"

#include "../../kext_suite.h"
#include "test.h"

struct ft_sock {
	struct list_head node;
	struct socket *sock;
};

struct ft_thread {
	struct list_head node;
	struct task_struct *task;
	void (*fn)(void *arg);
	void *arg;
	struct completion ended;
};

static struct kunit *running;		/* scenarios run one at a time */
static long leaked;			/* sockets of cases before */
static LIST_HEAD(sockets);
static LIST_HEAD(threads);
static DEFINE_MUTEX(lists_lock);

static struct ft_sock *remember(struct socket *sock)
{
	struct ft_sock *s = kzalloc(sizeof(*s), GFP_KERNEL | __GFP_NOFAIL);

	s->sock = sock;
	mutex_lock(&lists_lock);
	list_add(&s->node, &sockets);
	mutex_unlock(&lists_lock);
	return s;
}

struct ft_sock *ft_open(int family, int type, int protocol)
{
	struct socket *sock;
	int err = sock_create(family, type, protocol, &sock);

	KUNIT_ASSERT_EQ_MSG(running, err, 0, "socket()");
	return remember(sock);
}

struct ft_sock *ft_open_kernels(void)
{
	struct socket *sock;

	KUNIT_ASSERT_EQ(running, sock_create_kern(&init_net, AF_INET, SOCK_STREAM, IPPROTO_TCP,
						  &sock), 0);
	return remember(sock);
}

/* By the program: nothing that is exported does it. */
static int ip_netns(const char *what)
{
	char *argv[5] = { "/sbin/ip", "netns", (char *)what, "sflt_elsewhere", NULL };
	char *envp[2] = { "PATH=/sbin:/bin:/usr/sbin:/usr/bin", NULL };

	return call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

static struct net *other_net(void)
{
	struct net *net, *found = NULL;

	rcu_read_lock();
	for_each_net_rcu(net)
		if (!found && net != &init_net)
			found = maybe_get_net(net);
	rcu_read_unlock();
	return found;
}

struct ft_sock *ft_open_elsewhere(void)
{
	struct socket *sock;
	struct net *net;

	KUNIT_ASSERT_EQ(running, ip_netns("add"), 0);
	net = other_net();
	KUNIT_ASSERT_NOT_NULL(running, net);
	KUNIT_EXPECT_EQ(running, __sock_create(net, AF_INET, SOCK_STREAM, IPPROTO_TCP, &sock, 0), 0);
	put_net(net);
	ip_netns("del");		/* the socket keeps it */
	return remember(sock);
}

void *ft_init(struct ft_sock *s)
{
	return (void *)s->sock->sk->sk_prot_creator->init;
}

void ft_fill(struct ft_sock *s, int on)
{
	struct sock *sk = s->sock->sk;

	if (on)
		refcount_add(sk->sk_sndbuf, &sk->sk_wmem_alloc);
	else
		WARN_ON(refcount_sub_and_test(sk->sk_sndbuf, &sk->sk_wmem_alloc));
}

int ft_waits_for_space(struct ft_sock *s)
{
	return test_bit(SOCK_NOSPACE, &s->sock->flags);
}

void ft_try_socket(unsigned int n)
{
	struct socket *sock;
	int err;

	kt_fail_allocation(n);
	err = sock_create(AF_INET, SOCK_STREAM, IPPROTO_TCP, &sock);
	kt_fail_allocation(0);
	if (!err)
		sock_release(sock);
}

struct ft_sock *ft_tcp(void)
{
	return ft_open(AF_INET, SOCK_STREAM, IPPROTO_TCP);
}

struct ft_sock *ft_udp(void)
{
	return ft_open(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
}

static int name(const struct ft_sock *s, struct sockaddr_storage *addr, u16 port)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)addr;
	struct sockaddr_in *in = (struct sockaddr_in *)addr;

	memset(addr, 0, sizeof(*addr));
	if (s->sock->sk->sk_family == AF_INET) {
		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(*in);
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	in6->sin6_addr = in6addr_loopback;
	return sizeof(*in6);
}

int ft_bind(struct ft_sock *s, u16 port)
{
	struct sockaddr_storage addr;
	int len = name(s, &addr, port);

	return kpi_compat_bind(s->sock, &addr, len);
}

int ft_connect(struct ft_sock *s, u16 port, int nonblock)
{
	struct sockaddr_storage addr;
	int len = name(s, &addr, port);

	return kpi_compat_connect(s->sock, &addr, len, nonblock ? O_NONBLOCK : 0);
}

int ft_listen(struct ft_sock *s)
{
	return kernel_listen(s->sock, 16);
}

static int call_accept(struct socket *sock, struct socket *fresh)
{
#ifdef KPI_HAVE_PROTO_ACCEPT_ARG
	struct proto_accept_arg arg = { .flags = O_NONBLOCK };

	return sock->ops->accept(sock, fresh, &arg);
#else
	return sock->ops->accept(sock, fresh, O_NONBLOCK, false);
#endif
}

/* As the system call: the connection has its listener's operations before. */
struct ft_sock *ft_accept(struct ft_sock *s, int *err)
{
	struct socket *fresh;

	*err = sock_create_lite(s->sock->sk->sk_family, s->sock->type, s->sock->sk->sk_protocol,
				&fresh);
	if (*err)
		return NULL;
	fresh->ops = s->sock->ops;
	__module_get(fresh->ops->owner);
	*err = call_accept(s->sock, fresh);
	if (!*err)
		return remember(fresh);
	sock_release(fresh);
	return NULL;
}

int ft_retries(struct ft_sock *s)
{
	return READ_ONCE(inet_csk(s->sock->sk)->icsk_retransmits);
}

int ft_same_tcp(struct ft_sock *a, struct ft_sock *b)
{
	return inet_csk(a->sock->sk)->icsk_af_ops == inet_csk(b->sock->sk)->icsk_af_ops;
}

int ft_shutdown(struct ft_sock *s, int how)
{
	return kernel_sock_shutdown(s->sock, how);
}

void ft_close(struct ft_sock *s)
{
	mutex_lock(&lists_lock);
	list_del(&s->node);
	mutex_unlock(&lists_lock);
	sock_release(s->sock);
	kfree(s);
}

static int port_of(const struct sockaddr_storage *addr)
{
	return ntohs(((const struct sockaddr_in *)addr)->sin_port);
}

int ft_port(struct ft_sock *s, int peer)
{
	struct sockaddr_storage addr;
	int len = s->sock->ops->getname(s->sock, (struct sockaddr *)&addr, peer);

	return len < 0 ? len : port_of(&addr);
}

int ft_linux_port(struct ft_sock *s, int peer)
{
	const struct inet_sock *inet = inet_sk(s->sock->sk);

	return ntohs(peer ? inet->inet_dport : inet->inet_sport);
}

long ft_send(struct ft_sock *s, const void *buf, size_t len, int flags)
{
	struct kvec vec = { (void *)buf, len };
	struct msghdr msg = { .msg_flags = flags | MSG_NOSIGNAL };

	return kernel_sendmsg(s->sock, &msg, &vec, 1, len);
}

long ft_send_to(struct ft_sock *s, u16 port, const void *buf, size_t len)
{
	struct sockaddr_storage addr;
	struct kvec vec = { (void *)buf, len };
	struct msghdr msg = { .msg_name = &addr, .msg_namelen = name(s, &addr, port) };

	return kernel_sendmsg(s->sock, &msg, &vec, 1, len);
}

long ft_recv_from(struct ft_sock *s, u16 *port, void *buf, size_t len, int flags)
{
	struct sockaddr_storage addr = {};
	struct kvec vec = { buf, len };
	struct msghdr msg = { .msg_name = &addr };
	long n = kernel_recvmsg(s->sock, &msg, &vec, 1, len, flags);

	*port = port_of(&addr);
	return n;
}

long ft_recv(struct ft_sock *s, void *buf, size_t len, int flags)
{
	u16 port;

	return ft_recv_from(s, &port, buf, len, flags);
}

long ft_recv_cut(struct ft_sock *s, void *buf, size_t len, int *cut)
{
	struct kvec vec = { buf, len };
	struct msghdr msg = { };
	long n;

	iov_iter_kvec(&msg.msg_iter, ITER_DEST, &vec, 1, len);
	n = sock_recvmsg(s->sock, &msg, MSG_DONTWAIT);
	*cut = !!(msg.msg_flags & MSG_TRUNC);
	return n;
}

/* As do_sock_setsockopt() decides who is asked. */
int ft_setopt(struct ft_sock *s, int level, int name, int value)
{
	sockptr_t ptr = KERNEL_SOCKPTR(&value);
	bool custom = false;

#ifdef KPI_HAVE_CUSTOM_SOCKOPT
	custom = test_bit(SOCK_CUSTOM_SOCKOPT, &s->sock->flags);
#endif
	if (level == SOL_SOCKET && !custom)
		return sock_setsockopt(s->sock, level, name, ptr, sizeof(value));
	return s->sock->ops->setsockopt(s->sock, level, name, ptr, sizeof(value));
}

static int __user *user_page(void)
{
	return (int __user *)kt_user_page();
}

/* -EFAULT without user memory. */
int ft_getopt(struct ft_sock *s, int level, int name, int *value, int *len)
{
	int __user *user = user_page();
	int err;

	if (!user || put_user(*len, user + 1))
		return -EFAULT;
	err = s->sock->ops->getsockopt(s->sock, level, name, (char __user *)user, user + 1);
	return get_user(*value, user) || get_user(*len, user + 1) ? -EFAULT : err;
}

int ft_inq(struct ft_sock *s)
{
	int __user *user = user_page();
	int err, n;

	if (!user)
		return -EFAULT;
	err = s->sock->ops->ioctl(s->sock, SIOCINQ, (unsigned long)user);
	return err ?: get_user(n, user) ? -EFAULT : n;
}

unsigned int ft_poll(struct ft_sock *s)
{
	static struct file nonblocking = { .f_flags = O_NONBLOCK };

	return (__force unsigned int)s->sock->ops->poll(&nonblocking, s->sock, NULL);
}

unsigned int ft_pollin(void)
{
	return (__force unsigned int)EPOLLIN;
}

unsigned int ft_pollerr(void)
{
	return (__force unsigned int)EPOLLERR;
}

int ft_readable(struct ft_sock *s)
{
	return !!(ft_poll(s) & ft_pollin());
}

int ft_state(struct ft_sock *s)
{
	return READ_ONCE(s->sock->sk->sk_state);
}

int ft_is_wrapped(struct ft_sock *s)
{
	return kpi_sflt_linux_ops(s->sock) != s->sock->ops;
}

int ft_nke(struct ft_sock *s, int level, u32 handle, int len)
{
	u32 nke[7] = { handle };

	return s->sock->ops->setsockopt(s->sock, level, KPI_SO_NKE, KERNEL_SOCKPTR(nke), len);
}

int ft_ulp(struct ft_sock *s, const char *name)
{
	return s->sock->ops->setsockopt(s->sock, SOL_TCP, TCP_ULP, KERNEL_SOCKPTR((void *)name),
					strlen(name));
}

/* Who waits there looks again, and by the time that the socket is refused sleeps again. */
static struct ft_thread *waiting;

static int refuse(struct sock *sk)
{
	wake_up_process(waiting->task);
	return ft_asleep(waiting) ? -EUSERS : -EINVAL;
}

static struct tcp_ulp_ops refusing = {
	.name = "refusing",
	.owner = THIS_MODULE,
	.init = refuse,
};

int ft_refused_ulp(struct ft_sock *s, struct ft_thread *reader)
{
	int err = tcp_register_ulp(&refusing);

	if (err)
		return err;
	waiting = reader;
	err = ft_ulp(s, refusing.name);
	tcp_unregister_ulp(&refusing);
	return err;
}

int ft_addrform(struct ft_sock *s, int family)
{
	return s->sock->ops->setsockopt(s->sock, SOL_IPV6, IPV6_ADDRFORM, KERNEL_SOCKPTR(&family),
					sizeof(family));
}

int ft_listen_for(struct ft_sock *s, int backlog)
{
	return kernel_listen(s->sock, backlog);
}

int ft_connect_late(struct ft_sock *s, u16 port)
{
	return ft_setopt(s, SOL_TCP, TCP_FASTOPEN_NO_COOKIE, 1) ?:
	       ft_setopt(s, SOL_TCP, TCP_FASTOPEN_CONNECT, 1) ?: ft_connect(s, port, 1);
}

int ft_disconnect(struct ft_sock *s)
{
	struct sockaddr_storage addr = { .ss_family = AF_UNSPEC };

	return kpi_compat_connect(s->sock, &addr, sizeof(struct sockaddr_in), 0);
}

int ft_is_connected(struct ft_sock *s)
{
	return ft_state(s) == TCP_ESTABLISHED;
}

int ft_repair(struct ft_sock *s, int on)
{
	int err = ft_setopt(s, SOL_TCP, TCP_REPAIR, on ? TCP_REPAIR_ON : TCP_REPAIR_OFF_NO_WP);

	return err || !on ? err : ft_setopt(s, SOL_TCP, TCP_REPAIR_QUEUE, TCP_RECV_QUEUE);
}

void ft_set_sndtimeo(struct ft_sock *s, unsigned int ms)
{
	s->sock->sk->sk_sndtimeo = msecs_to_jiffies(ms) + 1;
}

/* Not moderated by TCP from now on. */
void ft_set_buffers(struct ft_sock *s, int size)
{
	struct sock *sk = s->sock->sk;

	lock_sock(sk);
	sk->sk_userlocks |= SOCK_SNDBUF_LOCK | SOCK_RCVBUF_LOCK;
	WRITE_ONCE(sk->sk_sndbuf, 2 * size);
	WRITE_ONCE(sk->sk_rcvbuf, 2 * size);
	release_sock(sk);
}

void ft_set_error(struct ft_sock *s, int error)
{
	WRITE_ONCE(s->sock->sk->sk_err, error);
	sk_error_report(s->sock->sk);
}

int ft_take_error(struct ft_sock *s)
{
	return -sock_error(s->sock->sk);
}

void ft_must_not_wait(struct ft_sock *s)
{
	s->sock->sk->sk_allocation = GFP_NOIO;
}

static bool other_is_readable(struct sock *sk)
{
	return true;
}

void ft_take_over(struct ft_sock *s)
{
	static struct proto other;

	other = *s->sock->sk->sk_prot;
	other.sock_is_readable = other_is_readable;
	WRITE_ONCE(s->sock->sk->sk_prot, &other);
}

void ft_allow_ping(int yes)
{
	WRITE_ONCE(init_net.ipv4.ping_group_range.range[0], make_kgid(&init_user_ns, !yes));
	WRITE_ONCE(init_net.ipv4.ping_group_range.range[1], make_kgid(&init_user_ns, 0));
}

unsigned long ft_read_ahead_limit(unsigned long bytes)
{
	return xchg(&kpi_sflt_ahead_limit, bytes);
}

int ft_takes_datagram(struct ft_sock *s)
{
	struct sk_buff *skb;
	int err, alone;

	skb = skb_recv_udp(s->sock->sk, MSG_DONTWAIT, &err);
	if (!skb)
		return err;
	alone = !skb_cloned(skb);
	kfree_skb(skb);
	return alone;
}

int ft_pair(struct ft_sock *pair[2])
{
	struct ft_sock *listener = ft_tcp();
	int err;

	err = ft_bind(listener, 0) ?: ft_listen(listener);
	if (err)
		return err;
	pair[0] = ft_tcp();
	err = ft_connect(pair[0], ft_linux_port(listener, 0), 0);
	if (err)
		return err;
	pair[1] = ft_accept(listener, &err);
	ft_close(listener);
	return err;
}

static int thread_main(void *arg)
{
	struct ft_thread *thread = arg;

	allow_signal(SIGKILL);
	thread->fn(thread->arg);
	complete(&thread->ended);
	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

struct ft_thread *ft_thread(void (*fn)(void *arg), void *arg)
{
	struct ft_thread *thread = kzalloc(sizeof(*thread), GFP_KERNEL | __GFP_NOFAIL);

	thread->fn = fn;
	thread->arg = arg;
	init_completion(&thread->ended);
	thread->task = kthread_create(thread_main, thread, "ft_program");
	KUNIT_ASSERT_FALSE(running, IS_ERR(thread->task));
	get_task_struct(thread->task);
	mutex_lock(&lists_lock);
	list_add(&thread->node, &threads);
	mutex_unlock(&lists_lock);
	wake_up_process(thread->task);
	return thread;
}

void ft_join(struct ft_thread *thread)
{
	mutex_lock(&lists_lock);
	list_del(&thread->node);
	mutex_unlock(&lists_lock);
	KUNIT_EXPECT_NE_MSG(running, wait_for_completion_timeout(&thread->ended, 10 * HZ), 0UL,
			    "a thread does not end");
	kthread_stop(thread->task);
	put_task_struct(thread->task);
	kfree(thread);
}

int ft_asleep(struct ft_thread *thread)
{
	int looks, i;

	for (i = 0; i < 1000; i++) {
		for (looks = 0; looks < 5; looks++) {
			if (READ_ONCE(thread->task->__state) == TASK_RUNNING)
				break;
			kt_pause_ms(2);
		}
		if (looks == 5)
			return 1;
		kt_pause_ms(2);
	}
	return 0;
}

void ft_kill(struct ft_thread *thread)
{
	send_sig(SIGKILL, thread->task, 1);
}

static int begin(struct kunit *test)
{
	running = test;
	return 0;
}

static void end(struct kunit *test)
{
	int i;

	while (!list_empty(&sockets))
		ft_close(list_first_entry(&sockets, struct ft_sock, node));
	while (!list_empty(&threads))
		ft_join(list_first_entry(&threads, struct ft_thread, node));
	ft_forget_filters();
	for (i = 0; i < 500 && kpi_sflt_sockets() > leaked; i++)
		kt_pause_ms(1);
	KUNIT_EXPECT_EQ_MSG(test, kpi_sflt_sockets(), leaked, "a socket is filtered still");
	leaked = kpi_sflt_sockets();	/* each is told once */
}

#define MAKE_PROGRAM_SUITE(suite)	MAKE_SUITE_OF(suite, kt_become_kext, begin, end)
FT_SUITES(MAKE_PROGRAM_SUITE)

kunit_test_suites(&sflt_register_suite, &sflt_decide_suite, &sflt_connect_in_suite,
		  &sflt_own_suite, &sflt_data_suite, &sflt_unseen_suite);

KPI_IMPORT();
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of netkpi's socket filters");
