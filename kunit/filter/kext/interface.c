// SPDX-License-Identifier: GPL-2.0
/* Interface filters on devices of the test: who sees what, in which order, what becomes of it. */

#include <sys/errno.h>
#include <sys/kern_event.h>
#include <sys/socket.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <kern/thread.h>
#include <libkern/OSAtomic.h>
#include <net/if.h>
#include <net/kpi_interface.h>
#include <net/kpi_interfacefilter.h>
#include <net/kpi_protocol.h>
#include <netinet/in.h>

#include "../test.h"

#define DEV	"ftw0"
#define FRAME	60

enum act {
	PASS, REFUSE, SWALLOW, AGAIN, REPLACE, FREE, EMPTY, NOHEADER, NAP, DETACH, NEWHEADER,
	FREED,		/* frees it and says that it is still there */
	RETYPE,		/* to FT_TYPE */
	ANSWER,		/* sends a copy out by the same interface, and lets it pass */
	SPOIL,		/* the header in the chain, and then REPLACE */
	WAIT		/* until it is another, and does that */
};

struct probe {
	const char *name;
	protocol_family_t protocol;
	volatile enum act in_act, out_act;
	SInt32 in, out, detached, events;
	int place_in, place_out;
	int linked;			/* was shown with another one behind it */
	SInt32 off_io;			/* calls in a thread that must not wait for I/O */
	u_int8_t link[14];		/* of the last frame */
	u_int8_t first[20];		/* its first bytes */
	protocol_family_t told;
	mbuf_flags_t flags;
	size_t len;
	ifnet_t ifp;
	mbuf_t kept;
	u_int32_t codes[16];
	char event_name[16];
	errno_t ioctl_answer;
	interface_filter_t ref;
	SInt32 asleep;
};

static SInt32 calls;
static mbuf_tag_id_t tag_id;

/* --- frames --- */

/* An IPv4 packet of this protocol; all the rest is zeros and a number. */
static void make_frame(u_int8_t *frame, u_int16_t type, u_int8_t number)
{
	static const u_int8_t address[] = FT_ADDRESS;
	static const u_int8_t sender[] = { 2, 0, 0, 0, 0, 9 };

	bzero(frame, FRAME);
	memcpy(frame, address, 6);
	memcpy(frame + 6, sender, 6);
	frame[12] = type >> 8;
	frame[13] = type & 255;
	frame[14] = type == 0x86dd ? 0x60 : 0x45;
	frame[FRAME - 1] = number;
}

static void come_in(u_int16_t type, u_int8_t number)
{
	u_int8_t frame[FRAME];

	make_frame(frame, type, number);
	EXPECT_EQ(ft_come_in(DEV, frame, FRAME, -1), 0);
}

/* Somebody may refuse it. */
static void go_out(u_int16_t type, u_int8_t number)
{
	u_int8_t frame[FRAME];

	make_frame(frame, type, number);
	EXPECT(ft_send(DEV, frame, FRAME, -1) != -ENODEV);
}

/* The next frame that the stack got, or that was sent, is the one of that number, and whole. */
static void expect_frame(int len, const u_int8_t *have, u_int16_t type, u_int8_t number)
{
	u_int8_t want[FRAME];

	make_frame(want, type, number);
	if (EXPECT_EQ(len, FRAME))
		EXPECT_EQ(memcmp(have, want, FRAME), 0);
}

static void expect_got(u_int16_t type, u_int8_t number)
{
	u_int8_t have[FRAME];

	if (SETTLES(ft_got(DEV) > 0))
		expect_frame(ft_take_got(DEV, have, sizeof(have)), have, type, number);
}

static void expect_sent(u_int16_t type, u_int8_t number)
{
	u_int8_t have[FRAME];

	if (SETTLES(ft_sent(DEV) > 0))
		expect_frame(ft_take_sent(DEV, have, sizeof(have)), have, type, number);
}

/* --- a filter --- */

static int is_tagged(mbuf_t m)
{
	size_t len;
	void *data;

	return !mbuf_tag_find(m, tag_id, 1, &len, &data);
}

static void tag(mbuf_t m)
{
	void *data;

	EXPECT_EQ(mbuf_tag_allocate(m, tag_id, 1, 4, MBUF_WAITOK, &data), 0);
}

static errno_t keep(struct probe *p, mbuf_t m, char **header)
{
	if (header)
		mbuf_pkthdr_setheader(m, *header);
	p->kept = m;
	return EJUSTRETURN;
}

static errno_t put_instead(mbuf_t *m, mbuf_t other)
{
	mbuf_freem(*m);
	*m = other;
	return 0;
}

static void new_header(struct probe *p, mbuf_t *m, char **header)
{
	EXPECT_EQ(mbuf_prepend(m, 14, MBUF_WAITOK), 0);
	memcpy(mbuf_data(*m), p->link, 14);
	((u_int8_t *)mbuf_data(*m))[11] = 77;
	*header = mbuf_data(*m);
	mbuf_adj(*m, 14);
}

static void answer(struct probe *p, mbuf_t m)
{
	mbuf_t copy = NULL;

	if (!EXPECT_EQ(mbuf_dup(m, MBUF_DONTWAIT, &copy), 0) ||
	    !EXPECT_EQ(mbuf_prepend(&copy, sizeof(p->link), MBUF_DONTWAIT), 0))
		return;
	memcpy(mbuf_data(copy), p->link, sizeof(p->link));
	EXPECT_EQ(ifnet_output_raw(p->ifp, 0, copy), 0);
}

/* Says of the frame that it is another kind. */
static void retype(struct probe *p, mbuf_t *m, char **header)
{
	static const u_int8_t type[] = { FT_TYPE >> 8, FT_TYPE & 255 };

	if (!header) {
		EXPECT_EQ(mbuf_copyback(*m, 12, 2, type, MBUF_DONTWAIT), 0);
		return;
	}
	new_header(p, m, header);
	memcpy(*header + 12, type, sizeof(type));
}

/* Puts something else, or nothing, in the frame's place. */
static errno_t exchange(enum act act, mbuf_t *m)
{
	mbuf_t other = NULL;

	if (act == REPLACE) {
		EXPECT_EQ(mbuf_dup(*m, MBUF_WAITOK, &other), 0);
	} else if (act == NOHEADER) {
		EXPECT_EQ(mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &other), 0);
		mbuf_setlen(other, 20);
	}
	return put_instead(m, other);
}

/* What leaves the frame, or another, to go on. */
static errno_t work_on(struct probe *p, enum act act, mbuf_t *m, char **header)
{
	switch (act) {
	case REPLACE:
	case FREE:
	case NOHEADER:
		return exchange(act, m);
	case EMPTY:
		mbuf_adj(*m, (int)mbuf_pkthdr_len(*m));
		return 0;
	case FREED:
		mbuf_freem(*m);
		return 0;
	case ANSWER:
		answer(p, *m);
		return 0;
	case RETYPE:
		retype(p, m, header);
		return 0;
	case SPOIL:
		memset(*header, 0xee, sizeof(p->link));
		return exchange(REPLACE, m);
	case NEWHEADER:
		new_header(p, m, header);
		return 0;
	default:
		return 0;
	}
}

static errno_t act_on(struct probe *p, enum act act, mbuf_t *m, char **header)
{
	switch (act) {
	case REFUSE:
		return EPERM;
	case AGAIN:
		if (is_tagged(*m))
			return 0;
		tag(*m);
		/* fall through */
	case SWALLOW:
		return keep(p, *m, header);
	case WAIT:
		OSIncrementAtomic(&p->asleep);
		while (p->in_act == WAIT)
			kt_pause_ms(5);
		return act_on(p, p->in_act, m, header);
	case NAP:
		OSIncrementAtomic(&p->asleep);
		kt_pause_ms(50);
		return 0;
	case DETACH:
		iflt_detach(p->ref);
		EXPECT_EQ(p->detached, 0);
		return 0;
	default:
		return work_on(p, act, m, header);
	}
}

static errno_t probe_in(void *cookie, ifnet_t ifp, protocol_family_t protocol, mbuf_t *m,
			char **header)
{
	struct probe *p = cookie;

	p->told = protocol;
	p->ifp = ifp;
	p->len = mbuf_pkthdr_len(*m);
	p->flags = mbuf_flags(*m);
	memcpy(p->link, *header, sizeof(p->link));
	mbuf_copydata(*m, 0, sizeof(p->first), p->first);
	EXPECT(mbuf_pkthdr_rcvif(*m) == ifp);
	p->linked |= mbuf_nextpkt(*m) != NULL;
	if (kt_keeps_off_io())
		OSIncrementAtomic(&p->off_io);
	p->place_in = OSIncrementAtomic(&calls);
	OSIncrementAtomic(&p->in);
	return act_on(p, p->in_act, m, header);
}

static errno_t probe_out(void *cookie, ifnet_t ifp, protocol_family_t protocol, mbuf_t *m)
{
	struct probe *p = cookie;

	p->told = protocol;
	p->ifp = ifp;
	p->len = mbuf_pkthdr_len(*m);
	mbuf_copydata(*m, 0, sizeof(p->first), p->first);
	if (kt_keeps_off_io())
		OSIncrementAtomic(&p->off_io);
	p->place_out = OSIncrementAtomic(&calls);
	OSIncrementAtomic(&p->out);
	return act_on(p, p->out_act, m, NULL);
}

static void probe_event(void *cookie, ifnet_t ifp, protocol_family_t protocol,
			const struct kev_msg *msg)
{
	struct probe *p = cookie;
	const struct net_event_data *data = msg->dv[0].data_ptr;

	EXPECT_EQ(protocol, p->protocol);
	EXPECT_EQ(msg->vendor_code, KEV_VENDOR_APPLE);
	EXPECT_EQ(msg->kev_class, KEV_NETWORK_CLASS);
	EXPECT_EQ(msg->dv[0].data_length, sizeof(*data));
	EXPECT_EQ(msg->dv[1].data_length, 0);
	strlcpy(p->event_name, data->if_name, sizeof(p->event_name));
	EXPECT_EQ(p->detached, 0);
	p->codes[p->events] = msg->event_code;
	OSIncrementAtomic(&p->events);
}

static errno_t probe_ioctl(void *cookie, ifnet_t ifp, protocol_family_t protocol,
			   unsigned long cmd, void *arg)
{
	return ((struct probe *)cookie)->ioctl_answer;
}

static void probe_detached(void *cookie, ifnet_t ifp)
{
	OSIncrementAtomic(&((struct probe *)cookie)->detached);
}

static ifnet_t device(void)
{
	ifnet_t ifp = NULL;

	EXPECT_EQ(ifnet_find_by_name(DEV, &ifp), 0);
	return ifp;
}

static int attach_to(ifnet_t ifp, struct probe *p)
{
	struct iff_filter filter = {
		p, p->name ? p->name : "probe", p->protocol, probe_in, probe_out, probe_event,
		probe_ioctl, probe_detached,
	};

	return EXPECT_EQ(iflt_attach(ifp, &filter, &p->ref), 0);
}

static int attach(struct probe *p)
{
	ifnet_t ifp = device();
	int ok = ifp && attach_to(ifp, p);

	ifnet_release(ifp);
	return ok;
}

static void end(struct probe *p)
{
	iflt_detach(p->ref);
	EXPECT_EQ(p->detached, 1);
}

static int begin(struct probe *p)
{
	calls = 0;
	if (!tag_id)
		EXPECT_EQ(mbuf_tag_id_find("org.netkpi.test.interface", &tag_id), 0);
	return EXPECT_EQ(ft_make(DEV), 0) && attach(p);
}

static void finish(struct probe *p)
{
	end(p);
	ft_delete(DEV);
}

/* --- I1, I2 --- */

static void I1_no_interface(void)
{
	struct iff_filter filter = { .iff_name = "nothing" };
	interface_filter_t ref = (interface_filter_t)&filter;

	EXPECT_EQ(iflt_attach(NULL, &filter, &ref), ENOENT);
	EXPECT(ref == (interface_filter_t)&filter);
	iflt_detach(NULL);
	EXPECT_MISUSE(1, iflt_detach(ref));
}

static void I2_interface_that_has_gone(void)
{
	struct iff_filter filter = { .iff_name = "late" };
	interface_filter_t ref;
	ifnet_t ifp;

	EXPECT_EQ(ft_make(DEV), 0);
	ifp = device();
	EXPECT_EQ(iflt_attach(ifp, NULL, &ref), EINVAL);
	EXPECT_EQ(iflt_attach(ifp, &filter, NULL), EINVAL);
	EXPECT_EQ(iflt_attach(ifp, &filter, &ref), 0);	/* all functions may be missing */
	come_in(FT_TYPE, 1);
	expect_got(FT_TYPE, 1);
	iflt_detach(ref);
	ft_delete(DEV);
	EXPECT_EQ(iflt_attach(ifp, &filter, &ref), ENXIO);
	EXPECT_EQ(ifnet_release(ifp), 0);
}

/* Nobody pays for filters that are not there. */
static void hooks_as_long_as_filters(void)
{
	struct probe first = { "first" }, second = { "second" };

	if (!EXPECT_EQ(ft_make(DEV), 0))
		return;
	EXPECT_EQ(ft_device_hooks(DEV), 0);
	attach(&first);
	EXPECT_EQ(ft_device_hooks(DEV), 2);
	attach(&second);
	end(&first);
	EXPECT_EQ(ft_device_hooks(DEV), 2);
	come_in(FT_TYPE, 1);
	expect_got(FT_TYPE, 1);
	EXPECT_EQ(second.in, 1);
	end(&second);
	EXPECT_EQ(ft_device_hooks(DEV), 0);
	ft_delete(DEV);
}

/* --- I3: the oldest first, both ways --- */

static void I3_oldest_first(void)
{
	struct probe first = { "first" }, second = { "second" };

	if (!begin(&first))
		return;
	attach(&second);
	come_in(0x0800, 3);
	expect_got(0x0800, 3);
	go_out(0x0800, 4);
	expect_sent(0x0800, 4);
	EXPECT_EQ(first.in + second.in, 2);
	EXPECT_EQ(first.out + second.out, 2);
	EXPECT(first.place_in < second.place_in);
	EXPECT(first.place_out < second.place_out);
	EXPECT(kt_is_direct() || first.off_io == 2);	/* swap may be behind them */
	end(&second);
	finish(&first);
}

/* --- I4, I5: what a filter sees --- */

static void I4_frame_in(void)
{
	struct probe p = { "in" };
	u_int8_t frame[FRAME];
	ifnet_t ifp;

	if (!begin(&p))
		return;
	ifp = device();
	come_in(0x0800, 4);
	expect_got(0x0800, 4);
	make_frame(frame, 0x0800, 4);
	EXPECT_EQ(memcmp(p.link, frame, 14), 0);
	EXPECT_EQ(memcmp(p.first, frame + 14, sizeof(p.first)), 0);
	EXPECT_EQ(p.len, FRAME - 14);
	EXPECT_EQ(p.told, PF_INET);
	EXPECT(p.ifp == ifp);
	EXPECT_EQ(p.flags & (MBUF_PROMISC | MBUF_BCAST | MBUF_MCAST), 0);
	ifnet_release(ifp);
	finish(&p);
}

/* A frame for somebody else, and one for all, are told as such; the stack is told so, too. */
static void I4_frame_for_others(void)
{
	struct probe p = { "others" };
	u_int8_t frame[FRAME];

	if (!begin(&p))
		return;
	make_frame(frame, FT_TYPE, 1);
	frame[5] = 8;
	EXPECT_EQ(ft_come_in(DEV, frame, FRAME, -1), 0);
	SETTLES(p.in == 1);
	EXPECT_EQ(p.flags & (MBUF_PROMISC | MBUF_BCAST), MBUF_PROMISC);
	EXPECT_EQ(p.told, 0);
	memset(frame, 0xff, 6);
	EXPECT_EQ(ft_come_in(DEV, frame, FRAME, -1), 0);
	SETTLES(p.in == 2);
	EXPECT_EQ(p.flags & (MBUF_PROMISC | MBUF_BCAST), MBUF_BCAST);
	SETTLES(ft_got(DEV) == 2);
	finish(&p);
}

static void I5_frame_out(void)
{
	struct probe p = { "out" };
	u_int8_t frame[FRAME];

	if (!begin(&p))
		return;
	go_out(0x86dd, 5);
	expect_sent(0x86dd, 5);
	make_frame(frame, 0x86dd, 5);
	EXPECT_EQ(memcmp(p.first, frame, sizeof(p.first)), 0);
	EXPECT_EQ(p.len, FRAME);
	EXPECT_EQ(p.told, PF_INET6);
	finish(&p);
}

/* --- I6: frames of a family only --- */

static void I6_one_protocol(void)
{
	struct probe p = { "inet", .protocol = PF_INET };

	if (!begin(&p))
		return;
	come_in(0x0806, 1);
	come_in(0x0800, 2);
	come_in(0x86dd, 3);
	SETTLES(ft_got(DEV) == 3);
	EXPECT_EQ(p.in, 2);
	EXPECT_EQ(p.told, PF_INET);
	go_out(0x86dd, 3);
	expect_sent(0x86dd, 3);
	EXPECT_EQ(p.out, 0);
	finish(&p);
}

/* --- I7, I8: kept, and given back with a tag --- */

static void I7_out_again(void)
{
	struct probe p = { "again", .out_act = AGAIN };
	ifnet_t ifp;

	if (!begin(&p))
		return;
	ifp = device();
	go_out(0x0800, 7);
	SETTLES(p.out == 1 && p.kept);
	EXPECT_EQ(ft_sent(DEV), 0);
	EXPECT_EQ(ifnet_output_raw(ifp, PF_INET, p.kept), 0);
	expect_sent(0x0800, 7);
	EXPECT_EQ(ft_sent(DEV), 0);
	EXPECT_EQ(p.out, 2);
	ifnet_release(ifp);
	finish(&p);
}

static void I8_in_again(void)
{
	struct probe p = { "again", .in_act = AGAIN };
	ifnet_t ifp;

	if (!begin(&p))
		return;
	ifp = device();
	come_in(0x0800, 8);
	SETTLES(p.in == 1 && p.kept);
	EXPECT_EQ(ft_got(DEV), 0);
	EXPECT_EQ(ifnet_input(ifp, p.kept, NULL), 0);
	expect_got(0x0800, 8);
	EXPECT_EQ(ft_got(DEV), 0);
	EXPECT_EQ(p.in, 2);
	ifnet_release(ifp);
	finish(&p);
}

/* A frame of the kext's own making comes in and goes out as any other, and is shown. */
static void I8_made_by_the_kext(void)
{
	struct probe p = { "made" };
	u_int8_t frame[FRAME];
	mbuf_t m = NULL;
	ifnet_t ifp;

	if (!begin(&p))
		return;
	ifp = device();
	make_frame(frame, 0x0800, 9);
	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, FRAME, NULL, &m), 0);
	EXPECT_EQ(mbuf_copyback(m, 0, FRAME, frame, MBUF_WAITOK), 0);
	EXPECT_EQ(ifnet_output_raw(ifp, PF_INET, m), 0);
	expect_sent(0x0800, 9);
	EXPECT_EQ(p.out, 1);
	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, FRAME, NULL, &m), 0);
	EXPECT_EQ(mbuf_copyback(m, 0, FRAME, frame, MBUF_WAITOK), 0);
	EXPECT_EQ(ifnet_input(ifp, m, NULL), 0);
	expect_got(0x0800, 9);
	EXPECT_EQ(p.in, 1);
	EXPECT_EQ(p.told, PF_INET);
	ifnet_release(ifp);
	finish(&p);
}

static mbuf_t made(const void *frame, size_t len)
{
	mbuf_t m = NULL;

	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, len, NULL, &m), 0);
	EXPECT_EQ(mbuf_copyback(m, 0, len, frame, MBUF_WAITOK), 0);
	return m;
}

/* What has been in the hooks of others goes on behind them, whether or not the filter is still there. */
static void kept_goes_on_behind_others(void)
{
	struct probe p = { "keeps", .in_act = SWALLOW, .out_act = SWALLOW };
	ifnet_t ifp;
	mbuf_t in;

	if (!begin(&p))
		return;
	ifp = device();
	come_in(FT_TYPE, 1);
	SETTLES(p.kept != NULL);
	in = p.kept;
	p.kept = NULL;
	go_out(FT_TYPE, 2);
	SETTLES(p.kept != NULL);
	p.in_act = p.out_act = PASS;
	EXPECT_EQ(ft_drop(DEV, 1), 0);
	EXPECT_EQ(ifnet_input(ifp, in, NULL), 0);
	expect_got(FT_TYPE, 1);
	EXPECT_EQ(ifnet_output_raw(ifp, 0, p.kept), 0);
	expect_sent(FT_TYPE, 2);
	EXPECT_EQ(ft_drop(DEV, 0), 0);

	p.in_act = SWALLOW;
	p.kept = NULL;
	come_in(FT_TYPE, 3);
	SETTLES(p.kept != NULL);
	end(&p);
	EXPECT_EQ(ft_drop(DEV, 1), 0);
	EXPECT_EQ(ifnet_input(ifp, p.kept, NULL), 0);
	expect_got(FT_TYPE, 3);
	EXPECT_EQ(ft_drop(DEV, 0), 0);
	ifnet_release(ifp);
	ft_delete(DEV);
}

/* Of a list each packet comes in by itself. */
static void one_by_one(void)
{
	struct probe p = { "list" };
	u_int8_t frame[FRAME];
	ifnet_t ifp;
	mbuf_t m;

	if (!begin(&p))
		return;
	ifp = device();
	make_frame(frame, FT_TYPE, 1);
	m = made(frame, FRAME);
	make_frame(frame, FT_TYPE, 2);
	mbuf_setnextpkt(m, made(frame, FRAME));
	EXPECT_EQ(ifnet_input(ifp, m, NULL), 0);
	expect_got(FT_TYPE, 1);
	expect_got(FT_TYPE, 2);
	EXPECT_EQ(p.in, 2);
	EXPECT_EQ(p.linked, 0);
	ifnet_release(ifp);
	finish(&p);
}

/* What is shorter than a link header is no frame, to filters neither. */
static void too_short_for_a_frame(void)
{
	struct probe p = { "short" };
	u_int8_t frame[FRAME];
	int with_filter;
	ifnet_t ifp;

	if (!begin(&p))
		return;
	ifp = device();
	make_frame(frame, FT_TYPE, 1);
	for (with_filter = 1; with_filter >= 0; with_filter--) {
		mbuf_t m = made(frame, FRAME);

		mbuf_adj(m, -(FRAME - 5));
		EXPECT_EQ(ifnet_input(ifp, m, NULL), EINVAL);
		EXPECT_EQ(ifnet_output_raw(ifp, 0, made(frame, 5)), EINVAL);
		come_in(FT_TYPE, 7);
		expect_got(FT_TYPE, 7);
		EXPECT_EQ(p.in, 1);
		EXPECT_EQ(ft_sent(DEV), 0);
		if (with_filter)
			end(&p);
	}
	ifnet_release(ifp);
	ft_delete(DEV);
}

/* A frame's header may be the address of who gets it: on Ethernet. */
static void addressed_by_its_header(void)
{
	static const u_int8_t header[14] = { 2, 0, 0, 0, 0, 9, [12] = FT_TYPE >> 8, FT_TYPE & 255 };
	struct sockaddr to = { .sa_len = sizeof(to), .sa_family = AF_UNSPEC };
	u_int8_t frame[FRAME], have[FRAME];
	ifnet_t ifp, lo = NULL;

	if (!EXPECT_EQ(ft_make(DEV), 0))
		return;
	ifp = device();
	make_frame(frame, FT_TYPE, 1);
	memcpy(to.sa_data, header, sizeof(header));
	EXPECT_EQ(ifnet_output(ifp, PF_INET, made(frame + 14, FRAME - 14), NULL, &to), 0);
	EXPECT_EQ(ft_take_sent(DEV, have, sizeof(have)), FRAME);
	EXPECT_EQ(memcmp(have, header, 6), 0);
	EXPECT_EQ(memcmp(have + 12, header + 12, 2), 0);
	EXPECT_EQ(memcmp(have + 14, frame + 14, FRAME - 14), 0);
	EXPECT_EQ(ifnet_find_by_name("lo", &lo), 0);
	EXPECT_EQ(ifnet_output(lo, PF_INET, made(frame + 14, FRAME - 14), NULL, &to), EINVAL);
	ifnet_release(lo);
	ifnet_release(ifp);
	ft_delete(DEV);
}

/* What is no packet at all is freed, and the kext named. */
static void no_packet_for_ip(void)
{
	long mbufs = kt_held(KT_MBUFS);
	mbuf_t m = NULL;

	EXPECT_EQ(mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
	EXPECT_MISUSE(1, proto_input(PF_INET, m));
	EXPECT_EQ(kt_held(KT_MBUFS), mbufs);
}

/* What is given to IP has a link header for those who look at frames. */
static void for_ip_with_a_link_header(void)
{
	static const u_int8_t address[] = FT_ADDRESS;
	u_int8_t frame[FRAME], have[FRAME];
	ifnet_t ifp;
	mbuf_t m;

	if (!EXPECT_EQ(ft_make(DEV), 0))
		return;
	ifp = device();
	make_frame(frame, 0x0800, 1);
	m = made(frame + 14, FRAME - 14);
	mbuf_pkthdr_setrcvif(m, ifp);
	EXPECT_EQ(proto_input(PF_INET, m), 0);
	SETTLES(ft_got(DEV) == 1);
	EXPECT_EQ(ft_take_got(DEV, have, FRAME), FRAME);
	EXPECT_EQ(memcmp(have, address, 6), 0);
	EXPECT_EQ(have[12] << 8 | have[13], 0x0800);
	EXPECT_EQ(memcmp(have + 14, frame + 14, FRAME - 14), 0);
	ifnet_release(ifp);
	ft_delete(DEV);
}

/* A driver is not asked whether it can do with more than it has promised. */
static void longer_than_the_mtu(void)
{
	static u_int8_t frame[14 + FT_MTU + 5];
	struct sockaddr_in to = { .sin_len = sizeof(to), .sin_family = AF_INET };
	ifnet_t ifp;

	if (!EXPECT_EQ(ft_make(DEV), 0))
		return;
	ifp = device();
	make_frame(frame, 0x0800, 1);
	EXPECT_EQ(ifnet_output_raw(ifp, PF_INET, made(frame, 14 + FT_MTU)), 0);
	EXPECT_EQ(ft_sent(DEV), 1);
	EXPECT_EQ(ifnet_output_raw(ifp, PF_INET, made(frame, sizeof(frame))), EMSGSIZE);
	EXPECT_EQ(ifnet_output(ifp, PF_INET, made(frame + 14, FT_MTU + 1), NULL,
			       (struct sockaddr *)&to), EMSGSIZE);
	EXPECT_EQ(ft_sent(DEV), 1);
	ifnet_release(ifp);
	ft_delete(DEV);
}

/* A kext that has frames come in faster than a filter takes them loses some. */
static void no_end_of_injected_frames(void)
{
	struct probe p = { "waits", .in_act = WAIT };
	u_int8_t frame[FRAME];
	int n = 0, i;
	ifnet_t ifp;

	if (!begin(&p))
		return;
	ifp = device();
	make_frame(frame, FT_TYPE, 1);
	EXPECT_EQ(ifnet_input(ifp, made(frame, FRAME), NULL), 0);
	SETTLES(p.asleep == 1);
	for (i = 0; i < 1100; i++)
		EXPECT_EQ(ifnet_input(ifp, made(frame, FRAME), NULL), 0);
	come_in(FT_TYPE, 77);
	p.in_act = PASS;
	while (SETTLES(ft_got(DEV) > 0) && ft_take_got(DEV, frame, FRAME) == FRAME &&
	       frame[FRAME - 1] != 77)
		n++;
	EXPECT_EQ(n, 1001);
	ifnet_release(ifp);
	finish(&p);
}

/* Nor do frames wait without end that come by themselves. */
static void no_end_of_frames(void)
{
	unsigned long dropped = kt_counted(KT_PACKETS_DROPPED);
	struct probe p = { "waits", .in_act = WAIT };
	int i;

	if (!begin(&p))
		return;
	EXPECT(kt_write_file("/sys/module/netkpi/parameters/interfacefilter_queue", "10") > 0);
	come_in(FT_TYPE, 0);
	SETTLES(p.asleep == 1);
	for (i = 1; i < 15; i++)
		come_in(FT_TYPE, i);
	EXPECT_EQ(kt_counted(KT_PACKETS_DROPPED) - dropped, 4);
	EXPECT(kt_write_file("/sys/module/netkpi/parameters/interfacefilter_queue", "1000") > 0);
	p.in_act = PASS;
	for (i = 0; i < 11; i++)
		expect_got(FT_TYPE, i);
	finish(&p);
	EXPECT_EQ(p.in, 11);
}

/* Frames that travel as one are shown one by one, before they are somebody's to put together again. */
static void segments_one_by_one(void)
{
	struct probe p = { "segments" };

	if (!begin(&p))
		return;
	EXPECT_EQ(ft_send_segments(DEV, 3), 0);
	SETTLES(ft_sent(DEV) == 3);
	EXPECT_EQ(p.out, 3);
	EXPECT_EQ(p.len, 14 + 40 + 100);
	finish(&p);
}

/* A filter that must not sleep may send. */
static void answered_from_inside(void)
{
	struct probe p = { "answers", .in_act = ANSWER };

	if (!begin(&p))
		return;
	come_in(FT_TYPE, 1);
	expect_got(FT_TYPE, 1);
	expect_sent(FT_TYPE, 1);
	EXPECT_EQ(p.out, 1);
	finish(&p);
}

/* --- I9: refused --- */

static void I9_refused(void)
{
	struct probe p = { "refuse", .out_act = REFUSE, .in_act = REFUSE }, second = { "second" };
	u_int8_t frame[FRAME];

	if (!begin(&p))
		return;
	attach(&second);
	make_frame(frame, 0x0800, 1);
	EXPECT_EQ(ft_send(DEV, frame, FRAME, -1), kt_is_direct() ? -ENOBUFS : 0);
	come_in(0x0800, 2);
	SETTLES(p.out == 1 && p.in == 1);
	end(&second);
	end(&p);
	go_out(0x0800, 3);
	come_in(0x0800, 4);
	expect_sent(0x0800, 3);
	expect_got(0x0800, 4);
	EXPECT_EQ(second.in + second.out, 0);
	ft_delete(DEV);
}

/* A filter is called inside the hook again when one that may sleep has gone, and its frames. */
static void beside_one_that_sleeps(void)
{
	struct probe p = { "direct" };
	struct iff_filter other = { .iff_name = "other", .iff_output = ft_no_kexts() };
	interface_filter_t ref = NULL;
	u_int8_t frame[FRAME];
	ifnet_t ifp;

	if (!begin(&p))
		return;
	ifp = device();
	EXPECT_EQ(iflt_attach(ifp, &other, &ref), 0);
	go_out(FT_TYPE, 1);
	expect_sent(FT_TYPE, 1);
	EXPECT_EQ(p.out, 1);
	iflt_detach(ref);
	p.out_act = REFUSE;
	make_frame(frame, FT_TYPE, 2);
	SETTLES(ft_send(DEV, frame, FRAME, -1) == -ENOBUFS);
	ifnet_release(ifp);
	finish(&p);
}

/* --- I10: frames of VLANs --- */

static void I10_vlan(void)
{
	struct probe p = { "vlan" };
	u_int8_t frame[FRAME], have[FRAME + 4];

	if (!begin(&p))
		return;
	make_frame(frame, FT_TYPE, 1);
	EXPECT_EQ(ft_send(DEV, frame, FRAME, 5), 0);
	SETTLES(ft_sent(DEV) == 1);
	EXPECT_EQ(ft_come_in(DEV, frame, FRAME, 5), 0);
	EXPECT_EQ(ft_send(DEV, frame, FRAME, 0), 0);
	EXPECT_EQ(ft_come_in(DEV, frame, FRAME, 0), 0);
	SETTLES(p.in == 1 && p.out == 1);
	SETTLES(ft_sent(DEV) == 2);
	EXPECT(ft_take_sent(DEV, have, sizeof(have)) >= FRAME);
	finish(&p);
}

/* A tag that lies in the frame itself; one of priority alone makes no VLAN. */
static void I10_tag_in_the_frame(void)
{
	struct probe p = { "tags" };
	u_int8_t frame[FRAME];

	if (!begin(&p))
		return;
	make_frame(frame, 0x8100, 1);
	frame[14] = 0xe0;
	frame[15] = 5;
	EXPECT_EQ(ft_send(DEV, frame, FRAME, -1), 0);
	SETTLES(ft_sent(DEV) == 1);
	EXPECT_EQ(p.out, 0);
	frame[15] = 0;
	EXPECT_EQ(ft_send(DEV, frame, FRAME, -1), 0);
	SETTLES(ft_sent(DEV) == 2);
	EXPECT_EQ(p.out, 1);
	finish(&p);
}

/* A frame that a kext has come in by a device is shown to the filters of the VLAN above, too. */
static void I10_filters_of_a_vlan(void)
{
	struct probe below = { "below" }, above = { "above" };
	u_int8_t frame[FRAME];
	ifnet_t ifp, vlan = NULL;

	if (!begin(&below))
		return;
	ifp = device();
	EXPECT_EQ(ft_vlan(DEV, "ftw0v", 5), 0);
	EXPECT_EQ(ifnet_find_by_name("ftw0v", &vlan), 0);
	attach_to(vlan, &above);
	make_frame(frame, 0x8100, 1);
	frame[14] = 0;
	frame[15] = 5;
	frame[16] = FT_TYPE >> 8;
	frame[17] = FT_TYPE & 255;
	EXPECT_EQ(ifnet_input(ifp, made(frame, FRAME), NULL), 0);
	SETTLES(above.in == 1);
	ifnet_release(ifp);
	end(&above);
	ifnet_release(vlan);
	finish(&below);
}

static void I10_internal_filters_see_vlans(void)
{
	struct probe p = { "internal" };
	struct iff_filter filter = { &p, "internal", 0, probe_in, probe_out, NULL, NULL,
				     probe_detached };
	u_int8_t frame[FRAME];
	ifnet_t ifp;

	if (!EXPECT_EQ(ft_make(DEV), 0))
		return;
	ifp = device();
	EXPECT_EQ(iflt_attach_internal(ifp, &filter, &p.ref), 0);
	make_frame(frame, FT_TYPE, 1);
	EXPECT_EQ(ft_send(DEV, frame, FRAME, 5), 0);
	EXPECT_EQ(ft_come_in(DEV, frame, FRAME, 5), 0);
	SETTLES(p.in == 1 && p.out == 1);
	SETTLES(ft_sent(DEV) == 1);
	ifnet_release(ifp);
	finish(&p);
}

/* --- I11: detaching waits for the call that runs --- */

static void I11_detach_waits(void)
{
	struct probe p = { "nap", .in_act = NAP };

	if (!begin(&p))
		return;
	come_in(0x0800, 1);
	SETTLES(p.asleep == 1);
	EXPECT_EQ(ft_got(DEV), 0);
	end(&p);
	expect_got(0x0800, 1);		/* the filter had let it pass */
	come_in(0x0800, 2);
	expect_got(0x0800, 2);
	EXPECT_EQ(p.in, 1);
	ft_delete(DEV);
}

/* From a function of its own it cannot wait, and comes afterwards. */
static void I11_detached_from_inside(void)
{
	struct probe p = { "inside", .in_act = DETACH };

	if (!begin(&p))
		return;
	come_in(0x0800, 1);
	expect_got(0x0800, 1);
	SETTLES(p.detached == 1);
	EXPECT_MISUSE(1, iflt_detach(p.ref));
	EXPECT_EQ(p.detached, 1);
	ft_delete(DEV);
}

/* --- I12: the device goes --- */

static void I12_device_goes(void)
{
	struct probe p = { "goes" };
	ifnet_t ifp;

	if (!begin(&p))
		return;
	ifp = device();
	ft_delete(DEV);
	SETTLES(p.detached == 1);
	EXPECT_EQ(p.codes[p.events - 1], KEV_DL_IF_DETACHING);
	EXPECT_MISUSE(1, iflt_detach(p.ref));
	EXPECT_EQ(ifnet_mtu(ifp), FT_MTU);
	EXPECT_EQ(ifnet_release(ifp), 0);
	SETTLES(!ifnet_mtu(ifp));		/* nobody keeps it */
}

/* ... while it has a frame that it puts another one in the place of. */
static void I12_device_goes_under_a_new_frame(void)
{
	struct probe p = { "late", .in_act = WAIT };

	if (!begin(&p))
		return;
	come_in(0x0800, 1);
	SETTLES(p.asleep == 1);
	ft_delete(DEV);
	p.in_act = REPLACE;
	SETTLES(p.detached == 1);
	EXPECT_EQ(p.in, 1);
}

/* ... while a filter has not returned, and frames wait: the device does not wait for it. */
static void I12_device_goes_meanwhile(void)
{
	struct probe p = { "slow", .in_act = NAP };
	int i;

	if (!begin(&p))
		return;
	for (i = 0; i < 20; i++)
		come_in(0x0800, i);
	SETTLES(p.asleep >= 1);
	ft_delete(DEV);
	SETTLES(p.detached == 1);
	EXPECT(p.in < 20);
}

/* --- I13: events --- */

static void I13_events(void)
{
	struct probe p = { "event", .protocol = PF_INET6 };

	if (!begin(&p))
		return;
	EXPECT_EQ(ft_up(DEV, 0), 0);
	SETTLES(p.events == 2);
	EXPECT_EQ(p.codes[0], KEV_DL_SIFFLAGS);
	EXPECT_EQ(p.codes[1], KEV_DL_LINK_OFF);
	EXPECT_EQ(ft_up(DEV, 1), 0);
	SETTLES(p.events == 4);
	EXPECT_EQ(p.codes[2], KEV_DL_SIFFLAGS);
	EXPECT_EQ(p.codes[3], KEV_DL_LINK_ON);
	EXPECT_EQ(ft_mtu(DEV, FT_MTU - 100), 0);
	SETTLES(p.events == 5);
	EXPECT_EQ(p.codes[4], KEV_DL_SIFMTU);
	EXPECT_STR(p.event_name, "ftw");
	EXPECT_EQ(ft_flag(DEV, IFF_DEBUG, 1), 0);	/* no news of the link */
	EXPECT_EQ(ft_mtu(DEV, FT_MTU), 0);
	SETTLES(p.events == 7);
	EXPECT_EQ(p.codes[5], KEV_DL_SIFFLAGS);
	EXPECT_EQ(p.codes[6], KEV_DL_SIFMTU);
	finish(&p);
}

/* --- I14: requests --- */

static void I14_requests(void)
{
	struct probe p = { "request", .ioctl_answer = EOPNOTSUPP };
	ifnet_t ifp;

	if (!begin(&p))
		return;
	ifp = device();
	EXPECT_EQ(ifnet_ioctl(ifp, 0, 0x123, NULL), EOPNOTSUPP);
	p.ioctl_answer = EJUSTRETURN;
	EXPECT_EQ(ifnet_ioctl(ifp, 0, 0x123, NULL), 0);
	p.ioctl_answer = EBUSY;
	EXPECT_EQ(ifnet_ioctl(ifp, 0, 0x123, NULL), EBUSY);
	p.ioctl_answer = 0;
	EXPECT_EQ(ifnet_ioctl(ifp, 0, 0x123, NULL), 0);
	end(&p);
	p = (struct probe) { "of one family", .protocol = PF_INET };
	attach(&p);
	EXPECT_EQ(ifnet_ioctl(ifp, PF_INET6, 0x123, NULL), EOPNOTSUPP);
	EXPECT_EQ(ifnet_ioctl(ifp, PF_INET, 0x123, NULL), 0);
	ifnet_release(ifp);
	finish(&p);
}

static void bad_requests(void)
{
	ifnet_t ifp;

	EXPECT_EQ(ft_make(DEV), 0);
	ifp = device();
	EXPECT_EQ(ifnet_ioctl(ifp, 0, 0x123, NULL), EOPNOTSUPP);
	EXPECT_EQ(ifnet_ioctl(ifp, 0, 0, NULL), EINVAL);
	EXPECT_EQ(ifnet_ioctl(NULL, 0, 0x123, NULL), EINVAL);
	ft_delete(DEV);
	EXPECT_EQ(ifnet_ioctl(ifp, 0, 0x123, NULL), EOPNOTSUPP);
	ifnet_release(ifp);
}

/* --- I15: others come first --- */

static void I15_others_come_first(void)
{
	struct probe p = { "last" };

	if (!begin(&p))
		return;
	EXPECT_EQ(ft_drop(DEV, 1), 0);
	come_in(FT_TYPE, 1);
	go_out(FT_TYPE, 2);
	EXPECT_EQ(ft_drop(DEV, 0), 0);
	come_in(FT_TYPE, 3);
	go_out(FT_TYPE, 4);
	expect_got(FT_TYPE, 3);
	expect_sent(FT_TYPE, 4);
	EXPECT_EQ(p.in, 1);
	EXPECT_EQ(p.out, 1);
	finish(&p);
}

/* --- what filters do to frames --- */

static void replaced(void)
{
	struct probe p = { "replace", .in_act = REPLACE, .out_act = REPLACE };

	if (!begin(&p))
		return;
	come_in(0x0800, 1);
	expect_got(0x0800, 1);
	go_out(0x0800, 2);
	expect_sent(0x0800, 2);
	finish(&p);
}

static void another_link_header(void)
{
	struct probe p = { "header", .in_act = NEWHEADER };
	u_int8_t have[FRAME];

	if (!begin(&p))
		return;
	come_in(0x0800, 1);
	SETTLES(ft_got(DEV) == 1);
	EXPECT_EQ(ft_take_got(DEV, have, sizeof(have)), FRAME);
	EXPECT_EQ(have[11], 77);
	EXPECT_EQ(have[FRAME - 1], 1);
	finish(&p);
}

/* A frame that a filter makes another kind of is that kind for everybody behind it. */
static void another_type(void)
{
	struct probe p = { "type", .in_act = RETYPE, .out_act = RETYPE };

	if (!begin(&p))
		return;
	come_in(0x9999, 1);		/* which nobody listens to */
	SETTLES(ft_got(DEV) == 1);
	go_out(0x0800, 2);
	SETTLES(ft_sent(DEV) == 1);
	EXPECT_EQ(ft_type_sent(DEV), FT_TYPE);
	finish(&p);
}

/* A header in a chain that is no more is what it was. */
static void header_that_is_gone(void)
{
	struct probe p = { "spoils", .in_act = SPOIL };

	if (!begin(&p))
		return;
	come_in(0x0800, 1);
	expect_got(0x0800, 1);
	finish(&p);
}

/* What is no frame any more is dropped, and the kext named. */
static void nonsense(void)
{
	static const enum act acts[] = { FREE, EMPTY, NOHEADER, FREED };
	struct probe p = { "nonsense" };
	size_t i;

	if (!begin(&p))
		return;
	for (i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		p.in_act = p.out_act = acts[i];
		EXPECT_MISUSE(2, ({
			come_in(0x0800, 1);
			go_out(0x0800, 1);
			SETTLES(p.in == (int)i + 1 && p.out == (int)i + 1);
			kt_pause_ms(5);
		}));
	}
	p.in_act = p.out_act = PASS;
	come_in(0x0800, 2);
	expect_got(0x0800, 2);
	go_out(0x0800, 3);
	expect_sent(0x0800, 3);
	finish(&p);
}

static void order_is_kept(void)
{
	struct probe p = { "order" };
	int i;

	if (!begin(&p))
		return;
	for (i = 0; i < 200; i++) {
		come_in(FT_TYPE, i);
		go_out(FT_TYPE, i);
	}
	for (i = 0; i < 200; i++) {
		expect_got(FT_TYPE, i);
		expect_sent(FT_TYPE, i);
	}
	finish(&p);
}

/* --- N6, N10: packets for nobody --- */

static void N6_output_raw_to_nobody(void)
{
	long mbufs = kt_held(KT_MBUFS);
	mbuf_t m = NULL;
	ifnet_t ifp;

	EXPECT_EQ(ft_make(DEV), 0);
	ifp = device();
	ft_delete(DEV);
	EXPECT_EQ(ifnet_mtu(ifp), FT_MTU);
	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, FRAME, NULL, &m), 0);
	EXPECT_EQ(ifnet_output_raw(ifp, PF_INET, m), EINVAL);
	EXPECT_EQ(ifnet_output_raw(ifp, PF_INET, NULL), EINVAL);
	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, FRAME, NULL, &m), 0);
	EXPECT_EQ(ifnet_output_raw(NULL, PF_INET, m), EINVAL);
	EXPECT_EQ(mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
	EXPECT_MISUSE(1, EXPECT_EQ(ifnet_output_raw(ifp, PF_INET, m), EINVAL));
	EXPECT_EQ(kt_held(KT_MBUFS), mbufs);
	EXPECT_EQ(ifnet_release(ifp), 0);
}

static void N10_input_of_nothing(void)
{
	mbuf_t m = NULL;
	ifnet_t ifp;

	EXPECT_EQ(ft_make(DEV), 0);
	ifp = device();
	EXPECT_EQ(ifnet_input(ifp, NULL, NULL), EINVAL);
	ft_delete(DEV);
	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, FRAME, NULL, &m), 0);
	EXPECT_EQ(ifnet_input(ifp, m, NULL), EINVAL);
	EXPECT_EQ(ifnet_release(ifp), 0);
}

/* --- N4, N5, N7, N8: names, lists, addresses --- */

static void N4_nobody_of_that_name(void)
{
	ifnet_t ifp = (ifnet_t)&tag_id;

	EXPECT_EQ(ifnet_find_by_name("nonesuch0", &ifp), ENXIO);
	EXPECT(!ifp);
	EXPECT_EQ(ifnet_find_by_name(NULL, &ifp), EINVAL);
	EXPECT_EQ(ifnet_find_by_name("lo", NULL), EINVAL);
}

static void N5_name_and_unit(void)
{
	ifnet_t lo = NULL, again = NULL;
	char name[32];

	EXPECT_EQ(ifnet_find_by_name("lo", &lo), 0);
	snprintf(name, sizeof(name), "%s%d", ifnet_name(lo), ifnet_unit(lo));
	EXPECT_EQ(ifnet_find_by_name(name, &again), 0);
	EXPECT(lo == again);
	EXPECT_EQ(ifnet_release(again), 0);
	EXPECT_EQ(ifnet_release(lo), 0);
}

static void N7_all_interfaces(void)
{
	u_int32_t count = 0, i, ours = 0;
	ifnet_t *list = NULL, ifp;

	EXPECT_EQ(ft_make(DEV), 0);
	ifp = device();
	EXPECT_EQ(ifnet_list_get(IFNET_FAMILY_ANY, &list, &count), 0);
	for (i = 0; i < count; i++)
		ours += list[i] == ifp;
	EXPECT_EQ(ours, 1);
	EXPECT(!list[count]);
	ifnet_list_free(list);
	EXPECT_EQ(ifnet_list_get(IFNET_FAMILY_STF, &list, &count), ENXIO);
	EXPECT(!list && !count);
	ifnet_release(ifp);
	ft_delete(DEV);
}

static void N8_address_of_another_length(void)
{
	u_int8_t address[6] = { 9, 9, 9, 9, 9, 9 };
	ifnet_t ifp;

	EXPECT_EQ(ft_make(DEV), 0);
	ifp = device();
	EXPECT_EQ(ifnet_lladdr_copy_bytes(ifp, address, 5), EMSGSIZE);
	EXPECT_EQ(address[0] | address[4], 0);
	EXPECT_EQ(address[5], 9);
	EXPECT_EQ(ifnet_lladdr_copy_bytes(ifp, address, 6), 0);
	EXPECT_EQ(address[0] << 8 | address[5], 0x201);
	ifnet_release(ifp);
	ft_delete(DEV);
}

#define CASE(name)	{ #name, name }

/* Each filter sees what is of its own device, and no other's; half of these go under their filters. */
#define DEVICES	40

static void many_devices(void)
{
	static struct probe probes[DEVICES];
	u_int8_t frame[FRAME];
	char name[16];
	ifnet_t ifp;
	int i;

	bzero(probes, sizeof(probes));
	make_frame(frame, FT_TYPE, 1);
	for (i = 0; i < DEVICES; i++) {
		snprintf(name, sizeof(name), "ftx%d", i);
		EXPECT_EQ(ft_make(name), 0);
		EXPECT_EQ(ifnet_find_by_name(name, &ifp), 0);
		attach_to(ifp, &probes[i]);
		ifnet_release(ifp);
	}
	for (i = 0; i < DEVICES; i++) {
		snprintf(name, sizeof(name), "ftx%d", i);
		EXPECT_EQ(ft_come_in(name, frame, FRAME, -1), 0);
		EXPECT_EQ(ft_send(name, frame, FRAME, -1), 0);
	}
	for (i = 0; i < DEVICES; i++) {
		SETTLES(probes[i].in == 1 && probes[i].out == 1);
		EXPECT_EQ(ifnet_unit(probes[i].ifp), i);
	}
	for (i = 0; i < DEVICES; i++) {
		snprintf(name, sizeof(name), "ftx%d", i);
		if (i % 2)
			end(&probes[i]);
		ft_delete(name);
		SETTLES(probes[i].detached == 1);
	}
}

const struct kt_case filter_interface_cases[] = {
	CASE(I1_no_interface), CASE(I2_interface_that_has_gone), CASE(I3_oldest_first),
	CASE(answered_from_inside), CASE(one_by_one), CASE(too_short_for_a_frame),
	CASE(addressed_by_its_header), CASE(no_packet_for_ip),
	CASE(hooks_as_long_as_filters), CASE(kept_goes_on_behind_others), CASE(no_end_of_frames),
	CASE(segments_one_by_one), CASE(I10_tag_in_the_frame), CASE(I10_filters_of_a_vlan),
	CASE(I12_device_goes_under_a_new_frame), CASE(another_type), CASE(header_that_is_gone),
	CASE(I4_frame_in), CASE(I4_frame_for_others), CASE(I5_frame_out), CASE(I6_one_protocol),
	CASE(I7_out_again), CASE(I8_in_again), CASE(I8_made_by_the_kext), CASE(I9_refused),
	CASE(for_ip_with_a_link_header),
	CASE(longer_than_the_mtu), CASE(no_end_of_injected_frames),
	CASE(I10_vlan), CASE(I10_internal_filters_see_vlans), CASE(I11_detach_waits),
	CASE(I11_detached_from_inside), CASE(I12_device_goes), CASE(I12_device_goes_meanwhile),
	CASE(I13_events), CASE(replaced), CASE(another_link_header), CASE(nonsense),
	CASE(order_is_kept), CASE(N6_output_raw_to_nobody), CASE(N10_input_of_nothing),
	CASE(I14_requests), CASE(bad_requests), CASE(I15_others_come_first),
	CASE(N4_nobody_of_that_name), CASE(N5_name_and_unit), CASE(N7_all_interfaces),
	CASE(N8_address_of_another_length), CASE(many_devices),
	{}
};

/* The same inside the hook, where nothing may sleep. */
const struct kt_case filter_interface_direct_cases[] = {
	CASE(I3_oldest_first), CASE(I4_frame_in), CASE(I4_frame_for_others), CASE(I5_frame_out),
	CASE(I6_one_protocol), CASE(I7_out_again), CASE(I8_in_again), CASE(I8_made_by_the_kext),
	CASE(kept_goes_on_behind_others), CASE(segments_one_by_one), CASE(another_type),
	CASE(header_that_is_gone), CASE(beside_one_that_sleeps), CASE(answered_from_inside),
	CASE(I9_refused), CASE(I10_vlan), CASE(I11_detached_from_inside), CASE(I12_device_goes),
	CASE(replaced), CASE(another_link_header), CASE(nonsense), CASE(order_is_kept),
	{}
};
