// SPDX-License-Identifier: GPL-2.0
/*
 * Prints kernel events of the network class, as a program on macOS does, until so
 * many have come.
 *
 * usage: kevwatch COUNT
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <sys/kern_event.h>
#include <netinet6/in6_var.h>
#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
print_event(const struct kern_event_msg *msg)
{
	const struct net_event_data *link = (const void *)msg->event_data;
	const struct kev_in_data *inet = (const void *)msg->event_data;
	const struct kev_in6_data *inet6 = (const void *)msg->event_data;
	char text[INET6_ADDRSTRLEN];

	printf("%u %u %s%u", msg->kev_subclass, msg->event_code, link->if_name, link->if_unit);
	if (msg->kev_subclass == KEV_INET_SUBCLASS)
		printf(" %s", inet_ntoa(inet->ia_addr));
	if (msg->kev_subclass == KEV_INET6_SUBCLASS)
		printf(" %s/%u", inet_ntop(inet6->ia_addr.sin6_family, &inet6->ia_addr.sin6_addr, text, sizeof(text)),
		       inet6->ia_plen);
	printf("\n");
}

int
main(int argc, char **argv)
{
	struct kev_request request = { KEV_VENDOR_APPLE, KEV_NETWORK_CLASS, KEV_ANY_SUBCLASS };
	int left = argc > 1 ? atoi(argv[1]) : 1;
	char buf[1024];
	int fd;

	fd = socket(PF_SYSTEM, SOCK_RAW, SYSPROTO_EVENT);
	if (fd == -1)
		err(1, "socket");
	if (ioctl(fd, SIOCSKEVFILT, &request) == -1)
		err(1, "ioctl");
	puts("watching");
	fflush(stdout);
	while (left--) {
		struct kern_event_msg *msg = (struct kern_event_msg *)buf;
		ssize_t n = recv(fd, buf, sizeof(buf), 0);

		if (n < (ssize_t)KEV_MSG_HEADER_SIZE || n != (ssize_t)msg->total_size)
			errx(1, "%zd bytes", n);
		print_event(msg);
		fflush(stdout);
	}
	return 0;
}
