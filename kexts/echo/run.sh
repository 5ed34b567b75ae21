# SPDX-License-Identifier: GPL-2.0
# socat sends a file of 2 MB and some datagrams and gets them back.

refused 'port=65536: not a port' port=65536
start port=7007

head -c 2000000 /dev/urandom >sent
socat -t 10 - TCP:127.0.0.1:7007 <sent >back
cmp sent back
for i in 1 2 3; do
	echo "datagram $i" | socat -t 1 - UDP:127.0.0.1:7007 | grep "datagram $i"
done
becomes connections 1
becomes bytes 2000000
expect datagrams 3

peer socat -u TCP:127.0.0.1:7007 OPEN:/dev/null		# is still there at the end
becomes connections 2
stop
