/*
 * A program that talks to the kext @NAME@, as one writes it for macOS.
 *
 * usage: @NAME@ctl TEXT
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <sys/sys_domain.h>
#include <sys/kern_control.h>
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../@NAME@.h"

static int
open_control(void)
{
	struct sockaddr_ctl addr;
	struct ctl_info info;
	int fd;

	fd = socket(PF_SYSTEM, SOCK_DGRAM, SYSPROTO_CONTROL);
	if (fd == -1)
		err(1, "socket");
	bzero(&info, sizeof(info));
	strlcpy(info.ctl_name, @NAME@_CONTROL, sizeof(info.ctl_name));
	if (ioctl(fd, CTLIOCGINFO, &info) == -1)
		err(1, "%s is not loaded", @NAME@_CONTROL);

	bzero(&addr, sizeof(addr));
	addr.sc_len = sizeof(addr);
	addr.sc_family = AF_SYSTEM;
	addr.ss_sysaddr = AF_SYS_CONTROL;
	addr.sc_id = info.ctl_id;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == -1)
		err(1, "connect");
	return fd;
}

int
main(int argc, char **argv)
{
	const char *text = argc > 1 ? argv[1] : "hello";
	char answer[2048];
	int fd = open_control();
	ssize_t n;

	if (send(fd, text, strlen(text), 0) == -1)
		err(1, "send");
	n = recv(fd, answer, sizeof(answer), 0);
	if (n == -1)
		err(1, "recv");
	printf("%.*s\n", (int)n, answer);
	return 0;
}
