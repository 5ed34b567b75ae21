#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Programs that are written as for macOS talk to a kext; hostile ones try to harm it.
#
# programs: tests/programs/switchctl.c tests/programs/hostile.c

kext=/mnt/modules/switchboard.ko
number=0
failed=0

result() {
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $number - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $number - $2"
}

# says NAME WANT ARGUMENT...: what the client prints
says() {
	name=$1 want=$2
	shift 2
	said=$(/mnt/files/switchctl "$@" 2>&1)
	[ "$said" = "$want" ]
	status=$?
	[ $status = 0 ] || echo "# \"$said\", not \"$want\""
	result $status "$name"
}

# hostile NAME ARGUMENT...: of its results those that are wrong are shown
hostile() {
	name=$1
	shift
	/mnt/files/hostile "$@" >/tmp/hostile
	status=$?
	grep -B 1 "^not ok" /tmp/hostile | sed 's/^/# /'
	echo "# $(tail -n 1 /tmp/hostile)"
	result $status "$name"
}

stop() {
	echo 1 >/sys/module/switchboard/parameters/stop
}

# settles COMMAND...: succeeds within seconds
settles() {
	tries=0
	until "$@" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return 1
		sleep 0.1
	done
}

holding() {
	grep -q holding /tmp/held
}

if [ ! -f $kext ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP this kernel's build has no suites"
	exit 0
fi

insmod $kext || exit 1
says "a question is answered" "you said: hello" say hello
says "an option is set" "again: " greet "again: "
says "and used" "again: hello" say hello
says "statistics" "1 clients, 2 messages, 10 bytes" stats
says "a hundred messages wait in order" all push 100
says "as many as there is room for" some push 100000
says "a stream" "1000000 bytes" stream 1000000
says "the peer's name" "length 32, family 1, address 1, unit 1" peer
says "the superuser's" "" root

# who never reads, is stopped, dies
mkfifo /tmp/input
/mnt/files/switchctl hold </tmp/input >/tmp/held &
holder=$!
exec 4>/tmp/input
settles holding
stop 2>/tmp/refused
[ $? != 0 ] && dmesg | tail -n 20 | grep -q "switchboard: control org.example.switchboard stays: unit 1 is in use by switchctl, process $holder"
result $? "a client keeps the kext, and is named"
says "others go on beside one that does not read" "again: hello" say hello
kill -STOP $holder
says "and one that is stopped" "again: hello" say hello
kill -KILL $holder
wait $holder 2>/dev/null
exec 4>&-
/mnt/files/switchctl stats | grep -q "^1 clients,"
result $? "one that was killed is gone"

hostile "hostile programs, as root"
hostile "and as anybody" user
says "the kext goes on" "again: hello" say hello

settles stop
result $? "without clients the kext stops"
rmmod switchboard
result $? "and goes"
echo "1..$number"
exit $((failed > 0))
