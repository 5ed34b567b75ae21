// SPDX-License-Identifier: GPL-2.0
/* Something to log: a line every hundredth of a second. */
#include <mach/mach_types.h>
#include <sys/systm.h>
#include <sys/syslog.h>
#include <sys/kernel.h>
#include <netinet/in.h>

#include "slog.h"

char	*server = "127.0.0.1";
int	port = 514;
int	tcp;
int	lines = 20;

int	done;
int	result;
int	sent;
int	dropped;

static boolean_t ticking, stopping;
static int line;

static void
feed(void *unused)
{
	if (stopping) {
		ticking = FALSE;
		wakeup(&ticking);
		return;
	}
	if (line < lines)
		slog(LOG_LOCAL3 | LOG_NOTICE, "line %d of %d", ++line, lines);
	else if (sent + dropped == lines)
		done = 1;
	timeout(feed, NULL, 1);
}

static kern_return_t
port_syslog_start(kmod_info_t *ki, void *data)
{
	struct in_addr unused;

	if (inet_aton(server, &unused) == 0) {
		printf("syslog: server=%s: not an IPv4 address\n", server);
		return KERN_INVALID_ARGUMENT;
	}
	if (port < 1 || port > 65535) {
		printf("syslog: port=%d: not a port\n", port);
		return KERN_INVALID_ARGUMENT;
	}
	if (slog_open() != 0)
		return KERN_FAILURE;
	ticking = TRUE;
	feed(NULL);
	return KERN_SUCCESS;
}

static kern_return_t
port_syslog_stop(kmod_info_t *ki, void *data)
{
	stopping = TRUE;
	while (ticking)
		tsleep(&ticking, PWAIT, "slogstop", hz);
	slog_close();
	return KERN_SUCCESS;
}

KMOD_EXPLICIT_DECL(org.netkpi.port.syslog, "1.0", port_syslog_start, port_syslog_stop);
