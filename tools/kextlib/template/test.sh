#!/bin/sh
# Runs as root in a guest, with @NAME@ loaded; prints TAP. Unloading comes after.

echo "1..2"

if kextstat @NAME@ | grep -q running; then
	echo "ok 1 - @NAME@ runs"
else
	echo "not ok 1 - @NAME@ runs"
fi

answer=$(echo hello | nc -u -w 2 127.0.0.1 7000)
if [ "$answer" = hello ]; then
	echo "ok 2 - it answers"
else
	echo "not ok 2 - it answers, not \"$answer\""
fi
