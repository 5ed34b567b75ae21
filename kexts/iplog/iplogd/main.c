/*
 * The daemon of the kext iplog: prints packets until so many have come, or what
 * was counted.
 *
 * usage: iplogd COUNT [PROTOCOL] | iplogd -c
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <sys/sys_domain.h>
#include <sys/kern_control.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../iplog.h"

static int
open_log(void)
{
	struct sockaddr_ctl sc;
	struct ctl_info info;
	int fd;

	fd = socket(PF_SYSTEM, SOCK_DGRAM, SYSPROTO_CONTROL);
	if (fd < 0)
		err(1, "socket(SYSPROTO_CONTROL)");
	memset(&info, 0, sizeof(info));
	strlcpy(info.ctl_name, IPLOG_NAME, sizeof(info.ctl_name));
	if (ioctl(fd, CTLIOCGINFO, &info))
		err(1, "%s", IPLOG_NAME);
	memset(&sc, 0, sizeof(sc));
	sc.sc_len = sizeof(sc);
	sc.sc_family = AF_SYSTEM;
	sc.ss_sysaddr = AF_SYS_CONTROL;
	sc.sc_id = info.ctl_id;
	if (connect(fd, (struct sockaddr *)&sc, sizeof(sc)))
		err(1, "connect");
	return fd;
}

static void
print_counts(int fd)
{
	struct iplog_counts c;
	socklen_t len = sizeof(c);

	if (getsockopt(fd, SYSPROTO_CONTROL, IPLOG_COUNTS, &c, &len))
		err(1, "getsockopt");
	printf("seen %u sent %u dropped %u readers %u\n", c.seen, c.sent, c.dropped, c.readers);
}

static void
print_entry(const struct iplog_entry *e)
{
	char src[INET_ADDRSTRLEN], dst[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &e->src, src, sizeof(src));
	inet_ntop(AF_INET, &e->dst, dst, sizeof(dst));
	printf("%s %u %s > %s length %u", e->out ? "out" : "in", e->protocol, src, dst, e->len);
	if (e->lost)
		printf(" (%u lost)", e->lost);
	printf("\n");
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	u_int32_t protocol = argc > 2 ? atoi(argv[2]) : 0;
	struct iplog_entry e;
	int fd, left;

	if (argc < 2)
		errx(2, "usage: iplogd COUNT [PROTOCOL] | iplogd -c");
	fd = open_log();
	if (strcmp(argv[1], "-c") == 0) {
		print_counts(fd);
		return 0;
	}
	if (setsockopt(fd, SYSPROTO_CONTROL, IPLOG_PROTOCOL, &protocol, sizeof(protocol)))
		err(1, "setsockopt");
	puts("logging");
	fflush(stdout);
	for (left = atoi(argv[1]); left > 0; left--) {
		if (recv(fd, &e, sizeof(e), 0) != sizeof(e))
			err(1, "recv");
		print_entry(&e);
	}
	return 0;
}
