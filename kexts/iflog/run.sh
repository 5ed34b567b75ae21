# SPDX-License-Identifier: GPL-2.0
# ping and tcpdump over a veth pair, with a filter that counts, then one that keeps each
# frame for a moment; in a bridge, with a VLAN and a rule of tc beside it.

. "$here/../wire.inc"
wire_up

refused 'interface=nonesuch0: there is none' interface=nonesuch0

start interface=wire0
/sbin/ip neigh flush dev wire0
capture wire0 captured
ping -q -c 3 -i 0.2 203.0.113.2
at_least out 3
at_least in 3
at_least arp 1
expect again 0
captured captured 6 "ICMP echo"
stop

# Each frame is kept, and goes on once: three answers, no duplicates, captured once.
start interface=wire0 swallow=1
capture wire0 kept
ping -c 3 -i 0.2 203.0.113.2 >answers
grep '3 received' answers
fails grep DUP answers
at_least again 6
captured kept 6 "ICMP echo"
/sbin/ip link set wire0 mtu 1400
reaches events 1

# TCP, with what it makes of segments
netns python3 -c '
import socket
s = socket.create_server(("203.0.113.2", 7007))
c, _ = s.accept()
n = 0
while True:
    b = c.recv(65536)
    if not b: break
    n += len(b)
print(n)' >received &
all_peers=$!
until_true netns sh -c 'cat /proc/net/tcp | grep ":1B5F .* 0A "'
head -c 1000000 /dev/urandom | timeout 60 socat -u - TCP:203.0.113.2:7007
until_true grep 1000000 received

# Frames of a VLAN are none of its business
seen=$(value in)
/sbin/ip link add link wire0 name wire0.5 type vlan id 5
/sbin/ip addr add 198.51.100.1/24 dev wire0.5
/sbin/ip link set wire0.5 up
netns /sbin/ip link add link wire1 name wire1.5 type vlan id 5
netns /sbin/ip addr add 198.51.100.2/24 dev wire1.5
netns /sbin/ip link set wire1.5 up
ping -q -c 2 -i 0.2 198.51.100.2
[ "$(value in)" -le $((seen + 2)) ]
/sbin/ip link del wire0.5

# What tc drops is not seen
/sbin/tc qdisc add dev wire0 clsact
/sbin/tc filter add dev wire0 ingress protocol ip matchall action drop
seen=$(value in)
fails ping -q -c 2 -W 1 -i 0.2 203.0.113.2
[ "$(value in)" -le $((seen + 2)) ]
/sbin/tc qdisc del dev wire0 clsact
ping -q -c 1 203.0.113.2
stop

# A port of a bridge: its rx_handler goes on, behind the filter
/sbin/ip link add br0 type bridge
/sbin/ip addr flush dev wire0
/sbin/ip link set wire0 master br0
/sbin/ip addr add 203.0.113.1/24 dev br0
/sbin/ip link set br0 up
start interface=wire0 swallow=1
until_true ping -q -c 1 -W 1 203.0.113.2
at_least again 2

# The device goes with the filter on it
/sbin/ip link del wire0
becomes detached 1
stop
/sbin/ip link del br0
wire_down
