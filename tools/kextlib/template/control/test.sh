#!/bin/sh
# Runs as root in a guest, with @NAME@ loaded; prints TAP. Unloading comes after.

echo "1..2"

if kextstat @NAME@ | grep -q running; then
	echo "ok 1 - @NAME@ runs"
else
	echo "not ok 1 - @NAME@ runs"
fi

if kextstat -a @NAME@ | grep -q 'kernel controls *1$'; then
	echo "ok 2 - programs can connect"
else
	echo "not ok 2 - programs can connect"
	kextstat -a @NAME@ | sed 's/^/# /'
fi
