# SPDX-License-Identifier: GPL-2.0
# The peer is a program that copies frames between datagrams and a veth pair of another
# namespace.

. "$here/../wire.inc"
wire_up
netns /sbin/ip link add far0 type veth peer name far1
netns /sbin/ip addr add 10.98.0.2/24 dev far0
netns /sbin/ip link set far0 mtu 1400 up
netns /sbin/ip link set far1 mtu 1400 up
peer /sbin/ip netns exec wire python3 -c '
import select, socket
frames = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
frames.bind(("far1", 0))
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
wire.bind(("203.0.113.2", 7009))
wire.connect(("203.0.113.1", 7008))
while True:
    for s in select.select([frames, wire], [], [])[0]:
        try:
            if s is wire:
                frames.send(wire.recv(65535))
            else:
                data, address = frames.recvfrom(65535)
                if address[2] != socket.PACKET_OUTGOING:
                    wire.send(data)
        except OSError:
            pass'

start peer=203.0.113.2
/sbin/ip link show utap0 | grep '02:74:61:70:30:01'
/sbin/ip addr add 10.98.0.1/24 dev utap0
/sbin/ip link set utap0 up
capture utap0 frames
until_true ping -q -c 1 -W 1 10.98.0.2
ping -c 5 -i 0.2 -s 100 10.98.0.2 >answers
grep '5 received' answers
fails grep DUP answers
captured frames 10 "ICMP echo.*length 108"
/sbin/ip neigh show dev utap0 | grep 10.98.0.2
[ "$(cat /sys/class/net/utap0/statistics/tx_packets)" -ge 6 ]
[ "$(cat /sys/class/net/utap0/statistics/rx_packets)" -ge 6 ]

# In a bridge, as any other Ethernet device; and not to be moved to where macOS has no stack
/sbin/ip link add br0 type bridge
/sbin/ip addr flush dev utap0
/sbin/ip link set utap0 master br0
/sbin/ip addr add 10.98.0.1/24 dev br0
/sbin/ip link set br0 up
until_true ping -q -c 1 -W 1 10.98.0.2
/sbin/ip link del br0
fails /sbin/ip link set utap0 netns wire

# A second one finds the name taken
fails insmod "$modules/$kext.ko"
stop
fails /sbin/ip link show utap0
wire_down
