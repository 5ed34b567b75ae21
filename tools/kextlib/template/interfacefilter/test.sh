#!/bin/sh
# Runs as root in a guest, with @NAME@ loaded; prints TAP. Unloading comes after.

echo "1..2"

if kextstat @NAME@ | grep -q running; then
	echo "ok 1 - @NAME@ runs"
else
	echo "not ok 1 - @NAME@ runs"
fi

ip link set lo up
ping -c 1 127.0.0.1 >/dev/null
if [ "$(cat /sys/module/@NAME@/parameters/in)" -gt 0 ]; then
	echo "ok 2 - it sees frames"
else
	echo "not ok 2 - it sees frames"
fi
