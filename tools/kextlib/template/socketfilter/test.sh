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

! echo hello | nc -w 1 127.0.0.1 23 2>/dev/null && [ "$(cat $parameters/refused)" = 1 ]
result $? 2 "it keeps its port closed"

nc -l -p 7300 >/tmp/heard &
server=$!
tries=0
until echo hello | nc -w 1 127.0.0.1 7300 2>/dev/null || [ $tries = 50 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
wait $server
grep -q hello /tmp/heard && [ "$(cat $parameters/bytes)" = 6 ]
result $? 3 "it counts what is sent elsewhere"
