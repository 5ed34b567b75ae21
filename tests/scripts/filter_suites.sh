#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Others' tests and programs, with and without a filter on every socket that lets all
# pass: the same passes and failures. With STRESS=1 more of them.
#
# needs: python3 socat iperf3 curl
# files: tests/scripts/socket.inc tests/programs/verdicts.py
# packages: libpython3.11-testsuite
# deadline: 1200

. /mnt/files/socket.inc

kext=port_passing

# the package is installed, or unpacked beside what the library has of it
if [ -d /mnt/files/peers/usr/lib/python3.11/test ]; then
	mkdir -p /tmp/library
	cp -a /usr/lib/python3.11/test /tmp/library
	cp -a /mnt/files/peers/usr/lib/python3.11/test/. /tmp/library/test
	export PYTHONPATH=/tmp/library
fi

# of test_socket what is not about other families; what waits for seconds is for STRESS
others='!*Bluetooth*:!*CAN*:!*J1939*:!*QIPCRTR*:!*RDS*:!*VSOCK*:!*ISOTP*:!*TIPC*:!*Crypto*:!*SCTP*:!*Unix*:!*SCMRights*:!*Windows*:!*MacOS*:!*Abstract*'
slow='!*Timeout*:!*interrupted*:!TCPCloserTest.*'
if [ -n "$STRESS" ]; then
	suites="test.test_socket:$others test.test_socketserver test.test_asyncio.test_streams
		test.test_asyncio.test_sock_lowlevel test.test_asyncio.test_sendfile test.test_asyncio.test_server
		test.test_asyncio.test_buffered_proto test.test_httplib test.test_selectors test.test_ftplib
		test.test_poplib test.test_smtplib test.test_telnetlib test.test_asyncore test.test_asynchat
		test.test_urllib2_localnet test.test_wsgiref test.test_httpservers"
else
	suites="test.test_socket:$others:$slow test.test_asyncio.test_streams test.test_asyncio.test_sock_lowlevel"
fi

suites() {
	python3 /mnt/files/verdicts.py $suites </dev/null >"$1"
	[ "$(grep -c ' ok$' "$1")" -gt 300 ]
}

# iperf NAME OPTION...: it ends well; what is on its way at the end it does not count
iperf() {
	name=$1
	shift
	iperf3 -s -1 -p 7301 >/dev/null &
	settles listening 7301
	timeout 60 iperf3 -c 127.0.0.1 -p 7301 -n 4M -J "$@" >/tmp/iperf.json
	status=$?
	wait $!
	python3 -c 'import json
end = json.load(open("/tmp/iperf.json"))["end"]
sent = end.get("sum_sent", end.get("sum"))
print(sent["bytes"] > 0)' |
		sed "s/^/iperf3 $name $status /"
}

# both CLIENT SERVER: a file there and back through two of socat's addresses
both() {
	socat "$2,reuseaddr" EXEC:cat &
	sleep 0.2
	timeout 60 socat -t 5 - "$1,retry=50,interval=0.1" </tmp/file >/tmp/back
	echo "socat $1 $? $(cmp /tmp/file /tmp/back && echo same)"
	kill $! 2>/dev/null
	wait $! 2>/dev/null
}

# fetch NAME OPTION...: by curl from python3's server of files
fetch() {
	name=$1
	shift
	rm -f /tmp/fetched
	curl -s --max-time 30 -o /tmp/fetched -w '%{http_code} %{size_download} %{num_connects}' "$@" >/tmp/said
	echo "curl $name $? $(cat /tmp/said) $(cmp /tmp/file /tmp/fetched 2>&1 && echo same)"
}

fetches() {
	(cd /tmp && exec python3 -m http.server -p HTTP/1.1 --bind 127.0.0.1 7302 >/dev/null 2>&1) &
	server=$!
	settles listening 7302
	fetch whole http://127.0.0.1:7302/file
	fetch limited --limit-rate 2M http://127.0.0.1:7302/file
	fetch head -I http://127.0.0.1:7302/file
	fetch twice http://127.0.0.1:7302/file -o /tmp/second http://127.0.0.1:7302/file
	fetch fastopen --tcp-fastopen http://127.0.0.1:7302/file
	fetch missing http://127.0.0.1:7302/nothing
	fetch refused http://127.0.0.1:1/
	end $server
}

programs() {
	{
		both TCP:127.0.0.1:7303 TCP-LISTEN:7303
		both TCP6:[::1]:7303 TCP6-LISTEN:7303
		both TCP:127.0.0.1:7303,nodelay,keepalive,sndbuf=8192 TCP-LISTEN:7303,rcvbuf=4096
		both TCP:127.0.0.1:7303,nonblock TCP-LISTEN:7303,nonblock
		iperf tcp
		iperf tcp-back -R
		iperf tcp-both --bidir -n 1M
		iperf tcp-zerocopy -Z
		iperf tcp-parallel -P 4
		iperf tcp-small -l 1000 -N
		iperf tcp-v6 -6 -c ::1
		iperf udp -u -b 100M -l 1400
		fetches
	} >"$1" 2>&1
	grep -q "same$" "$1"
}

# same NAME: what was written down without the filter, and with it
same() {
	diff "/tmp/$1.without" "/tmp/$1.with" | sed 's/^/# /'
	cmp -s "/tmp/$1.without" "/tmp/$1.with"
}

saw_it() { [ "$(param $kext bytes_in)" -gt 10000000 ] && [ "$(param $kext sockets)" -gt 500 ]; }

plan 8
ip link set lo up 2>/dev/null || ifconfig lo up
random 1000000 >/tmp/file
check "python's suites run" suites /tmp/suites.without
check "programs run" programs /tmp/programs.without
start $kext
check "python's suites run with a filter on every socket" suites /tmp/suites.with
check "and so do the programs" programs /tmp/programs.with
check "the suites say the same ($(grep -c ' ok$' /tmp/suites.without) of $(wc -l </tmp/suites.without) passed)" same suites
check "the programs see the same ($(wc -l </tmp/programs.without) runs)" same programs
check "the filter saw it" saw_it
settles stop $kext
check "the filter goes" [ ! -d /sys/module/$kext ]
