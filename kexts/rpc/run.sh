# SPDX-License-Identifier: GPL-2.0
# rpcbind, which sleeps at first: so requests over UDP have to be repeated.

mkdir -p /run/rpcbind
peer rpcbind -f
listens udp 111
listens tcp 111

refused 'port=0: not a port' port=0

kill -STOP $peer
start
reaches retransmits 2
kill -CONT $peer
becomes done 1
expect result 0
expect udp_calls 3
expect tcp_calls 3
expect mappings "$(rpcinfo -p 127.0.0.1 | grep -c 100000)"
stop

kill -STOP $peer
start
reaches retransmits 1
stop
