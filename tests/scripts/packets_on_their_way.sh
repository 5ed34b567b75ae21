#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Packets made from mbufs wait in a queue, and who sent them has gone: the layer
# must stay until they are out, and kextunload says so, and how many they are.
#
# needs: ip tc
# files: tests/scripts/socket.inc tools/kextunload

. /mnt/files/socket.inc

if [ ! -f /mnt/modules/netkpi_parcels.ko ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP this kernel's build has no suites"
	exit 0
fi

# says PATTERN: kextunload refuses, and why
says() {
	said=$(sh /mnt/files/kextunload netkpi 2>&1) && { echo "# unloaded"; return 1; }
	echo "$said" | grep -q "$1" || { echo "$said" | sed 's/^/# /'; return 1; }
}

# The first packet goes at once, the next would in a quarter of an hour.
/sbin/ip link add parcel0 type dummy
/sbin/ip link set parcel0 addrgenmode none
/sbin/ip link set parcel0 up
/sbin/tc qdisc add dev parcel0 root tbf rate 8bit burst 2000 limit 100000

plan 5
check "packets are sent" insmod /mnt/modules/netkpi_parcels.ko dev=parcel0
check "their sender goes" rmmod netkpi_parcels
check "the layer stays, and kextunload says why" says "[23] packets made from mbufs are still on their way"
check "it says so again" says "packets made from mbufs"
/sbin/ip link del parcel0
check "when they are gone the layer goes" settles sh /mnt/files/kextunload netkpi
