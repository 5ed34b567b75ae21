# SPDX-License-Identifier: GPL-2.0
# Datagrams from socat; what sysctl says about them.

sysctl=/proc/sys/kext/net/portstats

shows() {
	[ "$(cat $sysctl/$1)" = "$2" ] || { echo "$1 is $(cat $sysctl/$1), not $2"; return 1; }
}

send() {
	head -c $1 /dev/zero | socat -u - UDP:127.0.0.1:7014,sourceport=7114
}

refused 'port=0: not a port' port=0
start

shows packets 0
shows limit 65535
send 10
send 100
send 120
until_true shows packets 3
shows bytes 230
shows sizes '32:1 128:2'
shows last 127.0.0.1:7114

echo 50 >$sysctl/limit
shows limit 50
send 51
send 50
until_true shows packets 4
shows refused 1
fails sh -c "echo 70000 >$sysctl/limit"
fails sh -c "echo x >$sysctl/limit"
shows limit 50
fails sh -c "echo 1 >$sysctl/packets"

echo 1 >$sysctl/reset
shows packets 0
shows last ''
stop
fails [ -e $sysctl ]
