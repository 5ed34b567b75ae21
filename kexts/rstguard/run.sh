# SPDX-License-Identifier: GPL-2.0
# A script in the middle sees a connection and sends a reset in the name of one end.

# injected: what becomes of the connection, "alive" or "reset"
injected() {
	python3 - <<'END'
import socket, struct
see = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x800))
see.bind(("lo", 0))
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
port = listener.getsockname()[1]
server.sendall(b"one")
client.recv(3)
while True:				# the server's own segment tells where it is
    packet = see.recv(2000)
    tcp = packet[20:]
    if packet[9] == 6 and struct.unpack("!H", tcp[:2])[0] == port and packet[-3:] == b"one":
        break
sport, dport, seq, ack = struct.unpack("!HHII", tcp[:12])
head = struct.pack("!HHIIBBHHH", sport, dport, seq + 3, ack, 5 << 4, 0x14, 0, 0, 0)
local = socket.inet_aton("127.0.0.1")
pseudo = local + local + struct.pack("!BBH", 0, 6, 20) + head
total = sum(struct.unpack("!16H", pseudo))
while total >> 16:
    total = (total & 0xffff) + (total >> 16)
head = head[:16] + struct.pack("!H", ~total & 0xffff) + head[18:]
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 6)
raw.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 13)
raw.sendto(head, ("127.0.0.1", 0))
try:
    server.sendall(b"two")
    client.settimeout(5)
    print("alive" if client.recv(3) == b"two" else "reset")
except ConnectionError:
    print("reset")
END
}

injected | grep reset
start
injected | grep alive
expect forged 1
logged 'rstguard: forged reset, time to live 13 instead of 64'

# real ones pass: nobody listens
fails socat -u - TCP:127.0.0.1:9 </dev/null
at_least kept 1
expect forged 1
stop
