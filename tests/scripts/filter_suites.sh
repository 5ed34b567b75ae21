#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Others' test suites with and without a filter on every socket that lets all pass:
# the same passes and failures.
#
# needs: python3
# files: tests/scripts/socket.inc
# packages: libpython3.11-testsuite
# deadline: 900

. /mnt/files/socket.inc

kext=port_passing
python=/usr/bin/python3

# the package has most of python's own tests, the library has the rest
mkdir -p /tmp/library
cp -a /usr/lib/python3.11/test /tmp/library
cp -a /mnt/files/peers/usr/lib/python3.11/test/. /tmp/library/test
export PYTHONPATH=/tmp/library

# verdicts FILE SUITE...: a line for each test, sorted
verdicts() {
	out=$1
	shift
	(cd /tmp && timeout 400 $python -m unittest -v "$@" 2>&1) |
		sed -n 's/^\(test[^ ]* ([^)]*)\).* \.\.\. \(.*\)$/\1 \2/p' |
		sed 's/ skipped .*/ skipped/' | sort >"$out"
	[ -s "$out" ]
}

compare() {
	diff /tmp/without /tmp/with | sed 's/^/# /'
	cmp -s /tmp/without /tmp/with
}

saw_data() { [ "$(param $kext bytes_in)" -gt 10000 ] && [ "$(param $kext sockets)" -gt 50 ]; }

plan 4
ip link set lo up 2>/dev/null
suites="test.test_socket test.test_socketserver test.test_asyncio.test_streams test.test_httplib test.test_select test.test_selectors"
verdicts /tmp/without $suites
result $? "the suites run"
start $kext
verdicts /tmp/with $suites
check "the same with a filter on every socket ($(wc -l </tmp/without) tests)" compare
check "the filter saw it" saw_data
settles stop $kext
check "the filter goes" [ ! -d /sys/module/$kext ]
