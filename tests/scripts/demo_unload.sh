#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The demo kext is stopped and unloaded in the middle of its traffic: an HTTP
# transfer, datagrams under way and a client of its echo server, each time at
# another moment. STRESS=1 in the environment: hundreds of times, and half of
# them while allocations fail at random.
#
# needs: socat ip
# packages: nginx-light
# files: tests/scripts/socket.inc
# deadline: 1800

. /mnt/files/socket.inc
cd /tmp || exit 1
rounds=5
[ -z "$STRESS" ] || rounds=150

mkdir www
head -c 20000000 /dev/urandom >www/file
cat >nginx.conf <<'CONF'
daemon off;
user root;
pid /tmp/nginx.pid;
error_log /tmp/nginx.log;
events { }
http {
	access_log /tmp/served;
	client_body_temp_path /tmp/nginx.body;
	proxy_temp_path /tmp/nginx.proxy;
	fastcgi_temp_path /tmp/nginx.fastcgi;
	uwsgi_temp_path /tmp/nginx.uwsgi;
	scgi_temp_path /tmp/nginx.scgi;
	server { listen 127.0.0.1:8080; root /tmp/www; }
}
CONF
nginx -p /tmp -c /tmp/nginx.conf -e /tmp/nginx.log &
nginx=$!
socat -b 65536 UDP4-RECVFROM:7777,bind=127.0.0.1,fork PIPE &
socat=$!

# fail PER_CENT: of the allocations of workers, who run the upcalls
fail() {
	for comm in /proc/[0-9]*/comm; do
		read -r thread <"$comm" || continue
		case $thread in kworker* | kpi_upcall*) echo 1 >"${comm%comm}make-it-fail" ;; esac
	done 2>/dev/null
	for kind in failslab fail_page_alloc; do
		echo Y >/sys/kernel/debug/$kind/task-filter
		echo -1 >/sys/kernel/debug/$kind/times
		echo "$1" >/sys/kernel/debug/$kind/probability
	done
}

traffic() {
	insmod /mnt/modules/netkpi_demo.ko port=8080 path=/file udpport=7777 count=100000 listen=7 || return 1
	head -c 5000000 /dev/zero | socat -t 2 - TCP4:127.0.0.1:7 >/dev/null 2>&1 &
	sleep "0.0$1"
}

unload() {
	echo 1 >/sys/module/netkpi_demo/parameters/stop && rmmod netkpi_demo
}

in_the_middle() {
	for round in $(seq "$1"); do
		traffic $((round * 7 % 100)) || { echo "# round $round: insmod failed"; return 1; }
		fail "$2"
		sleep 0.02
		unload || { echo "# round $round: still loaded"; return 1; }
	done
}

# Nothing is in the middle of anything if the server refuses.
was_served() { [ "$(wc -l </tmp/served)" -gt $((rounds / 2)) ]; }

plan 4
check "nginx is there" settles listening 8080
check "unloads in the middle of traffic, $rounds times" in_the_middle "$rounds" 0
check "most of the transfers had begun" settles was_served
check "also while allocations fail, $rounds times" in_the_middle "$rounds" 10

fail 0
kill $nginx $socat
wait $nginx $socat
rm -rf www
