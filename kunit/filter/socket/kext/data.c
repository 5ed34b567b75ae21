// SPDX-License-Identifier: GPL-2.0
/* Scenarios: filters that see data, change it, keep it, and put it in again. */

#include <sys/time.h>

#include "filter.h"

/* A connection of the program, both ends filtered by @f, which sees data. */
static void filtered_pair(struct ft_filter *f, struct ft_sock *pair[2])
{
	ft_see_data(f);
	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(ft_pair(pair), 0);
}

static void closed(struct ft_filter *f, struct ft_sock *pair[2])
{
	ft_close(pair[0]);
	ft_close(pair[1]);
	EXPECT_EQ(ft_attached(f), 0);
	EXPECT_EQ(f->wrong_cookie, 0);
	ft_unregister(f);
}

static void passes_both_ways(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	char buf[8] = "";

	filtered_pair(f, pair);
	EXPECT_EQ(ft_send(pair[0], "hello", 6, 0), 6);
	EXPECT_EQ(ft_recv(pair[1], buf, sizeof(buf), 0), 6);
	EXPECT_STR(buf, "hello");
	EXPECT_EQ(f->seen[FT_OUT], 1);
	EXPECT_EQ(f->seen[FT_IN], 1);
	EXPECT_EQ(f->out, 6);
	EXPECT_EQ(f->in, 6);
	EXPECT_EQ(ft_send(pair[1], "back", 5, 0), 5);
	EXPECT_EQ(ft_recv(pair[0], buf, sizeof(buf), 0), 5);
	EXPECT_STR(buf, "back");
	EXPECT_EQ(ft_recv(pair[0], buf, sizeof(buf), MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(ft_shutdown(pair[1], 1), 0);
	EXPECT_EQ(ft_recv(pair[0], buf, sizeof(buf), 0), 0);
	closed(f, pair);
}

/* What is kept, until somebody injects it. */
static mbuf_t kept;
static socket_t kept_of;
static mbuf_tag_id_t tag_id;

static int is_tagged(mbuf_t m)
{
	size_t len;
	void *p;

	return !mbuf_tag_find(m, tag_id, 1, &len, &p);
}

static errno_t keeps(struct ft_filter *f, enum ft_call call, socket_t so, mbuf_t *data)
{
	if (call != FT_OUT && call != FT_IN)
		return 0;
	if (is_tagged(*data))
		return 0;
	if (kept)
		mbuf_freem(kept);
	kept = *data;
	kept_of = so;
	return EJUSTRETURN;
}

static errno_t keeps_out(struct ft_filter *f, enum ft_call call, socket_t so, mbuf_t *data)
{
	return call == FT_OUT ? keeps(f, call, so, data) : 0;
}

static errno_t keeps_in(struct ft_filter *f, enum ft_call call, socket_t so, mbuf_t *data)
{
	return call == FT_IN ? keeps(f, call, so, data) : 0;
}

static mbuf_t take_tagged(void)
{
	mbuf_t m = kept;
	void *p;

	kept = NULL;
	if (m)
		EXPECT_EQ(mbuf_tag_allocate(m, tag_id, 1, 4, MBUF_WAITOK, &p), 0);
	return m;
}

static void begin_keeping(void)
{
	kept = NULL;
	EXPECT_EQ(mbuf_tag_id_find("org.netkpi.sflt.test", &tag_id), 0);
}

static void injects_out(void *arg)
{
	EXPECT_EQ(sock_inject_data_out(kept_of, NULL, take_tagged(), NULL, 0), 0);
}

static void S19_swallowed_and_sent_later(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	char buf[8] = "";

	begin_keeping();
	f->data = keeps_out;
	filtered_pair(f, pair);
	EXPECT_EQ(ft_send(pair[0], "hello", 5, 0), 5);
	EXPECT_EQ(ft_recv(pair[1], buf, sizeof(buf), MSG_DONTWAIT), -EAGAIN);
	ft_join(ft_thread(injects_out, NULL));
	EXPECT_EQ(ft_recv(pair[1], buf, sizeof(buf), 0), 5);
	EXPECT_STR(buf, "hello");
	EXPECT_EQ(f->seen[FT_OUT], 2);
	EXPECT_EQ(ft_recv(pair[1], buf, sizeof(buf), MSG_DONTWAIT), -EAGAIN);
	closed(f, pair);
}

static void S20_send_refused(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	char c;

	filtered_pair(f, pair);
	f->say[FT_OUT] = EPIPE;
	EXPECT_EQ(ft_send(pair[0], "hello", 5, 0), -EPIPE);
	f->say[FT_OUT] = 0;
	EXPECT_EQ(ft_recv(pair[1], &c, 1, MSG_DONTWAIT), -EAGAIN);
	closed(f, pair);
}

static errno_t prepends(struct ft_filter *f, enum ft_call call, socket_t so, mbuf_t *data)
{
	if (call != FT_OUT)
		return 0;
	if (mbuf_prepend(data, 4, MBUF_WAITOK))
		return ENOBUFS;
	return mbuf_copyback(*data, 0, 4, "head", MBUF_WAITOK);
}

static void S21_grows(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	char buf[16] = "";

	f->data = prepends;
	filtered_pair(f, pair);
	EXPECT_EQ(ft_send(pair[0], "abcd", 4, 0), 4);
	EXPECT_EQ(ft_recv(pair[1], buf, sizeof(buf), 0), 8);
	EXPECT_STR(buf, "headabcd");
	closed(f, pair);
}

#define MUCH	(1 << 20)
static unsigned char much[MUCH];

static void sends_much(void *arg)
{
	struct ft_sock *s = arg;
	size_t i;

	for (i = 0; i < MUCH; i++)
		much[i] = (unsigned char)(i * 7 + i / 251);
	EXPECT_EQ(ft_send(s, much, MUCH, 0), MUCH);
	EXPECT_EQ(ft_shutdown(s, 1), 0);
}

/* All of it comes, in order; in portions of a size that fits nothing. */
static size_t receives_much(struct ft_sock *s)
{
	unsigned char buf[997];
	size_t sum = 0, wrong = 0;
	long n, i;

	while ((n = ft_recv(s, buf, sizeof(buf), 0)) > 0)
		for (i = 0; i < n; i++, sum++)
			wrong += buf[i] != (unsigned char)(sum * 7 + sum / 251);
	EXPECT_EQ(n, 0);
	EXPECT_EQ(wrong, 0);
	return sum;
}

static void S22_much(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	struct ft_thread *sender;

	filtered_pair(f, pair);
	sender = ft_thread(sends_much, pair[0]);
	EXPECT_EQ(receives_much(pair[1]), MUCH);
	ft_join(sender);
	EXPECT(f->seen[FT_OUT] > 4);
	EXPECT_EQ(f->out, MUCH);
	EXPECT_EQ(f->in, MUCH);
	closed(f, pair);
}

static void injects_in(void *arg)
{
	EXPECT_EQ(sock_inject_data_in(kept_of, NULL, take_tagged(), NULL, 0), 0);
}

static void reads_one(void *arg)
{
	struct ft_sock *s = arg;
	char c = 0;

	EXPECT_EQ(ft_recv(s, &c, 1, 0), 1);
	EXPECT_EQ(c, 'x');
}

static void S23_swallowed_and_received_later(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	struct ft_thread *reader;
	char c;

	begin_keeping();
	f->data = keeps_in;
	filtered_pair(f, pair);
	reader = ft_thread(reads_one, pair[1]);
	EXPECT_EQ(ft_send(pair[0], "x", 1, 0), 1);
	SETTLES(kept != NULL);
	EXPECT(ft_asleep(reader));
	injects_in(NULL);
	ft_join(reader);
	EXPECT_EQ(ft_recv(pair[1], &c, 1, MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(f->seen[FT_IN], 2);
	closed(f, pair);
}

static void S24_dropped(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	char buf[32] = "";

	filtered_pair(f, pair);
	f->say[FT_IN] = EINVAL;
	EXPECT_EQ(ft_send(pair[0], "0123456789", 10, 0), 10);
	SETTLES(ft_poll(pair[1]) != 0);
	EXPECT_EQ(ft_recv(pair[1], buf, sizeof(buf), MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(ft_readable(pair[1]), 0);
	f->say[FT_IN] = 0;
	EXPECT_EQ(ft_send(pair[0], "later", 5, 0), 5);
	EXPECT_EQ(ft_recv(pair[1], buf, sizeof(buf), 0), 5);
	EXPECT_STR(buf, "later");
	closed(f, pair);
}

static void S25_datagrams(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *a, *b;
	char buf[8] = "";
	u_int16_t from;

	ft_see_data(f);
	EXPECT_EQ(ft_register_as(f, PF_INET, SOCK_DGRAM, IPPROTO_UDP), 0);
	a = ft_udp();
	b = ft_udp();
	EXPECT_EQ(ft_bind(a, 0), 0);
	EXPECT_EQ(ft_bind(b, 0), 0);
	EXPECT_EQ(ft_send_to(a, ft_linux_port(b, 0), "one", 4), 4);
	EXPECT_EQ(f->port, ft_linux_port(b, 0));
	EXPECT_EQ(ft_recv_from(b, &from, buf, sizeof(buf), 0), 4);
	EXPECT_EQ(f->port, ft_linux_port(a, 0));
	EXPECT_EQ(from, ft_linux_port(a, 0));
	EXPECT_STR(buf, "one");

	/* boundaries, a cut datagram, an empty one */
	EXPECT_EQ(ft_send_to(a, ft_linux_port(b, 0), "two-three", 9), 9);
	EXPECT_EQ(ft_send_to(a, ft_linux_port(b, 0), "", 0), 0);
	EXPECT_EQ(ft_send_to(a, ft_linux_port(b, 0), "4", 2), 2);
	EXPECT_EQ(ft_recv(b, buf, 3, MSG_PEEK), 3);
	EXPECT_EQ(ft_recv(b, buf, 3, MSG_PEEK | MSG_TRUNC), 9);
	EXPECT_EQ(ft_recv(b, buf, 3, 0), 3);
	EXPECT_EQ(ft_recv(b, buf, sizeof(buf), 0), 0);
	EXPECT_EQ(ft_recv(b, buf, sizeof(buf), 0), 2);
	EXPECT_STR(buf, "4");
	EXPECT_EQ(ft_recv(b, buf, sizeof(buf), MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(f->seen[FT_IN], 4);
	EXPECT_EQ(f->seen[FT_OUT], 4);

	f->say[FT_IN] = EPERM;
	EXPECT_EQ(ft_send_to(a, ft_linux_port(b, 0), "no", 3), 3);
	EXPECT_EQ(ft_recv(b, buf, sizeof(buf), MSG_DONTWAIT), -EAGAIN);
	f->say[FT_OUT] = EPERM;
	EXPECT_EQ(ft_send_to(a, ft_linux_port(b, 0), "no", 3), -EPERM);
	ft_unregister(f);
}

static void datagram_is_injected(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *a, *b;
	struct sockaddr_in sin = {
		.sin_len = sizeof(sin), .sin_family = AF_INET, .sin_port = htons(4711),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	char buf[8] = "";
	u_int16_t from;

	begin_keeping();
	ft_see_data(f);
	f->data = keeps_in;
	EXPECT_EQ(ft_register_as(f, PF_INET, SOCK_DGRAM, IPPROTO_UDP), 0);
	a = ft_udp();
	b = ft_udp();
	EXPECT_EQ(ft_bind(b, 0), 0);
	EXPECT_EQ(ft_send_to(a, ft_linux_port(b, 0), "one", 4), 4);
	EXPECT_EQ(ft_recv(b, buf, sizeof(buf), MSG_DONTWAIT), -EAGAIN);
	EXPECT(kept != NULL);
	EXPECT_EQ(sock_inject_data_in(kept_of, (struct sockaddr *)&sin, take_tagged(), NULL, 0), 0);
	EXPECT_EQ(ft_recv_from(b, &from, buf, sizeof(buf), MSG_DONTWAIT), 4);
	EXPECT_EQ(from, 4711);
	EXPECT_STR(buf, "one");
	ft_unregister(f);
}

/* What nobody reads fills the receive buffer, and no more. */
static void datagrams_that_nobody_reads(void)
{
	static char bytes[1000];
	struct ft_filter *f = ft_filter(1);
	int i, got = 0, cut = 0;
	struct ft_sock *b;
	u_int16_t from;

	ft_see_data(f);
	EXPECT_EQ(ft_register_as(f, PF_INET, SOCK_DGRAM, IPPROTO_UDP), 0);
	b = ft_udp();
	EXPECT_EQ(ft_bind(b, 0), 0);
	for (i = 0; i < 1000; i++) {
		mbuf_t m = NULL;

		EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, sizeof(bytes), NULL, &m), 0);
		EXPECT_EQ(mbuf_copyback(m, 0, sizeof(bytes), bytes, MBUF_WAITOK), 0);
		EXPECT_EQ(sock_inject_data_in(f->so, NULL, m, NULL, 0), 0);
	}
	EXPECT_EQ(f->in, 1000 * sizeof(bytes));
	EXPECT_EQ(ft_recv_cut(b, bytes, 10, &cut), 10);
	EXPECT(cut);
	EXPECT_EQ(ft_recv_cut(b, bytes, sizeof(bytes), &cut), (long)sizeof(bytes));
	EXPECT(!cut);
	while (ft_recv_from(b, &from, bytes, sizeof(bytes), MSG_DONTWAIT) == sizeof(bytes))
		got++;
	EXPECT(got > 10 && got < 900);
	ft_unregister(f);
}

/* Without room, and of what cannot be a datagram, filters do not hear. */
static void datagrams_that_cannot_go(void)
{
	static char much[70000];
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *a, *b;

	ft_see_data(f);
	EXPECT_EQ(ft_register_as(f, PF_INET, SOCK_DGRAM, IPPROTO_UDP), 0);
	a = ft_udp();
	b = ft_udp();
	EXPECT_EQ(ft_bind(b, 0), 0);
	EXPECT_EQ(ft_connect(a, ft_linux_port(b, 0), 0), 0);
	EXPECT_EQ(ft_send(a, much, sizeof(much), 0), -EMSGSIZE);
	ft_fill(a, 1);
	EXPECT_EQ(ft_waits_for_space(a), 0);
	EXPECT_EQ(ft_send(a, "full", 5, MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(ft_waits_for_space(a), 1);
	ft_fill(a, 0);
	EXPECT_EQ(f->out, 0);
	EXPECT_EQ(ft_send(a, "empty", 6, MSG_DONTWAIT), 6);
	EXPECT_EQ(f->out, 6);
	ft_unregister(f);
}

static mbuf_t packet(const char *text, size_t len)
{
	mbuf_t m = NULL;

	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, len, NULL, &m), 0);
	EXPECT_EQ(mbuf_copyback(m, 0, len, text, MBUF_WAITOK), 0);
	return m;
}

/* What was injected is unread like all else. */
static void injected_is_counted(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	socket_t so[2];
	char buf[8];

	filtered_pair(f, pair);
	so[0] = f->so;
	EXPECT_EQ(sock_inject_data_in(so[0], NULL, packet("0123456789", 10), NULL, 0), 0);
	EXPECT_EQ(ft_recv(pair[1], buf, 4, 0), 4);
	EXPECT(ft_inq(pair[1]) == -ENOSYS || ft_inq(pair[1]) == 6);
	EXPECT_EQ(ft_recv(pair[1], buf, 6, 0), 6);
	EXPECT(ft_inq(pair[1]) == -ENOSYS || ft_inq(pair[1]) == 0);
	closed(f, pair);
}

static volatile int turn_may_end;

static errno_t waits_out(struct ft_filter *f, enum ft_call call, socket_t so, mbuf_t *data)
{
	if (call == FT_OUT)
		SETTLES(turn_may_end);
	return 0;
}

static void sends_one(void *arg)
{
	EXPECT_EQ(ft_send(arg, "x", 1, 0), 1);
}

/* While one is in a filter's function the other one waits, and goes on when it returns. */
static void senders_take_turns(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_thread *first, *second;
	struct ft_sock *pair[2];
	char buf[2];

	turn_may_end = 0;
	f->data = waits_out;
	filtered_pair(f, pair);
	first = ft_thread(sends_one, pair[0]);
	SETTLES(f->seen[FT_OUT] == 1);
	second = ft_thread(sends_one, pair[0]);
	EXPECT(ft_asleep(second));
	EXPECT_EQ(f->seen[FT_OUT], 1);
	turn_may_end = 1;
	ft_join(first);
	ft_join(second);
	EXPECT_EQ(ft_recv(pair[1], buf, 2, MSG_WAITALL), 2);
	closed(f, pair);
}

static void S26_no_urgent_data_in(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	mbuf_t m;

	filtered_pair(f, pair);
	m = packet("x", 1);
	EXPECT_EQ(sock_inject_data_in(f->so, NULL, m, NULL, sock_data_filt_flag_oob), ENOTSUP);
	EXPECT_EQ(sock_inject_data_in(NULL, NULL, m, NULL, 0), EINVAL);
	EXPECT_EQ(sock_inject_data_in(f->so, NULL, NULL, NULL, 0), EINVAL);
	EXPECT_EQ(sock_inject_data_out(f->so, NULL, NULL, NULL, 0), EINVAL);
	mbuf_freem(m);
	closed(f, pair);
}

static void S27_inject_where_nothing_is_connected(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;
	errno_t error;

	ft_see_data(f);
	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	error = sock_inject_data_out(f->so, NULL, packet("x", 1), NULL, 0);
	EXPECT(error == ENOTCONN || error == EPIPE);
	sock_retain(f->so);
	ft_close(s);
	EXPECT_EQ(sock_inject_data_out(f->so, NULL, packet("x", 1), NULL, 0), EPIPE);
	EXPECT_EQ(sock_inject_data_in(f->so, NULL, packet("x", 1), NULL, 0), 0);
	sock_release(f->so);
	ft_unregister(f);
}

/* What was looked at is there, as often as one looks; and nothing is lost by it. */
static void peeking(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	char buf[16] = "";

	filtered_pair(f, pair);
	EXPECT_EQ(ft_send(pair[0], "0123456789", 10, 0), 10);
	EXPECT_EQ(ft_recv(pair[1], buf, 4, MSG_PEEK), 4);
	EXPECT_EQ(ft_recv(pair[1], buf, 16, MSG_PEEK), 10);
	EXPECT_EQ(ft_recv(pair[1], buf, 4, 0), 4);
	EXPECT_EQ(ft_inq(pair[1]) == -ENOSYS || ft_inq(pair[1]) == 6, 1);
	EXPECT_EQ(ft_readable(pair[1]), 1);
	EXPECT_EQ(ft_recv(pair[1], buf, 3, MSG_TRUNC), 3);
	EXPECT_EQ(ft_recv(pair[1], buf, 16, MSG_PEEK | MSG_DONTWAIT), 3);
	EXPECT_EQ(buf[0], '7');
	EXPECT_EQ(ft_send(pair[0], "ab", 2, 0), 2);
	EXPECT_EQ(ft_recv(pair[1], buf, 5, MSG_WAITALL), 5);
	EXPECT_EQ(buf[4], 'b');
	EXPECT_EQ(ft_recv(pair[1], buf, 1, MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(ft_readable(pair[1]), 0);
	EXPECT_EQ(f->in, 12);
	closed(f, pair);
}

static void waits_for_all(void *arg)
{
	char buf[9] = "";

	EXPECT_EQ(ft_recv(arg, buf, 8, MSG_WAITALL), 8);
	EXPECT_STR(buf, "abcdefgh");
}

static void waiting_for_all(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	struct ft_thread *reader;

	filtered_pair(f, pair);
	reader = ft_thread(waits_for_all, pair[1]);
	EXPECT_EQ(ft_send(pair[0], "abc", 3, 0), 3);
	EXPECT(ft_asleep(reader));
	EXPECT_EQ(ft_send(pair[0], "defgh", 5, 0), 5);
	ft_join(reader);
	closed(f, pair);
}

/* Data that nobody has read makes a close a reset, wherever it waits. */
static void closed_with_data_unread(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	char c;

	filtered_pair(f, pair);
	EXPECT_EQ(ft_send(pair[0], "xy", 2, 0), 2);
	EXPECT_EQ(ft_recv(pair[1], &c, 1, 0), 1);
	ft_close(pair[1]);
	EXPECT_EQ(ft_recv(pair[0], &c, 1, 0), -ECONNRESET);
	ft_close(pair[0]);
	EXPECT_EQ(ft_attached(f), 0);
	ft_unregister(f);
}

/* The filter goes while somebody waits for data, and while data waits for somebody. */
static void unregistered_with_data(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	struct ft_thread *reader;
	char buf[8] = "";

	filtered_pair(f, pair);
	EXPECT_EQ(ft_send(pair[0], "ab", 2, 0), 2);
	EXPECT_EQ(ft_recv(pair[1], buf, 1, 0), 1);
	reader = ft_thread(reads_one, pair[0]);
	EXPECT(ft_asleep(reader));
	ft_unregister(f);
	EXPECT_EQ(ft_send(pair[1], "x", 1, 0), 1);
	ft_join(reader);
	EXPECT_EQ(ft_readable(pair[1]), 1);
	EXPECT_EQ(ft_send(pair[0], "c", 1, 0), 1);
	EXPECT_EQ(ft_recv(pair[1], buf, 2, MSG_WAITALL), 2);
	EXPECT_EQ(buf[0], 'b');
	EXPECT_EQ(buf[1], 'c');
	ft_close(pair[0]);
	ft_close(pair[1]);
}

/* Who waits for data while a ULP may get the socket, and does not, waits for the filters' again. */
static void read_while_refused(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	struct ft_thread *reader;
	int attached;

	filtered_pair(f, pair);
	attached = f->seen[FT_ATTACH];
	reader = ft_thread(reads_one, pair[1]);
	EXPECT(ft_asleep(reader));
	EXPECT_EQ(ft_refused_ulp(pair[1], reader), -EUSERS);
	EXPECT_EQ(ft_is_wrapped(pair[1]), 1);
	EXPECT_EQ(f->seen[FT_ATTACH], attached + 1);
	EXPECT_EQ(ft_send(pair[0], "x", 1, 0), 1);
	ft_join(reader);
	EXPECT_EQ(f->in, 1);
	closed(f, pair);
}

/* From within its own function a filter may send in front of what it sees. */
static errno_t sends_before(struct ft_filter *f, enum ft_call call, socket_t so, mbuf_t *data)
{
	void *p;
	mbuf_t m;

	if (call != FT_OUT || is_tagged(*data))
		return 0;
	m = packet("<", 1);
	EXPECT_EQ(mbuf_tag_allocate(m, tag_id, 1, 4, MBUF_WAITOK, &p), 0);
	EXPECT_EQ(sock_inject_data_out(so, NULL, m, NULL, 0), 0);
	return 0;
}

static void injected_within(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	char buf[8] = "";

	begin_keeping();
	f->data = sends_before;
	filtered_pair(f, pair);
	EXPECT_EQ(ft_send(pair[0], "x", 2, 0), 2);
	EXPECT_EQ(ft_recv(pair[1], buf, 3, MSG_WAITALL), 3);
	EXPECT_STR(buf, "<x");
	closed(f, pair);
}

/* Two filters: the newer sees it first, and what it keeps the older does not see. */
static void order_of_data(void)
{
	struct ft_filter *f1 = ft_filter(1), *f2 = ft_filter(2);
	struct ft_sock *pair[2];
	char c;

	ft_see_data(f1);
	ft_see_data(f2);
	EXPECT_EQ(ft_register(f1), 0);
	EXPECT_EQ(ft_register(f2), 0);
	EXPECT_EQ(ft_pair(pair), 0);
	ft_log_clear();
	EXPECT_EQ(ft_send(pair[0], "x", 1, 0), 1);
	EXPECT_EQ(ft_recv(pair[1], &c, 1, 0), 1);
	EXPECT_STR(ft_log, "2W 1W 2R 1R");
	ft_log_clear();
	f2->say[FT_OUT] = EPERM;
	EXPECT_EQ(ft_send(pair[0], "x", 1, 0), -EPERM);
	EXPECT_STR(ft_log, "2W");
	ft_unregister(f1);
	ft_unregister(f2);
}

static void connect_own(socket_t *a, socket_t *b)
{
	socket_t listener = NULL;
	struct sockaddr_in sin = {
		.sin_len = sizeof(sin), .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	EXPECT_EQ(sock_socket(PF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, NULL, &listener), 0);
	EXPECT_EQ(sock_bind(listener, (struct sockaddr *)&sin), 0);
	EXPECT_EQ(sock_listen(listener, 1), 0);
	EXPECT_EQ(sock_getsockname(listener, (struct sockaddr *)&sin, sizeof(sin)), 0);
	EXPECT_EQ(sock_socket(PF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, NULL, a), 0);
	EXPECT_EQ(sock_connect(*a, (struct sockaddr *)&sin, 0), 0);
	EXPECT_EQ(sock_accept(listener, NULL, 0, 0, NULL, NULL, b), 0);
	sock_close(listener);
}

/* A kext's own sockets, both ends. */
static void own_sockets(void)
{
	struct ft_filter *f = ft_filter(1);
	socket_t a = NULL, b = NULL;
	char buf[16] = "";
	struct iovec iov = { "hello", 6 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t n = 0;
	mbuf_t m = NULL;

	ft_see_data(f);
	EXPECT_EQ(ft_register(f), 0);
	connect_own(&a, &b);

	EXPECT_EQ(sock_send(a, &msg, 0, &n), 0);
	EXPECT_EQ(n, 6);
	EXPECT_EQ(f->out, 6);
	iov = (struct iovec){ buf, sizeof(buf) };
	EXPECT_EQ(sock_receive(b, &msg, 0, &n), 0);
	EXPECT_EQ(n, 6);
	EXPECT_STR(buf, "hello");
	EXPECT_EQ(f->in, 6);

	EXPECT_EQ(sock_sendmbuf(b, NULL, packet("mbuf", 5), 0, &n), 0);
	EXPECT_EQ(f->out, 11);
	n = 100;
	EXPECT_EQ(sock_receivembuf(a, NULL, &m, 0, &n), 0);
	EXPECT_EQ(n, 5);
	EXPECT_EQ(f->in, 11);
	mbuf_freem(m);

	EXPECT_EQ(sock_inject_data_in(a, NULL, packet("in", 3), NULL, 0), 0);
	iov = (struct iovec){ buf, sizeof(buf) };
	EXPECT_EQ(sock_receive(a, &msg, MSG_DONTWAIT, &n), 0);
	EXPECT_EQ(n, 3);
	EXPECT_STR(buf, "in");
	sock_close(a);
	sock_close(b);
	SETTLES(ft_attached(f) == 0);
	ft_unregister(f);
}

static int ended;

static void sleeps_in(struct ft_filter *f, enum ft_call call, socket_t so)
{
	while (call == FT_IN && !ended)
		kt_pause_ms(1);
}

static void reads_or_is_killed(void *arg)
{
	char c;
	long n = ft_recv(arg, &c, 1, 0);

	EXPECT(n == 1 || n == -ERESTARTSYS_ || n == -EINTR);
}

/* A function that does not return keeps who called it, and others that want to read, killably. */
static void never_returns(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2], *other[2];
	struct ft_thread *stuck, *waits;
	char c;

	ended = 0;
	filtered_pair(f, pair);
	EXPECT_EQ(ft_pair(other), 0);
	f->within = sleeps_in;
	EXPECT_EQ(ft_send(pair[0], "x", 1, 0), 1);
	stuck = ft_thread(reads_or_is_killed, pair[1]);
	SETTLES(f->seen[FT_IN] == 1);
	waits = ft_thread(reads_or_is_killed, pair[1]);
	EXPECT(ft_asleep(waits));
	ft_kill(waits);
	ft_join(waits);			/* the other one is still in there */
	EXPECT_EQ(ft_send(pair[1], "y", 1, 0), 1);
	f->within = NULL;
	EXPECT_EQ(ft_send(other[0], "z", 1, 0), 1);
	EXPECT_EQ(ft_recv(other[1], &c, 1, 0), 1);
	ended = 1;
	ft_join(stuck);
	ft_close(other[0]);
	ft_close(other[1]);
	closed(f, pair);
}

static void no_upcall(socket_t so, void *cookie, int waitf)
{
}

static void no_event(socket_t so, void *cookie, uint32_t event)
{
}

/* Nobody would make the calls. */
static void no_upcalls_of_a_program(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];

	filtered_pair(f, pair);
	EXPECT_EQ(sock_setupcall(f->so, no_upcall, NULL), EOPNOTSUPP);
	EXPECT_EQ(sock_setupcalls(f->so, NULL, NULL, no_upcall, NULL), EOPNOTSUPP);
	EXPECT_EQ(sock_catchevents(f->so, no_event, NULL, ~0U), EOPNOTSUPP);
	EXPECT_EQ(sock_setupcall(f->so, NULL, NULL), 0);
	EXPECT_EQ(sock_setupcalls(f->so, NULL, NULL, NULL, NULL), 0);
	EXPECT_EQ(sock_catchevents(f->so, NULL, NULL, 0), 0);
	closed(f, pair);
}

/* From under the program: what it took and did not give goes with the socket. */
static void read_by_the_kext(void)
{
	struct ft_filter *f = ft_filter(1);
	struct timeval soon = { .tv_usec = 20000 }, told = {};
	char buf[8] = "";
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct ft_sock *pair[2];
	int len = sizeof(told);
	size_t n = 0;

	filtered_pair(f, pair);
	EXPECT_EQ(sock_setsockopt(f->so, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon)), 0);
	EXPECT_EQ(sock_getsockopt(f->so, SOL_SOCKET, SO_RCVTIMEO, &told, &len), 0);
	EXPECT_EQ(told.tv_usec, soon.tv_usec);
	EXPECT_EQ(ft_send(pair[0], "abcd", 4, 0), 4);
	EXPECT_EQ(sock_receive(f->so, &msg, MSG_WAITALL, &n), EWOULDBLOCK);
	iov = (struct iovec){ buf, 2 };
	EXPECT_EQ(sock_receive(f->so, &msg, MSG_DONTWAIT, &n), 0);
	EXPECT_EQ(n, 2);
	EXPECT_STR(buf, "ab");
	closed(f, pair);
}

const struct kt_case sflt_data_cases[] = {
	{ "passes_both_ways", passes_both_ways },
	{ "S19_swallowed_and_sent_later", S19_swallowed_and_sent_later },
	{ "S20_send_refused", S20_send_refused },
	{ "S21_grows", S21_grows },
	{ "S22_much", S22_much },
	{ "S23_swallowed_and_received_later", S23_swallowed_and_received_later },
	{ "S24_dropped", S24_dropped },
	{ "S25_datagrams", S25_datagrams },
	{ "datagram_is_injected", datagram_is_injected },
	{ "datagrams_that_nobody_reads", datagrams_that_nobody_reads },
	{ "datagrams_that_cannot_go", datagrams_that_cannot_go },
	{ "injected_is_counted", injected_is_counted },
	{ "senders_take_turns", senders_take_turns },
	{ "S26_no_urgent_data_in", S26_no_urgent_data_in },
	{ "S27_inject_where_nothing_is_connected", S27_inject_where_nothing_is_connected },
	{ "peeking", peeking },
	{ "waiting_for_all", waiting_for_all },
	{ "closed_with_data_unread", closed_with_data_unread },
	{ "unregistered_with_data", unregistered_with_data },
	{ "read_while_refused", read_while_refused },
	{ "injected_within", injected_within },
	{ "order_of_data", order_of_data },
	{ "own_sockets", own_sockets },
	{ "no_upcalls_of_a_program", no_upcalls_of_a_program },
	{ "read_by_the_kext", read_by_the_kext },
	{ "never_returns", never_returns },
	{}
};
