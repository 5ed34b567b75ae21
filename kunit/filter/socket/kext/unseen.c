// SPDX-License-Identifier: GPL-2.0
/*
 * What a program must not notice of a filter that passes everything. Each scenario is
 * played without a filter, and then with one that sees data: the answers are the same.
 */

#include "filter.h"

static struct ft_filter *f;		/* NULL: without */
static int family = PF_INET;

static void with_and_without(void (*scenario)(void), int type, int protocol)
{
	f = NULL;
	scenario();
	f = ft_filter(1);
	ft_see_data(f);
	EXPECT_EQ(ft_register_as(f, family, type, protocol), 0);
	scenario();
	EXPECT(f->seen[FT_ATTACH] > 0);
	ft_unregister(f);
}

static void with_and_without_tcp(void (*scenario)(void))
{
	with_and_without(scenario, SOCK_STREAM, IPPROTO_TCP);
}

static void with_and_without_udp(void (*scenario)(void))
{
	with_and_without(scenario, SOCK_DGRAM, IPPROTO_UDP);
}

/* Two sockets, bound; what the first sends goes to the second. */
static void udp_pair(struct ft_sock *s[2])
{
	s[0] = ft_open(family, SOCK_DGRAM, IPPROTO_UDP);
	s[1] = ft_open(family, SOCK_DGRAM, IPPROTO_UDP);
	EXPECT_EQ(ft_bind(s[0], 0), 0);
	EXPECT_EQ(ft_bind(s[1], 0), 0);
	EXPECT_EQ(ft_connect(s[0], ft_linux_port(s[1], 0), 0), 0);
	EXPECT_EQ(ft_connect(s[1], ft_linux_port(s[0], 0), 0), 0);
}

static void close_both(struct ft_sock *s[2])
{
	ft_close(s[0]);
	ft_close(s[1]);
}

static int told_end;

static void reads_to_the_end(void *arg)
{
	char c;

	if (EXPECT_EQ(ft_recv(arg, &c, 1, 0), 0))
		told_end = 1;
}

/* The usual way to end a thread that waits for datagrams. */
static void is_woken(void)
{
	struct ft_sock *s[2];
	struct ft_thread *reader;

	told_end = 0;
	udp_pair(s);
	reader = ft_thread(reads_to_the_end, s[1]);
	EXPECT(ft_asleep(reader));
	EXPECT_EQ(ft_shutdown(s[1], 0), 0);
	SETTLES(told_end);
	ft_kill(reader);
	ft_join(reader);
	close_both(s);
}

static void reader_woken_by_shutdown(void)
{
	with_and_without_udp(is_woken);
}

static void gives_up(void)
{
	struct ft_sock *listener = ft_tcp(), *first = ft_tcp(), *second = ft_tcp();

	EXPECT_EQ(ft_bind(listener, 0), 0);
	EXPECT_EQ(ft_listen_for(listener, 0), 0);
	EXPECT_EQ(ft_connect(first, ft_linux_port(listener, 0), 0), 0);
	ft_set_sndtimeo(second, 20);
	EXPECT_EQ(ft_connect(second, ft_linux_port(listener, 0), 0), -EINPROGRESS);
	EXPECT_EQ(ft_connect(second, ft_linux_port(listener, 0), 0), -EALREADY);
	ft_close(second);
	ft_close(first);
	ft_close(listener);
}

static void connect_that_gives_up(void)
{
	with_and_without_tcp(gives_up);
}

/* A connection that begins with the first data: nobody sees that it is in progress. */
static void begins_late(void)
{
	struct ft_sock *listener = ft_tcp(), *s = ft_tcp(), *peer;
	char buf[8] = "";
	int err;
	long n;

	EXPECT_EQ(ft_bind(listener, 0), 0);
	EXPECT_EQ(ft_listen(listener), 0);
	EXPECT_EQ(ft_connect_late(s, ft_linux_port(listener, 0)), 0);
	n = ft_send(s, "hello", 6, MSG_DONTWAIT);
	EXPECT(n == 6 || n == -EAGAIN);
	SETTLES(ft_is_connected(s));
	if (n == -EAGAIN)
		EXPECT_EQ(ft_send(s, "hello", 6, MSG_DONTWAIT), 6);
	peer = ft_accept(listener, &err);
	if (EXPECT(peer != NULL)) {
		EXPECT_EQ(ft_recv(peer, buf, sizeof(buf), MSG_DONTWAIT), 6);
		EXPECT_STR(buf, "hello");
		ft_close(peer);
	}
	ft_close(s);
	ft_close(listener);
}

static void connect_with_first_data(void)
{
	with_and_without_tcp(begins_late);
}

/* What is only looked at must not make room for more. */
static void peeks_at_much(void)
{
	static char buf[1 << 20];
	struct ft_sock *pair[2];
	long n, sent = 0;
	int i;

	EXPECT_EQ(ft_pair(pair), 0);
	ft_set_buffers(pair[0], 1 << 15);
	ft_set_buffers(pair[1], 1 << 15);
	for (i = 0; i < 200; i++) {
		while ((n = ft_send(pair[0], buf, 1 << 14, MSG_DONTWAIT)) > 0)
			sent += n;
		EXPECT_EQ(n, -EAGAIN);
		EXPECT(ft_recv(pair[1], buf, sizeof(buf), MSG_PEEK | MSG_DONTWAIT) > 0);
	}
	EXPECT(sent < 1 << 19);
	close_both(pair);
}

static void peeking_is_bounded(void)
{
	with_and_without_tcp(peeks_at_much);
}

/* With a datagram in front of it, too. */
static void has_an_error(void)
{
	struct ft_sock *s[2];
	char buf[8] = "";

	udp_pair(s);
	EXPECT_EQ(ft_send(s[0], "x", 2, 0), 2);
	ft_set_error(s[1], ECONNREFUSED);
	EXPECT(ft_poll(s[1]) & ft_pollerr());
	EXPECT_EQ(ft_take_error(s[1]), ECONNREFUSED);
	EXPECT_EQ(ft_poll(s[1]) & ft_pollerr(), 0);
	EXPECT_EQ(ft_recv(s[1], buf, sizeof(buf), 0), 2);
	EXPECT_STR(buf, "x");
	close_both(s);
}

static void error_after_poll(void)
{
	with_and_without_udp(has_an_error);
}

static void reads_nothing(void)
{
	struct ft_sock *pair[2];
	char c;

	EXPECT_EQ(ft_pair(pair), 0);
	EXPECT_EQ(ft_recv(pair[1], &c, 0, MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(ft_send(pair[0], "x", 1, 0), 1);
	EXPECT_EQ(ft_recv(pair[1], &c, 0, 0), 0);
	EXPECT_EQ(ft_recv(pair[1], &c, 1, 0), 1);
	close_both(pair);
}

static void read_of_nothing(void)
{
	with_and_without_tcp(reads_nothing);
}

/* What came with a connection goes with it. */
static void breaks_off(void)
{
	struct ft_sock *pair[2];
	char c;

	EXPECT_EQ(ft_pair(pair), 0);
	EXPECT_EQ(ft_send(pair[0], "old", 3, 0), 3);
	EXPECT_EQ(ft_recv(pair[1], &c, 1, 0), 1);
	EXPECT_EQ(ft_disconnect(pair[1]), 0);
	EXPECT_EQ(ft_recv(pair[1], &c, 1, MSG_DONTWAIT), -ECONNRESET);
	close_both(pair);
}

static void data_of_a_connection_that_ended(void)
{
	with_and_without_tcp(breaks_off);
}

/* A BPF map has data for the reader where TCP's queue has none. */
static void has_another_protocol(void)
{
	struct ft_sock *pair[2];

	EXPECT_EQ(ft_pair(pair), 0);
	EXPECT_EQ(ft_readable(pair[1]), 0);
	ft_take_over(pair[1]);
	EXPECT_EQ(ft_readable(pair[1]), 1);
	close_both(pair);
}

static void data_of_another_protocol(void)
{
	with_and_without_tcp(has_another_protocol);
}

static void pings(void)
{
	static const char echo[] = "\x08\0\0\0\0\0\0\1payload";
	struct ft_sock *s = ft_open(PF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	char buf[32] = "";

	EXPECT_EQ(ft_send_to(s, 0, echo, sizeof(echo)), sizeof(echo));
	SETTLES(ft_poll(s) & ft_pollin());
	EXPECT_EQ(ft_recv(s, buf, sizeof(buf), MSG_DONTWAIT), sizeof(echo));
	EXPECT_STR(buf + 8, "payload");
	ft_close(s);
}

static void ping_sockets(void)
{
	ft_allow_ping(1);
	with_and_without(pings, SOCK_DGRAM, IPPROTO_ICMP);
	EXPECT(f->in > 0);
	ft_allow_ping(0);
}

/* A filter of raw sockets is no reason for the machine to copy all datagrams. */
static void is_received_once(void)
{
	struct ft_sock *s[2];

	udp_pair(s);
	EXPECT_EQ(ft_send(s[0], "x", 1, 0), 1);
	EXPECT_EQ(ft_takes_datagram(s[1]), 1);
	close_both(s);
	ft_close(ft_open(PF_INET, SOCK_RAW, IPPROTO_UDP));
}

static void filters_of_raw_sockets(void)
{
	with_and_without(is_received_once, SOCK_RAW, 0);
}

/* As the NFS server reads: the call tells the names, and the datagram is taken from the queue. */
static void asks_for_names(void)
{
	struct ft_sock *s[2];

	udp_pair(s);
	EXPECT_EQ(ft_send(s[0], "x", 1, 0), 1);
	EXPECT_EQ(ft_recv(s[1], NULL, 0, MSG_PEEK | MSG_DONTWAIT), 0);
	EXPECT_EQ(ft_takes_datagram(s[1]), 1);
	close_both(s);
}

static void datagrams_of_the_kernel(void)
{
	with_and_without_udp(asks_for_names);
}

/* With a disk behind it: nobody may wait for memory, which may wait for the disk. */
static void carries_a_disk(void)
{
	struct ft_sock *pair[2];
	char c;

	EXPECT_EQ(ft_pair(pair), 0);
	ft_must_not_wait(pair[0]);
	ft_must_not_wait(pair[1]);
	EXPECT_EQ(ft_send(pair[0], "x", 1, 0), 1);
	EXPECT_EQ(ft_recv(pair[1], &c, 1, 0), 1);
	close_both(pair);
}

static void disks_are_not_filtered(void)
{
	with_and_without_tcp(carries_a_disk);
	EXPECT_EQ(f->seen[FT_OUT], 0);
	EXPECT_EQ(f->seen[FT_IN], 0);
}

/* Whoever saves a connection looks at what is in its queues. */
static void is_saved(void)
{
	struct ft_sock *pair[2];
	char buf[4] = "";
	int seen = 0;

	EXPECT_EQ(ft_pair(pair), 0);
	EXPECT_EQ(ft_send(pair[0], "ab", 3, 0), 3);
	SETTLES(ft_poll(pair[1]) & ft_pollin());
	if (f)		/* what is not in the queue any more would be lost */
		EXPECT_EQ(ft_repair(pair[1], 1), -EBUSY);
	EXPECT_EQ(ft_recv(pair[1], buf, 4, 0), 3);
	EXPECT_EQ(ft_repair(pair[1], 1), 0);
	if (f)
		seen = f->seen[FT_IN];
	EXPECT_EQ(ft_send(pair[0], "cd", 3, 0), 3);
	EXPECT_EQ(ft_readable(pair[1]), 1);
	EXPECT_EQ(ft_recv(pair[1], buf, 4, MSG_PEEK | MSG_DONTWAIT), 3);
	EXPECT_STR(buf, "cd");
	if (f)		/* it is in the queue still */
		EXPECT_EQ(f->seen[FT_IN], seen);
	EXPECT_EQ(ft_repair(pair[1], 0), 0);
	close_both(pair);
}

static void connections_that_are_saved(void)
{
	with_and_without_tcp(is_saved);
}

/* An error of macOS's that no program of Linux's has heard of. */
static void call_to_be_made_again(void)
{
	struct ft_sock *pair[2];

	f = ft_filter(1);
	ft_see_data(f);
	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(ft_pair(pair), 0);
	f->say[FT_OUT] = ERESTART;
	EXPECT_EQ(ft_send(pair[0], "x", 1, 0), -EINTR);
	close_both(pair);
	ft_unregister(f);
}

/* With many sockets: what is read ahead is nobody's memory, and has an end. */
static void reading_ahead_has_an_end(void)
{
	struct ft_sock *pair[2];
	unsigned long before = ft_read_ahead_limit(0);
	char c;

	f = ft_filter(1);
	ft_see_data(f);
	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(ft_pair(pair), 0);
	EXPECT_EQ(ft_send(pair[0], "0123456789", 10, 0), 10);
	SETTLES(ft_readable(pair[1]));
	EXPECT_EQ(f->in, 0);
	EXPECT_EQ(ft_recv(pair[1], &c, 1, 0), 1);
	EXPECT_EQ(f->in, 1);
	ft_read_ahead_limit(before);
	EXPECT_EQ(ft_recv(pair[1], &c, 1, 0), 1);
	EXPECT_EQ(f->in, 10);
	close_both(pair);
	ft_unregister(f);
}

/* Options of Linux's UDP, and a flag of its send. */
#define UDP_CORK	1
#define UDP_SEGMENT	103
#define LINUX_MSG_MORE	0x8000

static void brings(struct ft_sock *s[2], const char *bytes, size_t len)
{
	static char buf[2048];
	u_int16_t port = 0;

	EXPECT_EQ(ft_recv_from(s[1], &port, buf, sizeof(buf), MSG_DONTWAIT), len);
	EXPECT_EQ(port, ft_linux_port(s[0], 0));
	EXPECT(memcmp(buf, bytes, len) == 0);
}

/* What goes and comes by reference, and what must not. */
static void goes_as_it_is(void)
{
	static char much[1400];
	struct ft_sock *s[2];
	int i;

	for (i = 0; i < (int)sizeof(much); i++)
		much[i] = (char)(i * 7);
	udp_pair(s);
	EXPECT_EQ(ft_send(s[0], much, sizeof(much), 0), sizeof(much));
	EXPECT_EQ(ft_send(s[0], much, 0, 0), 0);
	EXPECT_EQ(ft_send(s[0], "few", 3, MSG_DONTWAIT), 3);
	brings(s, much, sizeof(much));
	brings(s, "", 0);
	brings(s, "few", 3);

	EXPECT_EQ(ft_setopt(s[0], IPPROTO_UDP, UDP_CORK, 1), 0);
	EXPECT_EQ(ft_send(s[0], "ab", 2, 0), 2);
	EXPECT_EQ(ft_send(s[0], "cd", 2, 0), 2);
	EXPECT_EQ(ft_setopt(s[0], IPPROTO_UDP, UDP_CORK, 0), 0);
	brings(s, "abcd", 4);
	EXPECT_EQ(ft_send(s[0], "ef", 2, LINUX_MSG_MORE), 2);
	EXPECT_EQ(ft_send(s[0], "gh", 2, 0), 2);
	brings(s, "efgh", 4);
	EXPECT_EQ(ft_setopt(s[0], IPPROTO_UDP, UDP_SEGMENT, 2), 0);
	EXPECT_EQ(ft_send(s[0], "ijkl", 4, 0), 4);
	EXPECT_EQ(ft_setopt(s[0], IPPROTO_UDP, UDP_SEGMENT, 0), 0);
	brings(s, "ij", 2);
	brings(s, "kl", 2);

	ft_close(s[1]);			/* whom the next finds gone, and the one after it tells */
	EXPECT_EQ(ft_send(s[0], "x", 1, 0), 1);
	EXPECT_EQ(ft_send(s[0], "x", 1, 0), -ECONNREFUSED);
	ft_close(s[0]);
}

static void datagrams_as_they_are(void)
{
	with_and_without_udp(goes_as_it_is);
	family = PF_INET6;
	with_and_without_udp(goes_as_it_is);
	family = PF_INET;
}

const struct kt_case sflt_unseen_cases[] = {
	{ "reader_woken_by_shutdown", reader_woken_by_shutdown },
	{ "connect_that_gives_up", connect_that_gives_up },
	{ "connect_with_first_data", connect_with_first_data },
	{ "peeking_is_bounded", peeking_is_bounded },
	{ "error_after_poll", error_after_poll },
	{ "read_of_nothing", read_of_nothing },
	{ "data_of_a_connection_that_ended", data_of_a_connection_that_ended },
	{ "data_of_another_protocol", data_of_another_protocol },
	{ "ping_sockets", ping_sockets },
	{ "filters_of_raw_sockets", filters_of_raw_sockets },
	{ "datagrams_of_the_kernel", datagrams_of_the_kernel },
	{ "disks_are_not_filtered", disks_are_not_filtered },
	{ "connections_that_are_saved", connections_that_are_saved },
	{ "call_to_be_made_again", call_to_be_made_again },
	{ "reading_ahead_has_an_end", reading_ahead_has_an_end },
	{ "datagrams_as_they_are", datagrams_as_they_are },
	{}
};
