# SPDX-License-Identifier: GPL-2.0
# Programs talk over a veth pair while frames are looked at; nothing changes for them.

. "$here/../wire.inc"
wire_up
start
at_least interfaces 2			# dummy0 and wire0
/sbin/ip -d link show wire0 | grep -i 'promiscuity [1-9]'

ping -c 3 -i 0.2 203.0.113.2 | grep '3 received'
at_least frames 6
peer /sbin/ip netns exec wire python3 -c '
import socket
s = socket.create_server(("203.0.113.2", 7007))
while True:
    c, _ = s.accept()
    while b := c.recv(65536):
        c.send(b)
    c.close()'
until_true netns sh -c 'cat /proc/net/tcp | grep ":1B5F .* 0A "'
head -c 2000000 /dev/urandom >sent
socat -t 10 - TCP:203.0.113.2:7007 <sent >back
cmp sent back
at_least syns 1
becomes kept 64

python3 -c '
import socket
query = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03com\x00\x00\x01\x00\x01"
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(query, ("203.0.113.2", 53))'
becomes queries 1
expect last_query example.com
stop
/sbin/ip -d link show wire0 | grep -i 'promiscuity 0'
wire_down
