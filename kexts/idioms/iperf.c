// SPDX-License-Identifier: GPL-2.0
/*
 * An iperf3 client: one thread, blocking calls, two connections. It sends so many
 * bytes, or with reverse=1 receives as many, by mbufs, and exchanges results the
 * way iperf3 does.
 */
#include "idiom.h"
#include <sys/malloc.h>

/* States of the control connection. */
enum {
	TEST_START = 1, TEST_RUNNING = 2, TEST_END = 4, PARAM_EXCHANGE = 9,
	CREATE_STREAMS = 10, EXCHANGE_RESULTS = 13, DISPLAY_RESULTS = 14, IPERF_DONE = 16
};

#define IP_COOKIE	37
#define IP_BLOCK	131072

char	*to = "127.0.0.1";
int	port = 5201;
int	reverse;
long	total = 1 << 20;
int	ended, result;
long	bytes;

static lck_grp_t	*ip_grp;
static lck_mtx_t	*ip_mtx;
static socket_t		ip_control, ip_data;
static boolean_t	ip_gone, ip_stopping;
static char		ip_cookie[IP_COOKIE] = "netkpi-netkpi-netkpi-netkpi-netkpi-ne";

static errno_t
ip_write(socket_t so, const void *buf, size_t size)
{
	struct iovec iov = { (void *)buf, size };
	struct msghdr msg;
	size_t len;
	errno_t error;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	error = sock_send(so, &msg, 0, &len);
	return error == 0 && len != size ? EIO : error;
}

static errno_t
ip_read(socket_t so, void *buf, size_t size)
{
	struct iovec iov = { buf, size };
	struct msghdr msg;
	size_t len;
	errno_t error;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	error = sock_receive(so, &msg, MSG_WAITALL, &len);
	return error == 0 && len != size ? ECONNABORTED : error;
}

static errno_t
ip_connect(socket_t *so)
{
	struct sockaddr_storage ss;
	errno_t error;

	error = idiom_address(to, port, &ss);
	if (error == 0)
		error = sock_socket(ss.ss_family, SOCK_STREAM, 0, NULL, NULL, so);
	if (error != 0)
		return error;
	idiom_timeout(*so, SO_RCVTIMEO, 20);
	error = sock_connect(*so, (struct sockaddr *)&ss, 0);
	return error != 0 ? error : ip_write(*so, ip_cookie, IP_COOKIE);
}

static errno_t
ip_text(const char *text)
{
	u_int32_t size = strlen(text), mark = htonl(size);
	errno_t error = ip_write(ip_control, &mark, sizeof(mark));

	return error != 0 ? error : ip_write(ip_control, text, size);
}

static errno_t
ip_parameters(void)
{
	char text[256];

	snprintf(text, sizeof(text), "{\"tcp\":true,\"omit\":0,\"time\":0,\"num\":%ld,"
		 "\"blockcount\":0,\"parallel\":1,\"len\":%d,\"pacing_timer\":1000,%s"
		 "\"client_version\":\"3.12\"}", total, IP_BLOCK,
		 reverse ? "\"reverse\":true," : "");
	return ip_text(text);
}

static errno_t
ip_results(void)
{
	char text[512];
	u_int32_t mark;
	size_t size;
	mbuf_t m = NULL;
	errno_t error;

	snprintf(text, sizeof(text), "{\"cpu_util_total\":0,\"cpu_util_user\":0,"
		 "\"cpu_util_system\":0,\"sender_has_retransmits\":-1,\"streams\":[{\"id\":1,"
		 "\"bytes\":%ld,\"retransmits\":-1,\"jitter\":0,\"errors\":0,\"packets\":0,"
		 "\"start_time\":0,\"end_time\":1}]}", bytes);
	error = ip_text(text);
	if (error == 0)
		error = ip_read(ip_control, &mark, sizeof(mark));
	size = ntohl(mark);
	if (error == 0)
		error = sock_receivembuf(ip_control, NULL, &m, MSG_WAITALL, &size);
	if (error == 0)
		mbuf_freem(m);
	return error;
}

static errno_t
ip_source(void)
{
	errno_t error = 0;
	size_t sent;
	mbuf_t m;

	while (error == 0 && bytes < total && !ip_stopping) {
		m = NULL;
		error = mbuf_allocpacket(MBUF_WAITOK, IP_BLOCK, NULL, &m);
		if (error != 0)
			break;
		for (mbuf_t n = m; n != NULL; n = mbuf_next(n))
			mbuf_setlen(n, mbuf_maxlen(n));
		mbuf_pkthdr_setlen(m, IP_BLOCK);
		error = sock_sendmbuf(ip_data, NULL, m, 0, &sent);
		if (error == 0)
			bytes += sent;
	}
	return error;
}

static errno_t
ip_sink(void)
{
	errno_t error = 0;
	size_t len;
	mbuf_t m;

	while (error == 0 && bytes < total && !ip_stopping) {
		len = IP_BLOCK;
		m = NULL;
		error = sock_receivembuf(ip_data, NULL, &m, 0, &len);
		if (error == 0 && m == NULL)
			return ECONNABORTED;
		mbuf_freem(m);
		bytes += len;
	}
	return error;
}

static errno_t
ip_run(void)
{
	signed char end = TEST_END;
	errno_t error = reverse ? ip_sink() : ip_source();

	return error != 0 ? error : ip_write(ip_control, &end, 1);
}

static errno_t
ip_step(signed char state)
{
	switch (state) {
	case PARAM_EXCHANGE:
		return ip_parameters();
	case CREATE_STREAMS:
		return ip_connect(&ip_data);
	case TEST_START:
		return 0;
	case TEST_RUNNING:
		return ip_run();
	case EXCHANGE_RESULTS:
		return ip_results();
	case DISPLAY_RESULTS:
		state = IPERF_DONE;
		return ip_write(ip_control, &state, 1);
	default:
		return EPROTO;
	}
}

static errno_t
ip_test(void)
{
	signed char state = 0;
	errno_t error = ip_connect(&ip_control);

	while (error == 0 && state != DISPLAY_RESULTS) {
		error = ip_read(ip_control, &state, 1);
		if (error == 0)
			error = ip_step(state);
	}
	if (ip_data != NULL)
		sock_close(ip_data);
	if (ip_control != NULL)
		sock_close(ip_control);
	return error;
}

static void
ip_thread(void *arg, wait_result_t unused)
{
	errno_t error = ip_test();

	lck_mtx_lock(ip_mtx);
	result = error;
	ended = 1;
	ip_gone = TRUE;
	wakeup(&ip_gone);
	lck_mtx_unlock(ip_mtx);
}

kern_return_t
iperf_start(struct kmod_info *ki, void *data)
{
	thread_t thread;

	ip_grp = lck_grp_alloc_init("iperf", LCK_GRP_ATTR_NULL);
	ip_mtx = lck_mtx_alloc_init(ip_grp, LCK_ATTR_NULL);
	if (kernel_thread_start(ip_thread, NULL, &thread) == KERN_SUCCESS) {
		thread_deallocate(thread);
		return KERN_SUCCESS;
	}
	lck_mtx_free(ip_mtx, ip_grp);
	lck_grp_free(ip_grp);
	return KERN_RESOURCE_SHORTAGE;
}

kern_return_t
iperf_stop(struct kmod_info *ki, void *data)
{
	ip_stopping = TRUE;
	lck_mtx_lock(ip_mtx);
	while (!ip_gone)
		msleep(&ip_gone, ip_mtx, PSOCK, "ipstop", NULL);
	lck_mtx_unlock(ip_mtx);
	lck_mtx_free(ip_mtx, ip_grp);
	lck_grp_free(ip_grp);
	return KERN_SUCCESS;
}
