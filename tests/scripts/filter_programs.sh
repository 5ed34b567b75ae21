#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A program that uses its sockets in every way, wrong pointers included, and writes down
# what it sees: without a filter, and with one that lets all pass. Both say the same.
#
# needs: python3
# files: tests/scripts/socket.inc

. /mnt/files/socket.inc

kext=port_passing

cat >/tmp/program.py <<'END'
import array, ctypes, errno, fcntl, os, select, signal, socket, struct, termios, threading, time

libc = ctypes.CDLL(None, use_errno=True)
BAD = ctypes.c_void_p(8)
signal.signal(signal.SIGPIPE, signal.SIG_IGN)

def say(what, *values):
    print(what, *values, flush=True)

def attempt(what, function, *arguments):
    try:
        say(what, function(*arguments))
    except OSError as error:
        say(what, errno.errorcode.get(error.errno, error.errno))

def call(what, name, *arguments):
    n = getattr(libc, name)(*arguments)
    say(what, n, errno.errorcode.get(ctypes.get_errno()) if n < 0 else "")

def pair(family=socket.AF_INET):
    listener = socket.create_server(("127.0.0.1", 0) if family == socket.AF_INET else ("::1", 0), family=family)
    client = socket.create_connection(listener.getsockname()[:2])
    server, _ = listener.accept()
    listener.close()
    return client, server

def arrived(s, n):
    while struct.unpack("i", fcntl.ioctl(s, termios.FIONREAD, b"0000"))[0] < n:
        time.sleep(0.001)

def inq(s):
    return struct.unpack("i", fcntl.ioctl(s, termios.FIONREAD, b"0000"))[0]

def streams(family):
    a, b = pair(family)
    a.sendall(b"0123456789")
    arrived(b, 10)
    say("fionread", inq(b))
    attempt("peek", b.recv, 4, socket.MSG_PEEK)
    attempt("read", b.recv, 3)
    attempt("peek", b.recv, 100, socket.MSG_PEEK)
    attempt("trunc", lambda: (b.recv_into(bytearray(2), 2, socket.MSG_TRUNC)))
    say("fionread", inq(b))
    say("poll", select.select([b], [b], [], 0)[:2] == ([b], [b]))
    attempt("rest", b.recv, 100)
    attempt("none", b.recv, 1, socket.MSG_DONTWAIT)
    say("poll", select.select([b], [], [], 0)[0])
    b.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 20000))
    attempt("timeout", b.recv, 1)
    b.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 0))

    # scattered, and all of it
    a.sendmsg([b"ab", b"", b"cdef"])
    buffers = [bytearray(3), bytearray(3)]
    arrived(b, 6)
    attempt("recvmsg", lambda: (b.recvmsg_into(buffers)[0], buffers))
    threading.Timer(0.02, a.sendall, (b"yz",)).start()
    a.sendall(b"x")
    attempt("waitall", b.recv, 3, socket.MSG_WAITALL)

    # wrong pointers
    call("send efault", "send", a.fileno(), BAD, 10, 0)
    call("connect efault", "connect", a.fileno(), BAD, 16)
    a.sendall(b"kept")
    arrived(b, 4)
    call("recv efault", "recv", b.fileno(), BAD, 4, 0)
    attempt("kept", b.recv, 10)
    call("getsockopt efault", "getsockopt", a.fileno(), 6, 1, BAD, BAD)
    call("setsockopt efault", "setsockopt", a.fileno(), 6, 1, BAD, 4)
    call("getsockname efault", "getsockname", a.fileno(), BAD, BAD)
    call("ioctl efault", "ioctl", a.fileno(), termios.FIONREAD, BAD)
    call("sendmsg efault", "sendmsg", a.fileno(), BAD, 0)
    call("recvmsg efault", "recvmsg", a.fileno(), BAD, 0)

    # epoll, edges
    poller = select.epoll()
    poller.register(b, select.EPOLLIN | select.EPOLLET)
    say("edge", len(poller.poll(0)))
    a.sendall(b"12")
    say("edge", len(poller.poll(5)))
    b.recv(1)
    say("edge", len(poller.poll(0)))
    a.sendall(b"3")
    say("edge", len(poller.poll(5)))
    attempt("read", b.recv, 10)
    poller.close()

    # urgent data
    a.sendall(b"before")
    a.send(b"!", socket.MSG_OOB)
    a.sendall(b"after")
    select.select([], [], [b], 5)
    attempt("urgent", b.recv, 1, socket.MSG_OOB)
    attempt("to the mark", b.recv, 100)
    attempt("behind it", b.recv, 100)

    # a file, by sendfile and splice
    with open("/tmp/program.file", "wb") as file:
        file.write(bytes(range(256)) * 1000)
    got = bytearray()
    def take():
        while len(got) < 256000:
            got.extend(b.recv(70000))
    reader = threading.Thread(target=take)
    reader.start()
    with open("/tmp/program.file", "rb") as file:
        say("sendfile", a.sendfile(file))
    reader.join()
    say("same", bytes(got) == bytes(range(256)) * 1000)
    r, w = os.pipe()
    a.sendall(b"by splice")
    arrived(b, 9)
    say("splice", libc.splice(b.fileno(), None, w, None, 100, 0))
    say("piped", os.read(r, 100))

    # options, a child, the end
    a.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    say("nodelay", a.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0)
    attempt("no option", a.setsockopt, socket.IPPROTO_TCP, 250, 1)
    child = os.fork()
    if not child:
        b.close()
        a.sendall(b"of the child")
        os._exit(0)
    a.close()
    os.waitpid(child, 0)
    say("child", b.recv(100))
    say("end", b.recv(100))
    b.close()

def low_water():
    a, b = pair()
    b.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 10)
    a.sendall(b"12345")
    time.sleep(0.05)
    say("below", select.select([b], [], [], 0)[0])
    a.sendall(b"67890")
    say("above", select.select([b], [], [], 5)[0] == [b])
    attempt("read", b.recv, 100)

def resets():
    a, b = pair()
    a.sendall(b"unread")
    arrived(b, 6)
    b.close()
    time.sleep(0.05)
    attempt("reset", a.recv, 1)
    attempt("after", a.send, b"x")
    attempt("after", a.send, b"x")
    a, b = pair()
    a.shutdown(socket.SHUT_WR)
    attempt("epipe", a.send, b"x")
    attempt("eof", b.recv, 1)
    s = socket.socket()
    attempt("refused", s.connect, ("127.0.0.1", 1))
    attempt("not connected", s.send, b"x")
    attempt("not connected", s.recv, 1)
    attempt("not connected", s.getpeername)
    s = socket.socket()
    s.setblocking(False)
    say("in progress", errno.errorcode.get(s.connect_ex(("127.0.0.1", 1)), 0) in ("EINPROGRESS", "ECONNREFUSED"))

def full():
    a, b = pair()
    a.setblocking(False)
    sent = 0
    try:
        while True:
            sent += a.send(b"f" * 100000)
    except BlockingIOError:
        pass
    say("full", sent > 100000, select.select([], [a], [], 0)[1])
    received = 0
    while received < sent:
        received += len(b.recv(100000))
    say("drained", received == sent, select.select([], [a], [], 5)[1] == [a])

def datagrams(family, host):
    a, b = socket.socket(family, socket.SOCK_DGRAM), socket.socket(family, socket.SOCK_DGRAM)
    a.bind((host, 0))
    b.bind((host, 0))
    there = b.getsockname()
    a.sendto(b"first", there)
    a.sendto(b"", there)
    a.sendto(b"third one", there)
    say("fionread", inq(b))
    attempt("peek", b.recv, 2, socket.MSG_PEEK)
    attempt("peek", lambda: b.recvfrom(100, socket.MSG_PEEK)[1][:2] == a.getsockname()[:2])
    attempt("first", b.recv, 100)
    attempt("empty", b.recv, 100)
    attempt("cut", lambda: b.recvmsg(5)[2] & socket.MSG_TRUNC != 0)
    attempt("none", b.recv, 1, socket.MSG_DONTWAIT)
    a.sendto(b"lost", there)
    select.select([b], [], [], 5)
    call("recv efault", "recv", b.fileno(), BAD, 4, 0)
    call("sendto efault", "sendto", a.fileno(), BAD, 10, 0, None, 0)
    attempt("too long", a.sendto, b"x" * 70000, there)
    attempt("no address", a.send, b"x")
    a.connect(there)
    attempt("connected", a.send, b"y")
    select.select([b], [], [], 5)
    attempt("read", lambda: b.recv(100, socket.MSG_DONTWAIT))
    if family == socket.AF_INET:
        b.setsockopt(socket.IPPROTO_IP, 8, 1)	# IP_PKTINFO
        a.send(b"with control")
        data, control, flags, name = b.recvmsg(100, 200)
        say("control", data, [(level, kind, len(value)) for level, kind, value in control])
    b.close()
    attempt("sent", a.send, b"nobody")
    time.sleep(0.05)
    attempt("refused", a.send, b"nobody")

for family in (socket.AF_INET, socket.AF_INET6):
    streams(family)
low_water()
resets()
full()
datagrams(socket.AF_INET, "127.0.0.1")
datagrams(socket.AF_INET6, "::1")
say("all of it")
END

run() { timeout 120 python3 /tmp/program.py >"$1" 2>&1; grep -q "^all of it" "$1" || { tail -5 "$1" | sed 's/^/# /'; return 1; }; }

same() {
	diff /tmp/without /tmp/with | sed 's/^/# /'
	cmp -s /tmp/without /tmp/with
}

saw_data() { [ "$(param $kext bytes_in)" -gt 100000 ] && [ "$(param $kext bytes_out)" -gt 100000 ]; }

plan 7
ip link set lo up 2>/dev/null || ifconfig lo up
check "the program runs" run /tmp/without
start $kext
check "with a filter, too" run /tmp/with
check "and sees the same ($(wc -l </tmp/without) things)" same
check "S38: a child goes on with its parent's socket" grep -q "^child b.of the child" /tmp/with
check "the filter saw its data" saw_data
check "no socket is left" [ "$(param $kext attached)" = 0 ]
settles stop $kext
check "the filter goes" [ ! -d /sys/module/$kext ]
