// SPDX-License-Identifier: GPL-2.0
/*
 * An HTTP/1.1 client: a thread with a blocking socket fetches
 * http://server:port/path and reports the status, the size and the CRC-32 of
 * the body, whether its length was known or it came in chunks.
 */
#include <kern/locks.h>
#include <kern/thread.h>
#include <mach/mach_types.h>
#include <netinet/in.h>

#include "stream.h"

#define PATIENCE	10		/* seconds without a byte */
#define TO_THE_END	((size_t)-1)

char		*server = "127.0.0.1";
int		port = 80;
char		*path = "/";

int		done;
int		result;
int		status;
unsigned int	bytes;
unsigned int	crc;

static struct sockaddr_in http_to;
static lck_grp_t	*http_grp;
static lck_mtx_t	*http_mtx;
static socket_t		http_so;	/* guarded by http_mtx, as is the next */
static boolean_t	http_running;

#pragma mark -
#pragma mark Response

struct http_head {
	boolean_t	chunked;
	size_t		length;		/* of the body, or TO_THE_END */
};

static errno_t
http_head(struct stream *s, struct http_head *head)
{
	char line[512];
	errno_t error;

	error = stream_line(s, line, sizeof(line));
	if (error != 0)
		return error;
	if (sscanf(line, "HTTP/1.1 %d", &status) != 1)
		return EBADMSG;

	head->chunked = FALSE;
	head->length = TO_THE_END;
	while ((error = stream_line(s, line, sizeof(line))) == 0 && line[0] != '\0') {
		if (strncasecmp(line, "content-length: ", 16) == 0)
			head->length = strtoul(line + 16, NULL, 10);
		else if (strncasecmp(line, "transfer-encoding: chunked", 26) == 0)
			head->chunked = TRUE;
	}
	return error;
}

static errno_t
http_bytes(struct stream *s, size_t want)
{
	const char *data;
	size_t len;
	errno_t error;

	while (want > 0) {
		error = stream_peek(s, &data, &len);
		if (error == EPIPE && want == TO_THE_END)
			return 0;
		if (error != 0)
			return error;
		len = len < want ? len : want;
		crc = crc32(crc, data, len);
		bytes += len;
		if (want != TO_THE_END)
			want -= len;
		stream_take(s, len);
	}
	return 0;
}

static errno_t
http_chunks(struct stream *s)
{
	char line[80];
	size_t len;
	errno_t error;

	for (;;) {
		error = stream_line(s, line, sizeof(line));
		if (error != 0)
			return error;
		len = strtoul(line, NULL, 16);
		if (len == 0)
			return stream_line(s, line, sizeof(line));
		error = http_bytes(s, len);
		if (error == 0)
			error = stream_line(s, line, sizeof(line));
		if (error != 0)
			return error;
	}
}

static errno_t
http_response(socket_t so)
{
	struct stream s = { so };
	struct http_head head;
	errno_t error;

	error = http_head(&s, &head);
	if (error == 0)
		error = head.chunked ? http_chunks(&s) : http_bytes(&s, head.length);
	stream_free(&s);
	return error;
}

#pragma mark -
#pragma mark Request

static errno_t
http_request(socket_t so)
{
	const char *parts[] = { "GET ", path, " HTTP/1.1\r\nHost: ", server,
				"\r\nConnection: close\r\n\r\n" };
	struct iovec iov[5];
	struct msghdr msg;
	size_t sent;
	int i;

	for (i = 0; i < 5; i++) {
		iov[i].iov_base = (void *)parts[i];
		iov[i].iov_len = strlen(parts[i]);
	}
	bzero(&msg, sizeof(msg));
	msg.msg_iov = iov;
	msg.msg_iovlen = 5;
	return sock_send(so, &msg, 0, &sent);
}

static errno_t
http_exchange(socket_t so)
{
	struct timeval tv = { PATIENCE, 0 };
	errno_t error;

	error = sock_setsockopt(so, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	if (error == 0)
		error = sock_setsockopt(so, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	if (error == 0)
		error = sock_connect(so, (struct sockaddr *)&http_to, 0);
	if (error == 0)
		error = http_request(so);
	if (error == 0)
		error = http_response(so);
	return error;
}

static void
http_thread(void *arg, wait_result_t wr)
{
	result = http_exchange(http_so);
	if (result != 0)
		printf("http: %s:%d%s: error %d\n", server, port, path, result);
	else
		printf("http: status %d, %u bytes, crc32 %08x\n", status, bytes, crc);

	lck_mtx_lock(http_mtx);
	sock_close(http_so);
	http_so = NULL;
	http_running = FALSE;
	done = 1;
	wakeup(&http_running);
	lck_mtx_unlock(http_mtx);
}

#pragma mark -
#pragma mark Start and stop

static boolean_t
http_bad_parameters(void)
{
	bzero(&http_to, sizeof(http_to));
	http_to.sin_len = sizeof(http_to);
	http_to.sin_family = AF_INET;
	http_to.sin_port = htons(port);
	if (inet_aton(server, &http_to.sin_addr) == 0)
		printf("http: server=%s: not an IPv4 address\n", server);
	else if (port < 1 || port > 65535)
		printf("http: port=%d: not a port\n", port);
	else if (path[0] != '/')
		printf("http: path=%s: must start with a slash\n", path);
	else
		return FALSE;
	return TRUE;
}

kern_return_t
http_start(kmod_info_t *ki, void *data)
{
	thread_t thread;

	if (http_bad_parameters())
		return KERN_INVALID_ARGUMENT;
	if (sock_socket(PF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, NULL, &http_so) != 0)
		return KERN_FAILURE;

	http_grp = lck_grp_alloc_init("org.netkpi.port.http", LCK_GRP_ATTR_NULL);
	http_mtx = lck_mtx_alloc_init(http_grp, LCK_ATTR_NULL);
	http_running = TRUE;
	if (kernel_thread_start(http_thread, NULL, &thread) != KERN_SUCCESS) {
		sock_close(http_so);
		lck_mtx_free(http_mtx, http_grp);
		lck_grp_free(http_grp);
		return KERN_RESOURCE_SHORTAGE;
	}
	thread_deallocate(thread);
	return KERN_SUCCESS;
}

kern_return_t
http_stop(kmod_info_t *ki, void *data)
{
	struct timespec second = { 1, 0 };

	lck_mtx_lock(http_mtx);
	while (http_running) {
		if (http_so != NULL)
			sock_shutdown(http_so, SHUT_RDWR);
		msleep(&http_running, http_mtx, PSOCK, "httpstop", &second);
	}
	lck_mtx_unlock(http_mtx);

	lck_mtx_free(http_mtx, http_grp);
	lck_grp_free(http_grp);
	return KERN_SUCCESS;
}
