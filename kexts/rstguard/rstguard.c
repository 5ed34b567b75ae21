/*
 * Drops forged resets: those that have come another way than the connection's other
 * segments, which their time to live tells.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/kpi_ipfilter.h>
#include <kern/locks.h>
#include <mach/mach_types.h>

#define CONNECTIONS	256		/* the latest */

int	forged, kept;

struct connection {
	struct in_addr	from;
	u_int16_t	sport;
	u_int16_t	dport;
	u_int8_t	ttl;
};

static lck_grp_t		*rstguard_grp;
static lck_mtx_t		*rstguard_mtx;	/* guards the next ones, and the counters */
static struct connection	connections[CONNECTIONS];
static unsigned int		next_one;
static ipfilter_t		filter;
static boolean_t		filter_is_there;

static struct connection *
find(const struct ip *ip, const struct tcphdr *tcp)
{
	int i;

	for (i = 0; i < CONNECTIONS; i++) {
		struct connection *c = &connections[i];

		if (c->from.s_addr == ip->ip_src.s_addr && c->sport == tcp->th_sport &&
		    c->dport == tcp->th_dport)
			return c;
	}
	return NULL;
}

/* What the beginning of a connection says of the way it has come. */
static void
note(const struct ip *ip, const struct tcphdr *tcp)
{
	struct connection *c = find(ip, tcp);

	if (c == NULL)
		c = &connections[next_one++ % CONNECTIONS];
	c->from = ip->ip_src;
	c->sport = tcp->th_sport;
	c->dport = tcp->th_dport;
	c->ttl = ip->ip_ttl;
}

static errno_t
reset(const struct ip *ip, const struct tcphdr *tcp)
{
	struct connection *c = find(ip, tcp);

	if (c == NULL || c->ttl == ip->ip_ttl) {
		kept++;
		return 0;
	}
	forged++;
	printf("rstguard: forged reset, time to live %d instead of %d\n", ip->ip_ttl, c->ttl);
	return EPERM;
}

static errno_t
rstguard_in(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	struct tcphdr tcp;
	struct ip ip;
	errno_t error = 0;

	if (protocol != IPPROTO_TCP || mbuf_copydata(*data, 0, sizeof(ip), &ip) ||
	    mbuf_copydata(*data, offset, sizeof(tcp), &tcp))
		return 0;
	lck_mtx_lock(rstguard_mtx);
	if (tcp.th_flags & TH_RST)
		error = reset(&ip, &tcp);
	else if (tcp.th_flags & TH_SYN)
		note(&ip, &tcp);
	lck_mtx_unlock(rstguard_mtx);
	return error;
}

static void
rstguard_detached(void *cookie)
{
	filter_is_there = FALSE;
}

static struct ipf_filter rstguard = {
	.name = "org.netkpi.port.rstguard",
	.ipf_input = rstguard_in,
	.ipf_detach = rstguard_detached,
};

kern_return_t
rstguard_start(kmod_info_t *ki, void *data)
{
	rstguard_grp = lck_grp_alloc_init("rstguard", LCK_GRP_ATTR_NULL);
	rstguard_mtx = lck_mtx_alloc_init(rstguard_grp, LCK_ATTR_NULL);
	filter_is_there = TRUE;
	if (ipf_addv4(&rstguard, &filter) == 0)
		return KERN_SUCCESS;
	lck_mtx_free(rstguard_mtx, rstguard_grp);
	lck_grp_free(rstguard_grp);
	return KERN_FAILURE;
}

kern_return_t
rstguard_stop(kmod_info_t *ki, void *data)
{
	if (filter)
		ipf_remove(filter);
	filter = NULL;
	if (filter_is_there)
		return KERN_FAILURE;
	lck_mtx_free(rstguard_mtx, rstguard_grp);
	lck_grp_free(rstguard_grp);
	return KERN_SUCCESS;
}
