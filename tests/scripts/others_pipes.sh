#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A process sends files, pipes and memory of its own, without copying them, to a kext
# that writes over all it receives; and what the kext sends it keeps in pipes, while
# the kext writes over what it is told is its own again. The process still has what
# it had, byte for byte.
#
# needs: python3
# files: tests/scripts/socket.inc
# deadline: 600

. /mnt/files/socket.inc
cd /tmp || exit 1

cat >pipes.py <<'END'
import ctypes, mmap, os, socket, sys, time

libc = ctypes.CDLL(None, use_errno=True)
SIZES = (3000, 50000)
PORT = 5000
number = 0

def check(name, ok):
    global number
    number += 1
    print("%sok %d - %s" % ("" if ok else "not ", number, name), flush=True)

def skip(name, why):
    global number
    number += 1
    print("ok %d - %s # SKIP %s" % (number, name, why), flush=True)

def pattern(size, seed=1):
    return bytes((i * 7 + i // 251 + seed) % 251 for i in range(size))

def kext(name):
    return int(open("/sys/module/scribbler/parameters/" + name).read())

def settles(judge):
    end = time.monotonic() + 20
    while not judge():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True

def to_kext(stream):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", PORT))
    s.settimeout(20)
    return s

def pair():
    listener = socket.create_server(("127.0.0.1", 0))
    a = socket.create_connection(listener.getsockname())
    return a, listener.accept()[0]

class File:
    """In the page cache."""
    def __init__(self, size):
        self.data = pattern(size)
        self.fd = os.open("/tmp/data", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.write(self.fd, self.data)

    def same(self):
        return os.pread(self.fd, len(self.data), 0) == self.data

def pipe():
    r, w = os.pipe()
    try:
        libc.fcntl(w, 1031, 1 << 20)	# F_SETPIPE_SZ
    except OSError:
        pass
    return r, w

def splice(a, b, size, offset=None):
    done = 0
    while done < size:
        n = os.splice(a, b, size - done, None if offset is None else offset + done)
        if not n:
            break
        done += n
    return done

def tee(a, b, size):
    return libc.tee(a, b, ctypes.c_size_t(size), 0)

def read(fd, size):
    got = b""
    while len(got) < size:
        more = os.read(fd, size - len(got))
        if not more:
            break
        got += more
    return got

def sends(name, stream, size, way):
    """The kext gets it and writes over it; what of it the process has is judged after that."""
    s, before = to_kext(stream), kext("bytes")
    judge = way(s, size)
    check(name + ": the kext has it", settles(lambda: kext("bytes") >= before + size))
    check(name + ": the process, too", judge())
    s.close()

def by_sendfile(s, size):
    file = File(size)
    done = 0
    while done < size:
        done += os.sendfile(s.fileno(), file.fd, done, size - done)
    return file.same

def by_splice(s, size):
    """A file's pages in two pipes: one goes to the kext, the other stays."""
    file, (r, w), (kept, into) = File(size), pipe(), pipe()
    splice(file.fd, w, size, 0)
    tee(r, into, size)
    splice(r, s.fileno(), size)
    return lambda: file.same() and read(kept, size) == file.data

def by_tee(s, size):
    """The same to the kext and to a process, which reads it later."""
    file, (r, w), (r2, w2), (a, b) = File(size), pipe(), pipe(), pair()
    splice(file.fd, w, size, 0)
    tee(r, w2, size)
    splice(r, s.fileno(), size)
    splice(r2, a.fileno(), size)
    return lambda: file.same() and read(b.fileno(), size) == file.data

class IoVec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]

def memory(size):
    data = pattern(size)
    m = mmap.mmap(-1, (size + 4095) // 4096 * 4096)
    m[:size] = data
    return m, data, ctypes.addressof(ctypes.c_char.from_buffer(m))

def by_vmsplice(s, size):
    (r, w), (m, data, address) = pipe(), memory(size)
    (kept, into) = pipe()
    libc.vmsplice(w, ctypes.byref(IoVec(address, size)), ctypes.c_ulong(1), 0)
    tee(r, into, size)
    splice(r, s.fileno(), size)
    return lambda: m[:size] == data and read(kept, size) == data

def by_zerocopy(s, size):
    m, data, address = memory(size)
    s.setsockopt(socket.SOL_SOCKET, 60, 1)
    s.send(memoryview(m)[:size], 0x4000000)
    return lambda: m[:size] == data

def answers(name, stream, size):
    """The kext's own pages in two pipes; later it has others to send, and asks what is its own."""
    s, data = to_kext(stream), pattern(size, 5)
    (r, w), (kept, into) = pipe(), pipe()
    s.sendall(data)
    if not settles(lambda: kext("bytes") >= size):
        return check(name + ": kept in pipes", False)
    splice(s.fileno(), w, size)
    tee(r, into, size)
    lent = kext("lent")
    for n in range(4):
        s.sendall(pattern(100, n))
        s.recv(100)
    check(name + ": the kext is told that it is lent", kext("lent") > lent)
    check(name + ": kept in pipes", read(r, size) == data and read(kept, size) == data)
    before = kext("kept")
    for n in range(2):
        s.sendall(pattern(100, n))
        s.recv(100)
    check(name + ": read, and the kext's again", kext("kept") > before)
    s.close()

ways = {"sendfile": by_sendfile, "splice": by_splice, "tee to two": by_tee,
        "vmsplice": by_vmsplice, "zerocopy": by_zerocopy}
stream = sys.argv[1] == "1"
number = int(sys.argv[3])
for size in SIZES:
    kind = "%s, %d bytes" % ("TCP" if stream else "UDP", size)
    if sys.argv[2] == "echo":
        if stream:
            answers("what a kext sent, " + kind, stream, size)
        continue
    for name, way in ways.items():
        sends("%s, %s" % (name, kind), stream, size, way)
sys.exit(number)
END

plan 46

for stream in 1 0; do
	start scribbler port=5000 stream=$stream
	python3 pipes.py $stream write $number
	number=$?
	stop scribbler
done
start scribbler port=5000 stream=1 ask=1 echo=1
python3 pipes.py 1 echo $number
stop scribbler
exit 0
