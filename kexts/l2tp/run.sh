# SPDX-License-Identifier: GPL-2.0
# xl2tpd agrees on a tunnel; another peer sends the packets back.

mkdir -p /run/xl2tpd
cat >xl2tpd.conf <<END
[global]
listen-addr = 127.0.0.1
port = 1701

[lns default]
ip range = 192.0.2.2-192.0.2.9
local ip = 192.0.2.1
END
peer xl2tpd -D -c /tmp/work/xl2tpd.conf -p /tmp/work/pid -C /tmp/work/control
listens udp 1701
udp_echo 7007

refused 'port=0 echo=7: not ports' port=0

start echo=7007 packets=300
becomes done 1
expect steps 4
[ "$(value peer_tunnel)" -gt 0 ]
expect returned 300
expect damaged 0
stop
