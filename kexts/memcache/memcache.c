// SPDX-License-Identifier: GPL-2.0
/*
 * A client for memcached's text protocol. What has come in and is not used yet
 * is one chain; a line is pulled up in front of it and cut off, a value is split
 * off as mbufs. Values go out as mbufs, too, with the command put in front.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <kern/locks.h>
#include <kern/thread.h>

#define LINE_SIZE	80
#define SIZE_MAX_VALUE	(1000 * 1000)
#define PATIENCE	5		/* seconds for an answer */

char	*server = "127.0.0.1";
int	port = 11211;
int	size = 100000;			/* of the large value */

int	done;
int	result;
int	steps;				/* of the list at the end that went well */

static struct sockaddr_in memcache_to;
static lck_grp_t	*grp;
static lck_mtx_t	*mtx;
static boolean_t	running;
static socket_t		so;
static mbuf_t		input;

#pragma mark Output

/* The command, the value if there is one, and the ends of line. m is used up. */
static errno_t
send_command(const char *command, mbuf_t m)
{
	size_t sent, len = strlen(command);
	errno_t error = 0;

	if (m != NULL)
		error = mbuf_copyback(m, mbuf_pkthdr_len(m), 2, "\r\n", MBUF_WAITOK);
	else
		error = mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m);
	if (error != 0) {
		mbuf_freem(m);
		return error;
	}
	error = mbuf_prepend(&m, len, MBUF_WAITOK);	/* frees the chain if it fails */
	if (error != 0)
		return error;
	bcopy(command, mbuf_data(m), len);
	return sock_sendmbuf(so, NULL, m, 0, &sent);
}

static mbuf_t
make_value(size_t len)
{
	unsigned int chunks = 0;
	u_char byte;
	size_t off, n;
	mbuf_t m, first;

	if (mbuf_allocpacket(MBUF_WAITOK, len, &chunks, &first) != 0)
		return NULL;
	for (m = first, off = 0; m != NULL; m = mbuf_next(m), off += n) {
		n = MIN(mbuf_maxlen(m), len - off);
		byte = off / 1000;
		memset(mbuf_data(m), byte, n);
		mbuf_setlen(m, n);
	}
	mbuf_pkthdr_setlen(first, len);
	return first;
}

static u_int32_t
checksum(mbuf_t m)
{
	u_int32_t crc = 0;

	for (; m != NULL; m = mbuf_next(m))
		crc = crc32(crc, mbuf_data(m), mbuf_len(m));
	return crc;
}

#pragma mark Input

static size_t
chain_len(mbuf_t m)
{
	size_t len = 0;

	for (; m != NULL; m = mbuf_next(m))
		len += mbuf_len(m);
	return len;
}

static errno_t
receive_more(void)
{
	size_t len = 65536;
	mbuf_t m;
	errno_t error;

	error = sock_receivembuf(so, NULL, &m, 0, &len);
	if (error != 0)
		return error;
	if (m == NULL)
		return ECONNRESET;
	input = input == NULL ? m : mbuf_concatenate(input, m);
	mbuf_pkthdr_setlen(input, chain_len(input));
	return 0;
}

/* Where the first line ends; 0: not there yet. */
static size_t
line_len(void)
{
	char *newline;
	mbuf_t m;
	size_t len = 0;

	for (m = input; m != NULL; len += mbuf_len(m), m = mbuf_next(m)) {
		newline = memchr(mbuf_data(m), '\n', mbuf_len(m));
		if (newline != NULL)
			return len + (newline - (char *)mbuf_data(m)) + 1;
	}
	return 0;
}

static errno_t
receive_line(char *line)
{
	size_t len;
	errno_t error;

	while ((len = line_len()) == 0) {
		error = receive_more();
		if (error != 0)
			return error;
	}
	if (len < 2 || len >= LINE_SIZE)
		return EBADMSG;
	error = mbuf_pullup(&input, len);	/* frees the chain if it fails */
	if (error != 0)
		return error;
	bcopy(mbuf_data(input), line, len - 2);
	line[len - 2] = '\0';
	mbuf_adj(input, len);
	return 0;
}

static errno_t
receive_value(size_t len, mbuf_t *value)
{
	mbuf_t rest;
	errno_t error = 0;

	while (error == 0 && chain_len(input) < len + 2)
		error = receive_more();
	if (error == 0)
		error = mbuf_split(input, len, MBUF_WAITOK, &rest);
	if (error != 0)
		return error;
	*value = input;
	input = rest;
	mbuf_adj(input, 2);			/* the end of its line */
	return 0;
}

static errno_t
expect_line(const char *want)
{
	char line[LINE_SIZE];
	errno_t error;

	error = receive_line(line);
	if (error == 0 && strcmp(line, want) != 0) {
		printf("memcache: \"%s\" instead of \"%s\"\n", line, want);
		error = EBADMSG;
	}
	return error;
}

static errno_t
ask(const char *command, const char *answer)
{
	errno_t error;

	error = send_command(command, NULL);
	return error != 0 ? error : expect_line(answer);
}

#pragma mark What is done with it

static errno_t
large_value(void)
{
	char command[LINE_SIZE], line[LINE_SIZE];
	u_int32_t crc;
	mbuf_t m, back;
	errno_t error;

	m = make_value(size);
	if (m == NULL)
		return ENOMEM;
	crc = checksum(m);
	snprintf(command, sizeof(command), "set large 7 0 %d\r\n", size);
	if ((error = send_command(command, m)) || (error = expect_line("STORED")) ||
	    (error = send_command("get large\r\n", NULL)) || (error = receive_line(line)))
		return error;

	snprintf(command, sizeof(command), "VALUE large 7 %d", size);
	if (strcmp(line, command) != 0)
		return EBADMSG;
	error = receive_value(size, &back);
	if (error != 0)
		return error;
	error = checksum(back) == crc ? expect_line("END") : EBADMSG;
	mbuf_freem(back);
	return error;
}

static errno_t
counting(void)
{
	errno_t error;

	if ((error = ask("set n 0 0 2\r\n41\r\n", "STORED")) ||
	    (error = ask("incr n 1\r\n", "42")) || (error = ask("decr n 50\r\n", "0")) ||
	    (error = ask("delete n\r\n", "DELETED")))
		return error;
	return ask("incr n 1\r\n", "NOT_FOUND");
}

/* Many commands at once, then all the answers. */
static errno_t
pipelining(void)
{
	char command[LINE_SIZE];
	errno_t error = 0;
	int i;

	for (i = 0; i < 100 && error == 0; i++) {
		snprintf(command, sizeof(command), "set key%d 0 0 3\r\n%03d\r\n", i, i);
		error = send_command(command, NULL);
	}
	for (i = 0; i < 100 && error == 0; i++)
		error = expect_line("STORED");
	return error;
}

static errno_t
several_keys(void)
{
	char line[LINE_SIZE], want[LINE_SIZE];
	errno_t error;
	int i;

	error = send_command("get key5 key50 nokey key99\r\n", NULL);
	for (i = 5; i < 100 && error == 0; i = i == 5 ? 50 : i + 49) {
		snprintf(want, sizeof(want), "VALUE key%d 0 3", i);
		error = expect_line(want);
		if (error == 0)
			error = receive_line(line);
		if (error == 0 && strtol(line, NULL, 10) != i)
			error = EBADMSG;
	}
	return error != 0 ? error : expect_line("END");
}

static errno_t
run_steps(void)
{
	errno_t (*const todo[])(void) = { large_value, counting, pipelining, several_keys };
	struct timeval tv = { PATIENCE, 0 };
	int room = size + LINE_SIZE;		/* a chain is sent as a whole or not at all */
	errno_t error;

	error = sock_setsockopt(so, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	if (error == 0)
		error = sock_setsockopt(so, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	if (error == 0)
		error = sock_connect(so, (struct sockaddr *)&memcache_to, 0);
	while (error == 0 && steps < sizeof(todo) / sizeof(todo[0])) {
		error = todo[steps]();
		if (error == 0)
			steps++;
	}
	return error;
}

#pragma mark Start and stop

static void
memcache_thread(void *arg, wait_result_t wr)
{
	result = run_steps();
	printf("memcache: %d steps, error %d\n", steps, result);
	mbuf_freem(input);

	lck_mtx_lock(mtx);
	sock_close(so);
	so = NULL;
	running = FALSE;
	done = 1;
	wakeup(&running);
	lck_mtx_unlock(mtx);
}

static boolean_t
bad_parameters(void)
{
	memcache_to.sin_len = sizeof(memcache_to);
	memcache_to.sin_family = AF_INET;
	memcache_to.sin_port = htons(port);
	if (inet_aton(server, &memcache_to.sin_addr) == 0)
		printf("memcache: server=%s: not an IPv4 address\n", server);
	else if (port < 1 || port > 65535)
		printf("memcache: port=%d: not a port\n", port);
	else if (size < 1 || size > SIZE_MAX_VALUE)
		printf("memcache: size=%d: must be 1 to %d\n", size, SIZE_MAX_VALUE);
	else
		return FALSE;
	return TRUE;
}

kern_return_t
memcache_start(kmod_info_t *ki, void *data)
{
	thread_t thread;

	if (bad_parameters())
		return KERN_INVALID_ARGUMENT;
	if (sock_socket(PF_INET, SOCK_STREAM, 0, NULL, NULL, &so) != 0)
		return KERN_FAILURE;

	grp = lck_grp_alloc_init("org.netkpi.port.memcache", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	running = TRUE;
	if (kernel_thread_start(memcache_thread, NULL, &thread) != KERN_SUCCESS) {
		sock_close(so);
		lck_mtx_free(mtx, grp);
		lck_grp_free(grp);
		return KERN_RESOURCE_SHORTAGE;
	}
	thread_deallocate(thread);
	return KERN_SUCCESS;
}

kern_return_t
memcache_stop(kmod_info_t *ki, void *data)
{
	struct timespec second = { 1, 0 };

	lck_mtx_lock(mtx);
	while (running) {
		sock_shutdown(so, SHUT_RDWR);
		msleep(&running, mtx, PSOCK, "memcstop", &second);
	}
	lck_mtx_unlock(mtx);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_SUCCESS;
}
