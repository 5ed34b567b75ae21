#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Filters that let all pass, or keep each packet for a moment, with no more than a stock kernel and
# busybox: the loopback, a veth pair to another namespace and, where there is one, a virtio device,
# behind which QEMU answers.
#
# files: tests/scripts/socket.inc
# deadline: 900

. /mnt/files/socket.inc
cd /tmp || exit 1

if [ ! -f /mnt/modules/ifact.ko ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP this kernel's build has no suites"
	exit 0
fi

plan 36

virtio=$(ls -d /sys/class/net/eth0/device/driver 2>/dev/null)

# asks NAME COMMAND...: of the virtio device
asks() {
	name=$1
	shift
	if [ -n "$virtio" ]; then
		check "$name" "$@"
	else
		number=$((number + 1))
		echo "ok $number - $name # SKIP no virtio device"
	fi
}

pings() { busybox ping -q -c 3 -W 10 "$@" | grep -q "3 packets received"; }

busybox unshare -n busybox sleep 900 &
far=$!
there() { busybox nsenter -t $far -n "$@"; }
apart() { [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; }
settles apart
busybox ip link add near type veth	# the other one gets a name
peer=$(sed -n 's/^ *\(veth[0-9]*\):.*/\1/p' /proc/net/dev)
busybox ip link set "$peer" name far
busybox ip link set far netns $far
busybox ip addr add 192.0.2.1/24 dev near
busybox ip link set near up
there busybox ip addr add 192.0.2.2/24 dev far
there busybox ip link set far up
there busybox ip link set lo up
settles pings 192.0.2.2

mkdir -p pages
random 1000000 >pages/page
busybox httpd -f -h /tmp/pages -p 8080 &
here_pages=$!
there busybox httpd -f -h /tmp/pages -p 8080 &
there_pages=$!
listens() { "$@" busybox netstat -ltn | grep -q ":8080 "; }
settles listens
settles listens there
fetches() {
	rm -f page
	busybox timeout 120 wget -q -O page "http://$1:8080/page" && cmp page pages/page
}
leases() { busybox udhcpc -q -n -f -t 5 -i eth0 -s /bin/true >/dev/null 2>&1; }

devices=near
[ -z "$virtio" ] || devices=near,eth0

for way in passed kept direct; do
	if=ifact ipf=ipact
	[ $way != direct ] || if=ifact_direct ipf=ipact_direct
	keep=0
	[ $way != kept ] || keep=1
	start $if interfaces=$devices,lo keep=$keep
	start $ipf protocol=1 in_act=$((4 * keep)) out_act=$((4 * keep))
	check "${way}_loopback" pings 127.0.0.1
	check "${way}_loopback_ipv6" pings ::1
	check "${way}_loopback_fragments" pings -s 60000 127.0.0.1
	check "${way}_loopback_page" fetches 127.0.0.1
	check "${way}_veth" pings 192.0.2.2
	check "${way}_veth_fragments" pings -s 4000 192.0.2.2
	check "${way}_veth_page" fetches 192.0.2.2
	asks "${way}_virtio" pings 10.0.2.2
	asks "${way}_virtio_fragments" pings -s 4000 10.0.2.2
	asks "${way}_virtio_lease" leases
	check "${way}_seen" at_least $if in 50
	check "${way}_goes" settles stop $if 2>/dev/null
	settles stop $ipf 2>/dev/null
done

busybox ip link del near
kill $here_pages $there_pages $far
