#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# mbuf chains over a veth pair between two namespaces: they arrive intact, with
# right checksums, whatever their shape, with the interface's offloads and without.
# needs: ip

ip=/sbin/ip		# busybox's own knows no namespaces

there() {
	$ip netns exec wire "$@"
}

$ip netns add wire || exit 1
$ip link add wire0 type veth peer name wire1 netns wire || exit 1
$ip link set wire0 up
there $ip link set wire1 up
$ip netns exec wire sleep 600 &
keeper=$!
for try in 1 2 3 4 5 6 7 8 9; do	# until it is where it should be
	[ "$(readlink /proc/$keeper/ns/net)" = "$(readlink /proc/self/ns/net)" ] || break
	sleep 0.$try
done

insmod /mnt/modules/netkpi_mbuf_wire.ko tx=wire0 rx=wire1 rx_pid=$keeper &&
	cat /sys/kernel/debug/netkpi_mbuf_wire
status=$?

rmmod netkpi_mbuf_wire
kill $keeper
$ip link del wire0
$ip netns del wire
exit $status
