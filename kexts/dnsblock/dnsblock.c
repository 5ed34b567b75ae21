/*
 * Drops DNS queries for names of a list, and for all names below them.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <netinet/kpi_ipfilter.h>
#include <kern/locks.h>
#include <mach/mach_types.h>

#define DNS_HEADER	12
#define NAME_MAX_LEN	255

char	*blocked = "";		/* names, with commas between */
int	port = 53;
int	queries, dropped;

static lck_grp_t	*dnsblock_grp;
static lck_mtx_t	*dnsblock_mtx;	/* guards the counters */
static ipfilter_t	filter;
static boolean_t	filter_is_there;

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

/* The name of the first question, dots between labels; its length, or -1. */
static int
question(mbuf_t m, size_t off, char *name)
{
	u_int8_t len;
	int n = 0;

	for (;;) {
		if (mbuf_copydata(m, off++, 1, &len) || len > 63)
			return -1;
		if (len == 0)
			break;
		if (n + len + 2 > NAME_MAX_LEN || mbuf_copydata(m, off, len, name + n + (n > 0)))
			return -1;
		if (n)
			name[n++] = '.';
		n += len;
		off += len;
	}
	name[n] = 0;
	return n;
}

/* Whether a name is that of @entry, or below it. */
static boolean_t
matches(const char *name, int n, const char *entry, int len)
{
	int i;

	if (len == 0 || n < len || (n > len && name[n - len - 1] != '.'))
		return FALSE;
	for (i = 0; i < len; i++)
		if (lower(name[n - len + i]) != lower(entry[i]))
			return FALSE;
	return TRUE;
}

static boolean_t
is_blocked(const char *name, int n)
{
	const char *entry = blocked;

	while (*entry) {
		int len = 0;

		while (entry[len] && entry[len] != ',')
			len++;
		if (matches(name, n, entry, len))
			return TRUE;
		entry += len;
		if (*entry)
			entry++;
	}
	return FALSE;
}

static errno_t
dnsblock_out(void *cookie, mbuf_t *data, ipf_pktopts_t options)
{
	struct ip *ip = mbuf_data(*data);
	size_t head = ip->ip_hl << 2;
	char name[NAME_MAX_LEN + 1];
	struct udphdr udp;
	boolean_t drop;
	int n;

	if (ip->ip_p != IPPROTO_UDP || mbuf_copydata(*data, head, sizeof(udp), &udp) ||
	    udp.uh_dport != htons(port))
		return 0;
	n = question(*data, head + sizeof(udp) + DNS_HEADER, name);
	drop = n > 0 && is_blocked(name, n);

	lck_mtx_lock(dnsblock_mtx);
	queries++;
	dropped += drop;
	lck_mtx_unlock(dnsblock_mtx);
	if (!drop)
		return 0;
	mbuf_freem(*data);
	return EJUSTRETURN;
}

static void
dnsblock_detached(void *cookie)
{
	filter_is_there = FALSE;
}

static struct ipf_filter dnsblock = {
	.name = "org.netkpi.port.dnsblock",
	.ipf_output = dnsblock_out,
	.ipf_detach = dnsblock_detached,
};

kern_return_t
dnsblock_start(kmod_info_t *ki, void *data)
{
	dnsblock_grp = lck_grp_alloc_init("dnsblock", LCK_GRP_ATTR_NULL);
	dnsblock_mtx = lck_mtx_alloc_init(dnsblock_grp, LCK_ATTR_NULL);
	filter_is_there = TRUE;
	if (ipf_addv4(&dnsblock, &filter) == 0)
		return KERN_SUCCESS;
	lck_mtx_free(dnsblock_mtx, dnsblock_grp);
	lck_grp_free(dnsblock_grp);
	return KERN_FAILURE;
}

kern_return_t
dnsblock_stop(kmod_info_t *ki, void *data)
{
	if (filter)
		ipf_remove(filter);
	filter = NULL;
	if (filter_is_there)
		return KERN_FAILURE;
	lck_mtx_free(dnsblock_mtx, dnsblock_grp);
	lck_grp_free(dnsblock_grp);
	return KERN_SUCCESS;
}
