#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Kext code in threads of user processes: signals, names, credentials.
#
# needs: python3

napper=/mnt/modules/napper.ko
values=/proc/sys/kext/kern/napper
number=0
failed=0

# check NAME STATUS: the status must be 0
check() {
	number=$((number + 1))
	if [ "$2" = 0 ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		failed=$((failed + 1))
	fi
}

# is VALUE WANT
is() {
	got=$(cat $values/"$1")
	[ "$got" = "$2" ] || echo "# $1 is $got, not $2"
	[ "$got" = "$2" ]
}

# settles VALUE WANT: becomes so within seconds
settles() {
	tries=0
	while [ "$(cat $values/"$1")" != "$2" ] && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	is "$1" "$2"
}

# gone PID: ends within seconds
gone() {
	tries=0
	while kill -0 "$1" 2>/dev/null && [ $tries -lt 100 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	! kill -0 "$1" 2>/dev/null
}

if [ ! -f $napper ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP this kernel's build has no suites"
	exit 0
fi

echo "1..16"
insmod $napper
check "the kext loads" $?

cat $values/nap >/tmp/nap &
settles naps 1
cat $values/wake >/dev/null
wait $!
check "wakeup ends a nap" $?
is last_result 0
check "msleep returns 0" $?

cat $values/nap >/dev/null 2>&1 &
settles naps 2
kill -TERM $!
wait $! 2>/dev/null
is last_result 4
check "a deadly signal ends it with EINTR" $?

# a handler that wants system calls restarted: the nap ends with ERESTART and
# begins again; one that does not: EINTR
cat >/tmp/nap.py <<'END'
import os, signal, sys
signal.signal(signal.SIGUSR1, lambda *_: None)
signal.siginterrupt(signal.SIGUSR1, sys.argv[1] == "interrupt")
fd = os.open("/proc/sys/kext/kern/napper/nap", os.O_RDONLY)
os.read(fd, 10)
END
python3 /tmp/nap.py restart &
settles naps 3
kill -USR1 $!
settles last_result 85
check "SA_RESTART: ERESTART" $?
settles naps 4
check "and the call begins again" $?
cat $values/wake >/dev/null
wait $!

python3 /tmp/nap.py interrupt &
settles naps 5
kill -USR1 $!
settles last_result 4
check "without it: EINTR" $?
settles naps 6		# python tries again
cat $values/wake >/dev/null
wait $!
settles owned 6
check "the mutex was back each time" $?

cat $values/deep >/dev/null &
deep=$!
settles naps 7
kill -TERM $deep
sleep 0.2
kill -0 $deep
check "without PCATCH a signal does not end it" $?
cat $values/wake >/dev/null
gone $deep
check "a wakeup does" $?

# numbers, name and user of the process that reads
said=$(python3 -c '
import os
os.setresuid(1000, 1000, 0)
print(os.getpid(), os.getppid(), open("'$values'/who").read().strip())')
echo "# $said"
echo "$said" | awk '{ exit !($1 == $3 && $2 == $4 && $5 ~ /python/ &&
	/uid 1000 root 0 same 1 parent/ && $NF == $2) }'
check "whose thread it is" $?

# may WANT COMMAND...: a raw socket and a low port, for a kext in a thread of that process
may() {
	want=$1
	shift
	said=$("$@" cat $values/raw $values/low | tr '\n' ' ')
	[ "$said" = "$want " ] || echo "# $said"
	[ "$said" = "$want " ]
}

may "0 0"
check "root may" $?
may "1 13" python3 -c 'import os, sys
os.setresgid(1000, 1000, 1000)
os.setresuid(1000, 1000, 1000)
os.execvp("cat", sys.argv[1:])'
check "an ordinary user may not" $?
may "1 13" unshare -r
check "nor root of a user namespace" $?
may "0 0" unshare -rn
check "but in a network of its own" $?

echo 1 >/sys/module/napper/parameters/stop && rmmod napper
check "the kext stops" $?
exit $((failed > 0))
