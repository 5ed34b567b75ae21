# SPDX-License-Identifier: GPL-2.0
# socat sends 20 MB on three connections.

refused 'port=0: not a port' port=0
start port=7009

for i in 1 2 3; do
	head -c 7000000 /dev/zero | socat -u - TCP:127.0.0.1:7009
done
becomes served 3
becomes open 0
expect bytes 21000000

peer socat -u TCP:127.0.0.1:7009 OPEN:/dev/null		# is still there at the end
becomes open 1
stop
