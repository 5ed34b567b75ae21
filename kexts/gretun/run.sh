# SPDX-License-Identifier: GPL-2.0
# The other end of the tunnel is Linux's own GRE, in another namespace.

. "$here/../wire.inc"
wire_up
netns /sbin/ip link add tun1 type gre local 203.0.113.2 remote 203.0.113.1
netns /sbin/ip addr add 10.99.0.2/24 dev tun1
netns /sbin/ip link set tun1 up

refused 'local=nonsense' local=nonsense

start local=203.0.113.1 remote=203.0.113.2
/sbin/ip link show kgre0 | grep 'mtu 1476'
/sbin/ip addr add 10.99.0.1/24 dev kgre0
/sbin/ip link set kgre0 up
/sbin/ip route get 10.99.0.2 | grep 'dev kgre0'
capture kgre0 tunnel
capture wire0 outside
ping -c 5 -i 0.2 10.99.0.2 >answers
grep '5 received' answers
fails grep DUP answers
captured tunnel 10 "ICMP echo"
captured outside 10 "GREv0.*ICMP echo"
at_least sent 5
at_least received 5
expect damaged 0
/sbin/ip -s link show kgre0 | grep -A1 RX: | tail -1 | grep -v ' 0 *0 ' || true

# TCP through it, and packets that fill it; the other end's checksums are not left to a
# device, since the wire has none that would fill them in.
netns python3 -c '
import array, fcntl, socket, struct
off = array.array("B", struct.pack("II", 0x17, 0))		# ETHTOOL_STXCSUM
request = struct.pack("16sP", b"tun1", off.buffer_info()[0])
fcntl.ioctl(socket.socket(), 0x8946, request)'
netns python3 -c '
import socket
s = socket.create_server(("10.99.0.2", 7007))
c, _ = s.accept()
n = 0
while True:
    b = c.recv(65536)
    if not b: break
    n += len(b)
print(n)' >received &
all_peers="$! $all_peers"
until_true netns sh -c 'cat /proc/net/tcp | grep ":1B5F .* 0A "'
head -c 300000 /dev/urandom | timeout 60 socat -u - TCP:10.99.0.2:7007
until_true grep 300000 received
ping -q -c 1 -M do -s 1448 10.99.0.2
fails ping -q -c 1 -W 1 -M do -s 1449 10.99.0.2

# It goes while it is used
peer ping -q -i 0.2 10.99.0.2
stop
fails /sbin/ip link show kgre0
wire_down
