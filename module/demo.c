// SPDX-License-Identifier: GPL-2.0
/*
 * Start, stop and the clock of the demo kext.
 *
 *   insmod netkpi_demo.ko host=10.0.2.2 port=8080 path=/file
 *	fetches http://10.0.2.2:8080/file and reports its size and CRC-32
 *   insmod netkpi_demo.ko host=10.0.2.2 udpport=7 count=1000 size=512
 *	sends 1000 datagrams to an echo server and counts the echoes
 *   insmod netkpi_demo.ko listen=7
 *	serves as an echo server for TCP
 *
 * A port of 0 leaves that part out. "done" becomes 1 when the first two are
 * through; the echo server runs until the kext is stopped.
 */

#include "demo.h"

#include <mach/kmod.h>
#include <sys/kernel.h>

char *host = "127.0.0.1";
int port;
char *path = "/";
int udpport;
int count = 100;
int size = 64;
int listen;
int done;

lck_grp_t *demo_locks;

static struct in_addr host_address;
static boolean_t ticking;	/* demo_tick() will be called again */
static boolean_t stopping;

struct sockaddr_in
demo_address(int at_port)
{
	struct sockaddr_in sin;

	bzero(&sin, sizeof(sin));
	sin.sin_len = sizeof(sin);
	sin.sin_family = AF_INET;
	sin.sin_port = htons(at_port);
	sin.sin_addr = host_address;
	return sin;
}

errno_t
demo_nonblocking(socket_t so)
{
	int on = 1;

	return sock_ioctl(so, FIONBIO, &on);
}

static boolean_t
bad_port(const char *name, int value)
{
	if (value >= 0 && value <= 65535)
		return FALSE;
	printf("%s=%d: not a port\n", name, value);
	return TRUE;
}

static boolean_t
bad_parameters(void)
{
	if (inet_aton(host, &host_address) == 0) {
		printf("host=%s: not an IPv4 address\n", host);
		return TRUE;
	}
	if (path[0] != '/') {
		printf("path=%s: must start with a slash\n", path);
		return TRUE;
	}
	if (count < 1 || count > 1000000) {
		printf("count=%d: must be 1 to 1000000\n", count);
		return TRUE;
	}
	if (size < 8 || size > 65507) {
		printf("size=%d: must be 8 to 65507 bytes\n", size);
		return TRUE;
	}
	return bad_port("port", port) || bad_port("udpport", udpport) ||
	       bad_port("listen", listen);
}

static void
demo_tick(void *unused)
{
	struct timespec quarter = { 0, NSEC_PER_SEC / TICKS_PER_SECOND };
	boolean_t http_done = http_tick();
	boolean_t udp_done = udp_tick();

	if (http_done && udp_done)
		done = 1;
	if (done || stopping) {
		ticking = FALSE;
		wakeup(&ticking);
		return;
	}
	bsd_timeout(demo_tick, NULL, &quarter);
}

static void
stop_everything(void)
{
	echo_stop();
	udp_stop();
	http_stop();
	lck_grp_free(demo_locks);
}

kern_return_t
demo_start(kmod_info_t *ki, void *data)
{
	errno_t error;

	if (bad_parameters())
		return KERN_FAILURE;

	demo_locks = lck_grp_alloc_init("netkpi_demo", LCK_GRP_ATTR_NULL);
	error = http_start();
	if (error == 0)
		error = udp_start();
	if (error == 0)
		error = echo_start();
	if (error != 0) {
		stop_everything();
		return KERN_FAILURE;
	}

	ticking = TRUE;
	demo_tick(NULL);
	return KERN_SUCCESS;
}

kern_return_t
demo_stop(kmod_info_t *ki, void *data)
{
	stopping = TRUE;
	while (ticking)
		tsleep(&ticking, PWAIT, "demostop", hz);

	stop_everything();
	return KERN_SUCCESS;
}
