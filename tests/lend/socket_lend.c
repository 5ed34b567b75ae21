// SPDX-License-Identifier: GPL-2.0
/*
 * What a process does with a socket it has lent to a kext, for kernels without KUnit: TLS,
 * low-water marks, descriptors in messages.
 *
 * This module is the process and the kext at once. Reading debugfs netkpi_socket_lend runs
 * the tests and gives TAP; tests/scripts/socket_lend.sh does.
 */

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/in.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <linux/tls.h>
#include <linux/un.h>

#include <net/sock.h>

#include <kpi/mbuf.h>
#include <kpi/socket.h>
#include <kpi/socknum.h>

#include "compat/socket.h"
#include "kpi_priv.h"

#define MUCH	100000

static u8 *bytes, *got;
static unsigned int number;

static void check(struct seq_file *seq, const char *name, bool good)
{
	seq_printf(seq, "%sok %u - %s\n", good ? "" : "not ", ++number, name);
}

/* A connection of two processes; the first end has a descriptor. */
struct pair {
	struct socket *mine, *other;
	struct file *file;
	int fd;
	socket_t so;
};

static void *loopback(struct sockaddr_storage *to, struct socket *listener)
{
	struct sockaddr_in *in = (struct sockaddr_in *)to;

	memset(to, 0, sizeof(*to));
	in->sin_family = AF_INET;
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (listener)
		in->sin_port = inet_sk(listener->sk)->inet_sport;
	return to;
}

static int connect_two(struct pair *p, struct socket *listener)
{
	struct sockaddr_storage to;
	int err;

	err = kernel_bind(listener, loopback(&to, NULL), sizeof(struct sockaddr_in)) ?:
	      kernel_listen(listener, 1) ?:
	      kernel_connect(p->mine, loopback(&to, listener), sizeof(struct sockaddr_in), 0) ?:
	      kernel_accept(listener, &p->other, 0);
	if (err)
		return err;
	p->other->sk->sk_rcvtimeo = 5 * HZ;
	tcp_sock_set_nodelay(p->other->sk);
	return 0;
}

static int lend(struct pair *p)
{
	struct socket *listener;
	int err;

	err = sock_create_kern(&init_net, AF_INET, SOCK_STREAM, 0, &listener) ?:
	      sock_create_kern(&init_net, AF_INET, SOCK_STREAM, 0, &p->mine) ?:
	      connect_two(p, listener);
	if (err)
		return err;
	sock_release(listener);
	p->file = sock_alloc_file(p->mine, 0, NULL);
	if (IS_ERR(p->file))
		return PTR_ERR(p->file);
	p->fd = get_unused_fd_flags(0);
	if (p->fd < 0)
		return p->fd;
	fd_install(p->fd, p->file);
	return kpi_file_socket(p->fd, &p->so);
}

static void end(struct pair *p)
{
	kpi_file_drop(p->fd);
	close_fd(p->fd);
	sock_release(p->other);
}

static int set_keys(struct socket *sock, int name)
{
	struct tls12_crypto_info_aes_gcm_128 keys = {
		.info = { TLS_1_2_VERSION, TLS_CIPHER_AES_GCM_128 },
		.key = "0123456789abcde", .iv = "ivivivi", .salt = "sal",
	};
	int err;

	err = sock->ops->setsockopt(sock, SOL_TLS, name, KERNEL_SOCKPTR(&keys), sizeof(keys));
	return err == -ENOENT ? -EIO : err;	/* TLS is there, but not its cipher */
}

static int switch_on(struct socket *sock)
{
	int err = sock->ops->setsockopt(sock, SOL_TCP, TCP_ULP, KERNEL_SOCKPTR("tls"), 4);

	return err ?: set_keys(sock, TLS_TX) ?: set_keys(sock, TLS_RX);
}

/* As a process. */
static bool sends(struct socket *sock, size_t len)
{
	struct kvec vec = { bytes, len };
	struct msghdr msg = {};

	return kernel_sendmsg(sock, &msg, &vec, 1, len) == len;
}

static bool reads(struct socket *sock, size_t len)
{
	size_t done = 0;

	memset(got, 0, len);
	while (done < len) {
		struct kvec vec = { got + done, len - done };
		struct msghdr msg = {};
		int n = kernel_recvmsg(sock, &msg, &vec, 1, len - done, 0);

		if (n <= 0)
			return false;
		done += n;
	}
	return !memcmp(got, bytes, len);
}

/* As a kext. */
static bool kext_sends(socket_t so, size_t len)
{
	mbuf_t m = NULL;
	size_t sent;

	if (kpi_mbuf_allocpacket(MBUF_WAITOK, len, NULL, &m) ||
	    kpi_mbuf_copyback(m, 0, len, bytes, MBUF_WAITOK))
		return false;
	return !kpi_sock_sendmbuf(so, NULL, m, 0, &sent) && sent == len;
}

static bool kext_reads(socket_t so, size_t len)
{
	struct bsd_timeval patience = { .tv_sec = 5 };
	size_t done = 0;

	memset(got, 0, len);
	if (kpi_sock_setsockopt(so, SOL_SOCKET, KPI_SO_RCVTIMEO, &patience, sizeof(patience)))
		return false;
	while (done < len) {
		size_t n = len - done;
		mbuf_t m;

		if (kpi_sock_receivembuf(so, NULL, &m, 0, &n) || !n)
			return false;
		kpi_mbuf_copydata(m, 0, n, got + done);
		kpi_mbuf_freem(m);
		done += n;
	}
	return !memcmp(got, bytes, len);
}

static void tls(struct seq_file *seq)
{
	struct pair p = {};
	int err, i;

	check(seq, "a socket is lent", !lend(&p));
	check(seq, "in clear", kext_sends(p.so, 5000) && reads(p.other, 5000) &&
	      sends(p.other, 5000) && kext_reads(p.so, 5000));
	err = switch_on(p.mine);
	if (err == -ENOENT) {
		seq_printf(seq, "ok %u - TLS # SKIP this kernel has none\n", ++number);
		end(&p);
		return;
	}
	check(seq, "both switch TLS on", !err && !switch_on(p.other));
	for (i = 0; i < 3; i++) {
		check(seq, "what the kext sends is encrypted", kext_sends(p.so, MUCH >> i) &&
		      reads(p.other, MUCH >> i));
		check(seq, "what it receives is decrypted", sends(p.other, MUCH >> i) &&
		      kext_reads(p.so, MUCH >> i));
	}
	sends(p.other, MUCH / 4);	/* and goes while there is some */
	end(&p);
}

static void low_water(struct seq_file *seq)
{
	struct pair p = {};
	int mark = 1000;

	check(seq, "another one is lent", !lend(&p) &&
	      !sock_setsockopt(p.mine, SOL_SOCKET, SO_RCVLOWAT, KERNEL_SOCKPTR(&mark),
			       sizeof(mark)));
	check(seq, "the process's SO_RCVLOWAT does not stop the kext", sends(p.other, 10) &&
	      kext_reads(p.so, 10));
	end(&p);
}

static int send_descriptor(struct socket *sock, struct sockaddr_un *to, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] __aligned(sizeof(size_t)) = {};
	struct cmsghdr *cmsg = (struct cmsghdr *)control;
	struct msghdr msg = {
		.msg_name = to, .msg_namelen = sizeof(*to),
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct kvec vec = { bytes, 5 };

	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	*(int *)CMSG_DATA(cmsg) = fd;
	iov_iter_kvec(&msg.msg_iter, ITER_SOURCE, &vec, 1, 5);
	return kpi_compat_sendmsg(sock, &msg);
}

static bool comes_cut(socket_t so)
{
	u8 data[8], control[64];
	struct bsd_iovec iov = { data, sizeof(data) };
	struct bsd_msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	size_t len;

	return !kpi_sock_receive(so, &msg, 0, &len) && len == 5 && !msg.msg_controllen &&
	       msg.msg_flags & KPI_MSG_CTRUNC;
}

static void rights(struct seq_file *seq)
{
	static const char path[] = "/tmp/lend";
	struct bsd_sockaddr_un at = { .sun_len = 2 + sizeof(path), .sun_family = AF_UNIX };
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct pair p = {};
	struct socket *peer;
	int on = 1, i;
	bool good;
	socket_t so;
	long uses;

	strscpy(at.sun_path, path, sizeof(at.sun_path));
	strscpy(to.sun_path, path, sizeof(to.sun_path));
	good = !kpi_sock_socket(AF_UNIX, SOCK_DGRAM, 0, NULL, NULL, &so) &&
	       !kpi_sock_bind(so, (struct bsd_sockaddr *)&at) &&
	       !kpi_sock_setsockopt(so, SOL_SOCKET, KPI_SO_TIMESTAMP, &on, sizeof(on)) &&
	       !sock_create_kern(&init_net, AF_UNIX, SOCK_DGRAM, 0, &peer) && !lend(&p);
	check(seq, "an AF_UNIX socket of the kext", good);
	if (!good)
		return;
	uses = file_count(p.file);
	for (i = 0; i < 3 && good; i++)
		good = send_descriptor(peer, &to, p.fd) == 5 && comes_cut(so);
	check(seq, "descriptors for a kext are dropped", good);
	check(seq, "and do not stay", file_count(p.file) == uses);
	end(&p);
	sock_release(peer);
	kpi_sock_close(so);
}

static int lend_show(struct seq_file *seq, void *unused)
{
	number = 0;
	tls(seq);
	low_water(seq);
	rights(seq);
	seq_printf(seq, "1..%u\n", number);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(lend);

static struct dentry *entry;

static int __init lend_init(void)
{
	int i;

	bytes = kvmalloc(MUCH, GFP_KERNEL);
	got = kvmalloc(MUCH, GFP_KERNEL);
	if (!bytes || !got) {
		kvfree(bytes);
		kvfree(got);
		return -ENOMEM;
	}
	for (i = 0; i < MUCH; i++)
		bytes[i] = i * 7 + i / 251;
	entry = debugfs_create_file("netkpi_socket_lend", 0400, NULL, NULL, &lend_fops);
	return 0;
}
module_init(lend_init);

static void __exit lend_exit(void)
{
	debugfs_remove(entry);
	kvfree(bytes);
	kvfree(got);
}
module_exit(lend_exit);

KPI_IMPORT();
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("sockets that a process has lent");
