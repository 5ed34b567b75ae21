// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks and allows ports, by the kext's kernel control. This is a program, and
 * nothing in it is Linux's.
 *
 * usage: firewallctl block PORT | allow PORT | counts
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <sys/kern_control.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firewall.h"

static int open_control(void)
{
	struct ctl_info info = { 0 };
	struct sockaddr_ctl addr = {
		.sc_len = sizeof(addr), .sc_family = AF_SYSTEM, .ss_sysaddr = AF_SYS_CONTROL,
	};
	int fd = socket(PF_SYSTEM, SOCK_DGRAM, SYSPROTO_CONTROL);

	strlcpy(info.ctl_name, FIREWALL_NAME, sizeof(info.ctl_name));
	if (fd == -1 || ioctl(fd, CTLIOCGINFO, &info) == -1)
		err(1, FIREWALL_NAME);
	addr.sc_id = info.ctl_id;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == -1)
		err(1, "connect");
	return fd;
}

static void set_port(int option, const char *text)
{
	u_int32_t port = atoi(text);

	if (setsockopt(open_control(), SYSPROTO_CONTROL, option, &port, sizeof(port)) == -1)
		err(1, "port %s", text);
}

static void show_counts(void)
{
	struct firewall_counts counts;
	socklen_t len = sizeof(counts);

	if (getsockopt(open_control(), SYSPROTO_CONTROL, FIREWALL_COUNTS, &counts, &len) == -1)
		err(1, "getsockopt");
	printf("%u passed, %u refused\n", counts.passed, counts.refused);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "block") == 0)
		set_port(FIREWALL_BLOCK, argv[2]);
	else if (argc == 3 && strcmp(argv[1], "allow") == 0)
		set_port(FIREWALL_ALLOW, argv[2]);
	else if (argc == 2 && strcmp(argv[1], "counts") == 0)
		show_counts();
	else
		errx(2, "usage: firewallctl block PORT | allow PORT | counts");
	return 0;
}
