#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest: starts what the bench compares with, then the module's init runs
# all of it and logs it.

files=/mnt/files

# Its case says so if one of them is not there.
start_relays() {
	[ -x $files/relay ] || return
	$files/relay splice 7001 7000 &
	$files/relay sockmap 7002 7000 &
}

start_rivals() {
	[ -x $files/rival ] && $files/rival nfqueue 7 &
}

start_nginx() {
	[ -d $files/nginx ] || return
	mkdir -p /tmp/nginx/logs
	echo root:x:0:0::/: >/etc/passwd
	echo root:x:0: >/etc/group
	$files/nginx/ld.so --library-path $files/nginx $files/nginx/nginx -p /tmp/nginx -c $files/nginx/nginx.conf &
}

# As it comes: 8 KiB at a time.
start_socat() {
	[ -d $files/socat ] || return
	$files/socat/ld.so --library-path $files/socat $files/socat/socat TCP4-LISTEN:7004,fork TCP4:127.0.0.1:7000 &
}

start_hog() {
	sh -c 'while :; do :; done' &
	hog=$!
	kill -STOP $hog
}

echo 1..1
start_relays
start_rivals
start_nginx
start_socat
start_hog
sleep 3		# until what booting left behind has been done
if insmod /mnt/modules/netkpi_bench.ko hog=$hog $(cat $files/parameters) && rmmod netkpi_bench; then
	echo ok 1 - bench
else
	echo not ok 1 - bench
fi
kill -KILL $(jobs -p) 2>/dev/null
