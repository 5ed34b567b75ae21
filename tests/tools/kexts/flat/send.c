/* The socket of the beacon. */
#include <sys/systm.h>
#include <sys/socket.h>
#include <sys/kpi_mbuf.h>
#include <netinet/in.h>

#include "beacon.h"

int beacon_sent;

static socket_t so;

errno_t
beacon_open(void)
{
	return sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &so);
}

void
beacon_close(void)
{
	if (so != NULL)
		sock_close(so);
	so = NULL;
}

errno_t
beacon_send(const char *text)
{
	struct sockaddr_in to;
	struct msghdr msg;
	mbuf_t m = NULL;
	errno_t error;

	bzero(&to, sizeof(to));
	to.sin_len = sizeof(to);
	to.sin_family = AF_INET;
	to.sin_port = htons(5140);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

	error = mbuf_allocpacket(MBUF_WAITOK, strlen(text), NULL, &m);
	if (error == 0)
		error = mbuf_copyback(m, 0, strlen(text), text, MBUF_WAITOK);
	if (error != 0) {
		if (m != NULL)
			mbuf_freem(m);
		return error;
	}

	bzero(&msg, sizeof(msg));
	msg.msg_name = &to;
	msg.msg_namelen = sizeof(to);
	error = sock_sendmbuf(so, &msg, m, 0, NULL);
	if (error == 0)
		beacon_sent++;
	return error;
}
