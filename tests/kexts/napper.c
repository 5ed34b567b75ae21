// SPDX-License-Identifier: GPL-2.0
/*
 * Handlers of sysctl values run in the thread of whoever reads them: here one
 * sleeps until somebody reads another value or a signal comes, one says whose
 * thread it is, and two try what takes privileges.
 */

#include <kern/locks.h>
#include <mach/mach_types.h>
#include <sys/kauth.h>
#include <sys/kpi_socket.h>
#include <sys/proc.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <netinet/in.h>

static lck_grp_t *group;
static lck_mtx_t *mutex;
static int channel;
static int naps;		/* how many have begun */
static int owned;		/* how many had the mutex back at their end */
static int last_result = -1;

static int
sleep_once(int flags)
{
	int error;

	lck_mtx_lock(mutex);
	naps++;
	error = msleep(&channel, mutex, PSOCK | flags, "nap", NULL);
	last_result = error;
	if (!lck_mtx_try_lock(mutex))
		owned++;
	lck_mtx_unlock(mutex);
	return error;
}

static int
nap SYSCTL_HANDLER_ARGS
{
	int error = sleep_once(arg2);

	if (error != 0)
		return error;
	return sysctl_io_number(req, 0, sizeof(int), NULL, NULL);
}

static int
wake SYSCTL_HANDLER_ARGS
{
	lck_mtx_lock(mutex);
	wakeup(&channel);
	lck_mtx_unlock(mutex);
	return sysctl_io_number(req, naps, sizeof(int), NULL, NULL);
}

static int
who SYSCTL_HANDLER_ARGS
{
	char name[32], text[128];
	proc_t self = proc_self(), found = proc_find(proc_selfpid());

	proc_selfname(name, sizeof(name));
	snprintf(text, sizeof(text), "%d %d %s uid %u root %d same %d parent %d",
		 proc_pid(self), proc_ppid(self), name, kauth_getuid(),
		 proc_suser(self) == 0, self == found && self == current_proc(),
		 proc_selfppid());
	proc_rele(found);
	proc_rele(self);
	return sysctl_io_string(req, text, sizeof(text), 0, NULL);
}

static int
raw SYSCTL_HANDLER_ARGS
{
	socket_t so;
	int error = sock_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP, NULL, NULL, &so);

	if (error == 0)
		sock_close(so);
	return sysctl_io_number(req, error, sizeof(int), NULL, NULL);
}

static int
low SYSCTL_HANDLER_ARGS
{
	struct sockaddr_in sin = {
		.sin_len = sizeof(sin), .sin_family = AF_INET, .sin_port = htons(99),
	};
	socket_t so;
	int error = sock_socket(AF_INET, SOCK_DGRAM, 0, NULL, NULL, &so);

	if (error == 0) {
		error = sock_bind(so, (struct sockaddr *)&sin);
		sock_close(so);
	}
	return sysctl_io_number(req, error, sizeof(int), NULL, NULL);
}

SYSCTL_NODE(_kern, OID_AUTO, napper, CTLFLAG_RW, NULL, "naps");
SYSCTL_PROC(_kern_napper, OID_AUTO, nap, CTLTYPE_INT | CTLFLAG_RD | CTLFLAG_ANYBODY,
	    NULL, PCATCH, nap, "I", "sleeps; signals end it");
SYSCTL_PROC(_kern_napper, OID_AUTO, deep, CTLTYPE_INT | CTLFLAG_RD | CTLFLAG_ANYBODY,
	    NULL, 0, nap, "I", "sleeps; signals do not end it");
SYSCTL_PROC(_kern_napper, OID_AUTO, wake, CTLTYPE_INT | CTLFLAG_RD, NULL, 0, wake, "I",
	    "wakes who naps");
SYSCTL_PROC(_kern_napper, OID_AUTO, who, CTLTYPE_STRING | CTLFLAG_RD | CTLFLAG_ANYBODY,
	    NULL, 0, who, "A", "who reads this");
SYSCTL_PROC(_kern_napper, OID_AUTO, raw, CTLTYPE_INT | CTLFLAG_RD | CTLFLAG_ANYBODY,
	    NULL, 0, raw, "I", "a raw socket: the error");
SYSCTL_PROC(_kern_napper, OID_AUTO, low, CTLTYPE_INT | CTLFLAG_RD | CTLFLAG_ANYBODY,
	    NULL, 0, low, "I", "a low port: the error");
SYSCTL_INT(_kern_napper, OID_AUTO, last_result, CTLFLAG_RD, &last_result, 0, "of msleep()");
SYSCTL_INT(_kern_napper, OID_AUTO, naps, CTLFLAG_RD, &naps, 0, "how many have begun");
SYSCTL_INT(_kern_napper, OID_AUTO, owned, CTLFLAG_RD, &owned, 0, "with the mutex at the end");

static struct sysctl_oid *oids[] = {
	&sysctl__kern_napper, &sysctl__kern_napper_nap, &sysctl__kern_napper_deep,
	&sysctl__kern_napper_wake, &sysctl__kern_napper_who,
	&sysctl__kern_napper_raw, &sysctl__kern_napper_low,
	&sysctl__kern_napper_last_result, &sysctl__kern_napper_naps,
	&sysctl__kern_napper_owned,
};

kern_return_t
napper_start(kmod_info_t *ki, void *data)
{
	unsigned int i;

	group = lck_grp_alloc_init("napper", LCK_GRP_ATTR_NULL);
	mutex = lck_mtx_alloc_init(group, LCK_ATTR_NULL);
	for (i = 0; i < sizeof(oids) / sizeof(oids[0]); i++)
		sysctl_register_oid(oids[i]);
	return KERN_SUCCESS;
}

kern_return_t
napper_stop(kmod_info_t *ki, void *data)
{
	unsigned int i;

	for (i = sizeof(oids) / sizeof(oids[0]); i > 0; i--)
		sysctl_unregister_oid(oids[i - 1]);
	lck_mtx_free(mutex, group);
	lck_grp_free(group);
	return KERN_SUCCESS;
}
