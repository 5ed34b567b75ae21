/*
 * The daemon of the kext arbiter: lets connections in that are for a port of its
 * list, and does not answer at all for port 1.
 *
 * usage: arbiterd PORT...
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <sys/sys_domain.h>
#include <sys/kern_control.h>
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../arbiter.h"

static int
open_arbiter(void)
{
	struct sockaddr_ctl sc;
	struct ctl_info info;
	int fd;

	fd = socket(PF_SYSTEM, SOCK_DGRAM, SYSPROTO_CONTROL);
	if (fd < 0)
		err(1, "socket");
	bzero(&info, sizeof(info));
	strlcpy(info.ctl_name, ARBITER_NAME, sizeof(info.ctl_name));
	if (ioctl(fd, CTLIOCGINFO, &info) != 0)
		err(1, "ioctl");
	bzero(&sc, sizeof(sc));
	sc.sc_len = sizeof(sc);
	sc.sc_family = AF_SYSTEM;
	sc.ss_sysaddr = AF_SYS_CONTROL;
	sc.sc_id = info.ctl_id;
	if (connect(fd, (struct sockaddr *)&sc, sizeof(sc)) != 0)
		err(1, "connect");
	return fd;
}

static u_int32_t
verdict(const struct arbiter_question *q, char **ports)
{
	for (; *ports != NULL; ports++)
		if (atoi(*ports) == ntohs(q->dport))
			return ARBITER_ALLOW;
	return ARBITER_DENY;
}

int
main(int argc, char **argv)
{
	struct arbiter_question q;
	struct arbiter_answer a;
	int fd = open_arbiter();

	puts("deciding");
	fflush(stdout);
	while (recv(fd, &q, sizeof(q), 0) == sizeof(q)) {
		a.id = q.id;
		a.verdict = verdict(&q, argv + 1);
		printf("port %u: %s\n", ntohs(q.dport), a.verdict == ARBITER_ALLOW ? "yes" : "no");
		fflush(stdout);
		if (ntohs(q.dport) == 1)
			continue;
		if (send(fd, &a, sizeof(a), 0) != sizeof(a) && errno != ESRCH)
			err(1, "send");
	}
	err(1, "recv");
}
