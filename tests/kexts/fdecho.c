// SPDX-License-Identifier: GPL-2.0
/*
 * A process writes the number of its descriptor into a sysctl value; from then
 * on what comes in on that socket is sent back by the upcall.
 */

#include <mach/mach_types.h>
#include <sys/file.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/systm.h>

static socket_t echoed;
static int result;		/* of the last file_socket() */

static void
echo(socket_t so, void *cookie, int waitf)
{
	char buf[64];
	struct iovec in = { buf, sizeof(buf) }, out = { buf, 0 };
	struct msghdr from = { .msg_iov = &in, .msg_iovlen = 1 };
	struct msghdr to = { .msg_iov = &out, .msg_iovlen = 1 };
	size_t sent;

	while (sock_receive(so, &from, MSG_DONTWAIT, &out.iov_len) == 0 && out.iov_len > 0)
		if (sock_send(so, &to, MSG_DONTWAIT, &sent) != 0)
			break;
}

static void
stop_echo(void)
{
	if (echoed == NULL)
		return;
	sock_setupcall(echoed, NULL, NULL);
	sock_release(echoed);
	echoed = NULL;
}

static void
start_echo(int fd)
{
	socket_t so;

	result = file_socket(fd, &so);
	if (result != 0)
		return;
	sock_retain(so);
	file_drop(fd);
	sock_setupcall(so, echo, NULL);
	echoed = so;
}

static int
descriptor SYSCTL_HANDLER_ARGS
{
	int fd = -1, changed = 0;
	int error = sysctl_io_number(req, result, sizeof(int), &fd, &changed);

	if (error == 0 && changed) {
		stop_echo();
		if (fd >= 0)
			start_echo(fd);
	}
	return error;
}

SYSCTL_NODE(_kern, OID_AUTO, fdecho, CTLFLAG_RW, NULL, "an echo on a process's socket");
SYSCTL_PROC(_kern_fdecho, OID_AUTO, fd, CTLTYPE_INT | CTLFLAG_RW, NULL, 0, descriptor, "I",
	    "write: a descriptor, or -1 to end it; read: what came of it");

kern_return_t
fdecho_start(kmod_info_t *ki, void *data)
{
	sysctl_register_oid(&sysctl__kern_fdecho);
	sysctl_register_oid(&sysctl__kern_fdecho_fd);
	return KERN_SUCCESS;
}

kern_return_t
fdecho_stop(kmod_info_t *ki, void *data)
{
	sysctl_unregister_oid(&sysctl__kern_fdecho_fd);
	sysctl_unregister_oid(&sysctl__kern_fdecho);
	return KERN_SUCCESS;	/* and leaves its socket to the layer */
}
