// SPDX-License-Identifier: GPL-2.0
/*
 * A transport chosen at run time: the KPI's functions are called through a table
 * of pointers only, one of them with a cast, as old code has it.
 */
#include "idiom.h"

char	*to = "127.0.0.1";
int	port;
int	echoes = 100;
int	echoed, result;

struct transport {
	errno_t (*open)(int, int, int, sock_upcall, void *, socket_t *);
	errno_t (*connect)(socket_t, const struct sockaddr *, int);
	errno_t (*send)(socket_t, const struct msghdr *, int, size_t *);
	errno_t (*receive)(socket_t, struct msghdr *, int, size_t *);
	int (*alive)(socket_t);
	void (*close)(socket_t);
};

typedef errno_t (*transport_connect)(socket_t, const struct sockaddr *, int);

static const struct transport tcp_transport = {
	sock_socket,
	(transport_connect)&sock_connect,
	sock_send,
	sock_receive,
	sock_isconnected,
	sock_close,
};

static errno_t
pt_transfer(errno_t (*call)(socket_t, struct msghdr *, int, size_t *), socket_t so,
	    void *buf, size_t size, int flags)
{
	struct iovec iov = { buf, size };
	struct msghdr msg;
	size_t len;
	errno_t error;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	error = (*call)(so, &msg, flags, &len);
	return error == 0 && len != size ? EIO : error;
}

static errno_t
pt_send(const struct transport *tp, socket_t so, void *buf, size_t size)
{
	struct iovec iov = { buf, size };
	struct msghdr msg;
	size_t len;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	return (*tp->send)(so, &msg, 0, &len);
}

static errno_t
pt_echo(const struct transport *tp, socket_t so)
{
	char out[100], in[100];
	errno_t error;

	read_random(out, sizeof(out));
	error = pt_send(tp, so, out, sizeof(out));
	if (error == 0)
		error = pt_transfer(tp->receive, so, in, sizeof(in), MSG_WAITALL);
	if (error == 0 && bcmp(in, out, sizeof(in)) != 0)
		error = EBADMSG;
	return error;
}

static errno_t
pt_run(const struct transport *tp)
{
	struct sockaddr_storage ss;
	socket_t so;
	errno_t error;

	error = idiom_address(to, port, &ss);
	if (error == 0)
		error = (*tp->open)(ss.ss_family, SOCK_STREAM, 0, NULL, NULL, &so);
	if (error != 0)
		return error;
	error = (*tp->connect)(so, (struct sockaddr *)&ss, 0);
	if (error == 0 && !(*tp->alive)(so))
		error = ENOTCONN;
	while (error == 0 && echoed < echoes) {
		error = pt_echo(tp, so);
		if (error == 0)
			echoed++;
	}
	(*tp->close)(so);
	return error;
}

kern_return_t
pointers_start(struct kmod_info *ki, void *data)
{
	result = pt_run(&tcp_transport);
	return KERN_SUCCESS;
}

kern_return_t
pointers_stop(struct kmod_info *ki, void *data)
{
	return KERN_SUCCESS;
}
