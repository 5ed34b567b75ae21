// SPDX-License-Identifier: GPL-2.0
/*
 * An HTTP/1.0 client: connects without blocking, sends its request as soon as
 * the upcall says that the connection is there, and takes the response in the
 * upcall, mbuf by mbuf, without copying it anywhere.
 */

#include "demo.h"

#include <libkern/libkern.h>
#include <netinet/tcp.h>

enum http_state {
	HTTP_IDLE,
	HTTP_CONNECTING,
	HTTP_HEADER,		/* collecting lines up to the empty one */
	HTTP_BODY,
	HTTP_DONE
};

static struct {
	lck_mtx_t *lock;	/* guards everything below */
	socket_t so;
	enum http_state state;
	int silence;		/* ticks since something last arrived */

	char line[256];		/* header line being collected */
	size_t line_len;
	char status[64];	/* "200 OK" */

	uint64_t body_len;
	uint32_t crc;
} http;

static void
finish(const char *why, errno_t error)
{
	if (error != 0)
		printf("http: %s:%d: %s: error %d\n", host, port, why, error);
	else
		printf("http: %s, %llu bytes of body, crc32 0x%08x\n",
		       http.status, http.body_len, http.crc);
	http.state = HTTP_DONE;
}

static errno_t
send_request(void)
{
	char request[512];
	size_t len, sent;
	mbuf_t m;
	errno_t error;

	len = snprintf(request, sizeof(request),
		       "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path, host);
	if (len >= sizeof(request))
		return ENAMETOOLONG;

	error = mbuf_allocpacket(MBUF_WAITOK, len, NULL, &m);
	if (error != 0)
		return error;
	error = mbuf_copyback(m, 0, len, request, MBUF_WAITOK);
	if (error != 0) {
		mbuf_freem(m);
		return error;
	}
	return sock_sendmbuf(http.so, NULL, m, 0, &sent);
}

static void
connected_or_failed(void)
{
	errno_t error = 0;
	int len = sizeof(error);

	if (sock_isconnected(http.so)) {
		error = send_request();
		if (error != 0)
			finish("cannot send", error);
		else
			http.state = HTTP_HEADER;
		return;
	}
	sock_getsockopt(http.so, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error != 0)
		finish("cannot connect", error);
}

static void
header_line(void)
{
	if (http.line_len == 0) {
		http.state = HTTP_BODY;
		return;
	}
	http.line[http.line_len] = '\0';
	if (http.status[0] == '\0' && http.line_len > 9)
		strlcpy(http.status, http.line + 9, sizeof(http.status));
	http.line_len = 0;
}

/* Takes header lines from the bytes; returns how many it has used. */
static size_t
take_header(const char *bytes, size_t len)
{
	size_t used = 0;

	while (used < len && http.state == HTTP_HEADER) {
		char c = bytes[used++];

		if (c == '\n')
			header_line();
		else if (c != '\r' && http.line_len < sizeof(http.line) - 1)
			http.line[http.line_len++] = c;
	}
	return used;
}

static void
take_chain(mbuf_t chain)
{
	mbuf_t m;

	for (m = chain; m != NULL; m = mbuf_next(m)) {
		const char *bytes = mbuf_data(m);
		size_t len = mbuf_len(m);
		size_t used = take_header(bytes, len);

		http.crc = crc32(http.crc, bytes + used, len - used);
		http.body_len += len - used;
	}
}

static void
receive(void)
{
	mbuf_t chain;
	size_t len;
	errno_t error;

	for (;;) {
		len = 1024 * 1024;
		error = sock_receivembuf(http.so, NULL, &chain, MSG_DONTWAIT, &len);
		if (error == EWOULDBLOCK)
			return;
		if (error != 0)
			return finish("cannot receive", error);
		if (chain == NULL)
			break;
		take_chain(chain);
		mbuf_freem(chain);
	}
	finish("connection closed early", http.state == HTTP_BODY ? 0 : ECONNRESET);
}

static void
http_upcall(socket_t so, void *cookie, int waitf)
{
	lck_mtx_lock(http.lock);
	http.silence = 0;
	if (http.state == HTTP_CONNECTING)
		connected_or_failed();
	if (http.state == HTTP_HEADER || http.state == HTTP_BODY)
		receive();
	lck_mtx_unlock(http.lock);
}

static errno_t
open_connection(void)
{
	struct sockaddr_in to = demo_address(port);
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_STREAM, 0, http_upcall, NULL, &http.so);
	if (error != 0)
		return error;
	sock_setsockopt(http.so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	error = demo_nonblocking(http.so);
	if (error != 0)
		return error;
	error = sock_connect(http.so, (struct sockaddr *)&to, MSG_DONTWAIT);
	return error == EINPROGRESS ? 0 : error;
}

errno_t
http_start(void)
{
	errno_t error;

	http.lock = lck_mtx_alloc_init(demo_locks, LCK_ATTR_NULL);
	if (port == 0) {
		http.state = HTTP_DONE;
		return 0;
	}

	lck_mtx_lock(http.lock);
	http.state = HTTP_CONNECTING;
	error = open_connection();
	if (error != 0)
		finish("cannot connect", error);
	lck_mtx_unlock(http.lock);
	return 0;
}

boolean_t
http_tick(void)
{
	boolean_t finished;

	lck_mtx_lock(http.lock);
	if (http.state != HTTP_DONE && ++http.silence > PATIENCE)
		finish("no answer", ETIMEDOUT);
	finished = http.state == HTTP_DONE;
	lck_mtx_unlock(http.lock);
	return finished;
}

void
http_stop(void)
{
	if (http.lock == NULL)
		return;

	sock_close(http.so);	/* waits for a running upcall */
	lck_mtx_free(http.lock, demo_locks);
}
