# SPDX-License-Identifier: GPL-2.0
# unbound answers all questions that reach it.

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
	local-zone: "test." redirect
	local-data: "test. A 192.0.2.80"
remote-control:
	control-enable: no
END
peer unbound -d -p -c /tmp/work/unbound.conf
listens udp 53

# ask NAME [SECONDS]: prints the address, or fails after so long
ask() {
	python3 - "$1" "${2:-20}" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(float(sys.argv[2]))
name = b"".join(bytes([len(label)]) + label.encode() for label in sys.argv[1].split("."))
s.sendto(b"\x12\x34\x01\0\0\1\0\0\0\0\0\0" + name + b"\0\0\1\0\1", ("127.0.0.1", 53))
print(socket.inet_ntoa(s.recv(512)[-4:]))
END
}

ask www.bad.test | grep 192.0.2.80
start blocked=bad.test,worse.example.test
ask www.good.test | grep 192.0.2.80
ask notbad.test | grep 192.0.2.80
fails ask bad.test 0.5
fails ask WWW.Bad.test 0.5
fails ask worse.example.test 0.5
ask example.test | grep 192.0.2.80
expect queries 6
expect dropped 3
stop
ask www.bad.test | grep 192.0.2.80
