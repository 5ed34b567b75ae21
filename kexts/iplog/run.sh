# SPDX-License-Identifier: GPL-2.0
# A daemon, written for macOS, prints the packets that the kext's IP filter has seen.

daemon=/mnt/files/iplogd

said() {
	grep "$1" log
}

# nobody answers, so that there is no ICMP to say that nobody wants the answer
peer socat -u UDP-RECV:7116 /dev/null
listens udp 7116
start
$daemon -c | grep 'sent 0 dropped 0 readers 1'

# pings: an entry for each of four packets, of one protocol only
$daemon 4 1 >log &
logger=$!
until_true said logging
echo x | socat -u - UDP:127.0.0.1:7116
ping -c 1 -s 100 127.0.0.1
wait $logger
[ "$(said '^out 1 127.0.0.1 > 127.0.0.1 length 128$' | wc -l)" = 2 ]
[ "$(said '^in 1 127.0.0.1 > 127.0.0.1 length 128$' | wc -l)" = 2 ]
fails said '^out 17'

# a daemon that is stopped loses some, and is told how many
$daemon 1000 17 >log &
logger=$!
until_true said logging
kill -STOP $logger
head -c 50000 /dev/zero | socat -u -b 100 - UDP:127.0.0.1:7116
reaches dropped 1
kill -CONT $logger
echo x | socat -u - UDP:127.0.0.1:7116
until_true said '([0-9]* lost)'

# with a daemon the kext stays; without, it goes
fails sh -c "echo 1 >$parameters/stop" 2>/dev/null
logged "control org.netkpi.port.iplog stays: unit [0-9]* is in use by iplogd"
kill $logger
wait $logger || :
until_true sh -c "echo 1 >$parameters/stop"
stop
