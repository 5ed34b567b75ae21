#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Kernel controls from Python, and from a shell that has it.
#
# needs: python3

kext=/mnt/modules/switchboard.ko

if [ ! -f $kext ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP this kernel's build has no suites"
	exit 0
fi
insmod $kext || exit 1

cat >/tmp/control.py <<'END'
"""A client of a kernel control: Control("org.example.foo") is a socket that is connected to it."""
import ctypes, fcntl, os, socket, struct

libc = ctypes.CDLL(None, use_errno=True)

class Control(socket.socket):
    def __init__(self, name, type=socket.SOCK_DGRAM):
        super().__init__(32, type, 2)			# PF_SYSTEM, SYSPROTO_CONTROL
        info = fcntl.ioctl(self, 0xc0644e03, struct.pack("I96s", 0, name.encode()))	# CTLIOCGINFO
        # sc_len, sc_family, ss_sysaddr, sc_id, sc_unit, sc_reserved: Python connects families it knows
        addr = struct.pack("=BBHII20x", 32, 32, 2, struct.unpack_from("I", info)[0], 0)
        if libc.connect(self.fileno(), addr, len(addr)):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    def set(self, option, value):
        self.setsockopt(2, option, value)

    def get(self, option, size=1024):
        return self.getsockopt(2, option, size)
END

cat >/tmp/test.py <<'END'
import select, socket
from control import Control

def check(number, name, ok):
    print("%sok %d - %s" % ("" if ok else "not ", number, name), flush=True)

def refused(call):
    try:
        call()
    except OSError as error:
        return error.errno
    return 0

print("1..7")
c = Control("org.example.switchboard")
c.send(b"hello")
check(1, "a question is answered", c.recv(100) == b"you said: hello")
c.set(1, b"> ")
c.send(b"hello")
check(2, "with an option", c.recv(100) == b"> hello" and c.get(1) == b"> ")
check(3, "no such control", refused(lambda: Control("nobody")) == 2)
e = select.epoll()
e.register(c, select.EPOLLIN)
before = e.poll(0)
c.send(b"x")
check(4, "epoll", before == [] and e.poll(5) == [(c.fileno(), select.EPOLLIN)])
s = Control("org.example.switchboard.stream", socket.SOCK_STREAM)
s.sendall(b"0123456789" * 100)
check(5, "a stream", s.recv(1000, socket.MSG_WAITALL) == b"0123456789" * 100)
check(6, "no such option", refused(lambda: c.get(99)) == 92)
END
cd /tmp && python3 test.py
status=$?

# the same from a shell
said=$(python3 -c 'from control import Control; c = Control("org.example.switchboard"); c.send(b"hi"); print(c.recv(99).decode())')
[ "$said" = "> hi" ] && echo "ok 7 - from a shell" || echo "not ok 7 - from a shell: $said"
echo 1 >/sys/module/switchboard/parameters/stop && rmmod switchboard || status=1
exit $status
