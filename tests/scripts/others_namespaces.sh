#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Network namespaces go while a kext gets what they send as fast as they can, writes
# over it, and sends it back. None is kept by what the kext has of it: its devices go,
# too, and the kext goes on with others. STRESS=1 in the environment: many more.
#
# needs: ip socat
# files: tests/scripts/socket.inc
# deadline: 900

. /mnt/files/socket.inc
cd /tmp || exit 1

plan 8

ip=/sbin/ip		# busybox's own knows no namespaces
rounds=3
[ -z "$STRESS" ] || rounds=40

appear() {
	$ip netns add gone
	$ip link add port9 type veth peer name eth0 netns gone
	$ip addr add 10.8.0.1/24 dev port9
	$ip link set port9 up
	$ip -n gone addr add 10.8.0.2/24 dev eth0
	$ip -n gone link set eth0 up
}

# Sends, and reads nothing of what comes back.
flood() {
	[ $stream = 1 ] && to=TCP4 || to=UDP4-SENDTO
	$ip netns exec gone socat -b 1400 -u OPEN:/dev/zero $to:10.8.0.1:5000 2>/dev/null &
	sender=$!
}

no_port() { [ ! -e /sys/class/net/port9 ]; }

# go HOW: the namespace, while it sends
go() {
	case $1 in
	"with its process")
		kill -9 $sender
		$ip netns del gone
		;;
	"before its process")
		$ip netns del gone
		kill -9 $sender
		;;
	"after its link")
		$ip link del port9
		$ip netns del gone
		kill -9 $sender
		;;
	esac
	wait $sender 2>/dev/null
	settles no_port
}

# often HOW: often
often() {
	round=0
	while [ $round -lt $rounds ]; do
		round=$((round + 1))
		appear
		before=$(param scribbler bytes)
		flood
		settles at_least scribbler bytes $((before + 300000)) || return 1
		go "$1" || return 1
	done
}

serves() {
	before=$(param scribbler bytes)
	[ $stream = 1 ] && to=TCP4 || to=UDP4-SENDTO
	echo hello | socat -u - $to:127.0.0.1:5000
	settles at_least scribbler bytes $((before + 6))
}

for stream in 1 0; do
	start scribbler port=5000 stream=$stream ask=1 echo=1
	[ $stream = 1 ] && kind=TCP || kind=UDP
	for how in "with its process" "before its process" "after its link"; do
		check "$kind: a namespace goes $how" often "$how" 2>&1
	done
	check "$kind: the kext goes on" serves
	stop scribbler
done
exit 0
