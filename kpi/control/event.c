// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel events: a kext or the layer posts one, and whoever has a socket of protocol
 * SYSPROTO_EVENT gets a copy, if its filter lets it through.
 *
 * Posting works in any context and waits for nobody: who does not read loses events,
 * which are counted as drops of its socket.
 */

#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/termios.h>
#include <linux/sockios.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include <net/tcp_states.h>

#include <kpi/event.h>

#include "../compat/socket.h"
#include "../mbuf/chain.h"
#include "control_priv.h"
#include "event_priv.h"

/* As on macOS: what may wait for a reader, and the number of the first vendor. */
#define EVENTS_SIZE	8192
#define FIRST_VENDOR	1000

/* More is nobody's event. */
#define EVENT_MAX	2048

struct vendor {
	struct list_head node;
	u32 code;
	char name[];
};

static DEFINE_MUTEX(vendors_lock);
static LIST_HEAD(vendors);		/* never shorter; W: vendors_lock */
static u32 next_vendor = FIRST_VENDOR;

/* A program's socket, or a kext's. */
struct listener {
	struct kpi_sys_socket sys;	/* first, as in kpi_ctl_client */
	struct list_head node;		/* W: listeners_lock; read under RCU */
	struct bsd_kev_request filter;	/* 0 is any */
};

static DEFINE_SPINLOCK(listeners_lock);
static LIST_HEAD(listeners);

static atomic_t last_event;

static struct vendor *find_vendor(const char *name)
{
	struct vendor *vendor;

	lockdep_assert_held(&vendors_lock);

	list_for_each_entry(vendor, &vendors, node)
		if (!strcmp(vendor->name, name))
			return vendor;
	return NULL;
}

static struct vendor *add_vendor(const char *name)
{
	struct vendor *vendor = kmalloc(sizeof(*vendor) + strlen(name) + 1, GFP_KERNEL);

	if (!vendor)
		return NULL;
	strscpy(vendor->name, name, strlen(name) + 1);
	vendor->code = next_vendor++;
	list_add_tail(&vendor->node, &vendors);
	return vendor;
}

static int code_of(const char *name, bool create, u32 *code)
{
	struct vendor *vendor;
	int err = 0;

	mutex_lock(&vendors_lock);
	vendor = find_vendor(name);
	if (!vendor && create)
		vendor = add_vendor(name);
	if (vendor)
		*code = vendor->code;
	else
		err = create ? -ENOMEM : -ENOENT;
	mutex_unlock(&vendors_lock);
	return err;
}

/**
 * kpi_kev_vendor_code_find() - the number for a vendor's name
 * @vendor_string: the name, a bundle identifier for example
 * @vendor_code:   where the number goes
 *
 * The same name has the same number until the layer is unloaded.
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: 0; EINVAL for no name, or one of 200 bytes or more; ENOMEM.
 */
errno_t kpi_kev_vendor_code_find(const char *vendor_string, u_int32_t *vendor_code)
{
	kpi_might_sleep();
	if (!vendor_string || !vendor_code || !vendor_string[0] ||
	    strnlen(vendor_string, KEV_VENDOR_CODE_MAX_STR_LEN) == KEV_VENDOR_CODE_MAX_STR_LEN)
		return EINVAL;
	return kpi_errno(code_of(vendor_string, true, vendor_code));
}
KPI_EXPORT(kpi_kev_vendor_code_find);

/* A class counts only for one vendor, a subclass only within one class. */
static bool is_wanted(const struct bsd_kev_request *filter, const struct bsd_kern_event_msg *event)
{
	u32 vendor = READ_ONCE(filter->vendor_code);
	u32 class = READ_ONCE(filter->kev_class);
	u32 subclass = READ_ONCE(filter->kev_subclass);

	if (vendor == KEV_ANY_VENDOR)
		return true;
	if (vendor != event->vendor_code)
		return false;
	if (class == KEV_ANY_CLASS)
		return true;
	if (class != event->kev_class)
		return false;
	return subclass == KEV_ANY_SUBCLASS || subclass == event->kev_subclass;
}

static int tell(struct listener *l, const struct bsd_kern_event_msg *event)
{
	mbuf_t m = kpi_packet_of(event, event->total_size, NULL);
	int err = m ? kpi_sys_append(&l->sys, m, 0) : -ENOMEM;

	if (!err)
		return 0;
	if (m)
		kpi_mbuf_freem(m);
	kpi_compat_count_drop(&l->sys.sk);
	return err == -ENOMEM ? err : 0;
}

static int publish(struct bsd_kern_event_msg *event)
{
	struct listener *l;
	int err = 0;

	event->id = atomic_inc_return(&last_event);
	rcu_read_lock();
	list_for_each_entry_rcu(l, &listeners, node)
		if (is_wanted(&l->filter, event))
			err = tell(l, event) ?: err;
	rcu_read_unlock();
	return err;
}

static size_t length_of(const struct bsd_kev_msg *msg)
{
	size_t len = KPI_KEV_HEADER;
	int i;

	for (i = 0; i < ARRAY_SIZE(msg->dv) && msg->dv[i].data_length; i++)
		len += min_t(size_t, msg->dv[i].data_length, EVENT_MAX);
	return len;
}

static void fill(struct bsd_kern_event_msg *event, const struct bsd_kev_msg *msg, size_t len)
{
	u8 *to = (u8 *)event + KPI_KEV_HEADER;
	int i;

	event->total_size = len;
	event->vendor_code = msg->vendor_code;
	event->kev_class = msg->kev_class;
	event->kev_subclass = msg->kev_subclass;
	event->event_code = msg->event_code;
	for (i = 0; i < ARRAY_SIZE(msg->dv) && msg->dv[i].data_length; i++) {
		memcpy(to, msg->dv[i].data_ptr, msg->dv[i].data_length);
		to += msg->dv[i].data_length;
	}
}

/**
 * kpi_event_post() - post an event of anybody's
 * @msg: the event, borrowed
 *
 * Context: Interrupts enabled; never sleeps.
 * Return: 0; -EMSGSIZE; -ENOMEM if one of the listeners may have missed it.
 */
int kpi_event_post(const struct bsd_kev_msg *msg)
{
	size_t len = length_of(msg);
	struct bsd_kern_event_msg *event;
	int err;

	if (len > EVENT_MAX)
		return -EMSGSIZE;
	if (list_empty(&listeners)) {
		atomic_inc(&last_event);
		return 0;
	}
	event = kmalloc(max(len, sizeof(*event)), GFP_ATOMIC);
	if (!event)
		return -ENOMEM;
	fill(event, msg, len);
	err = publish(event);
	kfree(event);
	return err;
}

/* Whether there are bytes for each length. */
static bool is_whole(const struct bsd_kev_msg *msg)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(msg->dv) && msg->dv[i].data_length; i++)
		if (!msg->dv[i].data_ptr)
			return false;
	return true;
}

/**
 * kpi_kev_msg_post() - post a kernel event
 * @event_msg: what happened, borrowed; its data ends at the first length of 0
 *
 * The event goes to everybody who listens and whose filter lets it through.
 *
 * macOS difference: none: a kext posts under its own number, from
 * kev_vendor_code_find().
 *
 * Context: Interrupts enabled; never sleeps.
 * Return: 0; EINVAL for a number that no kext has, or a length without data; EMSGSIZE
 * for more than 2 KiB; ENOMEM if one of the listeners may have missed it.
 */
errno_t kpi_kev_msg_post(struct bsd_kev_msg *event_msg)
{
	if (!event_msg || event_msg->vendor_code < FIRST_VENDOR ||
	    event_msg->vendor_code >= READ_ONCE(next_vendor))
		return EINVAL;
	if (!is_whole(event_msg)) {
		kpi_misuse("kernel event has a length and no data");
		return EINVAL;
	}
	return kpi_errno(kpi_event_post(event_msg));
}
KPI_EXPORT(kpi_kev_msg_post);

static struct listener *listener_of(struct sock *sk)
{
	return container_of(sk, struct listener, sys.sk);
}

static int set_filter(struct listener *l, const struct bsd_kev_request *filter)
{
	WRITE_ONCE(l->filter.vendor_code, filter->vendor_code);
	WRITE_ONCE(l->filter.kev_class, filter->kev_class);
	WRITE_ONCE(l->filter.kev_subclass, filter->kev_subclass);
	return 0;
}

static int find_vendor_for(struct bsd_kev_vendor_code *vendor)
{
	if (strnlen(vendor->vendor_string, sizeof(vendor->vendor_string)) ==
	    sizeof(vendor->vendor_string))
		return -EINVAL;
	return code_of(vendor->vendor_string, false, &vendor->vendor_code);
}

/* Macros of both kinds: which way the data goes is said with two bits, differently. */
#define REQUEST(cmd)		((cmd) & 0x3fffffff)
#define SIOCGKEVID		0x00046501
#define SIOCSKEVFILT		0x000c6502
#define SIOCGKEVFILT		0x000c6503
#define SIOCGKEVVENDOR		0x00cc6504

/**
 * kpi_event_request() - what can be asked of an event socket
 * @sk:  the socket
 * @cmd: the request
 * @arg: its argument, in kernel memory: in and out
 *
 * Return: 0 or a negative errno; -ENOIOCTLCMD.
 */
int kpi_event_request(struct sock *sk, unsigned int cmd, void *arg)
{
	struct listener *l = listener_of(sk);

	switch (REQUEST(cmd)) {
	case SIOCGKEVID:
		*(u32 *)arg = atomic_read(&last_event) + 1;
		return 0;
	case SIOCSKEVFILT:
		return set_filter(l, arg);
	case SIOCGKEVFILT:
		*(struct bsd_kev_request *)arg = l->filter;
		return 0;
	case SIOCGKEVVENDOR:
		return find_vendor_for(arg);
	default:
		return -ENOIOCTLCMD;
	}
}

/* In and out, whatever the bits say: what comes back is what came, or the answer. */
static int event_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	void __user *to = (void __user *)arg;
	union {
		u32 id;
		struct bsd_kev_request filter;
		struct bsd_kev_vendor_code vendor;
	} data;
	size_t size = (REQUEST(cmd) >> 16) & 0x3fff;
	int err;

	if (cmd == SIOCINQ)
		return put_user((int)READ_ONCE(kpi_sys_of(sock->sk)->queue.bytes),
				(int __user *)to);
	if (((cmd >> 8) & 0xff) != 'e' || size > sizeof(data))
		return -ENOIOCTLCMD;
	if (copy_from_user(&data, to, size))
		return -EFAULT;
	err = kpi_event_request(sock->sk, cmd, &data);
	if (!err && copy_to_user(to, &data, size))
		err = -EFAULT;
	return err;
}

#ifdef CONFIG_COMPAT
static int event_compat_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	return event_ioctl(sock, cmd, (unsigned long)compat_ptr(arg));
}
#endif

static __poll_t event_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait)
{
	sock_poll_wait(file, sock, wait);
	return kpi_sys_is_readable(kpi_sys_of(sock->sk)) ? EPOLLIN | EPOLLRDNORM : 0;
}

static int event_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (!sk)
		return 0;
	spin_lock_bh(&listeners_lock);
	list_del_rcu(&listener_of(sk)->node);
	spin_unlock_bh(&listeners_lock);
	kpi_sys_close(kpi_sys_of(sk));
	sock_orphan(sk);
	sock->sk = NULL;
	sock_put(sk);
	return 0;
}

static int event_no_name(struct socket *sock, struct sockaddr *addr, int peer)
{
	return -EOPNOTSUPP;
}

static const struct proto_ops event_ops = {
	.owner		= THIS_MODULE,
	.release	= event_release,
	.bind		= sock_no_bind,
	.connect	= sock_no_connect,
	.socketpair	= sock_no_socketpair,
	.accept		= sock_no_accept,
	.getname	= event_no_name,
	.poll		= event_poll,
	.ioctl		= event_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl	= event_compat_ioctl,
#endif
	.listen		= sock_no_listen,
	.shutdown	= sock_no_shutdown,
	.sendmsg	= sock_no_sendmsg,
	.recvmsg	= kpi_sys_recvmsg,
	.mmap		= sock_no_mmap,
};

static struct proto event_proto = {
	.name		= "KEXT_EVENT",
	.owner		= THIS_MODULE,
	.obj_size	= sizeof(struct listener),
};

/**
 * kpi_event_create() - make a socket that listens to events
 * @net:    the initial namespace
 * @sock:   the socket
 * @family: the number of PF_SYSTEM
 * @kern:   nobody's but the kernel's
 *
 * Return: 0 or a negative errno.
 */
int kpi_event_create(struct net *net, struct socket *sock, int family, int kern)
{
	struct sock *sk;

	if (sock->type != SOCK_RAW)
		return -EPROTOTYPE;
	sk = sk_alloc(net, family, GFP_KERNEL, &event_proto, kern);
	if (!sk)
		return -ENOMEM;

	sock->ops = &event_ops;
	sock_init_data(sock, sk);
	sk->sk_protocol = KPI_SYSPROTO_EVENT;
	sk->sk_state = TCP_ESTABLISHED;		/* from its creation to its end */
	sock_set_flag(sk, SOCK_RCU_FREE);
	kpi_sys_init(kpi_sys_of(sk));
	kpi_sys_open(kpi_sys_of(sk), EVENTS_SIZE);
	spin_lock_bh(&listeners_lock);
	list_add_tail_rcu(&listener_of(sk)->node, &listeners);
	spin_unlock_bh(&listeners_lock);
	return 0;
}

int kpi_event_init(void)
{
	int err = proto_register(&event_proto, 1);

	if (err)
		return err;
	err = kpi_event_net_init();
	if (err)
		proto_unregister(&event_proto);
	return err;
}

void kpi_event_exit(void)
{
	struct vendor *vendor, *next;

	kpi_event_net_exit();
	proto_unregister(&event_proto);
	list_for_each_entry_safe(vendor, next, &vendors, node)
		kfree(vendor);
}
