#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A kext writes over everything it is given, and nobody else notices: who captures,
# and far hosts that get the same packets by multicast, a bridge, macvlan, GRE, a mirror
# or a firewall that duplicates and marks them. What they have is compared byte for
# byte; the kext writes 0xee. They wait until the kext is through.
#
# needs: ip tc nft socat tcpdump
# files: tests/scripts/socket.inc
# deadline: 600

. /mnt/files/socket.inc
cd /tmp || exit 1

plan 72

ip=/sbin/ip		# busybox's own knows no namespaces
far() { $ip netns exec far "$@"; }
near() { $ip netns exec near "$@"; }

for size in 1400 40000; do
	head -c $size /dev/zero | tr '\0' A >sent.$size
done

# The bridge br0 is this host. On it: "near", who sends, and "far", who listens, too.
# Besides "far" is at the end of the slow link "out", where it has this host's address.
make_networks() {
	$ip netns add near
	$ip netns add far
	$ip link add br0 address 02:00:00:00:00:01 mtu 65000 type bridge
	$ip link add port1 mtu 65000 type veth peer name eth0 mtu 65000 netns near
	$ip link add port2 mtu 65000 type veth peer name eth0 mtu 65000 netns far
	$ip link add out mtu 65000 type veth peer name eth1 mtu 65000 address 02:00:00:00:00:01 netns far
	for port in port1 port2; do
		$ip link set $port master br0 up
	done
	$ip link set br0 up
	$ip link set out up
	for host in near far; do
		$ip -n $host link set lo up
		$ip -n $host link set eth0 up
	done
	$ip -n far link set eth1 up
	$ip addr add 10.7.0.1/24 dev br0
	$ip -n near addr add 10.7.0.2/24 dev eth0
	$ip -n far addr add 10.7.0.3/24 brd + dev eth0
	$ip -n near addr change 10.7.0.2/24 brd + dev eth0
	$ip addr add 10.9.0.1/24 dev out
	$ip -n far addr add 10.9.0.2/24 dev eth1
	$ip -n far addr add 10.7.0.1/32 dev lo
	tc qdisc add dev out root netem delay 300ms
}

kext() { start scribbler port=5000 ask=$ask "$@"; }

round() {
	if [ "$private" = 1 ]; then
		echo "has all for itself"
	elif [ "$ask" = 1 ]; then
		echo "asks"
	else
		echo "never asks"
	fi
}

# far_hears WHAT SIZE SOURCE COMMAND...: a datagram comes to the far host as it was sent
far_hears() {
	what="$1, $2 bytes, kext $(round)" size=$2 source=$3
	shift 3
	rm -f heard
	far timeout 30 socat -u -b 65536 "$source" CREATE:heard &
	listener=$!
	settles far_listens
	kill -STOP $listener
	"$@" || echo "# could not send"
	check "$what: the kext has it" settles at_least scribbler bytes "$size"
	kill -CONT $listener
	wait $listener
	check "$what: the far host, too" cmp heard "sent.$size"
}

far_listens() { far ss -Hlnu | grep -q :5000; }

send() { socat -u -b 65536 "FILE:sent.$size" "$1"; }
near_sends() { near socat -u -b 65536 "FILE:sent.$size" "$1"; }

# One packet goes to the wire and, as a clone, to this host.
multicast() {
	for bytes in 1400 40000; do
		kext group=239.1.1.1 interface=10.9.0.1
		far_hears "$1" $bytes UDP4-RECVFROM:5000,ip-add-membership=239.1.1.1:10.9.0.2 \
			send UDP4-DATAGRAM:239.1.1.1:5000,ip-multicast-if=10.9.0.1,ip-multicast-loop=1
		stop scribbler
	done
}

# to_far WHAT ADDRESS: the near host sends it, this one has it, and so has the far one
to_far() {
	for bytes in 1400 40000; do
		kext
		far_hears "$1" $bytes UDP4-RECVFROM:5000 near_sends "UDP4-DATAGRAM:$2:5000,broadcast"
		stop scribbler
	done
}

marked() {
	nft add table ip marks
	nft add chain ip marks pre '{ type filter hook prerouting priority -300; }'
	nft add chain ip marks post '{ type filter hook postrouting priority -150; }'
	nft add rule ip marks pre ip dscp set cs1
	nft add rule ip marks post ip dscp set cs1
	"$@"
	nft delete table ip marks
}

duplicated() {
	nft add table ip twice
	nft add chain ip twice pre '{ type filter hook prerouting priority -400; }'
	nft add rule ip twice pre iif br0 udp dport 5000 dup to 10.9.0.2 device out
	"$@"
	nft delete table ip twice
}

mirrored() {
	tc qdisc add dev br0 clsact
	tc filter add dev br0 ingress matchall action mirred egress mirror dev out
	"$@"
	tc qdisc del dev br0 clsact
}

# The far host listens on a macvlan of port3, on whose other end the near host is.
behind_macvlan() {
	$ip link add port3 mtu 65000 type veth peer name eth3 mtu 65000 netns near
	$ip link set port3 up
	$ip -n near link set eth3 up
	$ip addr add 10.6.0.1/24 brd + dev port3
	$ip -n near addr add 10.6.0.2/24 brd + dev eth3
	$ip link add mac0 link port3 mtu 65000 netns far type macvlan mode bridge
	$ip -n far link set mac0 up
	$ip -n far addr add 10.6.0.3/24 brd + dev mac0
	"$@"
	$ip -n far link del mac0
	$ip link del port3
}

# Between the near host and this one, and for the far one, who has this one's address.
in_tunnel() {
	$ip link add gre1 mtu 60000 type gre local 10.7.0.1 remote 10.7.0.2
	$ip -n far link add gre1 mtu 60000 type gre local 10.7.0.1 remote 10.7.0.2
	$ip -n near link add gre1 mtu 60000 type gre local 10.7.0.2 remote 10.7.0.1
	$ip addr add 10.5.0.1/24 dev gre1
	$ip -n far addr add 10.5.0.1/32 dev gre1
	$ip -n near addr add 10.5.0.2/24 dev gre1
	for host in near far; do
		$ip -n $host link set gre1 up
	done
	$ip link set gre1 up
	"$@"
	$ip link del gre1
	$ip -n near link del gre1
	$ip -n far link del gre1
}

# Nothing of the kext's is in a capture, but all that was sent.
faithful() {
	! grep -q -a "$(printf '\356\356\356\356')" capture || { echo "# the kext's bytes"; return 1; }
	have=$(tr -cd A <capture | wc -c)
	[ "$have" -ge "$1" ] || { echo "# $have bytes of $1"; return 1; }
}

# captured WHAT ADDRESS COMMAND...: of what the near host sends in several ways
captured() {
	what=$1 here=$2
	shift 2
	for bytes in 1400 40000; do
		for stream in 0 1; do
			rm -f capture
			"$@" &
			capturer=$!
			settles capturing
			kext stream=$stream
			[ $stream = 0 ] && to=UDP4 || to=TCP4
			size=$bytes
			kill -STOP $capturer
			near_sends $to:$here:5000
			near_sends $to:$here:5000
			check "$what, $to, $size bytes, kext $(round): the kext has it" \
				settles at_least scribbler bytes $((2 * size))
			kill -CONT $capturer
			settles faithful $((2 * size)) >/dev/null
			stop scribbler
			end $capturer
			check "$what, $to, $size bytes, kext $(round): it is as it came" faithful $((2 * size))
		done
	done
}

capturing() { ss -H0 | grep -q br0; }

# What others hold without a trace is told to kexts that ask, and copied if that is wanted.
traceless() {
	duplicated to_far "duplicated" 10.7.0.1
	mirrored marked to_far "mirrored and marked" 10.7.0.1
	mirrored in_tunnel to_far "mirrored below GRE" 10.5.0.1
}

all_ways() {
	multicast "multicast"
	marked multicast "multicast, marked"
	to_far "by bridge" 10.7.0.255
	marked to_far "by bridge, marked" 10.7.0.255
	behind_macvlan to_far "by macvlan" 10.6.0.255
	mirrored to_far "mirrored" 10.7.0.1
	captured "capture" 10.7.0.1 socat -u -b 70000 INTERFACE:br0 CREATE:capture
	captured "mapped capture" 10.7.0.1 tcpdump -q -n -U -i br0 -s 0 -w capture
	in_tunnel captured "capture below GRE" 10.5.0.1 socat -u -b 70000 INTERFACE:br0 CREATE:capture
	mirrored in_tunnel to_far "mirrored below GRE" 10.5.0.1
}

# run PRIVATE ASK WAYS
run() {
	private=$1 ask=$2
	echo "$private" >/sys/module/netkpi/parameters/private_receive
	$3 2>&1
}

make_networks
run 0 0 all_ways
run 0 1 traceless
run 1 0 traceless
echo 0 >/sys/module/netkpi/parameters/private_receive
exit 0
