# SPDX-License-Identifier: GPL-2.0
# chrony serves the guest's own time: the offset must be next to nothing.

cat >chrony.conf <<END
local stratum 5
allow 127.0.0.0/8
bindaddress 127.0.0.1
bindcmdaddress /
cmdport 0
pidfile /tmp/work/pid
END
peer chronyd -x -d -u root -f /tmp/work/chrony.conf
listens udp 123

refused 'port=70000: not a port' port=70000

start
becomes done 1
expect result 0
expect samples 4
expect stratum 5
[ "$(value offset_us | tr -d -)" -lt 20000 ]
at_least delay_us 0
stop

start port=124		# nobody is there
sleep 0.3
stop
