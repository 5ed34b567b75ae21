#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The idioms of socket kexts (kexts/idioms), each loaded, used by other
# programs, stopped and unloaded.
#
# needs: socat
# files: tests/scripts/socket.inc
# deadline: 300

. /mnt/files/socket.inc
cd /tmp || exit 1

plan 44

# One datagram per upcall, 1,000 at a time.
start idiom_burst port=7001
random 100000 >data
for burst in 1 2 3; do
	socat -b 100 -u FILE:data UDP4:127.0.0.1:7001
	check "burst $burst: all taken" settles now idiom_burst received $((burst * 1000))
done
check "burst: no upcall in vain" is idiom_burst empty 0 bytes 300000 unacknowledged 0
check "burst: stop" stop idiom_burst

# One connection per upcall, stored after accept.
start idiom_callback port=7002
clients=
for i in $(seq 20); do
	{ echo "client $i"; } | socat -t 10 - TCP:127.0.0.1:7002 >"answer.$i" &
	clients="$clients $!"
done
wait $clients
check "callback: all answered" [ "$(cat answer.* | sort -u | wc -l)" = 20 ]
check "callback: none lost, none too early" is idiom_callback \
	accepted 20 accept_empty 0 option_failed 0 early 0
check "callback: all closed by the timer" settles now idiom_callback closed 20
check "callback: stop" stop idiom_callback

# Records, in pieces that cut through headers and bodies.
: >records
: >bodies
for size in 1 3 4 5 100 999 4096 20000 7 9000; do
	random $size >body
	printf "\\$(printf %o $((128 + size / 16777216)))\\$(printf %o $((size / 65536 % 256)))\\$(printf %o $((size / 256 % 256)))\\$(printf %o $((size % 256)))" >>records
	cat body >>records
	cat body >>bodies
done
serve 7003 socat -b 13 -u FILE:records TCP-LISTEN:7003,nodelay
start idiom_records port=7003
check "records: to the end" settles now idiom_records ended 1
set -- $(crc <bodies)
check "records: all, and right" is idiom_records result 0 records 10 crc "$1" bytes "$2"
check "records: stop" stop idiom_records

# Reading until nothing is there.
random 3000000 >data
serve 7004 socat -u FILE:data TCP-LISTEN:7004
start idiom_drain port=7004
check "drain: to the end" settles now idiom_drain ended 1
set -- $(crc <data)
check "drain: all, and right" is idiom_drain result 0 crc "$1" bytes "$2"
check "drain: stop" stop idiom_drain

# A worker thread that waits for the rest of a message.
random 200000 >body
{ printf '\000\003\015\100'; cat body; } >data
mkfifo slow
exec 8<>slow
serve 7005 socat -u PIPE:slow TCP-LISTEN:7005
start idiom_worker port=7005
settles at_least idiom_worker wakeups 1
{ head -c 2 data; sleep 1.5; tail -c +3 data | head -c 1000; sleep 1.5; tail -c +1003 data; } >&8 &
check "worker: to the end" settles now idiom_worker messages 1
set -- $(crc <body)
check "worker: all, and right" is idiom_worker crc "$1" bytes "$2"
check "worker: nothing lost in time-outs" at_least idiom_worker timeouts 2
end $server
check "worker: stop" stop idiom_worker

# Closing inside the upcall, again and again.
random 10000 >data
for closewait in 0 1; do
	serve 7006 socat TCP-LISTEN:7006,fork,reuseaddr SYSTEM:'cat data'
	start idiom_selfclose port=7006 rounds=10 closewait=$closewait
	check "selfclose $closewait: all rounds" settles now idiom_selfclose finished 10 failed 0
	check "selfclose $closewait: all bytes" is idiom_selfclose bytes 100000
	check "selfclose $closewait: stop" stop idiom_selfclose
	end $server
done

# A mutex that changes hands; calls through pointers; a blocking client.
serve 7007 socat TCP-LISTEN:7007,fork,reuseaddr,nodelay PIPE
start idiom_handover port=7007 requests=500
check "handover: all answered" settles now idiom_handover ended 1
check "handover: in order" is idiom_handover answered 500 wrong 0 result 0
check "handover: stop" stop idiom_handover
start idiom_pointers port=7007 echoes=200
check "pointers: all echoed" is idiom_pointers echoed 200 result 0
check "pointers: stop" stop idiom_pointers
end $server
serve 7009 socat TCP-LISTEN:7009,fork,reuseaddr SYSTEM:'sleep 2.5; cat'
start idiom_blocking port=7009 requests=20
check "blocking: all answered" settles now idiom_blocking ended 1 answered 20 result 0
check "blocking: waited again after time-outs" at_least idiom_blocking timeouts 2
check "blocking: stop" stop idiom_blocking
end $server

# A server that is down, comes up, goes down.
start idiom_reconnect port=7010
check "reconnect: refused" settles at_least idiom_reconnect refused 3
socat TCP-LISTEN:7010,reuseaddr PIPE &
server=$!
check "reconnect: connected" settles at_least idiom_reconnect echoed 3
end $server
check "reconnect: lost" settles at_least idiom_reconnect lost 1
socat TCP-LISTEN:7010,reuseaddr PIPE &
server=$!
check "reconnect: connected again" settles now idiom_reconnect connected 2
check "reconnect: stop" stop idiom_reconnect
end $server

# The documentation's sample: two bytes, then two more.
mkfifo answer
exec 9<>answer
serve 7012 socat -u PIPE:answer TCP-LISTEN:7012,nodelay
start idiom_answer port=7012
settles at_least idiom_answer upcalls 1
early=$(param idiom_answer would_block)
printf ab >&9
check "answer: not yet" settles now idiom_answer would_block $((early + 1))
printf cd >&9
check "answer: all four" settles now idiom_answer ended 1
check "answer: right" is idiom_answer value 1684234849 would_block $((early + 1))
exec 9>&-
check "answer: stop" stop idiom_answer

# A kext that goes with sockets open and traffic on them.
start idiom_leaky port=7011
traffic=
for i in 1 2 3 4; do
	socat -u /dev/zero TCP:127.0.0.1:7011 2>/dev/null &
	traffic="$traffic $!"
	socat -b 1000 -u /dev/zero UDP:127.0.0.1:7011 2>/dev/null &
	traffic="$traffic $!"
done
settles at_least idiom_leaky accepted 4
settles at_least idiom_leaky bytes 1000000
check "UPC25: unloaded with sockets open" stop idiom_leaky
check "UPC25: the kext is named" sh -c 'dmesg | grep "idiom_leaky left 6 sockets behind"'
for pid in $traffic; do
	end "$pid"
done
exit 0
