#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# kextload, kextunload and kextstat on a kext that holds things and refuses.
#
# files: tools/kextload tools/kextunload tools/kextstat

holder=/mnt/modules/holder.ko
number=0
failed=0

load() { sh /mnt/files/kextload "$@" 2>&1; }
unload() { sh /mnt/files/kextunload "$@" 2>&1; }
stat() { sh /mnt/files/kextstat "$@" 2>&1; }

# check NAME STATUS PATTERN COMMAND...: the command's status and what it says
check() {
	name=$1 status=$2 pattern=$3
	shift 3
	said=$("$@")
	got=$?
	number=$((number + 1))
	if [ $got = "$status" ] && echo "$said" | grep -q -e "$pattern"; then
		echo "ok $number - $name"
		return
	fi
	failed=$((failed + 1))
	echo "# status $got, not $status, or no \"$pattern\" in:"
	echo "$said" | sed 's/^/#   /'
	echo "not ok $number - $name"
}

# A row of kextstat has these numbers: index size state sockets mbufs upcalls memory threads name
row() {
	stat holder | awk -v want="$*" '
		NR == 2 { got = $4 " " $5 " " $6 " " $7 " " $8; print; exit !(got == want) }
		END { if (NR < 2) exit 1 }'
}

if [ ! -f $holder ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP this kernel's build has no suites"
	exit 0
fi

echo "1..35"
check "netkpi alone: an empty table" 0 "^Index" stat
check "a kext that is not there" 1 "no kext nosuch" stat nosuch
check "a file that is not there" 1 "no module nosuch" load /mnt/modules/nosuch.ko
check "a kext that will not start" 1 "start returned 5" load $holder start_result=5
check "it is not loaded" 1 "holder is not loaded" unload holder
rmmod netkpi
check "netkpi is not there" 1 "netkpi is not loaded" stat
check "load brings netkpi along" 0 "holder loaded" load $holder sockets=3 packets=17 blocks=5 thread=1 refusals=2
check "netkpi is there" 0 "." cat /sys/module/netkpi/initstate
check "a second time" 0 "already loaded" load $holder
check "with parameters that would not be set" 1 "the parameters are not set" load $holder sockets=1
check "quietly" 0 "^$" load -q $holder
check "a parameter and no kext" 2 "which kext, before x=1" load x=1
check "an option that is not there" 2 "no option --bogus" unload --bogus
check "the table counts" 0 "running" row 3 17 0 5 1
check "identifier and version" 0 "holder org.example.holder (1.2.3)" stat
check "found by identifier" 0 "holder" stat org.example.holder
check "all kinds of things" 0 "OSMalloc tags  *1" stat -a holder
check "netkpi is used" 1 "netkpi is used by holder" unload netkpi
check "rmmod alone is refused" 1 "" rmmod holder
check "it refuses to stop" 1 "holder refuses to stop; it stays loaded" unload holder
check "its own word is shown" 1 "holder refused to stop: 16" unload holder
check "it goes on as before" 0 "running" row 3 17 0 5 1
check "as JSON" 0 '"name": "holder", "identifier": "org.example.holder"' stat --json
check "then it stops, by its identifier" 0 "holder unloaded" unload -b org.example.holder
check "which nobody has any more" 1 "no loaded kext has the identifier" unload -b org.example.holder
check "nothing is left" 1 "no kext holder" stat holder
check "a wrong parameter" 0 "unknown parameter\|loaded" load $holder colour=blue
check "which is not fatal" 0 "holder unloaded" unload $holder
check "a kext that needs another one" 0 "borrower loaded" load /mnt/modules/borrower.ko
check "which came along and was used" 0 "owes 103 at 3 percent" dmesg
check "and must stay" 1 "lender is used by borrower" unload lender
check "until its user goes" 0 "lender unloaded" unload borrower lender
check "nothing is left of the two" 1 "no kext lender" stat lender
check "no kext" 1 "no kext\|not loaded" unload dummy
check "the layer goes" 0 "netkpi unloaded" unload netkpi
exit $((failed > 0))
