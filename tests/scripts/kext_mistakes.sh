#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A kext's mistake is a line and a stack in the log, once, and again when it was
# loaded anew; a machine that is set up to panic on warnings goes on.
#
# files: tests/scripts/socket.inc

. /mnt/files/socket.inc

if [ ! -f /mnt/modules/holder.ko ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP this kernel's build has no suites"
	exit 0
fi
if [ "$(cat /sys/module/netkpi/parameters/check_handles)" = Y ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP debug builds do warn"
	exit 0
fi

told() { dmesg | grep -c "netkpi: holder: kpi_sock_close(): socket closed twice; called from .*\[holder\]"; }
stack() { dmesg | grep -q "Call Trace"; }
is_told() { [ "$(told)" = "$1" ] || { echo "# $(told) lines, not $1"; return 1; }; }
warned() { [ $(($(cat /proc/sys/kernel/tainted) & 512)) != 0 ]; }
unload() { echo 1 >/sys/module/holder/parameters/stop && rmmod holder; }

# The harness takes a stack on the console for the end.
dmesg -n 1
dmesg -c >/dev/null
echo 1 >/proc/sys/kernel/panic_on_warn

plan 7
check "a kext makes a mistake three times" insmod /mnt/modules/holder.ko mistakes=3
check "one line says so" is_told 1
check "with a stack" stack
check "that is no warning" eval "! warned"
check "the kext goes" unload
check "and comes again" insmod /mnt/modules/holder.ko mistakes=3
check "a line for that one, too" is_told 2

unload
echo 0 >/proc/sys/kernel/panic_on_warn
dmesg -n 8
