// SPDX-License-Identifier: GPL-2.0
/* Connects to the server over IPv4, IPv6, and IPv4 as IPv6 sees it. */
#include <mach/mach_types.h>
#include <kern/locks.h>
#include <kern/thread.h>

#include "dual.h"

#define PATIENCE	5		/* seconds for an answer */

int	done;
int	result;

static lck_grp_t	*grp;
static lck_mtx_t	*mtx;
static boolean_t	running;

static void
loopback(struct sockaddr_storage *ss, int family, boolean_t mapped)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)ss;

	bzero(ss, sizeof(*ss));
	ss->ss_family = family;
	if (family == AF_INET) {
		sin->sin_len = sizeof(*sin);
		sin->sin_port = htons(port);
		sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return;
	}
	sin6->sin6_len = sizeof(*sin6);
	sin6->sin6_port = htons(port);
	sin6->sin6_addr = in6addr_loopback;
	if (mapped) {
		bzero(&sin6->sin6_addr, sizeof(sin6->sin6_addr));
		sin6->sin6_addr.s6_addr16[5] = 0xffff;
		sin6->sin6_addr.s6_addr32[3] = htonl(INADDR_LOOPBACK);
	}
}

static errno_t
read_line(socket_t so, char *line, size_t size)
{
	struct iovec iov = { line, size - 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct timeval tv = { PATIENCE, 0 };
	size_t len;
	errno_t error;

	error = sock_setsockopt(so, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	if (error == 0)		/* to the end: the server closes */
		error = sock_receive(so, &msg, MSG_WAITALL, &len);
	if (error != 0)
		return error;
	line[len] = '\0';
	return 0;
}

static errno_t
connect_as(int family, boolean_t mapped, const char *want)
{
	struct sockaddr_storage to;
	char line[80];
	socket_t so;
	errno_t error;

	loopback(&to, family, mapped);
	error = sock_socket(family, SOCK_STREAM, 0, NULL, NULL, &so);
	if (error != 0)
		return error;
	error = sock_connect(so, (struct sockaddr *)&to, 0);
	if (error == 0)
		error = read_line(so, line, sizeof(line));
	sock_close(so);
	if (error == 0 && strcmp(line, want) != 0) {
		printf("dual: \"%s\" instead of \"%s\"\n", line, want);
		error = EBADMSG;
	}
	return error;
}

static void
client(void *arg, wait_result_t wr)
{
	result = connect_as(AF_INET, FALSE, "you are ::ffff:127.0.0.1, IPv4\n");
	if (result == 0)
		result = connect_as(AF_INET6, FALSE, "you are ::1, IPv6\n");
	if (result == 0)
		result = connect_as(AF_INET6, TRUE, "you are ::ffff:127.0.0.1, IPv4\n");
	printf("dual: error %d\n", result);

	lck_mtx_lock(mtx);
	running = FALSE;
	done = 1;
	wakeup(&running);
	lck_mtx_unlock(mtx);
}

static void
cleanup(void)
{
	server_close();
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
}

kern_return_t
dual_start(kmod_info_t *ki, void *data)
{
	thread_t thread;
	errno_t error;

	if (port < 1 || port > 65535) {
		printf("dual: port=%d: not a port\n", port);
		return KERN_INVALID_ARGUMENT;
	}
	grp = lck_grp_alloc_init("org.netkpi.port.dual", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	error = server_open();
	running = TRUE;
	if (error == 0 && kernel_thread_start(client, NULL, &thread) != KERN_SUCCESS)
		error = ENOMEM;
	if (error != 0) {
		printf("dual: port %d: error %d\n", port, error);
		cleanup();
		return KERN_FAILURE;
	}
	thread_deallocate(thread);
	return KERN_SUCCESS;
}

kern_return_t
dual_stop(kmod_info_t *ki, void *data)
{
	lck_mtx_lock(mtx);
	while (running)
		msleep(&running, mtx, PSOCK, "dualstop", NULL);
	lck_mtx_unlock(mtx);
	cleanup();
	return KERN_SUCCESS;
}
