# SPDX-License-Identifier: GPL-2.0
# unbound knows some names, has an alias for one and knows that others do not exist.

cat >unbound.conf <<END
server:
	interface: 127.0.0.1
	chroot: ""
	username: ""
	directory: "/tmp/work"
	pidfile: ""
	do-daemonize: no
	use-syslog: no
	logfile: "/tmp/work/unbound.log"
	module-config: "iterator"
	local-zone: "port.test." static
	local-data: "www.port.test. A 192.0.2.80"
	local-data: "www.port.test. AAAA 2001:db8::80"
	local-data: "four.port.test. A 192.0.2.4"
	local-data: "a-name-of-many-letters-that-fills-a-label-to-its-very-last-one1.port.test. A 192.0.2.63"
remote-control:
	control-enable: no
END
peer unbound -d -p -c /tmp/work/unbound.conf
listens udp 53

refused 'server=here: not an IPv4 address' server=here
long=a-name-of-many-letters-that-fills-a-label-to-its-very-last-one1
refused 'names=a..b: cannot ask' names=a..b
refused 'names=x.*: cannot ask' names=x$long.port.test

start names=www.port.test,four.port.test,$long.port.test,none.port.test
becomes done 1
expect answered 8
expect failed 0
logged 'dns: www.port.test A: 192.0.2.80'
logged 'dns: www.port.test AAAA: 2001:db8::80'
logged 'dns: four.port.test A: 192.0.2.4'
logged 'dns: four.port.test AAAA: none'
logged "dns: $long.port.test A: 192.0.2.63"
logged 'dns: none.port.test A: refused, code 3'
stop

kill -STOP $peer
start names=www.port.test
sleep 0.6
expect answered 0
kill -CONT $peer
becomes done 1
expect answered 2
stop
