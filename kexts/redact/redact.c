/*
 * Puts asterisks in the place of a word in all that is sent to a TCP port.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/kpi_ipfilter.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

#define WORD_MAX	64

char	*word = "secret";
int	port = 7141;
int	replaced;

static ipfilter_t	filter;
static boolean_t	filter_is_there;

/* The next place of the word from @off on; -1 if there is none. */
static long
find(mbuf_t m, size_t off, size_t total)
{
	size_t len = strlen(word);
	char here[WORD_MAX];

	for (; off + len <= total; off++) {
		if (mbuf_copydata(m, off, len, here))
			return -1;
		if (memcmp(here, word, len) == 0)
			return off;
	}
	return -1;
}

static errno_t
checksum(mbuf_t m, size_t head, size_t total)
{
	u_int16_t sum = 0;
	size_t at = head + offsetof(struct tcphdr, th_sum);

	if (mbuf_copyback(m, at, sizeof(sum), &sum, MBUF_WAITOK) ||
	    mbuf_inet_cksum(m, IPPROTO_TCP, head, total - head, &sum))
		return ENOBUFS;
	return mbuf_copyback(m, at, sizeof(sum), &sum, MBUF_WAITOK);
}

static errno_t
redact_out(void *cookie, mbuf_t *data, ipf_pktopts_t options)
{
	static const char stars[WORD_MAX] = "****************************************************************";
	struct tcphdr tcp;
	struct ip ip;
	size_t head, total = mbuf_pkthdr_len(*data);
	long at;

	if (mbuf_copydata(*data, 0, sizeof(ip), &ip) || ip.ip_p != IPPROTO_TCP)
		return 0;
	head = ip.ip_hl << 2;
	if (mbuf_copydata(*data, head, sizeof(tcp), &tcp) || tcp.th_dport != htons(port))
		return 0;
	at = find(*data, head + (tcp.th_off << 2), total);
	if (at < 0)
		return 0;
	mbuf_outbound_finalize(*data, PF_INET, 0);
	for (; at >= 0; at = find(*data, at, total)) {
		if (mbuf_copyback(*data, at, strlen(word), stars, MBUF_WAITOK))
			return ENOBUFS;
		OSIncrementAtomic(&replaced);
	}
	return checksum(*data, head, total);
}

static void
redact_detached(void *cookie)
{
	filter_is_there = FALSE;
}

static struct ipf_filter redact = {
	.name = "org.netkpi.port.redact",
	.ipf_output = redact_out,
	.ipf_detach = redact_detached,
};

kern_return_t
redact_start(kmod_info_t *ki, void *data)
{
	if (strlen(word) < 1 || strlen(word) > WORD_MAX) {
		printf("redact: the word has 1 to %d letters\n", WORD_MAX);
		return KERN_FAILURE;
	}
	filter_is_there = TRUE;
	return ipf_addv4(&redact, &filter) ? KERN_FAILURE : KERN_SUCCESS;
}

kern_return_t
redact_stop(kmod_info_t *ki, void *data)
{
	if (filter)
		ipf_remove(filter);
	filter = NULL;
	return filter_is_there ? KERN_FAILURE : KERN_SUCCESS;
}
