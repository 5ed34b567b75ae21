// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the header compression: a mixture of connections that stream data,
 * echo typing, change their windows, repeat packets and close, with datagrams
 * and fragments between them. Each packet is compressed, expanded and compared
 * with what it was, byte by byte. Then some get lost: what follows on the same
 * connection may come out wrong (TCP's checksum tells), until a whole header
 * comes. Then garbage.
 */
#include <mach/mach_types.h>

#include "vj.h"

#define PACKETS_MAX	1000000
#define CONNECTIONS	20		/* more than there are slots */
#define DATA_MAX	600

int	packets = 5000;
int	done;
int	checks;
int	failed;
int	compressed;
unsigned int saved;			/* bytes */

static struct flow {
	u_int32_t	seq, ack;
	u_int16_t	win, id;
	size_t		data;		/* in the packet before */
} flows[CONNECTIONS];

static struct vj sender, receiver;

#define CHECK(e)	check((e), #e, __LINE__)

static void
check(boolean_t good, const char *what, int line)
{
	checks++;
	if (good)
		return;
	if (failed++ < 10)
		printf("vjcomp: line %d: %s\n", line, what);
}

static u_int16_t
header_sum(void *header, int words)
{
	u_int16_t *word = header;
	u_int32_t sum = 0;

	while (words-- > 0)
		sum += *word++;
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* What a connection does next: data, an acknowledgement, a new window ... */
static u_char
flow_step(struct flow *f, size_t *data)
{
	u_char flags = TH_ACK;

	*data = random() % 3 ? random() % DATA_MAX : random() % 2;
	f->id += random() % 10 ? 1 : random();
	switch (random() % 8) {
	case 0:
		return flags;			/* repeats, or probes */
	case 1:
		f->win = random();
		break;
	case 2:
		f->ack += f->data;		/* the echo of what we said */
		break;
	case 3:
		f->ack += random() % 100000;	/* sometimes too far */
		break;
	case 4:
		flags |= random() % 2 ? TH_PUSH : TH_URG;
		break;
	case 5:
		flags |= random() % 16 ? 0 : TH_FIN;
		break;
	}
	f->seq += f->data;
	f->data = *data;
	return flags;
}

static mbuf_t
make_packet(void)
{
	int n = random() % CONNECTIONS, options = random() % 8 ? 0 : 12;
	struct flow *f = &flows[n];
	struct {
		struct ip	ip;
		struct tcphdr	th;
		u_char		rest[12 + DATA_MAX];
	} p;
	size_t data;
	mbuf_t m;

	bzero(&p, sizeof(p) - DATA_MAX);
	p.th.th_flags = flow_step(f, &data);
	p.th.th_off = (sizeof(p.th) + options) >> 2;
	p.th.th_sport = htons(1024 + n);
	p.th.th_dport = htons(23);
	p.th.th_seq = htonl(f->seq);
	p.th.th_ack = htonl(f->ack);
	p.th.th_win = htons(f->win);
	p.th.th_urp = p.th.th_flags & TH_URG ? random() : 0;
	p.th.th_sum = random();
	p.ip.ip_v = IPVERSION;
	p.ip.ip_hl = sizeof(p.ip) >> 2;
	p.ip.ip_len = htons(sizeof(p.ip) + sizeof(p.th) + options + data);
	p.ip.ip_id = htons(f->id);
	p.ip.ip_off = random() % 50 ? htons(IP_DF) : htons(IP_MF);
	p.ip.ip_ttl = 64;
	p.ip.ip_p = random() % 20 ? IPPROTO_TCP : IPPROTO_UDP;
	p.ip.ip_src.s_addr = htonl(0xc0000201);
	p.ip.ip_dst.s_addr = htonl(0xc6336401);
	p.ip.ip_sum = header_sum(&p.ip, sizeof(p.ip) / 2);
	read_random(p.rest + options, data);

	if (mbuf_allocpacket(MBUF_WAITOK, ntohs(p.ip.ip_len), NULL, &m) != 0)
		return NULL;
	if (mbuf_copyback(m, 0, ntohs(p.ip.ip_len), &p, MBUF_WAITOK) == 0)
		return m;
	mbuf_freem(m);
	return NULL;
}

static boolean_t
same_bytes(mbuf_t a, mbuf_t b)
{
	size_t off, len = mbuf_pkthdr_len(a);
	u_char x[64], y[64];

	if (mbuf_pkthdr_len(b) != len)
		return FALSE;
	for (off = 0; off < len; off += sizeof(x)) {
		size_t n = MIN(sizeof(x), len - off);

		if (mbuf_copydata(a, off, n, x) != 0 || mbuf_copydata(b, off, n, y) != 0 ||
		    memcmp(x, y, n) != 0)
			return FALSE;
	}
	return TRUE;
}

/* TRUE if it came out as it was. */
static boolean_t
send_one(boolean_t lose)
{
	enum vj_type type;
	mbuf_t m = make_packet(), original = NULL;
	boolean_t good;

	if (m == NULL || mbuf_dup(m, MBUF_WAITOK, &original) != 0)
		return FALSE;
	if (vj_compress(&sender, &m, &type) != 0) {
		mbuf_freem(original);
		return FALSE;
	}
	if (type == VJ_COMPRESSED) {
		compressed++;
		saved += mbuf_pkthdr_len(original) - mbuf_pkthdr_len(m);
	}
	if (lose)
		vj_expand_lost(&receiver);
	else
		(void)vj_expand(&receiver, &m, type);
	good = !lose && m != NULL && same_bytes(m, original);
	mbuf_freem(original);
	mbuf_freem(m);
	return good;
}

#pragma mark -

static void
test_all_arrive(void)
{
	int i;

	vj_init(&sender);
	vj_init(&receiver);
	for (i = 0; i < packets; i++)
		CHECK(send_one(FALSE));
	CHECK(compressed > packets / 4);
}

static void
test_some_are_lost(void)
{
	int i, good = 0;

	for (i = 0; i < packets; i++)
		good += send_one(random() % 20 == 0);
	CHECK(good > packets / 2);
}

static void
test_garbage(void)
{
	u_char noise[100];
	size_t len;
	mbuf_t m;
	int i;

	for (i = 0; i < packets; i++) {
		len = random() % sizeof(noise);
		read_random(noise, sizeof(noise));
		if (mbuf_getpacket(MBUF_WAITOK, &m) != 0)
			continue;
		mbuf_copyback(m, 0, len, noise, MBUF_WAITOK);
		if (vj_expand(&receiver, &m, random() % 3) == 0)
			CHECK(mbuf_pkthdr_len(m) <= len + VJ_HEADER);
		else
			CHECK(m == NULL);
		mbuf_freem(m);
	}
}

kern_return_t
vj_start(kmod_info_t *ki, void *data)
{
	if (packets < 1 || packets > PACKETS_MAX) {
		printf("vjcomp: packets=%d: must be 1 to %d\n", packets, PACKETS_MAX);
		return KERN_INVALID_ARGUMENT;
	}
	test_all_arrive();
	test_some_are_lost();
	test_garbage();
	printf("vjcomp: %d packets compressed, %u bytes saved, %d of %d checks failed\n",
	       compressed, saved, failed, checks);
	done = 1;
	return KERN_SUCCESS;
}

kern_return_t
vj_stop(kmod_info_t *ki, void *data)
{
	return KERN_SUCCESS;
}
