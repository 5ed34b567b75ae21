#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A process gives its socket to a kext by descriptor number.
#
# needs: python3

kext=/mnt/modules/fdecho.ko

if [ ! -f $kext ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP this kernel's build has no suites"
	exit 0
fi

insmod $kext || exit 1
cat >/tmp/file.py <<'END'
import os, socket, sys, time

VALUE = "/proc/sys/kext/kern/fdecho/fd"
number = 0

def check(name, ok):
    global number
    number += 1
    print("%sok %d - %s" % ("" if ok else "not ", number, name))

def give(fd):
    with open(VALUE, "w") as f:
        f.write(str(fd))
    return int(open(VALUE).read())

def tcp_pair():
    listener = socket.create_server(("127.0.0.1", 0))
    a = socket.create_connection(listener.getsockname())
    b, _ = listener.accept()
    return a, b

def echoes(s, text):
    s.settimeout(5)
    s.sendall(text)
    got = b""
    while len(got) < len(text):
        got += s.recv(1000)
    return got == text

def ends(s):
    s.settimeout(5)
    return s.recv(1) == b""

check("a file: ENOTSOCK", give(0) == 88)
check("nothing: EBADF", give(999) == 9)

for name, pair in (("TCP", tcp_pair), ("AF_UNIX", socket.socketpair)):
    a, b = pair()
    check(name + ": given", give(a.fileno()) == 0)
    check(name + ": the kext answers", echoes(b, b"hello" * 100))
    a.close()
    check(name + ": also when the process has closed it", echoes(b, b"again"))
    give(-1)
    check(name + ": when the kext lets go, it ends", ends(b))

a, b = tcp_pair()
give(a.fileno())
check("given anew", echoes(b, b"x"))
give(-1)
b.sendall(b"for the process")
a.settimeout(5)
check("taken back: the process reads", a.recv(100) == b"for the process")

# the kext goes and leaves its socket behind
give(a.fileno())
check("given once more", echoes(b, b"y"))
with open("/sys/module/fdecho/parameters/stop", "w") as f:
    f.write("1")
b.sendall(b"still there")
check("after the kext: the process reads", a.recv(100) == b"still there")
a.sendall(b"and writes")
b.settimeout(5)
check("and writes", b.recv(100) == b"and writes")
a.close()
check("and closes", ends(b))
print("1..%d" % number)
END
python3 /tmp/file.py
status=$?
rmmod fdecho || status=1
exit $status
