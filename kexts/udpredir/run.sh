# SPDX-License-Identifier: GPL-2.0
# A program talks to an address of a network where nobody is, and gets answers.

udp_echo 7153
refused 'udpredir: not an IPv4 address' to=here

# talk TEXT: by a connected socket, so that answers from elsewhere do not count
talk() {
	python3 - "$1" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("192.0.2.7", 5353))
s.settimeout(2)
s.send(sys.argv[1].encode())
print(s.recv(65536).decode())
END
}

fails talk nobody
start
talk hello | grep '^hello$'
expect there 1
expect back 1
long=$(head -c 1200 /dev/zero | tr '\0' x)
talk "$long" | grep "^$long\$"
expect back 2
stop
fails talk nobody
