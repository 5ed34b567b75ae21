// SPDX-License-Identifier: GPL-2.0
/*
 * mbufs over a real interface.
 *
 * Packets are built as chains of many shapes, become sk_buffs, leave by one end
 * of a veth pair and are taken at the other, which is in another namespace,
 * before the network looks at them; there they become chains again and are
 * compared, checksums included. With offloads the interface leaves checksums and
 * segmentation for later; without, the network has to do both on the way.
 *
 * tests/scripts/mbuf_wire.sh makes the interfaces, loads this with their
 * names and reads debugfs netkpi_mbuf_wire: reading it runs the tests and gives
 * TAP.
 */

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <net/net_namespace.h>

#include <netkpi/skb.h>

#include "mbuf/check.h"
#include "mbuf/mbuf_priv.h"
#include "test_packet.h"

#define DEADLINE	(5 * HZ)
#define MSS		1000
#define LINK		ETH_HLEN
#define OFFLOADS	(NETIF_F_CSUM_MASK | NETIF_F_SG | NETIF_F_ALL_TSO | NETIF_F_GSO_SOFTWARE | \
			 NETIF_F_FRAGLIST)

static char *tx = "wire0";
module_param(tx, charp, 0444);
MODULE_PARM_DESC(tx, "interface to send by, in the namespace of who loads this");

static char *rx = "wire1";
module_param(rx, charp, 0444);
MODULE_PARM_DESC(rx, "its peer");

static int rx_pid;
module_param(rx_pid, int, 0444);
MODULE_PARM_DESC(rx_pid, "a process in the peer's namespace");

static const struct wire_case {
	const char *name;
	struct mbuf_test_ip ip;
	u32 request;		/* checksums left to the network */
	bool segment;		/* ... and segmentation */
} wire_cases[] = {
	{ "tcp, finished", { .proto = IPPROTO_TCP, .link = LINK, .payload = 900 } },
	{ "tcp", { .proto = IPPROTO_TCP, .link = LINK, .payload = 900 },
	  MBUF_CSUM_REQ_TCP | MBUF_CSUM_REQ_IP },
	{ "udp", { .proto = IPPROTO_UDP, .link = LINK, .payload = 1201 }, MBUF_CSUM_REQ_UDP },
	{ "udp, behind options", { .proto = IPPROTO_UDP, .options = 12, .link = LINK, .payload = 3 },
	  MBUF_CSUM_REQ_UDP | MBUF_CSUM_REQ_IP },
	{ "tcp6", { .v6 = true, .proto = IPPROTO_TCP, .link = LINK, .payload = 1111 },
	  MBUF_CSUM_REQ_TCPIPV6 },
	{ "udp6", { .v6 = true, .proto = IPPROTO_UDP, .link = LINK, .payload = 64 },
	  MBUF_CSUM_REQ_UDPIPV6 },
	{ "tcp, segmented", { .proto = IPPROTO_TCP, .link = LINK, .payload = 3500 },
	  MBUF_CSUM_REQ_TCP | MBUF_CSUM_REQ_IP, true },
	{ "tcp6, segmented", { .v6 = true, .proto = IPPROTO_TCP, .link = LINK, .payload = 3001 },
	  MBUF_CSUM_REQ_TCPIPV6, true },
};

static struct wire {
	struct net_device *tx, *rx;
	spinlock_t lock;
	mbuf_t first, last;		/* W: lock; what has arrived, linked by nextpkt */
	size_t payload;			/* W: lock; bytes behind transport headers so far */
	wait_queue_head_t arrived;
	struct mbuf_test_flat flat;	/* what is sent, checksums right */
	bool under_way;			/* flat is complete, and sent */
	struct mbuf_test_flat got;	/* one packet that arrived, from the IP header on */
	char wrong[200];
} wire;

static __printf(1, 2) bool fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(wire.wrong, sizeof(wire.wrong), fmt, args);
	va_end(args);
	return false;
}

/*
 * Receiving
 */

/* Ours have addresses nobody else has. Fresh interfaces talk, too: only while one is out. */
static bool is_ours(const struct sk_buff *skb)
{
	const u8 *sent = wire.flat.bytes + wire.flat.network;
	bool v6 = sent[0] >> 4 == 6;
	u8 buf[40], len = v6 ? 40 : 20;
	const u8 *ip;

	if (!smp_load_acquire(&wire.under_way))		/* then flat is complete, too */
		return false;
	ip = skb_header_pointer(skb, 0, len, buf);
	return ip && ip[0] >> 4 == sent[0] >> 4 &&
	       !memcmp(ip + (v6 ? 8 : 12), sent + (v6 ? 8 : 12), v6 ? 32 : 8);
}

/* Bytes in front of the payload, from the IP header on. */
static size_t header_len(void)
{
	bool tcp = wire.flat.field - wire.flat.transport == MBUF_TEST_TCP_CHECK;

	return wire.flat.transport - LINK + (tcp ? 20 : 8);
}

static void take(mbuf_t m)
{
	spin_lock_bh(&wire.lock);
	if (wire.last)
		kpi_mbuf_setnextpkt(wire.last, m);
	else
		wire.first = m;
	wire.last = m;
	wire.payload += kpi_mbuf_pkthdr_len(m) - header_len();
	spin_unlock_bh(&wire.lock);
	wake_up(&wire.arrived);
}

static rx_handler_result_t receive(struct sk_buff **pskb)
{
	mbuf_t m;

	if (!is_ours(*pskb))
		return RX_HANDLER_PASS;
	m = kpi_mbuf_from_skb(*pskb, KPI_INBOUND, GFP_ATOMIC);
	if (m)
		take(m);
	return RX_HANDLER_CONSUMED;
}

/*
 * Sending
 */

static errno_t make_piece(mbuf_t *m, const u8 *bytes, size_t len, unsigned int nth)
{
	size_t start = nth % 4;
	errno_t err;

	err = nth ? kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, m) :
		    kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, m);
	if (!err && (nth % 2 || start + len > kpi_mbuf_get_mlen()))
		err = kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA,
					  start + len > 2048 ? 16384 : 2048, m);
	if (!err)
		err = kpi_mbuf_setdata(*m, kpi_mbuf_datastart(*m) + start, len);
	if (!err)
		memcpy(kpi_mbuf_data(*m), bytes, len);
	return err;
}

static mbuf_t make_chain(const struct mbuf_test_cut_case *cut, const u8 *bytes, size_t len)
{
	size_t done = 0, n = min(cut->first, len);
	mbuf_t head = NULL, last = NULL, m;
	unsigned int nth = 0;
	errno_t err = 0;

	do {
		m = NULL;
		err = make_piece(&m, bytes + done, n, nth++);
		if (!err && last)
			err = kpi_mbuf_setnext(last, m);
		if (err) {
			kpi_mbuf_freem(m);
			kpi_mbuf_freem(head);
			return NULL;
		}
		head = head ?: m;
		last = m;
		done += n;
		n = min(cut->rest, len - done);
	} while (done < len);
	kpi_mbuf_pkthdr_setlen(head, len);
	return head;
}

/* What the case leaves to the network is not there yet. */
static errno_t ask(mbuf_t m, const struct wire_case *c)
{
	const struct mbuf_test_flat *flat = &wire.flat;
	size_t headers = flat->transport - flat->network + 20;
	errno_t err = 0;

	if (c->request)
		err = kpi_mbuf_set_csum_requested(m, c->request, flat->field - flat->transport);
	if (!err && c->segment)
		err = kpi_mbuf_set_gso_info(m, c->ip.v6 ? MBUF_GSO_TYPE_IPV6 : MBUF_GSO_TYPE_IPV4,
					    MSS, headers);
	return err;
}

static bool transmit(const struct wire_case *c, const struct mbuf_test_cut_case *cut)
{
	struct mbuf_test_flat *asking = kmemdup(&wire.flat, sizeof(wire.flat), GFP_KERNEL);
	struct sk_buff *skb;
	mbuf_t m;

	if (!asking)
		return fail("no memory");
	if (c->request)
		mbuf_test_ip_pseudo(asking);
	if (c->request & MBUF_CSUM_REQ_IP)
		mbuf_test_put16(0xdead, asking->bytes + asking->network + 10);
	m = make_chain(cut, asking->bytes, asking->len);
	kfree(asking);
	if (!m || ask(m, c)) {
		kpi_mbuf_freem(m);
		return fail("the chain could not be made");
	}

	skb = kpi_mbuf_to_skb(m, LINK, GFP_KERNEL);
	if (IS_ERR(skb))
		return fail("to_skb says %ld", PTR_ERR(skb));
	skb->dev = wire.tx;
	skb_reset_mac_header(skb);
	if (dev_queue_xmit(skb))
		return fail("the interface dropped it");
	return true;
}

/*
 * Comparing
 */

/* What arrived, flat, with the same notion of where things are. */
static bool flatten(mbuf_t m)
{
	struct mbuf_test_flat *got = &wire.got;

	got->len = kpi_mbuf_pkthdr_len(m);
	got->network = 0;
	got->transport = wire.flat.transport - LINK;
	got->field = wire.flat.field - LINK;
	if (got->len < header_len() || got->len > sizeof(got->bytes))
		return fail("%zu bytes arrived", got->len);
	if (kpi_mbuf_copydata(m, 0, got->len, got->bytes))
		return fail("the packet is shorter than its length");
	return true;
}

static bool ip_is_right(void)
{
	const u8 *ip = wire.got.bytes;
	size_t said;

	if (ip[0] >> 4 == 6)
		said = 40 + mbuf_test_get16(ip + 4);
	else
		said = mbuf_test_get16(ip + 2);
	if (said != wire.got.len)
		return fail("the IP header says %zu bytes, there are %zu", said, wire.got.len);
	if (ip[0] >> 4 == 4 && mbuf_test_fold(ip, (ip[0] & 15) * 4, 0) != 0xffff)
		return fail("the IP header's checksum is wrong");
	return true;
}

/*
 * The checksum is right, or, if nobody has filled it in because it never left this
 * machine, the pseudo header's sum is there and the packet is said to be good.
 */
static bool checksum_is_right(mbuf_t m, bool offloaded)
{
	struct mbuf_test_flat *got = &wire.got;
	u16 field = mbuf_test_get16(got->bytes + got->field);
	u32 good = MBUF_CSUM_DID_DATA | MBUF_CSUM_PSEUDO_HDR, flags = 0, value;
	u16 sum = mbuf_test_fold(got->bytes + got->transport, got->len - got->transport,
				 mbuf_test_pseudo_sum(got));

	if (sum == 0xffff)
		return true;
	if (!offloaded || field != mbuf_test_pseudo_sum(got))
		return fail("the checksum %04x is wrong", field);
	if (kpi_mbuf_get_csum_performed(m, &flags, &value) || (flags & good) != good)
		return fail("an unfinished packet is not said to be good: %x", flags);
	return true;
}

/* The payload is that of the packet that was sent, from @at on. */
static bool payload_is_right(size_t at, size_t *next)
{
	const struct mbuf_test_flat *got = &wire.got, *sent = &wire.flat;
	size_t headers = header_len(), len = got->len - headers;

	if (LINK + headers + at + len > sent->len)
		return fail("more arrived than was sent");
	if (memcmp(got->bytes + headers, sent->bytes + LINK + headers + at, len))
		return fail("wrong bytes in %zu behind %zu", len, at);
	*next = at + len;
	return true;
}

static bool compare(mbuf_t m, const struct wire_case *c, bool offloaded, size_t *at)
{
	const char *insane = kpi_mbuf_check(m);

	if (insane)
		return fail("%s", insane);
	if (!flatten(m) || !ip_is_right() || !checksum_is_right(m, offloaded))
		return false;
	if (c->segment && !offloaded && wire.got.len > header_len() + MSS)
		return fail("a segment of %zu bytes", wire.got.len);
	return payload_is_right(*at, at);
}

static bool all_here(size_t want)
{
	bool here;

	spin_lock_bh(&wire.lock);
	here = wire.payload >= want;
	spin_unlock_bh(&wire.lock);
	return here;
}

static mbuf_t take_all(void)
{
	mbuf_t first;

	spin_lock_bh(&wire.lock);
	first = wire.first;
	wire.first = NULL;
	wire.last = NULL;
	wire.payload = 0;
	spin_unlock_bh(&wire.lock);
	return first;
}

static void prepare(const struct wire_case *c)
{
	mbuf_test_ip_packet(&wire.flat, &c->ip);
	memcpy(wire.flat.bytes, wire.rx->dev_addr, ETH_ALEN);
	memcpy(wire.flat.bytes + ETH_ALEN, wire.tx->dev_addr, ETH_ALEN);
	mbuf_test_put16(c->ip.v6 ? ETH_P_IPV6 : ETH_P_IP, wire.flat.bytes + 2 * ETH_ALEN);
	smp_store_release(&wire.under_way, true);	/* after flat */
}

static mbuf_t conclude(void)
{
	WRITE_ONCE(wire.under_way, false);
	synchronize_net();
	return take_all();
}

static bool run_case(const struct wire_case *c, const struct mbuf_test_cut_case *cut,
		     bool offloaded)
{
	mbuf_t list, m;
	size_t at = 0;
	bool good;

	prepare(c);
	good = transmit(c, cut);
	if (good)
		wait_event_timeout(wire.arrived, all_here(c->ip.payload), DEADLINE);
	list = conclude();
	for (m = list; m && good; m = kpi_mbuf_nextpkt(m))
		good = compare(m, c, offloaded, &at);
	kpi_mbuf_freem_list(list);
	if (good && at != c->ip.payload)
		good = fail("%zu of %zu bytes arrived", at, c->ip.payload);
	return good;
}

/*
 * The test
 */

static void set_offloads(struct net_device *dev, bool on)
{
	rtnl_lock();
	if (on)
		dev->wanted_features |= OFFLOADS;
	else
		dev->wanted_features &= ~OFFLOADS;
	netdev_update_features(dev);
	rtnl_unlock();
}

static void run_cases(struct seq_file *seq, unsigned int *n, bool offloaded)
{
	const struct wire_case *c;
	unsigned int i;

	set_offloads(wire.tx, offloaded);
	for (c = wire_cases; c < wire_cases + ARRAY_SIZE(wire_cases); c++) {
		bool good = true;

		for (i = 0; i < MBUF_TEST_CUTS && good; i++)
			good = run_case(c, &mbuf_test_cuts[i], offloaded);
		if (!good)
			seq_printf(seq, "# %s: %s\n", mbuf_test_cuts[i - 1].name, wire.wrong);
		seq_printf(seq, "%sok %u - %s, %s offloads\n", good ? "" : "not ", ++*n, c->name,
			   offloaded ? "with" : "without");
	}
}

static int wire_show(struct seq_file *seq, void *unused)
{
	struct kpi_mbuf_counts before = kpi_mbuf_counts(), after;
	unsigned int n = 0;

	seq_printf(seq, "1..%zu\n", 2 * ARRAY_SIZE(wire_cases) + 1);
	run_cases(seq, &n, true);
	run_cases(seq, &n, false);
	set_offloads(wire.tx, true);

	after = kpi_mbuf_counts();
	seq_printf(seq, "%sok %u - nothing is left behind\n",
		   memcmp(&before, &after, sizeof(before)) ? "not " : "", ++n);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(wire);

static struct net_device *peer_of(int pid)
{
	struct net_device *dev;
	struct net *net;

	net = get_net_ns_by_pid(pid);
	if (IS_ERR(net))
		return NULL;
	dev = dev_get_by_name(net, rx);
	put_net(net);
	return dev;
}

static int hook(void)
{
	int err;

	rtnl_lock();
	err = netdev_rx_handler_register(wire.rx, receive, NULL);
	rtnl_unlock();
	return err;
}

static void unhook(void)
{
	rtnl_lock();
	netdev_rx_handler_unregister(wire.rx);
	rtnl_unlock();
	synchronize_net();
}

static struct dentry *entry;

static int __init wire_init(void)
{
	int err = -ENODEV;

	spin_lock_init(&wire.lock);
	init_waitqueue_head(&wire.arrived);
	wire.tx = dev_get_by_name(current->nsproxy->net_ns, tx);
	wire.rx = peer_of(rx_pid);
	if (wire.tx && wire.rx)
		err = hook();
	if (err) {
		dev_put(wire.rx);
		dev_put(wire.tx);
		return err;
	}
	entry = debugfs_create_file("netkpi_mbuf_wire", 0400, NULL, NULL, &wire_fops);
	return 0;
}
module_init(wire_init);

static void __exit wire_exit(void)
{
	debugfs_remove(entry);
	unhook();
	kpi_mbuf_freem_list(take_all());
	dev_put(wire.rx);
	dev_put(wire.tx);
}
module_exit(wire_exit);

KPI_IMPORT();
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mbufs sent over a veth pair");
