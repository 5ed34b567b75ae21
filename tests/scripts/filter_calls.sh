#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Programs that use sockets by every kind of call, and with every wrong argument, write
# down what they see: without a filter, and with one that lets all pass. Both say the
# same. Then hostile ones: crowds of sockets, and threads that take them from each other.
#
# files: tests/scripts/socket.inc
# needs: python3
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

# A program asks for what is not there, so Linux calls its loader, which asks for a filter.
takes_over() {
	loader=$(cat /proc/sys/kernel/modprobe)
	cat >/tmp/loader <<-END
		#!$(command -v python3)
		import socket, struct
		handle = struct.pack("IIi4I", 0x70617373, 0, 0, 0, 0, 0, 0)
		try:
		    socket.socket(socket.AF_INET, socket.SOCK_STREAM).setsockopt(socket.SOL_IP, 0x1021, handle)
		except OSError as error:
		    open("/tmp/loaded", "w").write(str(error.errno))
	END
	chmod +x /tmp/loader
	echo /tmp/loader >/proc/sys/kernel/modprobe
	timeout 20 python3 -c '
import socket
listener = socket.create_server(("127.0.0.1", 0))
s = socket.create_connection(listener.getsockname())
s.setsockopt(socket.IPPROTO_TCP, 31, b"nonsense")' 2>/tmp/asked
	echo "$loader" >/proc/sys/kernel/modprobe
	grep -q "No such file" /tmp/asked && grep -qx 17 /tmp/loaded && return
	cat /tmp/asked /tmp/loaded | sed 's/^/# /'
	return 1
}

plan 11
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
check "what is loaded to take a socket over uses sockets" takes_over
check "no socket is left" settles now $kext attached 0
settles stop $kext
check "the filter goes" [ ! -d /sys/module/$kext ]
echo "$fastopen" >/proc/sys/net/ipv4/tcp_fastopen
