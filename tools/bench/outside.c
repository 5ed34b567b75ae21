// SPDX-License-Identifier: GPL-2.0
/*
 * Relays that are programs of their own: tools/bench/outside says which, and
 * bench.sh starts them. Each listens on a port, and passes on to SINK_PORT.
 */

#include <linux/jiffies.h>
#include <linux/kmod.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "native.h"

#define SINK_PORT	7000
#define SPLICE_PORT	7001
#define SOCKMAP_PORT	7002
#define NGINX_PORT	7003
#define SOCAT_PORT	7004

static int listen_as_sink(struct bench *b)
{
	struct sockaddr_in at = native_loopback(SINK_PORT);
	int err;

	err = sock_create_kern(&init_net, PF_INET, SOCK_STREAM, 0, &b->sink2);
	if (err)
		return err;
	sock_set_reuseaddr(b->sink2->sk);
	b->sink2->sk->sk_rcvtimeo = 5 * HZ;	/* for who never connects */
	err = kernel_bind(b->sink2, (void *)&at, sizeof(at));
	return err ?: kernel_listen(b->sink2, 1);
}

static int connect_source(struct bench *b, int port)
{
	struct sockaddr_in to = native_loopback(port);
	int err;

	err = sock_create_kern(&init_net, PF_INET, SOCK_STREAM, 0, &b->peer);
	if (err)
		return err;
	tcp_sock_set_nodelay(b->peer->sk);
	err = kernel_connect(b->peer, (void *)&to, sizeof(to), 0);
	if (err == -ECONNREFUSED)
		b->missing = "this relay does not run here";
	return err;
}

/* A relay may not be ready when it has connected: until a byte comes through. */
static int try_it(struct bench *b)
{
	unsigned long end = jiffies + 5 * HZ;
	unsigned long sent;

	for (sent = 0; !READ_ONCE(b->done); sent++) {
		if (time_after(jiffies, end)) {
			b->why = "the relay passes nothing on";
			return -ETIMEDOUT;
		}
		if (peer_send(b, 1))
			return -EIO;
		schedule_timeout_uninterruptible(1);
	}
	return bench_wait(b, sent);
}

static int open_outside(struct bench *b, int port)
{
	int err;

	b->target = ULONG_MAX;
	err = listen_as_sink(b);
	if (!err)
		err = connect_source(b, port);
	if (!err)
		err = -sink_accept(b);
	if (err == -EAGAIN)
		b->why = "the relay does not connect";
	return err ?: try_it(b);
}

static void close_outside(struct bench *b)
{
	peer_close(b);
	sink_close(b);
}

static int open_splice(struct bench *b)
{
	return open_outside(b, SPLICE_PORT);
}

static int open_sockmap(struct bench *b)
{
	return open_outside(b, SOCKMAP_PORT);
}

static int open_nginx(struct bench *b)
{
	return open_outside(b, NGINX_PORT);
}

/* What no relay can be cheaper than. */
static int open_direct(struct bench *b)
{
	return open_outside(b, SINK_PORT);
}

static int open_socat(struct bench *b)
{
	return open_outside(b, SOCAT_PORT);
}

const struct bench_side outside_direct = { open_direct, peer_run_stream, close_outside };
const struct bench_side outside_splice = { open_splice, peer_run_stream, close_outside };
const struct bench_side outside_sockmap = { open_sockmap, peer_run_stream, close_outside };
const struct bench_side outside_nginx = { open_nginx, peer_run_stream, close_outside };
const struct bench_side outside_socat = { open_socat, peer_run_stream, close_outside };

/* --- a BPF program that is asked for each connection --- */

static int tell_rival(char *word)
{
	char *argv[4] = { "/mnt/files/rival", "connect", word, NULL };
	char *envp[1] = { NULL };

	return call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

int outside_hook_connect(struct bench *b)
{
	if (!tell_rival("on"))
		return 0;
	b->missing = "no BPF program is asked for connections here";
	return -ENODEV;
}

void outside_unhook_connect(struct bench *b)
{
	if (!b->missing)
		tell_rival("off");
}
