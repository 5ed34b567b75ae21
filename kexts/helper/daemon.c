// SPDX-License-Identifier: GPL-2.0
/*
 * The way to the daemon: a stream socket in the file system. A question is a
 * line with a number, an answer a line with a name. Whenever the daemon goes
 * away, the question is put again to the next one.
 */
#include <sys/kernel.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "idmap.h"

#define PATIENCE	2		/* seconds for an answer */
#define TRIES		50

static socket_t daemon_so;

static errno_t
daemon_connect(void)
{
	struct timeval tv = { PATIENCE, 0 };
	struct sockaddr_un sun;
	errno_t error;

	bzero(&sun, sizeof(sun));
	sun.sun_family = AF_LOCAL;
	strlcpy(sun.sun_path, path, sizeof(sun.sun_path));
	sun.sun_len = SUN_LEN(&sun);

	error = sock_socket(PF_LOCAL, SOCK_STREAM, 0, NULL, NULL, &daemon_so);
	if (error != 0)
		return error;
	sock_setsockopt(daemon_so, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	error = sock_connect(daemon_so, (struct sockaddr *)&sun, 0);
	if (error != 0)
		daemon_close();
	return error;
}

void
daemon_close(void)
{
	sock_close(daemon_so);
	daemon_so = NULL;
}

static errno_t
daemon_send(char *line, size_t len)
{
	struct iovec iov = { line, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t sent;

	return sock_send(daemon_so, &msg, 0, &sent);
}

static errno_t
daemon_line(char *line, size_t size)
{
	struct iovec iov;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t len, used = 0;
	char *end;
	errno_t error;

	while (used < size - 1) {
		iov.iov_base = line + used;
		iov.iov_len = size - 1 - used;
		error = sock_receive(daemon_so, &msg, 0, &len);
		if (error != 0)
			return error;
		if (len == 0)
			return EPIPE;		/* the daemon is gone */
		used += len;
		line[used] = '\0';
		end = strchr(line, '\n');
		if (end != NULL) {
			*end = '\0';
			return 0;
		}
	}
	return EMSGSIZE;
}

static errno_t
daemon_exchange(uid_t uid, char *name, size_t size)
{
	char question[16];
	int len = snprintf(question, sizeof(question), "%u\n", uid);
	errno_t error = 0;

	if (daemon_so == NULL)
		error = daemon_connect();
	if (error == 0)
		error = daemon_send(question, len);
	if (error == 0)
		error = daemon_line(name, size);
	return error;
}

errno_t
daemon_ask(uid_t uid, char *name, size_t size)
{
	errno_t error;
	int try;

	for (try = 0; try < TRIES && !stopping; try++) {
		error = daemon_exchange(uid, name, size);
		if (error == 0) {
			asked++;
			return 0;
		}
		if (daemon_so != NULL) {
			daemon_close();
			reconnects++;
		} else {
			tsleep(&daemon_so, PSOCK | PCATCH, "nodaemon", hz / 10);
		}
	}
	return ETIMEDOUT;
}

void
daemon_interrupt(void)
{
	wakeup(&daemon_so);
}
