# SPDX-License-Identifier: GPL-2.0
# tftpd sends files of no bytes, of less than a block, of whole blocks, of many.

mkdir -m 755 files
: >files/empty
seq 1 100 >files/short
head -c 2856 /dev/urandom >files/exact
seq 1 100000 >files/long
chmod 644 files/*
peer in.tftpd -L --retransmit 100000 --address 127.0.0.1:69 --user root --secure /tmp/work/files
listens udp 69

refused 'file=: no name' file=

for file in empty short exact long; do
	start file=$file
	becomes done 1
	expect result 0
	expect bytes "$(wc -c <files/$file)"
	expect crc "$(crc files/$file)"
	stop
done

start file=missing
becomes done 1
[ "$(value result)" != 0 ]
stop

# a path that loses every fifth packet
head -c 30000 files/long >files/medium
loses 20%
start file=medium
becomes done 1
has_lost
expect result 0
expect crc "$(crc files/medium)"
stop
