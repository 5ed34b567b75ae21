#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Programs that use sockets by every kind of call, and with every wrong argument, write
# down what they see: without a filter, and with one that lets all pass. Both say the
# same. Then hostile ones: crowds of sockets, and threads that take them from each other.
#
# files: tests/scripts/socket.inc
# programs: tests/programs/sockcalls.c tests/programs/sockring.c tests/programs/sockfuzz.c

. /mnt/files/socket.inc

kext=port_passing

if [ ! -f /mnt/modules/$kext.ko ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP this kernel's build has no suites"
	exit 0
fi

crowd=10000 seconds=3
[ -z "$STRESS" ] || { crowd=100000; seconds=60; }
runs="sockcalls sockring sockfuzz:pointers sockfuzz:options"

# run PROGRAM[:ARGUMENT]... OUTPUT
run() {
	timeout 60 $(echo "/mnt/files/$1" | tr : ' ') >"/tmp/$1.$2" 2>&1
	grep -q "^all of it" "/tmp/$1.$2" && return
	tail -n 5 "/tmp/$1.$2" | sed 's/^/# /'
	return 1
}

all() {
	for name in $runs; do
		run "$name" "$1" || return 1
	done
}

# same NAME: what was written down without the filter, and with it
same() {
	diff "/tmp/$1.without" "/tmp/$1.with" | head -n 40 | sed 's/^/# /'
	cmp -s "/tmp/$1.without" "/tmp/$1.with"
}

fuzz() { timeout 250 /mnt/files/sockfuzz "$@"; }

plan 10
ip link set lo up 2>/dev/null || ifconfig lo up
fastopen=$(cat /proc/sys/net/ipv4/tcp_fastopen)
echo 3 >/proc/sys/net/ipv4/tcp_fastopen
check "the programs run" all without
start $kext
check "they run with a filter" all with
for name in $runs; do
	check "$name: the same $(wc -l <"/tmp/$name.without") lines" same "$name"
done
check "crowds of sockets" fuzz sockets $crowd
check "threads and their sockets" fuzz storm $seconds
check "no socket is left" settles now $kext attached 0
settles stop $kext
check "the filter goes" [ ! -d /sys/module/$kext ]
echo "$fastopen" >/proc/sys/net/ipv4/tcp_fastopen
