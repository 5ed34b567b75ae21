#!/bin/sh
# Runs as root in a guest, with @NAME@ loaded; prints TAP. Unloading comes after.

echo "1..3"

# result STATUS NUMBER WORDS
result() {
	[ "$1" = 0 ] || printf 'not '
	echo "ok $2 - $3"
}

parameters=/sys/module/@NAME@/parameters

kextstat @NAME@ | grep -q running
result $? 1 "@NAME@ runs"

ping -c 2 127.0.0.1 >/dev/null && [ "$(cat $parameters/pings)" = 2 ]
result $? 2 "it counts pings"

echo 1 >$parameters/drop
! ping -c 1 -W 1 127.0.0.1 >/dev/null
result $? 3 "it drops pings"
