// SPDX-License-Identifier: GPL-2.0
/* What tests of filters ask of Linux: its hooks, its wire, the loopback's MTU. */

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/sockptr.h>
#include <linux/udp.h>
#include <linux/umh.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/route.h>
#include <net/sock.h>

#include "test.h"

int ft_hooks(int v6)
{
	struct nf_hook_entries __rcu **points = v6 ? init_net.nf.hooks_ipv6 : init_net.nf.hooks_ipv4;
	int n = 0, i;

	rcu_read_lock();
	for (i = NF_INET_LOCAL_IN; i <= NF_INET_LOCAL_OUT; i++) {
		const struct nf_hook_entries *entries = rcu_dereference(points[i]);

		n += entries ? entries->num_hook_entries : 0;
	}
	rcu_read_unlock();
	return n;
}

static int run_line(const char *line)
{
	char *argv[4] = { "/bin/sh", "-c", (char *)line, NULL };
	char *envp[2] = { "PATH=/sbin:/bin:/usr/sbin:/usr/bin", NULL };

	return call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

/* By the programs: nothing that is exported does it. */
int ft_tunnel(int up)
{
	if (!up)
		return !run_line("ip tunnel del kpigre");
	return !run_line("ip tunnel add kpigre mode gre local 127.0.0.1 remote 127.0.0.1") &&
	       !run_line("ip link set kpigre up && ip -6 addr add fd77::1/64 dev kpigre nodad");
}

void ft_loopback_mtu(unsigned int mtu)
{
	rtnl_lock();
	dev_set_mtu(init_net.loopback_dev, mtu ?: 65536);
	rtnl_unlock();
}

/* --- what senders have --- */

void ft_page_begin(void)
{
	if (current->task_frag.page)
		put_page(current->task_frag.page);
	current->task_frag.page = NULL;
}

int ft_page_users(void)
{
	return current->task_frag.page ? page_ref_count(current->task_frag.page) : 0;
}

static int send_parts(struct socket *sock, struct sockaddr *to, int len, const char *bytes, int each)
{
	struct msghdr msg = { .msg_name = to, .msg_namelen = len };
	struct kvec vec = { .iov_base = (void *)bytes, .iov_len = strlen(bytes) };
	int err = sock->ops->setsockopt(sock, SOL_UDP, UDP_SEGMENT, KERNEL_SOCKPTR(&each), sizeof(each));

	return err ?: kernel_sendmsg(sock, &msg, &vec, 1, vec.iov_len);
}

int ft_send_parts(int v6, u16 port, const char *bytes, int each)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(port),
				    .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct socket *sock;
	int n;

	n = sock_create_kern(&init_net, v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, IPPROTO_UDP, &sock);
	if (n)
		return n;
	n = send_parts(sock, v6 ? (struct sockaddr *)&to6 : (struct sockaddr *)&to,
		       v6 ? sizeof(to6) : sizeof(to), bytes, each);
	sock_release(sock);
	return n;
}

/* --- what is passed on --- */

static DECLARE_COMPLETION(forwarded);

static int went_on(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	kfree_skb(skb);
	complete(&forwarded);
	return 0;
}

static struct sk_buff *passing_packet(struct rtable *route)
{
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);
	struct iphdr *ip;

	if (!skb)
		return NULL;
	ip = skb_put_zero(skb, 40);
	*ip = (struct iphdr) { .version = 4, .ihl = 5, .ttl = 9, .protocol = IPPROTO_UDP };
	ip->tot_len = htons(40);
	ip_send_check(ip);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, sizeof(*ip));
	skb->protocol = htons(ETH_P_IP);
	skb->dev = init_net.loopback_dev;
	skb_dst_set(skb, dst_clone(&route->dst));
	return skb;
}

static int forward(struct rtable *route)
{
	struct sk_buff *skb = passing_packet(route);
	int taken;

	if (!skb)
		return -ENOMEM;
	reinit_completion(&forwarded);
	local_bh_disable();
	NF_HOOK(NFPROTO_IPV4, NF_INET_FORWARD, &init_net, NULL, skb, init_net.loopback_dev,
		init_net.loopback_dev, went_on);
	taken = !completion_done(&forwarded);
	local_bh_enable();
	return wait_for_completion_timeout(&forwarded, 5 * HZ) ? taken : -ETIMEDOUT;
}

int ft_forward(int bridged)
{
	struct flowi4 fl4 = { .daddr = htonl(INADDR_LOOPBACK) };
	struct rtable *route = ip_route_output_key(&init_net, &fl4);
	int taken;

	if (IS_ERR(route))
		return PTR_ERR(route);
	if (bridged)
		route->dst.flags |= DST_FAKE_RTABLE;	/* as a bridge's own */
	taken = forward(route);
	if (bridged)
		route->dst.flags &= ~DST_FAKE_RTABLE;
	ip_rt_put(route);
	return taken;
}

/* --- the wire --- */

static atomic_t frames;

static int count_frame(struct sk_buff *skb, struct net_device *dev, struct packet_type *type,
		       struct net_device *orig)
{
	if (skb->pkt_type == PACKET_OUTGOING &&
	    (skb->protocol == htons(ETH_P_IP) || skb->protocol == htons(ETH_P_IPV6)) &&
	    skb->len > 60)
		atomic_inc(&frames);
	kfree_skb(skb);
	return 0;
}

static struct packet_type wire = { .type = htons(ETH_P_ALL), .func = count_frame };

int ft_wire_watch(int on)
{
	if (on) {
		atomic_set(&frames, 0);
		wire.dev = init_net.loopback_dev;
		dev_add_pack(&wire);
	} else {
		dev_remove_pack(&wire);
	}
	return atomic_read(&frames);
}

/* --- somebody else's hooks --- */

static struct ft_seen *watched;
static __be16 watched_port;

/* Length by IP's header, and where the transport begins; 0 if it is not of the port. */
static unsigned int measure(const struct sk_buff *skb, unsigned int *transport)
{
	bool v6 = skb->protocol == htons(ETH_P_IPV6);
	const struct iphdr *ip = ip_hdr(skb);
	__be16 ports[2];

	*transport = v6 ? sizeof(struct ipv6hdr) : ip->ihl * 4;
	if (skb_copy_bits(skb, skb_network_offset(skb) + *transport, ports, sizeof(ports)) ||
	    ports[1] != watched_port)
		return 0;
	return v6 ? ntohs(ipv6_hdr(skb)->payload_len) + sizeof(struct ipv6hdr) : ntohs(ip->tot_len);
}

static unsigned int see_first(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	unsigned int transport;

	if (measure(skb, &transport))
		watched->first++;
	return NF_ACCEPT;
}

static unsigned int see_last(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	unsigned int transport, len = measure(skb, &transport);

	if (!len)
		return NF_ACCEPT;
	watched->last++;
	watched->shared += skb_shared(skb);
	watched->longer += skb->len > len;
	return NF_ACCEPT;
}

static bool is_paid(const struct sk_buff *skb)
{
	return skb->sk && sk_fullsock(skb->sk) && skb->destructor;
}

static unsigned int see_sent(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	unsigned int transport, len = measure(skb, &transport);

	if (!len)
		return NF_ACCEPT;
	watched->sent++;
	watched->unpaid += len > 100 && !is_paid(skb);
	watched->shared += skb_shared(skb);
	watched->partial += skb->ip_summed == CHECKSUM_PARTIAL;
	watched->odd += skb->ip_summed == CHECKSUM_PARTIAL &&
			skb_checksum_start_offset(skb) - skb_network_offset(skb) != transport;
	watched->longer += skb->len > len;
	return NF_ACCEPT;
}

#define SEE(family, point, function, when)				\
	{ .hook = (function), .pf = (family), .hooknum = (point), .priority = (when) }

static const struct nf_hook_ops watchers[] = {
	SEE(NFPROTO_IPV4, NF_INET_LOCAL_OUT, see_first, NF_IP_PRI_FIRST),
	SEE(NFPROTO_IPV4, NF_INET_LOCAL_IN, see_first, NF_IP_PRI_FIRST),
	SEE(NFPROTO_IPV4, NF_INET_LOCAL_OUT, see_last, NF_IP_PRI_LAST),
	SEE(NFPROTO_IPV4, NF_INET_LOCAL_IN, see_last, NF_IP_PRI_LAST),
	SEE(NFPROTO_IPV4, NF_INET_POST_ROUTING, see_sent, NF_IP_PRI_LAST),
	SEE(NFPROTO_IPV6, NF_INET_LOCAL_OUT, see_first, NF_IP_PRI_FIRST),
	SEE(NFPROTO_IPV6, NF_INET_LOCAL_IN, see_first, NF_IP_PRI_FIRST),
	SEE(NFPROTO_IPV6, NF_INET_LOCAL_OUT, see_last, NF_IP_PRI_LAST),
	SEE(NFPROTO_IPV6, NF_INET_LOCAL_IN, see_last, NF_IP_PRI_LAST),
	SEE(NFPROTO_IPV6, NF_INET_POST_ROUTING, see_sent, NF_IP_PRI_LAST),
};

void ft_watch(u16 port, struct ft_seen *seen)
{
	if (!port) {
		nf_unregister_net_hooks(&init_net, watchers, ARRAY_SIZE(watchers));
		return;
	}
	watched = seen;
	watched_port = htons(port);
	nf_register_net_hooks(&init_net, watchers, ARRAY_SIZE(watchers));
}
