#!/bin/sh
# Runs as root in a guest, with @NAME@ loaded; prints TAP. Unloading comes after.

echo "1..2"

if kextstat @NAME@ | grep -q running; then
	echo "ok 1 - @NAME@ runs"
else
	echo "not ok 1 - @NAME@ runs"
fi

# syslogd sends on what logger says, as a datagram.
syslogd -R 127.0.0.1:7000
logger hello

answered() {
	[ "$(cat /sys/module/@NAME@/parameters/answered)" -gt 0 ]
}

for tenth in 1 2 3 4 5 6 7 8 9 10; do
	answered || sleep 0.1
done
if answered; then
	echo "ok 2 - it answers"
else
	echo "not ok 2 - it answers"
fi
