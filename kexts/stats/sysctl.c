// SPDX-License-Identifier: GPL-2.0
/* The node net.portstats and what is below it. */
#include <sys/sysctl.h>

#include "stats.h"

SYSCTL_DECL(_net);
SYSCTL_NODE(_net, OID_AUTO, portstats, CTLFLAG_RW | CTLFLAG_LOCKED, 0, "datagrams of port_stats");

static int
sysctl_packets SYSCTL_HANDLER_ARGS
{
	struct stats now;

	stats_get(&now);
	return SYSCTL_OUT(req, &now.packets, sizeof(now.packets));
}

static int
sysctl_bytes SYSCTL_HANDLER_ARGS
{
	struct stats now;

	stats_get(&now);
	return SYSCTL_OUT(req, &now.bytes, sizeof(now.bytes));
}

static int
sysctl_refused SYSCTL_HANDLER_ARGS
{
	struct stats now;

	stats_get(&now);
	return SYSCTL_OUT(req, &now.refused, sizeof(now.refused));
}

static int
sysctl_last SYSCTL_HANDLER_ARGS
{
	struct stats now;

	stats_get(&now);
	return sysctl_handle_string(oidp, now.last, sizeof(now.last), req);
}

static int
sysctl_sizes SYSCTL_HANDLER_ARGS
{
	char text[STATS_SIZES * 24];
	struct stats now;
	int i, n = 0;

	stats_get(&now);
	for (i = 0; i < STATS_SIZES; i++)
		if (now.sizes[i] != 0)
			n += scnprintf(text + n, sizeof(text) - n, "%s%u:%d", n ? " " : "",
				       32u << i, now.sizes[i]);
	text[n] = '\0';
	return sysctl_handle_string(oidp, text, sizeof(text), req);
}

/* Any number that is written starts all over. */
static int
sysctl_reset SYSCTL_HANDLER_ARGS
{
	int value = 0, error;

	error = sysctl_handle_int(oidp, &value, 0, req);
	if (error == 0 && req->newptr)
		stats_reset();
	return error;
}

static int
sysctl_limit SYSCTL_HANDLER_ARGS
{
	int value = stats_limit, error;

	error = sysctl_handle_int(oidp, &value, 0, req);
	if (error != 0 || !req->newptr)
		return error;
	if (value < 0 || value > 65535)
		return EINVAL;
	stats_limit = value;
	return 0;
}

SYSCTL_PROC(_net_portstats, OID_AUTO, packets, CTLTYPE_INT | CTLFLAG_RD, 0, 0, sysctl_packets,
	    "I", "datagrams");
SYSCTL_PROC(_net_portstats, OID_AUTO, bytes, CTLTYPE_QUAD | CTLFLAG_RD, 0, 0, sysctl_bytes,
	    "Q", "their bytes");
SYSCTL_PROC(_net_portstats, OID_AUTO, refused, CTLTYPE_INT | CTLFLAG_RD, 0, 0, sysctl_refused,
	    "I", "longer ones than the limit");
SYSCTL_PROC(_net_portstats, OID_AUTO, last, CTLTYPE_STRING | CTLFLAG_RD, 0, 0, sysctl_last,
	    "A", "sender of the last one");
SYSCTL_PROC(_net_portstats, OID_AUTO, sizes, CTLTYPE_STRING | CTLFLAG_RD, 0, 0, sysctl_sizes,
	    "A", "size:number ...");
SYSCTL_PROC(_net_portstats, OID_AUTO, reset, CTLTYPE_INT | CTLFLAG_RW, 0, 0, sysctl_reset,
	    "I", "write to start all over");
SYSCTL_PROC(_net_portstats, OID_AUTO, limit, CTLTYPE_INT | CTLFLAG_RW, 0, 0, sysctl_limit,
	    "I", "longest datagram that counts");

static struct sysctl_oid *const oids[] = {
	&sysctl__net_portstats, &sysctl__net_portstats_packets, &sysctl__net_portstats_bytes,
	&sysctl__net_portstats_refused, &sysctl__net_portstats_last,
	&sysctl__net_portstats_sizes, &sysctl__net_portstats_reset,
	&sysctl__net_portstats_limit,
};

#define OIDS	(sizeof(oids) / sizeof(oids[0]))

void
stats_register(void)
{
	int i;

	for (i = 0; i < OIDS; i++)
		sysctl_register_oid(oids[i]);
}

void
stats_unregister(void)
{
	int i;

	for (i = OIDS - 1; i >= 0; i--)
		sysctl_unregister_oid(oids[i]);
}
