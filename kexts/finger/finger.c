// SPDX-License-Identifier: GPL-2.0
/*
 * finger user@server (RFC 1288), in the style of the days it comes from: the
 * upcall only wakes a thread, which sleeps until there is something to read.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/mbuf.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <netinet/in.h>
#include <kern/locks.h>
#include <kern/thread.h>

#define F_READABLE	0x01		/* flags */
#define F_STOP		0x02
#define F_RUNNING	0x04

#define PATIENCE	10		/* seconds without a word */

char *server = "127.0.0.1";
int port = 79;
char *user = "root";

int done, result, lines;

static struct sockaddr_in to = { sizeof(to), AF_INET };
static lck_grp_t *grp;
static lck_mtx_t *mtx;			/* guards flags */
static int flags;
static socket_t so;

static char line[100];
static int linelen;

static void
setflag(flag)
	int flag;
{
	lck_mtx_lock(mtx);
	flags |= flag;
	wakeup(&flags);
	lck_mtx_unlock(mtx);
}

static void
finger_upcall(so, cookie, waitf)
	socket_t so;
	void *cookie;
	int waitf;
{
	setflag((int)cookie);
}

/* Sleeps until there is something to read. */
static int
await()
{
	struct timespec ts = { PATIENCE, 0 };
	int error = 0;

	lck_mtx_lock(mtx);
	while (!error && (flags & (F_READABLE | F_STOP)) == 0)
		error = msleep(&flags, mtx, PSOCK, "finger", &ts);
	if (flags & F_STOP)
		error = EINTR;
	flags &= ~F_READABLE;
	lck_mtx_unlock(mtx);
	return error == EWOULDBLOCK ? ETIMEDOUT : error;
}

/* The upcall came: is the connection there, or what has become of it? */
static int
established()
{
	int error, len = sizeof error;

	while (!(error = await()) && !sock_isconnected(so)) {
		sock_getsockopt(so, SOL_SOCKET, SO_ERROR, &error, &len);
		if (error)
			break;
	}
	return error;
}

static int
ask()
{
	struct iovec iov[2] = { { user, strlen(user) }, { "\r\n", 2 } };
	struct msghdr msg;
	size_t len;

	bzero(&msg, sizeof msg);
	msg.msg_iov = iov;
	msg.msg_iovlen = 2;
	return sock_send(so, &msg, 0, &len);
}

static void
take(p, len)
	char *p;
	size_t len;
{
	for (; len > 0; p++, len--) {
		if (*p == '\r')
			continue;
		if (*p != '\n' && linelen < sizeof line - 1) {
			line[linelen++] = *p;
			continue;
		}
		line[linelen] = 0;
		printf("finger: %s\n", line);
		lines++;
		linelen = 0;
	}
}

/* ECONNRESET stands for the end. */
static int
answer()
{
	size_t len;
	mbuf_t m, n;
	int error;

	for (;;) {
		len = 4096;
		error = sock_receivembuf(so, 0, &m, MSG_DONTWAIT, &len);
		if (error)
			return error == EWOULDBLOCK ? 0 : error;
		if (m == 0)
			return ECONNRESET;
		for (n = m; n; n = mbuf_next(n))
			take(mbuf_data(n), mbuf_len(n));
		mbuf_freem(m);
	}
}

static int
finger()
{
	int on = 1, error;

	if ((error = sock_ioctl(so, FIONBIO, &on)))
		return error;
	error = sock_connect(so, (struct sockaddr *)&to, 0);
	if (error == EINPROGRESS)
		error = established();
	if (!error)
		error = ask();
	while (!error && !(error = await()))
		error = answer();
	return error == ECONNRESET && lines > 0 ? 0 : error;
}

static void
finger_thread(arg, wr)
	void *arg;
	wait_result_t wr;
{
	result = finger();
	if (result)
		printf("finger: %s@%s:%d: error %d\n", user, server, port, result);
	sock_close(so);

	lck_mtx_lock(mtx);
	flags &= ~F_RUNNING;
	done = 1;
	wakeup(&flags);
	lck_mtx_unlock(mtx);
}

static kern_return_t
finger_start(ki, data)
	kmod_info_t *ki;
	void *data;
{
	int on = 1;
	thread_t thread;

	to.sin_port = htons(port);
	if (!inet_aton(server, &to.sin_addr)) {
		printf("finger: server=%s: not an IPv4 address\n", server);
		return KERN_INVALID_ARGUMENT;
	}
	if (port < 1 || port > 65535) {
		printf("finger: port=%d: not a port\n", port);
		return KERN_INVALID_ARGUMENT;
	}
	grp = lck_grp_alloc_init("org.netkpi.port.finger", 0);
	mtx = lck_mtx_alloc_init(grp, 0);
	flags = F_RUNNING;
	if (sock_socket(PF_INET, SOCK_STREAM, 0, finger_upcall, (void *)F_READABLE, &so) == 0) {
		sock_setsockopt(so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof on);
		if (kernel_thread_start(finger_thread, 0, &thread) == KERN_SUCCESS) {
			thread_deallocate(thread);
			return KERN_SUCCESS;
		}
		sock_close(so);
	}
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_FAILURE;
}

static kern_return_t
finger_stop(ki, data)
	kmod_info_t *ki;
	void *data;
{
	setflag(F_STOP);
	lck_mtx_lock(mtx);
	while (flags & F_RUNNING)
		msleep(&flags, mtx, PSOCK, "fingstop", 0);
	lck_mtx_unlock(mtx);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_SUCCESS;
}

KMOD_EXPLICIT_DECL(org.netkpi.port.finger, "4.3", finger_start, finger_stop)
