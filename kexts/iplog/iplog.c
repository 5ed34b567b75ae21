/*
 * Logs IPv4 packets: an IP filter looks at each, and daemons that are connected to
 * a kernel control get an entry for it. A daemon that is too slow is told how many
 * it has lost.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kern_control.h>
#include <sys/kpi_mbuf.h>
#include <sys/time.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/kpi_ipfilter.h>
#include <kern/locks.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

#include "iplog.h"

#define MAX_READERS	8

int seen;		/* parameters, to be looked at */
int dropped;

struct reader {
	u_int32_t	unit;		/* 0: nobody */
	u_int32_t	lost;
};

static lck_grp_t	*iplog_grp;
static lck_mtx_t	*iplog_mtx;		/* guards the next ones */
static struct reader	readers[MAX_READERS];
static struct iplog_counts counts;
static u_int8_t		wanted;
static kern_ctl_ref	control;
static ipfilter_t	filter;
static boolean_t	filter_is_there;

static struct reader *
find_reader(u_int32_t unit)
{
	int i;

	for (i = 0; i < MAX_READERS; i++)
		if (readers[i].unit == unit)
			return &readers[i];
	return NULL;
}

/* An entry that does not fit is lost, and said to be so by the next one that does. */
static void
send_entry(struct reader *r, struct iplog_entry *entry)
{
	entry->lost = r->lost;
	if (ctl_enqueuedata(control, r->unit, entry, sizeof(*entry), CTL_DATA_EOR) == 0) {
		r->lost = 0;
		counts.sent++;
	} else {
		r->lost++;
		counts.dropped++;
		dropped++;
	}
}

static void
log_packet(mbuf_t m, u_int8_t out)
{
	struct iplog_entry entry;
	struct timeval now;
	struct ip ip;
	int i;

	if (mbuf_copydata(m, 0, sizeof(ip), &ip) != 0)
		return;
	microtime(&now);
	bzero(&entry, sizeof(entry));
	entry.when = (u_int64_t)now.tv_sec * 1000000 + now.tv_usec;
	entry.src = ip.ip_src.s_addr;
	entry.dst = ip.ip_dst.s_addr;
	entry.len = mbuf_pkthdr_len(m);
	entry.protocol = ip.ip_p;
	entry.out = out;

	lck_mtx_lock(iplog_mtx);
	counts.seen++;
	seen++;
	for (i = 0; i < MAX_READERS; i++)
		if (readers[i].unit != 0 && (wanted == 0 || wanted == ip.ip_p))
			send_entry(&readers[i], &entry);
	lck_mtx_unlock(iplog_mtx);
}

static errno_t
iplog_input(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	log_packet(*data, 0);
	return 0;
}

static errno_t
iplog_output(void *cookie, mbuf_t *data, ipf_pktopts_t options)
{
	log_packet(*data, 1);
	return 0;
}

static void
iplog_detach(void *cookie)
{
	filter_is_there = FALSE;
}

static errno_t
iplog_connect(kern_ctl_ref ref, struct sockaddr_ctl *sac, void **unitinfo)
{
	struct reader *r;

	lck_mtx_lock(iplog_mtx);
	r = find_reader(0);
	if (r != NULL) {
		r->unit = sac->sc_unit;
		r->lost = 0;
		counts.readers++;
	}
	*unitinfo = r;
	lck_mtx_unlock(iplog_mtx);
	return r != NULL ? 0 : EBUSY;
}

static errno_t
iplog_disconnect(kern_ctl_ref ref, u_int32_t unit, void *unitinfo)
{
	struct reader *r = unitinfo;

	if (r == NULL)		/* refused above */
		return 0;
	lck_mtx_lock(iplog_mtx);
	r->unit = 0;
	counts.readers--;
	lck_mtx_unlock(iplog_mtx);
	return 0;
}

static errno_t
iplog_setopt(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, int opt, void *data, size_t len)
{
	if (opt != IPLOG_PROTOCOL)
		return ENOPROTOOPT;
	if (data == NULL || len != sizeof(u_int32_t) || *(u_int32_t *)data > 255)
		return EINVAL;
	wanted = *(u_int32_t *)data;
	return 0;
}

static errno_t
iplog_getopt(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, int opt, void *data, size_t *len)
{
	if (opt != IPLOG_COUNTS)
		return ENOPROTOOPT;
	if (data != NULL && *len < sizeof(counts))
		return EMSGSIZE;
	*len = sizeof(counts);
	if (data == NULL)
		return 0;
	lck_mtx_lock(iplog_mtx);
	bcopy(&counts, data, sizeof(counts));
	lck_mtx_unlock(iplog_mtx);
	return 0;
}

static errno_t
add_control(void)
{
	struct kern_ctl_reg reg;

	bzero(&reg, sizeof(reg));
	strlcpy(reg.ctl_name, IPLOG_NAME, sizeof(reg.ctl_name));
	reg.ctl_flags = CTL_FLAG_PRIVILEGED;
	reg.ctl_recvsize = 4096;
	reg.ctl_connect = iplog_connect;
	reg.ctl_disconnect = iplog_disconnect;
	reg.ctl_setopt = iplog_setopt;
	reg.ctl_getopt = iplog_getopt;
	return ctl_register(&reg, &control);
}

static errno_t
add_filter(void)
{
	static struct ipf_filter ipf = {
		.name = "iplog",
		.ipf_input = iplog_input,
		.ipf_output = iplog_output,
		.ipf_detach = iplog_detach,
	};
	errno_t error;

	error = ipf_addv4(&ipf, &filter);
	filter_is_there = error == 0;
	return error;
}

static void
free_locks(void)
{
	lck_mtx_free(iplog_mtx, iplog_grp);
	lck_grp_free(iplog_grp);
}

kern_return_t
iplog_start(kmod_info_t *ki, void *data)
{
	iplog_grp = lck_grp_alloc_init("iplog", LCK_GRP_ATTR_NULL);
	iplog_mtx = lck_mtx_alloc_init(iplog_grp, LCK_ATTR_NULL);

	if (add_control() != 0) {
		free_locks();
		return KERN_FAILURE;
	}
	if (add_filter() != 0) {
		ctl_deregister(control);
		free_locks();
		return KERN_FAILURE;
	}
	return KERN_SUCCESS;
}

/* First no daemon, then no packet; whoever unloads us asks until that is so. */
kern_return_t
iplog_stop(kmod_info_t *ki, void *data)
{
	if (control != NULL && ctl_deregister(control) != 0)
		return KERN_FAILURE;
	control = NULL;
	if (filter != NULL)
		ipf_remove(filter);
	filter = NULL;
	if (filter_is_there)
		return KERN_FAILURE;
	free_locks();
	return KERN_SUCCESS;
}
