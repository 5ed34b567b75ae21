#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A program as for macOS hears of interfaces and addresses; the guest changes lo's.
#
# programs: tests/programs/kevwatch.c

# settles COMMAND...: succeeds within seconds
settles() {
	tries=0
	until "$@" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return 1
		sleep 0.1
	done
}

said() {
	grep -q "^$1\$" /tmp/events
}

# check NUMBER NAME LINE: the watcher says this
check() {
	if settles said "$3"; then
		echo "ok $1 - $2"
	else
		echo "not ok $1 - $2"
		sed 's/^/# /' /tmp/events
		failed=1
	fi
}

failed=0
echo "1..8"
/mnt/files/kevwatch 100 >/tmp/events 2>&1 &
settles said watching
ip addr add 10.9.8.7/32 dev lo
ip addr del 10.9.8.7/32 dev lo
ip addr add fd09::7/64 dev lo
ip addr add fe80::7/128 dev lo
ip addr del fd09::7/64 dev lo
ip link set lo mtu 16000
check 1 "an address comes" "1 1 lo0 10.9.8.7"
check 2 "and goes" "1 3 lo0 10.9.8.7"
check 3 "an IPv6 address comes" "6 1 lo0 fd09::7/64"
check 4 "one of the link only" "6 4 lo0 fe80::7/128"
check 5 "an IPv6 address goes" "6 3 lo0 fd09::7/64"
check 6 "another MTU" "2 3 lo0"
ip link set lo down
check 7 "an interface goes down" "2 1 lo0"
kill $!
wait $! 2>/dev/null
/mnt/files/kevwatch 100 >/tmp/events 2>&1 &
settles said watching
ip link set lo up mtu 65536
check 8 "and up" "2 1 lo0"
kill $!
wait $! 2>/dev/null
exit $failed
