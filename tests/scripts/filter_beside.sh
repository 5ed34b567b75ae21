#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Filters that let all pass, or keep each packet for a moment, in a thread or where packets are,
# beside what else is on a machine: bridges, bonds, macvlan, VLANs, captures, tc, iperf3, IPsec.
# Everything arrives, once, in its order, with the same bytes.
#
# needs: ip tc tcpdump ping socat python3 iperf3 bridge
# files: tests/scripts/socket.inc
# deadline: 900

. /mnt/files/socket.inc
cd /tmp || exit 1
plan 119

ip=/sbin/ip
there() { $ip netns exec far "$@"; }

# two wires from here to another namespace, near1 - far1 and near2 - far2
wires() {
	$ip netns add far
	there $ip link set lo up
	for n in 1 2; do
		$ip link add near$n type veth peer name far$n netns far
		$ip link set near$n up
		there $ip link set far$n up
	done
}

# addresses HERE THERE: 192.0.2.1 and 2, and the same in IPv6, on these devices
addresses() {
	$ip addr add 192.0.2.1/24 dev "$1"
	$ip -6 addr add 2001:db8::1/64 dev "$1" nodad
	there $ip addr add 192.0.2.2/24 dev "$2"
	there $ip -6 addr add 2001:db8::2/64 dev "$2" nodad
	settles reaches
}

no_addresses() {
	$ip addr flush dev "$1"
	there $ip addr flush dev "$2"
}

reaches() { ping -c 1 -W 1 192.0.2.2 >/dev/null; }

cat >numbers.py <<'END'
import socket, sys

N = 300
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("192.0.2.2", 7100))
s.settimeout(20)
print("bound", flush=True)
peer = None
for n in range(N):
    data, peer = s.recvfrom(2000)
    if data[:4] != n.to_bytes(4, "big"):
        sys.exit(f"{int.from_bytes(data[:4], 'big')} instead of {n}")
    s.sendto(data, peer)
END

cat >ask.py <<'END'
import os, socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(20)
for first in range(0, 300, 10):		# ten on their way at a time
    sent = [n.to_bytes(4, "big") + os.urandom(n % 1400) for n in range(first, first + 10)]
    for data in sent:
        s.sendto(data, ("192.0.2.2", 7100))
    for data in sent:
        if s.recv(2000) != data:
            sys.exit("another answer than was expected")
END

# datagrams with numbers, there and back: none is lost, none twice, none out of its order
datagrams() {
	there python3 numbers.py >bound &
	answers=$!
	settles grep -q bound bound
	python3 ask.py && wait $answers
}

once() { ping -q -i 0.05 -W 5 "$@" | grep -q " 5 received, 0% packet loss"; }
pings() { once -c 5 192.0.2.2 && once -6 -c 5 2001:db8::2; }

random 1000000 >sent

# a file there, and back, by TCP
files() {
	rm -f got back
	there timeout 120 socat -u TCP-LISTEN:7200,reuseaddr OPEN:got,creat,trunc &
	listener=$!
	settles there_listens 7200
	timeout 120 socat -u FILE:sent TCP:192.0.2.2:7200
	wait $listener
	there timeout 120 socat -u FILE:sent TCP-LISTEN:7201,reuseaddr &
	listener=$!
	settles there_listens 7201
	timeout 120 socat -u TCP:192.0.2.2:7201 OPEN:back,creat,trunc
	wait $listener
	cmp sent got && cmp sent back
}
there_listens() { there netstat -ltn | grep -q ":$1 "; }

# beside NAME DEVICES: with filters on all of these devices and on IP
beside() {
	for way in passed kept direct kept_direct; do
		if=ifact ipf=ipact
		case $way in
		*direct) if=ifact_direct ipf=ipact_direct ;;
		esac
		case $way in
		kept*) start $if interfaces="$2" keep=1; start $ipf protocol=17 in_act=4 out_act=4 ;;
		*) start $if interfaces="$2"; start $ipf protocol=17 ;;
		esac
		check "${1}_${way}_ping" pings
		check "${1}_${way}_datagrams" datagrams
		check "${1}_${way}_files" files
		check "${1}_${way}_seen" seen
	done
}
seen() {
	at_least $ipf in 300 && at_least $ipf out 300 && at_least $if in 300 && at_least $if out 300 &&
		settles stop $if 2>/dev/null && settles stop $ipf 2>/dev/null
}

wires
addresses near1 far1
beside wire near1
no_addresses near1 far1

# a bridge here: the wires are its ports
$ip link add br0 type bridge
$ip link set near1 master br0
$ip link set br0 up
addresses br0 far1
beside bridge near1,br0
no_addresses br0 far1
$ip link del br0

# a bond of both wires, which end in a bridge there
$ip link add bond1 type bond mode active-backup miimon 100
for n in 1 2; do
	$ip link set near$n down
	$ip link set near$n master bond1
done
$ip link set bond1 up
there $ip link add br0 type bridge
there $ip link set far1 master br0
there $ip link set far2 master br0
there $ip link set br0 up
addresses bond1 br0
beside bond near1,near2,bond1

# the active one fails, with filters on all
start ifact interfaces=near1,near2,bond1
there $ip link set far1 down
other() { [ "$(cat /sys/class/net/bond1/bonding/active_slave)" = near2 ]; }
check "bond_fails_over" settles other
check "bond_goes_on" settles pings
settles stop ifact 2>/dev/null
$ip link del bond1
there $ip link del br0
there $ip link set far1 up
for n in 1 2; do $ip link set near$n up; done

# macvlan: an interface of its own on the wire's
$ip link add mac0 link near1 type macvlan mode bridge
$ip link set mac0 up
addresses mac0 far1
start ifact interfaces=near1,mac0 keep=1
check "macvlan_ping" pings
check "macvlan_datagrams" datagrams
check "macvlan_files" files
check "macvlan_seen" at_least ifact in 600
settles stop ifact 2>/dev/null
$ip link del mac0
no_addresses near1 far1

# a VLAN: its interface's filters see it, those of the wire below do not
$ip link add link near1 name vlan5 type vlan id 5
$ip link set vlan5 up
there $ip link add link far1 name vlan5 type vlan id 5
there $ip link set vlan5 up
addresses vlan5 vlan5
start ifact interfaces=vlan5 keep=1
check "vlan_ping" pings
check "vlan_files" files
check "vlan_seen" at_least ifact in 20
settles stop ifact 2>/dev/null
start ifact interfaces=near1
check "vlan_below_datagrams" datagrams
few() { [ "$(param ifact out)" -lt 50 ]; }
check "vlan_below_not_seen" few
settles stop ifact 2>/dev/null
$ip link del vlan5
there $ip link del vlan5

# captures: each packet once, both ways, whoever keeps it in between; with room for all of them
addresses near1 far1
captures() {
	tcpdump -n -l -s 128 -B 16384 -i near1 udp port 7100 >captured 2>capturing &
	capture=$!
	settles grep -q listening capturing
	datagrams
	all_captured() { [ "$(grep -c UDP captured)" -ge 600 ]; }
	settles all_captured
	end $capture
	[ "$(grep -c UDP captured)" = 600 ]
}
start ifact interfaces=near1 keep=1
start ipact protocol=17 in_act=4 out_act=4
check "captured_once" captures
settles stop ipact 2>/dev/null
settles stop ifact 2>/dev/null

# tc: a delay on the way out, a rule on the way in
$ip link set near1 up
/sbin/tc qdisc add dev near1 root netem delay 5ms
/sbin/tc qdisc add dev near1 clsact
/sbin/tc filter add dev near1 ingress protocol ip matchall action ok
start ifact interfaces=near1 keep=1
check "tc_ping" pings
check "tc_datagrams" datagrams
check "tc_files" files
settles stop ifact 2>/dev/null
/sbin/tc qdisc del dev near1 clsact
/sbin/tc qdisc del dev near1 root

# iperf3, both ways
perf() {
	there iperf3 -s -1 >/dev/null &
	server=$!
	settles there_listens 5201
	timeout 60 iperf3 -c 192.0.2.2 -n 4M "$@" | grep -q receiver
	status=$?
	wait $server
	return $status
}
start ifact interfaces=near1
start ipact protocol=6
check "iperf3" perf
check "iperf3_reverse" perf -R
check "iperf3_seen" at_least ipact out 100
settles stop ipact 2>/dev/null
settles stop ifact 2>/dev/null

# IPsec: the packet is seen as it is inside, and again as it is outside; one that a kext has
# made is not sent in the clear
esp() {
	key=0x00112233445566778899aabbccddeeff	# as good as any
	for spi in 1001 1002; do
		[ $spi = 1001 ] && pair="$2 $3" || pair="$3 $2"
		for where in here there; do
			run="$ip"
			[ $where = here ] || run="there $ip"
			$run xfrm state add src ${pair% *} dst ${pair#* } proto esp spi 0x$spi mode "$1" \
				auth-trunc "hmac(sha256)" $key${key#0x} 128 enc "cbc(aes)" $key
			dir=out
			[ "$where$spi" = here1002 ] || [ "$where$spi" = there1001 ] && dir=in
			$run xfrm policy add src ${pair% *} dst ${pair#* } proto "$4" dir $dir \
				tmpl src ${pair% *} dst ${pair#* } proto esp mode "$1"
		done
	done
}
no_esp() {
	for run in "$ip" "there $ip"; do
		$run xfrm policy flush
		$run xfrm state flush
	done
}
five() { ping -q -c 5 -i 0.05 -W 5 "$1" | grep -q " 5 received"; }
ipsec() {
	esp "$2" "$3" "$4" "$5"
	settles five "$4"
	for act in 0 4 5; do
		start ipact protocol=50 in_act=$act out_act=$act
		check "${1}_${2}_${act}_ping" five "$4"
		check "${1}_${2}_${act}_outer_once" settles now ipact in 5 out 5
		settles stop ipact 2>/dev/null
		start ipact protocol=1 out_act=$act
		check "${1}_${2}_${act}_inner_ping" five "$4"
		check "${1}_${2}_${act}_inner_once" settles now ipact echoes_in 5 echoes_out 5
		settles stop ipact 2>/dev/null
	done
	no_esp
}
# a policy for ICMP would be one for neighbour discovery, too
$ip -6 neigh replace 2001:db8::2 lladdr "$(there cat /sys/class/net/far1/address)" dev near1 nud permanent
there $ip -6 neigh replace 2001:db8::1 lladdr "$(cat /sys/class/net/near1/address)" dev far1 nud permanent
for mode in transport tunnel; do
	ipsec ipsec $mode 192.0.2.1 192.0.2.2 icmp
	ipsec ipsec_ipv6 $mode 2001:db8::1 2001:db8::2 ipv6-icmp
done

# forwarding, and a route that goes while packets that took it wait for a filter
$ip netns add next
$ip link add near3 type veth peer name far3 netns next
$ip link set near3 up
$ip addr add 198.51.100.1/24 dev near3
$ip netns exec next $ip link set far3 up
$ip netns exec next $ip addr add 198.51.100.2/24 dev far3
$ip netns exec next $ip route add default via 198.51.100.1
there $ip route add default via 192.0.2.1
echo 1 >/proc/sys/net/ipv4/ip_forward
forwards() { there ping -q -c 5 -i 0.05 -W 5 198.51.100.2 | grep -q " 5 received"; }
settles forwards
for act in 0 1; do
	start ifact interfaces=near1,near3 keep=$act
	check "forwarding_$act" forwards
	check "forwarding_${act}_seen" settles at_least ifact out 10
	settles stop ifact 2>/dev/null
done
start ifact interfaces=near3 nap=300
there ping -q -c 10 -i 0.01 -W 1 198.51.100.2 >/dev/null &
pinger=$!
settles at_least ifact out 1
$ip addr flush dev near3
wait $pinger
$ip addr add 198.51.100.1/24 dev near3
echo 0 >/sys/module/ifact/parameters/nap
check "forwarding_after_the_route_went" settles forwards
settles stop ifact 2>/dev/null
$ip netns del next

$ip netns del far
