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

watching() {
	grep -q watching /tmp/events
}

# check NUMBER NAME LINE: the watcher has said this
check() {
	if grep -q "^$3\$" /tmp/events; then
		echo "ok $1 - $2"
	else
		echo "not ok $1 - $2"
		sed 's/^/# /' /tmp/events
		failed=1
	fi
}

failed=0
echo "1..5"
/mnt/files/kevwatch 5 >/tmp/events 2>&1 &
settles watching
ip addr add 10.9.8.7/32 dev lo
ip addr del 10.9.8.7/32 dev lo
ip link set lo mtu 16000
ip link set lo mtu 65536
ip link set lo down
wait $!
check 1 "an address comes" "1 1 lo0 10.9.8.7"
check 2 "and goes" "1 3 lo0 10.9.8.7"
check 3 "another MTU" "2 3 lo0"
check 4 "an interface goes down" "2 1 lo0"
/mnt/files/kevwatch 1 >/tmp/events 2>&1 &
settles watching
ip link set lo up
wait $!
check 5 "and up" "[12] 1 lo0.*"
exit $failed
