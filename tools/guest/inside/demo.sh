# SPDX-License-Identifier: GPL-2.0
#
# The guest's side of "make demo": loads, waits, unloads; the host compares what
# the kernel's log says. When the demo is done, the guest waits for the host to
# connect to port 9, which says that the host's client has had its echoes.

. /mnt/files/parameters		# http udp count size path

status=0

step() {
	what=$1
	shift
	if "$@"; then
		echo "ok $what"
	else
		status=1
		echo "not ok $what"
	fi
}

load() {
	insmod /mnt/modules/netkpi_demo.ko "$@"
}

# wait_for SECONDS: until the demo says that it is done
wait_for() {
	left=$(($1 * 5))
	until [ "$(cat /sys/module/netkpi_demo/parameters/done)" = 1 ]; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 0.2
	done
}

let_host_finish() {
	echo finished | nc -l -p 9 >/dev/null
}

stop() {
	echo 1 >/sys/module/netkpi_demo/parameters/stop && rmmod netkpi_demo
}

step "insmod netkpi_demo" load host=10.0.2.2 port="$http" path="$path" udpport="$udp" \
	count="$count" size="$size" listen=7
step "done" wait_for 60
step "host is served" let_host_finish
step "stop and rmmod" stop

step "insmod again, for a port that refuses" load host=10.0.2.2 port="$refused"
step "it ends all the same" wait_for 30
step "stop and rmmod after that" stop

step "insmod netkpi_demo with nothing to do" load
step "stop and rmmod of that" stop
# The third act: a firewall, and a program that tells it what to do.
say() {
	echo "netkpi_demo: firewall: $*" >/dev/kmsg
}

fetch() {
	if said=$(wget -q -O /dev/null "http://10.0.2.2:$http$path" 2>&1); then
		say "$1, wget: fetched"
	else
		say "$1, wget: ${said##*: }"
	fi
}

act_three() {
	insmod /mnt/modules/netkpi_firewall.ko || return 1
	fetch "port $http is open"
	/mnt/files/firewallctl block "$http" || return 1
	fetch "firewallctl block $http"
	/mnt/files/firewallctl allow "$http" || return 1
	fetch "firewallctl allow $http"
	say "firewallctl counts: $(/mnt/files/firewallctl counts)"
	tries=0
	until echo 1 >/sys/module/netkpi_firewall/parameters/stop; do
		tries=$((tries + 1))
		[ $tries -lt 50 ] || return 1
		sleep 0.1
	done 2>/dev/null
	rmmod netkpi_firewall
}

step "a firewall" act_three
exit $status
