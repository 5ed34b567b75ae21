#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# IP filters of kexts and other people's packets: ping and socat over a veth pair to
# other namespaces, forwarding, nftables rules with NAT and conntrack, big files; what
# kextstat says; a kext that stops with its filters in place.
#
# needs: ip nft ping socat
# files: tests/scripts/socket.inc tools/kextstat
# deadline: 600

. /mnt/files/socket.inc
cd /tmp || exit 1
plan 52

ip=/sbin/ip
left() { $ip netns exec left "$@"; }
right() { $ip netns exec right "$@"; }

# left -- this host -- right
for side in left right; do
	[ $side = left ] && n=1 || n=2
	$ip netns add $side
	$ip link add $side type veth peer name eth0 netns $side
	$ip addr add 10.9.$n.1/24 dev $side
	$ip -6 addr add fd09:$n::1/64 dev $side nodad
	$ip link set $side up
	$ip netns exec $side $ip addr add 10.9.$n.2/24 dev eth0
	$ip netns exec $side $ip -6 addr add fd09:$n::2/64 dev eth0 nodad
	$ip netns exec $side $ip link set eth0 up
	$ip netns exec $side $ip link set lo up
	$ip netns exec $side $ip route add default via 10.9.$n.1
	$ip netns exec $side $ip -6 route add default via fd09:$n::1
done
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding

pings() { ping -c "$1" -i 0.05 -W 2 "$2" >/dev/null; }
pings6() { ping -6 -c "$1" -i 0.05 -W 2 "$2" >/dev/null; }
left_pings() { left ping -c 2 -i 0.05 -W 2 "$1" >/dev/null; }
halts() { stop ipact 2>/dev/null; }
set_to() { echo "$2" >"/sys/module/ipact/parameters/$1"; }
fails() { ! "$@"; }
goes() { pings 1 127.0.0.1; ping -6 -c 1 ::1 >/dev/null; stop ipact 2>/dev/null; }

settles pings6 1 fd09:1::2 >/dev/null

start ipact
check "P3_ping" pings 3 10.9.1.2
check "P3_ping_is_counted" is ipact echoes_in 3 echoes_out 3
check "P3_ping_ipv6" pings6 3 fd09:1::2
check "P3_ping_ipv6_is_seen" is ipact echoes_in 6 echoes_out 6
set_to in_act 2
check "P6_ping_swallowed" fails pings 1 10.9.1.2
set_to in_act 1
check "P7_ping_refused" fails pings 1 10.9.1.2
set_to in_act 3
check "P29_ping_of_a_sleeper" pings 3 10.9.1.2
set_to in_act 4
set_to out_act 4
check "P12_P19_ping_kept_both_ways" pings 5 10.9.1.2
check "P12_P19_ping_kept_ipv6" pings6 5 fd09:1::2
set_to in_act 0
set_to out_act 0
columns() { /mnt/files/kextstat -a ipact | grep -q "^  $1 *$2\$"; }
check "kextstat_shows_filters" columns filters 2
check "kextstat_shows_what_was_seen" fails columns "packets seen" 0
check "kextstat_shows_what_was_injected" columns "packets injected" "$(param ipact given_back)"
check "kextstat_shows_what_was_dropped" fails columns "packets dropped" 0
check "kextstat_shows_nothing_held" columns "held packets" 0

before=$(param ipact echoes_out)
other=$(param ipact echoes_in)
check "P11_forwarded" left_pings 10.9.2.2
check "P11_forwarded_once_and_not_as_input" is ipact echoes_out $((before + 4)) echoes_in "$other"
before=$(param ipact echoes_out)
check "others_of_a_namespace" left_pings 127.0.0.1
check "others_of_a_namespace_are_not_seen" is ipact echoes_out "$before"
check "forwarded_ipv6" left_pings fd09:2::2
check "forwarded_ipv6_is_not_seen" is ipact echoes_out "$before"
echo Y >/sys/module/netkpi/parameters/ipfilter_forward6
left_pings fd09:2::2
check "forwarded_ipv6_by_parameter" is ipact echoes_out $((before + 4))
echo N >/sys/module/netkpi/parameters/ipfilter_forward6
check "stops" settles halts

# NAT both ways beside it: what comes to port 80 of this host goes to 8080, what goes
# to 10.9.9.9 goes to the right, what the left sends there has our address
nft -f - <<'NFT'
table ip nat {
	chain in { type nat hook prerouting priority -100; tcp dport 80 redirect to :8080; }
	chain out { type nat hook output priority -100; ip daddr 10.9.9.9 dnat to 10.9.2.2; }
	chain post { type nat hook postrouting priority 100; oifname "right" ip saddr 10.9.1.0/24 masquerade; }
}
table ip watch {
	chain in { type filter hook input priority 0; ct state invalid counter drop; ct state established counter; }
	chain out { type filter hook output priority 0; ct state invalid counter drop; }
}
NFT
random 1000000 >sent
serve 8080 socat -U TCP-LISTEN:8080,fork,reuseaddr OPEN:sent,rdonly
right socat -u TCP-LISTEN:7200,fork,reuseaddr OPEN:/tmp/got,creat,trunc &
sink=$!
right_listens() { right netstat -ltn | grep -q ":7200 "; }
settles right_listens
$ip route add 10.9.9.0/24 via 10.9.2.2

# through ACT: one file each way, with all segments of TCP that are this host's
through() {
	start ipact protocol=6 in_act="$1" out_act="$1"
	left socat -u TCP:10.9.1.1:80 OPEN:/tmp/fetched,creat,trunc
	check "P30_redirected_to_us_$2" cmp -s sent fetched
	socat -u FILE:sent TCP:10.9.9.9:7200
	check "P30_translated_from_us_$2" settles cmp -s sent got
	rm -f got
	left socat -u FILE:/tmp/sent TCP:10.9.2.2:7200
	check "P30_masqueraded_$2" settles cmp -s sent got
	check "P30_seen_$2" at_least ipact in 20
	settles halts
}
through 0 passed
through 4 kept
established() { nft list table ip watch | grep -q "established counter packets [1-9]"; }
check "P30_connections_are_tracked" established
none_invalid() { [ "$(nft list table ip watch | grep -c "counter packets 0 bytes 0 drop")" = 2 ]; }
check "P30_no_segment_is_invalid" none_invalid
end $server
end $sink
nft flush ruleset

# A stream there and back, of which single segments are changed, lost, refused or late:
# each byte arrives, and the network counts no error.
errors() {
	awk '$1 ~ /^(Ip|Tcp|Udp):$/ {
		if ($2 !~ /^[0-9-]/) { split($0, name); next }
		for (i = 2; i <= NF; i++) if (name[i] ~ /(Csum|Hdr|Addr)Errors/) print $1, name[i], $i
	}' /proc/net/snmp
	grep -E "^Ip6In(Hdr|Addr)Errors|CsumErrors" /proc/net/snmp6
}
# counter FILE GROUP NAME
counter() {
	awk -v group="$2:" -v name="$3" '$1 == group {
		if (at) { print $at; exit }
		for (i = 2; i <= NF; i++) if ($i == name) at = i
	}' "/proc/net/$1"
}
# What TCP takes for wrong, but for a SYN that comes again because its answer was lost.
wrong() { echo $(($(counter snmp Tcp InErrs) - $(counter netstat TcpExt TCPSYNChallenge))); }
serve 7300 socat -t 120 TCP6-LISTEN:7300,ipv6only=0,fork,reuseaddr,mss=1400 EXEC:cat
$ip link set lo mtu 1500
before=$(errors)
right=$(wrong)
echoed() {
	rm -f back
	socat -t 120 'FILE:sent!!OPEN:back,creat' "$1:7300,mss=1400" && cmp -s sent back
}
echoes() {
	how=$1
	shift
	start ipact protocol=6 "$@"
	check "P28_$how" echoed TCP4:127.0.0.1
	check "P28_${how}_ipv6" echoed 'TCP6:[::1]'
	settles halts
}
echoes changed flip=1
echoes longer flip=1 longer=1
echoes lost every=20 flip=1 in_act=2 out_act=2
echoes refused every=20 flip=1 out_act=1
echoes late every=5 in_act=4 out_act=4
echoes late_and_longer every=5 flip=1 longer=1 in_act=4 out_act=5
no_errors() {
	[ "$(errors)" = "$before" ] && [ "$(wrong)" -le "$right" ] && return
	errors | sed 's/^/# /'
	echo "# TCP: $right $(wrong)"
	return 1
}
check "P28_no_error_is_counted" no_errors
$ip link set lo mtu 65536
end $server

# namespaces by parameter
echo Y >/sys/module/netkpi/parameters/ipfilter_namespaces
start ipact
left_pings 127.0.0.1
check "all_namespaces_by_parameter" is ipact echoes_in 4 echoes_out 4
set_to in_act 3
set_to nap 300
left ping -c 3 -i 0.05 -W 1 127.0.0.1 >/dev/null &
settles at_least ipact in 5
$ip link del left
$ip netns del left
wait $!
set_to in_act 0
check "a_namespace_goes_meanwhile" settles halts
echo N >/sys/module/netkpi/parameters/ipfilter_namespaces

# a device goes while packets of it are held
start ipact in_act=3 nap=300
pings 3 10.9.2.2 &
settles at_least ipact in 1
$ip link del right
wait $!
set_to in_act 0
check "a_device_goes_meanwhile" settles halts

# a kext that stops too early: the harness takes a stack on the console for the end
dmesg -n 1
start ipact leave=1
refused() { ! stop ipact 2>/dev/null; }
check "stop_with_filters_is_refused" refused
said() { dmesg | grep -q "netkpi: ipact: still has filters, not stopped"; }
check "and_says_why" said
check "packets_pass" pings 1 127.0.0.1
set_to leave 2
check "filters_go_at_last" settles goes
dmesg -n 8
$ip netns del right
