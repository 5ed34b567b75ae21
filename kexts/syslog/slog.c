// SPDX-License-Identifier: GPL-2.0
/*
 * Sends lines to a syslog server, as one datagram each or over TCP with their
 * length in front. slog() only queues; a thread call does what may sleep.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/queue.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <kern/locks.h>
#include <kern/thread_call.h>
#include <libkern/OSAtomic.h>
#include <libkern/OSMalloc.h>
#include <stdarg.h>

#include "slog.h"

#define SLOG_LINE	256
#define SLOG_BACKLOG	64		/* lines that wait; more are dropped */

struct slog_line {
	STAILQ_ENTRY(slog_line) next;
	size_t		len;
	char		text[SLOG_LINE];
};

static STAILQ_HEAD(, slog_line) slog_queue = STAILQ_HEAD_INITIALIZER(slog_queue);
static int		slog_waiting;
static lck_grp_t	*slog_grp;
static lck_spin_t	*slog_lock;	/* guards the queue */
static OSMallocTag	slog_tag;
static thread_call_t	slog_call;
static socket_t		slog_so;

void
slog(int pri, const char *fmt, ...)
{
	struct slog_line *line;
	va_list ap;
	int n;

	line = OSMalloc_noblock(sizeof(*line), slog_tag);
	if (line == NULL) {
		OSIncrementAtomic(&dropped);
		return;
	}
	n = scnprintf(line->text, sizeof(line->text), "<%d>1 - - kernel - - - ", pri);
	va_start(ap, fmt);
	n += vscnprintf(line->text + n, sizeof(line->text) - n, fmt, ap);
	va_end(ap);
	line->len = n;

	lck_spin_lock(slog_lock);
	if (slog_waiting < SLOG_BACKLOG) {
		STAILQ_INSERT_TAIL(&slog_queue, line, next);
		slog_waiting++;
		line = NULL;
	}
	lck_spin_unlock(slog_lock);

	if (line != NULL) {
		OSFree(line, sizeof(*line), slog_tag);
		OSIncrementAtomic(&dropped);
	}
	thread_call_enter(slog_call);
}

static struct slog_line *
slog_next()
{
	struct slog_line *line;

	lck_spin_lock(slog_lock);
	line = STAILQ_FIRST(&slog_queue);
	if (line != NULL) {
		STAILQ_REMOVE_HEAD(&slog_queue, next);
		slog_waiting--;
	}
	lck_spin_unlock(slog_lock);
	return line;
}

/* "17 " in front of seventeen bytes */
static errno_t
slog_frame(m, len)
	mbuf_t *m;
	size_t len;
{
	char digits[16];
	int n = snprintf(digits, sizeof(digits), "%lu ", len);
	errno_t error;

	error = mbuf_prepend(m, n, MBUF_WAITOK);
	if (error == 0)
		bcopy(digits, mbuf_data(*m), n);
	return error;
}

static errno_t
slog_send(line)
	struct slog_line *line;
{
	mbuf_t m;
	size_t len;
	errno_t error;

	error = mbuf_allocpacket(MBUF_WAITOK, line->len, NULL, &m);
	if (error != 0)
		return error;
	error = mbuf_copyback(m, 0, line->len, line->text, MBUF_WAITOK);
	if (error == 0 && tcp)
		error = slog_frame(&m, line->len);
	if (error != 0) {
		mbuf_freem(m);		/* NULL if prepending failed */
		return error;
	}
	return sock_sendmbuf(slog_so, NULL, m, 0, &len);
}

static void
slog_drain(thread_call_param_t p0, thread_call_param_t p1)
{
	struct slog_line *line;
	errno_t error;

	while ((line = slog_next()) != NULL) {
		error = slog_send(line);
		if (error == 0)
			sent++;
		else
			OSIncrementAtomic(&dropped), result = error;
		OSFree(line, sizeof(*line), slog_tag);
	}
}

static errno_t
slog_connect()
{
	struct sockaddr_in sin;
	errno_t error;

	bzero(&sin, sizeof(sin));
	sin.sin_len = sizeof(sin);
	sin.sin_family = AF_INET;
	sin.sin_port = htons(port);
	inet_aton(server, &sin.sin_addr);

	error = sock_socket(PF_INET, tcp ? SOCK_STREAM : SOCK_DGRAM, 0, NULL, NULL, &slog_so);
	if (error != 0)
		return error;
	error = sock_connect(slog_so, (struct sockaddr *)&sin, 0);
	if (error != 0) {
		printf("syslog: %s:%d: cannot connect: error %d\n", server, port, error);
		sock_close(slog_so);
	}
	return error;
}

errno_t
slog_open()
{
	errno_t error;

	error = slog_connect();
	if (error != 0)
		return error;
	slog_grp = lck_grp_alloc_init("org.netkpi.port.syslog", LCK_GRP_ATTR_NULL);
	slog_lock = lck_spin_alloc_init(slog_grp, LCK_ATTR_NULL);
	slog_tag = OSMalloc_Tagalloc("org.netkpi.port.syslog", OSMT_DEFAULT);
	slog_call = thread_call_allocate(slog_drain, NULL);
	return 0;
}

void
slog_close()
{
	struct slog_line *line;

	thread_call_cancel_wait(slog_call);
	thread_call_free(slog_call);
	while ((line = slog_next()) != NULL)
		OSFree(line, sizeof(*line), slog_tag);
	sock_close(slog_so);
	OSMalloc_Tagfree(slog_tag);
	lck_spin_free(slog_lock, slog_grp);
	lck_grp_free(slog_grp);
}
