/*
 * The program of the kext vault.
 *
 * usage: vaultctl put <FILE | get >FILE | status | empty
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

#include "../vault.h"

static int fd;

static void
open_vault(void)
{
	struct ctl_info info = { 0, VAULT_NAME };
	struct sockaddr_ctl sc = {
		.sc_family = AF_SYSTEM,		/* and no length: many forget it */
		.ss_sysaddr = AF_SYS_CONTROL,
	};

	if ((fd = socket(PF_SYSTEM, SOCK_STREAM, SYSPROTO_CONTROL)) == -1)
		err(1, "socket");
	if (ioctl(fd, CTLIOCGINFO, &info) == -1)
		err(1, "ioctl");
	sc.sc_id = info.ctl_id;
	if (connect(fd, (struct sockaddr *)&sc, sizeof(sc)) == -1)
		err(1, "connect");
}

static struct vault_status
ask(void)
{
	struct vault_status status;
	socklen_t len = sizeof(status);

	if (getsockopt(fd, SYSPROTO_CONTROL, VAULT_STATUS, &status, &len) == -1)
		err(1, "getsockopt");
	return status;
}

static void
tell(int option)
{
	if (setsockopt(fd, SYSPROTO_CONTROL, option, NULL, 0) == -1)
		err(1, "setsockopt");
}

static void
put(void)
{
	static char buf[100000];
	ssize_t n;

	while ((n = read(0, buf, sizeof(buf))) > 0)
		if (write(fd, buf, n) != n)
			err(1, "write");
}

static void
get(void)
{
	static char buf[65536];
	u_int64_t left = ask().bytes;
	ssize_t n;

	tell(VAULT_PLAY);
	while (left > 0) {
		n = read(fd, buf, sizeof(buf));
		if (n <= 0)
			err(1, "read");
		if (write(1, buf, n) != n)
			err(1, "write");
		left -= n;
	}
}

int
main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	struct vault_status status;

	open_vault();
	if (!strcmp(what, "put")) {
		put();
	} else if (!strcmp(what, "get")) {
		get();
	} else if (!strcmp(what, "empty")) {
		tell(VAULT_EMPTY);
	} else if (!strcmp(what, "status")) {
		status = ask();
		printf("%llu %u\n", (unsigned long long)status.bytes, status.crc);
	} else {
		errx(2, "usage: vaultctl put <FILE | get >FILE | status | empty");
	}
	return 0;
}
