#!/bin/sh
# Runs as root in a guest, with @NAME@ loaded; prints TAP. Unloading comes after.

echo "1..2"

if kextstat @NAME@ | grep -q running; then
	echo "ok 1 - @NAME@ runs"
else
	echo "not ok 1 - @NAME@ runs"
fi

ip addr add 198.51.100.1/24 dev @NAME@0
ip link set @NAME@0 up
if ping -c 1 198.51.100.9 >/dev/null; then
	echo "ok 2 - packets come back"
else
	echo "not ok 2 - packets come back"
fi
