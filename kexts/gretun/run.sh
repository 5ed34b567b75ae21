# SPDX-License-Identifier: GPL-2.0
# The other end of the tunnel is Linux's own GRE, in another namespace.

. "$here/../wire.inc"
wire_up
netns /sbin/ip link add tun1 type gre local 203.0.113.2 remote 203.0.113.1
netns /sbin/ip addr add 10.99.0.2/24 dev tun1
netns /sbin/ip -6 addr add fd99::2/64 dev tun1 nodad
netns /sbin/ip -6 addr add fd9a::2/128 dev lo nodad
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

at_least addresses 1

# IPv6 through it, by a router behind it, too
/sbin/ip -6 addr add fd99::1/64 dev kgre0 nodad
/sbin/ip -6 route add fd9a::/64 via fd99::2 dev kgre0
ping -6 -q -c 3 -i 0.2 fd99::2
ping -6 -q -c 3 -i 0.2 fd9a::2
reaches addresses 2

# TCP through it, and packets that fill it: checksums that the other end leaves to a device
# that the wire has not are filled in on the way.
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

# One that forgets all when it stops is named, and the interface goes: whoever captures there, or
# waits for packets, is told, and nothing of the kext is called any more.
start local=203.0.113.1 remote=203.0.113.2 leave=1
/sbin/ip addr add 10.99.0.1/24 dev kgre0
/sbin/ip link set kgre0 up
ping -q -c 1 10.99.0.2
fails /sbin/ip link set kgre0 netns wire
capture kgre0 interrupted
python3 -c '
import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x800))
s.bind(("kgre0", 0x800))
print("bound", flush=True)
while True:
    try:
        s.recv(2000)
    except OSError as error:
        print(error, flush=True)
        break' >bound &
all_peers="$! $all_peers"
until_true grep bound bound
peer ping -q -i 0.05 10.99.0.2
echo 1 >"$parameters/stop"
logged "port_gretun left 1 interfaces behind"
logged "port_gretun left [0-9] registered callbacks behind"
logged "port_gretun left 1 sockets behind"
fails /sbin/ip link show kgre0
until_true grep "Network is down" bound
until_true grep "interface disappeared\|went down" interrupted.err
rmmod port_gretun
wire_down
