/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IP filters: packets are taken from netfilter's hooks, shown to the filters, and
 * given back to the hooks behind ours.
 *
 * A packet is shown to all filters that are due before it is handed over, so no tag
 * has to survive the stack. While filters have its bytes its sk_buff waits, the
 * carrier, with all that it is besides: route, owner, mark, conntrack. What the
 * filters left as it was goes on in the same sk_buff; what they changed, in one that
 * inherits all of it.
 *
 * Packets are shown by one thread for each family and direction, which may sleep; or
 * inside the hook, if all filters there are of kexts that asked for it.
 */
#ifndef _KPI_FILTER_IP_PRIV_H
#define _KPI_FILTER_IP_PRIV_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>

#include <kpi/errno.h>
#include <kpi/ipfilter.h>
#include <kpi/mbuf.h>

#include "../../mbuf/header.h"
#include "../carrier.h"
#include "../filter_priv.h"

enum kpi_ipf_way {
	KPI_IPF_IN,
	KPI_IPF_OUT,
	KPI_IPF_WAYS
};

struct opaque_ipfilter {
	struct kpi_filter filter;	/* first: a handle is both */
	struct bsd_ipf_filter f;
	struct kpi_ipf_family *family;
	struct kpi_kext *kext;
	unsigned long __percpu *seen;	/* its count of packets */
	struct rcu_head rcu;
};

/* Packets that wait for the one thread of their family and way. */
struct kpi_ipf_queue {
	spinlock_t lock;
	struct list_head packets;	/* W: lock */
	unsigned int length;		/* W: lock; of those that nobody else limits */
	atomic_t pending;		/* all that wait, and the one that is shown */
	struct workqueue_struct *wq;
	struct work_struct work;
	bool running;			/* and looks for the next one by itself; W: lock */
	const struct opaque_ipfilter *busy;	/* whose function runs; W: the thread */
	unsigned long since;		/* jiffies; W: the thread */
	bool told;			/* that it takes long; W: lock */
	struct kpi_ipf_family *family;
	enum kpi_ipf_way way;
};

struct kpi_ipf_family {
	u8 pf;
	struct kpi_filter_list list;
	unsigned int filters;		/* W: kpi_ipf_lock; those not yet gone */
	struct kpi_ipf_queue queues[KPI_IPF_WAYS];
};

extern struct kpi_ipf_family kpi_ipf_v4, kpi_ipf_v6;

/* How a packet begins, without options. */
union kpi_ipf_head {
	struct iphdr v4;
	struct ipv6hdr v6;
};

/*
 * A packet between its hook and what comes behind. It holds no device: one that
 * goes meanwhile must not wait for a kext. Devices are looked up again by number.
 *
 * While a filter has the packet, and when it keeps it, this goes with the mbuf: so
 * what is injected later finds its carrier, and what is freed lets go of it.
 */
struct kpi_ipf_packet {
	refcount_t refs;		/* who works on it, and the mbuf */
	struct list_head node;		/* W: the queue's lock */
	atomic_t taken;			/* by who goes on with the carrier, the first one */
	mbuf_t m;			/* the bytes, if they are a chain already */
	struct_group(of_carrier,
		struct sk_buff *skb;	/* NULL: never came by, or somebody has it */
		struct nf_hook_state state;	/* without devices */
		int in;
		int out;
		int dev;
		int transport;		/* offset of its header from the IP header */
	);
	u64 before;			/* older filters are due */
	struct kpi_kext *holder;	/* whose filter kept it */
	struct kpi_ipf_family *family;
	enum kpi_ipf_way way;
	struct kpi_ipf_packet *whole;	/* what this is a segment of */

	/* set when it is shown in segments */
	struct sk_buff_head seen;	/* those that wait for the others; W: its lock */
	bool apart;			/* they wait no more; W: seen.lock */

	/* set when it is opened */
	u8 cb[sizeof_field(struct sk_buff, cb)];	/* the carrier's: a view has its place */
	struct kpi_said said;		/* as the filters got it */
	union kpi_ipf_head head;	/* likewise */

	struct kpi_companion companion;	/* of the mbuf that has the bytes; last */
};

/* walk.c: shows a chain to the filters that are due; EJUSTRETURN: it is theirs. */
struct kpi_ipf_walk {
	struct kpi_ipf_family *family;
	enum kpi_ipf_way way;
	struct kpi_ipf_queue *queue;	/* whose thread this is, or NULL */
	struct kpi_ipf_packet *packet;	/* or NULL */
	u64 before;
	ipf_pktopts_t options;		/* on the way out */
};

errno_t kpi_ipf_walk(const struct kpi_ipf_walk *walk, mbuf_t *m);
errno_t kpi_ipf_show(struct kpi_ipf_packet *p, struct kpi_ipf_queue *queue);
void kpi_ipf_fill_options(const struct kpi_ipf_packet *p, struct bsd_ipf_pktopts *options);

/* Who wants to see packets, and where. */
enum kpi_ipf_mode {
	KPI_IPF_NOBODY,
	KPI_IPF_DIRECT,
	KPI_IPF_THREAD
};
enum kpi_ipf_mode kpi_ipf_mode(struct kpi_ipf_family *family, enum kpi_ipf_way way);

/* hook.c */
int kpi_ipf_hook(struct kpi_ipf_family *family);
void kpi_ipf_unhook(struct kpi_ipf_family *family);
int kpi_ipf_pass_on(struct kpi_ipf_packet *p);
int kpi_ipf_resume(const struct kpi_ipf_packet *p, struct sk_buff *skb);

/* segments.c */
bool kpi_ipf_is_cut(const struct sk_buff *skb, enum kpi_ipf_way way);
bool kpi_ipf_may_stay_whole(const struct sk_buff *skb);
unsigned int kpi_ipf_show_segments(struct kpi_ipf_packet *whole, struct kpi_ipf_queue *queue);
void kpi_ipf_take_apart(struct kpi_ipf_packet *whole);

/* packet.c: between sk_buff and chain */
struct kpi_ipf_packet *kpi_ipf_packet_new(struct kpi_ipf_family *family, enum kpi_ipf_way way,
					  mbuf_t m);
struct kpi_ipf_packet *kpi_ipf_packet_of(struct sk_buff *skb, const struct nf_hook_state *state,
					 struct kpi_ipf_family *family, enum kpi_ipf_way way);
struct kpi_ipf_packet *kpi_ipf_packet_part(struct kpi_ipf_packet *whole, struct sk_buff *skb);
struct kpi_ipf_packet *kpi_ipf_packet_again(mbuf_t m, struct kpi_ipf_family *family,
					    enum kpi_ipf_way way);
bool kpi_ipf_packet_take(struct kpi_ipf_packet *p);
void kpi_ipf_drop(struct sk_buff *skb);
void kpi_ipf_packet_put(struct kpi_ipf_packet *p);
int kpi_ipf_open(struct kpi_ipf_packet *p, gfp_t gfp);
int kpi_ipf_close(struct kpi_ipf_packet *p, gfp_t gfp);
bool kpi_ipf_is_sane(struct kpi_ipf_family *family, mbuf_t m);
void kpi_ipf_packets_exit(void);
bool kpi_ipf_addresses_are(const struct kpi_ipf_packet *p, mbuf_t m);

/* The first @len bytes, in @room if they are not in one piece; NULL if there are less. */
static inline const void *kpi_ipf_header(mbuf_t m, size_t len, void *room)
{
	if (likely(kpi_mcb(m)->len >= len))
		return kpi_mcb(m)->data;
	return kpi_mbuf_copydata(m, 0, len, room) ? NULL : room;
}

/* queue.c */
int kpi_ipf_queue_init(struct kpi_ipf_queue *queue, struct kpi_ipf_family *family,
		       enum kpi_ipf_way way);
void kpi_ipf_queue_exit(struct kpi_ipf_queue *queue);
bool kpi_ipf_queue_add(struct kpi_ipf_queue *queue, struct kpi_ipf_packet *p);

/* inject.c: packets that have seen all their filters */
void kpi_set_local_route(struct sk_buff *skb);
bool kpi_ipf_has_passed(const struct sk_buff *skb);
void kpi_ipf_start(struct kpi_ipf_packet *p, gfp_t gfp);
int kpi_ipf_inject_init(void);
void kpi_ipf_inject_exit(void);

#endif /* _KPI_FILTER_IP_PRIV_H */
