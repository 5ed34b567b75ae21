#!/bin/sh
# Runs as root in a guest, with @NAME@ loaded; prints TAP. Unloading comes after.

echo "1..1"

if kextstat @NAME@ | grep -q running; then
	echo "ok 1 - @NAME@ runs"
else
	echo "not ok 1 - @NAME@ runs"
fi
