#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A CPU comes and goes while the demo's echo server, all of it in upcalls, has
# traffic. STRESS=1 in the environment: for longer.
#
# files: tests/scripts/socket.inc

. /mnt/files/socket.inc
cd /tmp || exit 1
cpu=/sys/devices/system/cpu/cpu1/online
rounds=3
[ -z "$STRESS" ] || rounds=50

if [ ! -w $cpu ]; then
	plan 1
	echo "ok 1 - hotplug # SKIP no CPU of this guest can go"
	exit 0
fi

come_and_go() {
	while [ -f going ]; do
		echo 0 >$cpu && has_cpus 1 && echo gone >>times
		sleep 0.2
		echo 1 >$cpu && has_cpus 2 && echo there >>times
		sleep 0.2
	done
}

# Four clients at a time get back what they send.
echo_once() {
	clients=
	for i in 1 2 3 4; do
		random 1000000 >"sent$i"
		nc 127.0.0.1 7 <"sent$i" >"got$i" &
		clients="$clients $!"
	done
	wait $clients
	for i in 1 2 3 4; do
		cmp "sent$i" "got$i" || return 1
	done
}

echo_always() {
	for round in $(seq $rounds); do
		echo_once || { echo "# round $round"; return 1; }
	done
}

threads() { grep -l '^kpi_upcall/' /proc/[0-9]*/comm 2>/dev/null | wc -l; }
has_threads() { [ "$(threads)" = "$1" ]; }
has_cpus() { [ "$(grep -c ^processor /proc/cpuinfo)" = "$1" ]; }
has_come_back() { grep -q gone times && grep -q there times; }

plan 6
check "each CPU has a thread for upcalls" has_threads 2
check "the server runs" start netkpi_demo listen=7
touch going
come_and_go &
check "the CPU goes and comes" settles has_come_back
check "everything comes back meanwhile, $rounds times" echo_always
rm going
wait
check "and afterwards" echo_once
check "the server stops" stop netkpi_demo
rm -f sent? got? times
