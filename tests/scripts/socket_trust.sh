#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A process lends its socket to a kext, which sends back what comes in, and then has
# others look at every byte: TLS, and BPF programs of a socket map.
#
# needs: python3

kext=/mnt/modules/fdecho.ko

if [ ! -f $kext ]; then
	echo "1..1"
	echo "ok 1 - all of it # SKIP this kernel's build has no suites"
	exit 0
fi

insmod $kext || exit 1
cat >/tmp/trust.py <<'END'
import ctypes, os, socket, struct, subprocess, sys, time

VALUE = "/proc/sys/kext/kern/fdecho/fd"
number = 0

def check(name, ok):
    global number
    number += 1
    print("%sok %d - %s" % ("" if ok else "not ", number, name), flush=True)

def skip(name, why):
    global number
    number += 1
    print("ok %d - %s # SKIP %s" % (number, name, why), flush=True)

def give(fd):
    with open(VALUE, "w") as f:
        f.write(str(fd))
    return int(open(VALUE).read())

def pair():
    listener = socket.create_server(("127.0.0.1", 0))
    a = socket.create_connection(listener.getsockname())
    b, _ = listener.accept()
    b.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    b.settimeout(5)
    return a, b

def echoes(s, text):
    s.sendall(text)
    got = b""
    try:
        while len(got) < len(text):
            more = s.recv(100000)
            if not more:
                break
            got += more
    except OSError:
        pass
    return got == text

def silent(s, text):
    s.sendall(text)
    s.settimeout(0.3)
    try:
        return s.recv(1000) == b""
    except TimeoutError:
        return True

# -- TLS: TCP_ULP 31; SOL_TLS 282, TLS_TX 1, TLS_RX 2; TLS 1.2 with AES-GCM-128
KEYS = struct.pack("<HH8s16s4s8s", 0x303, 51, b"ivivivi", b"0123456789abcde", b"sal", b"")

def tls(s):
    s.setsockopt(socket.IPPROTO_TCP, 31, b"tls")
    s.setsockopt(282, 1, KEYS)
    s.setsockopt(282, 2, KEYS)

def try_tls():
    a, b = pair()
    try:
        tls(a)
    except OSError:
        for name in ("lent after", "lent before", "again", "much"):
            skip("TLS: " + name, "this kernel has no TLS")
        return
    check("TLS: lent after it was switched on: EBUSY", give(a.fileno()) == 16)
    a, b = pair()
    give(a.fileno())
    echoes(b, b"in clear before")
    tls(a)
    tls(b)
    check("TLS: lent before: the answer is encrypted", echoes(b, b"hello"))
    check("TLS: and again", echoes(b, b"hello again"))
    check("TLS: and much", echoes(b, os.urandom(200000)))
    give(-1)

# -- BPF, without a library: system call 321
libc = ctypes.CDLL(None, use_errno=True)

def bpf(command, attr):
    buf = ctypes.create_string_buffer(attr.ljust(128, b"\0"))
    n = libc.syscall(321, command, buf, 128)
    if n < 0:
        raise OSError(ctypes.get_errno(), "bpf")
    return n

def program(kind, verdict):
    """A program that says the same of everything: r0 = verdict; exit"""
    code = ctypes.create_string_buffer(struct.pack("<BBhiBBhi", 0xb7, 0, 0, verdict, 0x95, 0, 0, 0))
    words = ctypes.create_string_buffer(b"GPL")
    return bpf(5, struct.pack("<IIQQ", kind, 2, ctypes.addressof(code), ctypes.addressof(words)))

def into_map(s, kind, attach, verdict):
    """Put the socket into a socket map with such a program."""
    sockets = bpf(0, struct.pack("<IIII", 15, 4, 4, 1))
    bpf(8, struct.pack("<III", sockets, program(kind, verdict), attach))
    key = ctypes.create_string_buffer(struct.pack("<I", 0))
    value = ctypes.create_string_buffer(struct.pack("<I", s.fileno()))
    bpf(2, struct.pack("<IIQQQ", sockets, 0, ctypes.addressof(key), ctypes.addressof(value), 0))
    return sockets

SENT, RECEIVED, DROP, PASS = (16, 7), (14, 5), 0, 1

def try_map(name, how, verdict, judge):
    a, b = pair()
    give(a.fileno())
    try:
        into_map(a, *how, verdict)
    except OSError as error:
        skip(name, "no socket map: %s" % error)
        return
    check(name, judge(b, b"hello" * 20))
    give(-1)

try_tls()
try_map("map: what is sent may pass", SENT, PASS, echoes)
try_map("map: what is sent is dropped", SENT, DROP, silent)
try_map("map: what is received may pass", RECEIVED, PASS, echoes)
try_map("map: what is received is dropped", RECEIVED, DROP, silent)

# lent after it was put into a map
a, b = pair()
try:
    into_map(a, *SENT, PASS)
    check("map: lent after: EBUSY", give(a.fileno()) == 16)
except OSError:
    skip("map: lent after: EBUSY", "no socket map")

# datagrams: whose they are nobody knows, so the kext gets none
a, b = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
for s in (a, b):
    s.bind(("127.0.0.1", 0))
a.connect(b.getsockname())
b.connect(a.getsockname())
b.settimeout(5)
give(a.fileno())
check("UDP: the kext answers", echoes(b, b"hello"))
try:
    into_map(a, 14, 38, PASS)
    check("UDP in a map: the kext gets nothing", silent(b, b"hello"))
except OSError as error:
    skip("UDP in a map: the kext gets nothing", "no socket map: %s" % error)
give(-1)
# -- a program of the control group puts connections into a map when they are established
def establish_into(sockets):
    code = b"".join(struct.pack("<BBhi", *words) for words in (
        (0x61, 0x12, 0, 0),		# r2 = op
        (0x55, 0x02, 7, 5),		# unless a listener's connection is established: out
        (0x18, 0x12, 0, sockets), (0, 0, 0, 0),
        (0x62, 0x0a, -4, 0),		# key 0
        (0xbf, 0xa3, 0, 0), (0x07, 0x03, 0, -4),
        (0xb7, 0x04, 0, 0),
        (0x85, 0, 0, 53),		# bpf_sock_map_update()
        (0xb7, 0, 0, 1), (0x95, 0, 0, 0)))	# out: 1
    code = ctypes.create_string_buffer(code, len(code))
    words = ctypes.create_string_buffer(b"GPL")
    return bpf(5, struct.pack("<IIQQ", 13, len(code) // 8, ctypes.addressof(code), ctypes.addressof(words)))

def try_sock_ops():
    names = ("answers", "again, without it", "goes")
    try:
        os.makedirs("/tmp/group", exist_ok=True)
        subprocess.run(["mount", "-t", "cgroup2", "none", "/tmp/group"], check=True)
        group = os.open("/tmp/group", os.O_RDONLY)
        sockets = bpf(0, struct.pack("<IIII", 15, 4, 4, 1))
        code = establish_into(sockets)
        bpf(8, struct.pack("<III", group, code, 3))
    except (OSError, subprocess.CalledProcessError) as error:
        for name in names:
            skip("sock_ops: the kext " + name, "no such programs: %s" % error)
        return
    subprocess.run(["insmod", "/mnt/modules/scribbler.ko", "port=5000", "stream=1", "ask=1", "echo=1"])
    s = socket.create_connection(("127.0.0.1", 5000))
    s.settimeout(5)
    check("sock_ops: the kext answers", echoes(s, b"hello" * 20) and echoes(s, b"x" * 3000))
    bpf(9, struct.pack("<III", group, code, 3))
    s.close()
    s = socket.create_connection(("127.0.0.1", 5000))
    s.settimeout(5)
    check("sock_ops: the kext answers again, without it", echoes(s, b"hello" * 20))
    open("/sys/module/scribbler/parameters/stop", "w").write("1")
    check("sock_ops: the kext goes", subprocess.run(["rmmod", "scribbler"]).returncode == 0)
    os.close(sockets)
    s.close()

try_sock_ops()
print("1..%d" % number)
END
python3 /tmp/trust.py
status=$?
echo 1 >/sys/module/fdecho/parameters/stop && rmmod fdecho || status=1
exit $status
