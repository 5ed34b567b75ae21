# SPDX-License-Identifier: GPL-2.0
# unbound answers all questions; what programs may ask and hear the kext decides.

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
	local-zone: "trap." redirect
	local-data: "trap. A 192.0.2.66"
remote-control:
	control-enable: no
END
peer unbound -d -p -c /tmp/work/unbound.conf
listens udp 53

# ask NAME HOW [SECONDS]: prints the address, or the error; HOW: sendto or connect
cat >ask.py <<'END'
import errno, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(float(sys.argv[3]))
name = b"".join(bytes([len(label)]) + label.encode() for label in sys.argv[1].split("."))
asked = b"\x12\x34\x01\0\0\1\0\0\0\0\0\0" + name + b"\0\0\1\0\1"
try:
    if sys.argv[2] == "connect":
        s.connect(("127.0.0.1", 53))
        s.send(asked)
    else:
        s.sendto(asked, ("127.0.0.1", 53))
    print(socket.inet_ntoa(s.recv(512)[-4:]))
except TimeoutError:
    print("silence")
except OSError as error:
    print(errno.errorcode[error.errno])
END
ask() { python3 ask.py "$1" "$2" "${3:-20}"; }

ask www.bad.test sendto | grep 192.0.2.80
start blocked=bad.test
ask www.good.test sendto | grep 192.0.2.80
ask www.good.test connect | grep 192.0.2.80
ask notbad.test sendto | grep 192.0.2.80
ask bad.test sendto | grep EPERM
ask WWW.Bad.test connect | grep EPERM
ask any.trap sendto 0.5 | grep silence
ask any.trap connect 0.5 | grep silence
logged "asks for bad.test"
expect refused 2
expect concealed 2
at_least questions 7
at_least answers 5
until_true sh -c 'echo 1 >/sys/module/port_dnswatch/parameters/stop'
stop
ask any.trap sendto | grep 192.0.2.66
