#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A filter comes to sockets that a program has already, and goes from under them, again
# and again: the program goes on, byte for byte.
#
# files: tests/scripts/socket.inc tools/kextstat
# programs: tests/programs/socktraffic.c
# deadline: 1200

. /mnt/files/socket.inc

kext=port_passing

if [ ! -f /mnt/modules/$kext.ko ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP this kernel's build has no suites"
	exit 0
fi

times=20
[ -z "$STRESS" ] || times=1000

# attached to the sockets that are there, and shown their data; then gone
come_and_go() {
	start $kext existing=1 || return 1
	settles at_least $kext attached 12 && settles at_least $kext bytes_in 10000
	status=$?
	settles stop $kext && [ $status = 0 ]
}

all_times() {
	n=0
	while [ $n -lt $times ]; do
		come_and_go || return 1
		n=$((n + 1))
	done
}

# two protocols of two families, each with sockets and bytes
has_rows() {
	sh /mnt/files/kextstat -f | awk '$1 == "port_passing" && $7 >= 2 && $8 > 1000 { n++ } END { exit n < 4 }'
}

shown_by_kextstat() {
	start $kext existing=1 && settles has_rows || { sh /mnt/files/kextstat -f | sed 's/^/# /'; return 1; }
	settles stop $kext
}

goes_on() { kill -0 "$traffic" 2>/dev/null; }

plan 5
ip link set lo up 2>/dev/null || ifconfig lo up
mkfifo /tmp/until
/mnt/files/socktraffic </tmp/until >/tmp/traffic 2>&1 &
traffic=$!
exec 9>/tmp/until
check "kextstat -f shows the filters, and what they saw" shown_by_kextstat
check "a filter came and went $times times" all_times
check "the program goes on" goes_on
exec 9>&-
wait $traffic
check "$(tail -n 1 /tmp/traffic)" grep -q "^fine" /tmp/traffic
check "the filter is gone" [ ! -d /sys/module/$kext ]
