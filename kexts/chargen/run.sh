# SPDX-License-Identifier: GPL-2.0
# socat stores what each connection sends; each must be the whole pattern.

awk 'BEGIN {
	for (n = 0; n < 20 * 8 * 95; n++) {
		line = ""
		for (i = 0; i < 72; i++)
			line = line sprintf("%c", 32 + (n + i) % 95)
		printf "%s\r\n", line
	}
}' >pattern
peer socat -u TCP-LISTEN:7019,fork,reuseaddr SYSTEM:'cat >got.$SOCAT_PEERPORT'
listens tcp 7019

refused 'streams=0: must be 1 to 64' streams=0

start port=7019 streams=4 chunks=20
becomes done 1
expect result 0
expect sent $((4 * $(wc -c <pattern)))
stop

for got in got.*; do
	cmp pattern $got
done
[ "$(ls got.* | wc -l)" = 4 ]

start port=7020			# nobody is there
becomes result 111
stop
