# SPDX-License-Identifier: GPL-2.0
# The other end is Linux in another namespace, behind a program that takes its packets from
# a tun device and puts them into PPP frames.

. "$here/../wire.inc"
wire_up

cat >end.py <<'END'
import fcntl, os, select, socket, struct

tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH22x", b"ptun0", 0x1001))	# TUNSETIFF: tun, no header
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("203.0.113.2", 7500))
s.connect(("203.0.113.1", 7500))
print("ready", flush=True)

def take(ready):
    if ready == tun:
        packet = os.read(tun, 2000)
        s.send(b"\xff\x03\x00" + (b"\x57" if packet[0] >> 4 == 6 else b"\x21") + packet)
        return
    frame = s.recv(2000)
    if frame[:4] in (b"\xff\x03\x00\x21", b"\xff\x03\x00\x57"):
        os.write(tun, frame[4:])
    else:
        print(frame.hex(), flush=True)

while True:
    for ready in select.select([tun, s], [], [])[0]:
        try:
            take(ready)
        except ConnectionRefusedError:		# nobody is there yet, or any more
            pass
END
netns python3 end.py >end &
all_peers="$! ${all_peers:-}"
until_true grep ready end
netns /sbin/ip addr add 10.98.0.2/24 dev ptun0
netns /sbin/ip -6 addr add fd98::2/64 dev ptun0 nodad
netns /sbin/ip link set ptun0 mtu 1400 up

refused 'remote=nonsense' remote=nonsense
fails /sbin/ip link show kppp0

start local=203.0.113.1 remote=203.0.113.2
/sbin/ip link show kppp0 | grep 'mtu 1400'
/sbin/ip link show kppp0 | grep 'link/ppp'
/sbin/ip addr add 10.98.0.1/24 dev kppp0
/sbin/ip -6 addr add fd98::1/64 dev kppp0 nodad
/sbin/ip link set kppp0 up
becomes plumbed 2
reaches addresses 2
reaches flags 1
capture kppp0 link
ping -c 5 -i 0.2 10.98.0.2 >answers
grep '5 received' answers
fails grep DUP answers
captured link 10 "ICMP echo"
ping -6 -q -c 3 -i 0.2 fd98::2
ping -q -c 1 -M do -s 1372 10.98.0.2
fails ping -q -c 1 -W 1 -M do -s 1373 10.98.0.2

# an echo of the link itself, which no protocol sees; and what no PPP frame is
netns python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
def send(data):
    header = (7500).to_bytes(2, "big") * 2 + (8 + len(data)).to_bytes(2, "big") + bytes(2)
    s.sendto(header + data, ("203.0.113.1", 0))
send(bytes.fromhex("ff03c0210907000801020304"))
send(b"x")
send(b"this is no frame")'
until_true grep ff03c0210a07000801020304 end
becomes echoes 1
becomes damaged 1

# web pages and much more through it
mkdir pages
head -c 300000 /dev/urandom >pages/page
netns python3 -m http.server -d pages -b 10.98.0.2 8000 >/dev/null 2>&1 &
all_peers="$! $all_peers"
until_true curl -s -o page http://10.98.0.2:8000/page
cmp page pages/page
netns iperf3 -s -1 >/dev/null &
until_true netns sh -c 'cat /proc/net/tcp* | grep ":1451 .* 0A "'
timeout 120 iperf3 -c 10.98.0.2 -n 2M | grep receiver

# The last address of a family takes its protocol along; a new one brings it back
/sbin/ip addr del 10.98.0.1/24 dev kppp0
becomes unplumbed 1
ping -6 -q -c 1 fd98::2
/sbin/ip addr add 10.98.0.1/24 dev kppp0
becomes plumbed 3
ping -q -c 1 10.98.0.2
reaches events 1

peer ping -q -i 0.2 10.98.0.2
stop
fails /sbin/ip link show kppp0
wire_down
