// SPDX-License-Identifier: GPL-2.0
/*
 * A port forwarder: takes connections on one port and relays each to a server,
 * in both directions, until both sides have said all they had to say.
 */
#include <mach/mach_types.h>

#include "relay.h"

int	listen = 8080;
char	*server = "127.0.0.1";
int	port = 80;

static socket_t listener;

static void
listen_upcall(socket_t so, void *cookie, int waitf)
{
	(void)pair_accept(so);
}

static errno_t
open_listener(void)
{
	struct sockaddr_in sin = { sizeof(sin), AF_INET, htons(listen) };
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_STREAM, 0, listen_upcall, NULL, &listener);
	if (error != 0)
		return error;
	sock_setsockopt(listener, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	sock_setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	error = sock_bind(listener, (struct sockaddr *)&sin);
	if (error == 0)
		error = sock_listen(listener, 32);
	return error;
}

static boolean_t
bad_parameters(struct sockaddr_in *to)
{
	if (inet_aton(server, &to->sin_addr) == 0)
		printf("relay: server=%s: not an IPv4 address\n", server);
	else if (port < 1 || port > 65535)
		printf("relay: port=%d: not a port\n", port);
	else if (listen < 1 || listen > 65535)
		printf("relay: listen=%d: not a port\n", listen);
	else
		return FALSE;
	return TRUE;
}

kern_return_t
relay_start(kmod_info_t *ki, void *data)
{
	struct sockaddr_in to = { sizeof(to), AF_INET, htons(port) };
	errno_t error;

	if (bad_parameters(&to))
		return KERN_INVALID_ARGUMENT;
	error = pairs_init(&to);
	if (error == 0)
		error = open_listener();
	if (error != 0) {
		printf("relay: listen=%d: error %d\n", listen, error);
		sock_close(listener);
		pairs_destroy();
		return KERN_FAILURE;
	}
	return KERN_SUCCESS;
}

kern_return_t
relay_stop(kmod_info_t *ki, void *data)
{
	sock_close(listener);
	pairs_destroy();
	printf("relay: %d connections, %ld bytes\n", relayed, bytes);
	return KERN_SUCCESS;
}
