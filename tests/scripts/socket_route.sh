#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Datagrams of a kext, which the layer hands to IP by itself: IPsec has its say, and an
# interface may go while they are on their way out.
# STRESS=1 in the environment: more often.
#
# needs: ip python3
# files: tests/scripts/socket.inc
# deadline: 600

. /mnt/files/socket.inc
cd /tmp || exit 1

plan 21

far() { ip netns exec far "$@"; }

# A pair of interfaces between here and there.
link() {
	ip link add near0 type veth peer name far0 netns far
	ip addr add 192.0.2.1/24 dev near0
	ip -6 addr add 2001:db8::1/64 dev near0 nodad
	ip link set near0 up
	far ip addr add 192.0.2.2/24 dev far0
	far ip -6 addr add 2001:db8::2/64 dev far0 nodad
	far ip link set far0 up
}

# One state and one policy, here; there the policy is the other way round.
esp() {
	for where in "" far; do
		way=out
		[ -z "$where" ] || way=in
		$where ip xfrm state add src $1 dst $2 proto esp spi $3 mode transport \
			auth 'hmac(md5)' 0x00112233445566778899aabbccddeeff \
			enc 'cbc(aes)' 0x00112233445566778899aabbccddeeff &&
		$where ip xfrm policy add src $1 dst $2 proto udp dir $way \
			tmpl src $1 dst $2 proto esp mode transport || return 1
	done
}

# Nothing may go from here to there any more.
block() { ip xfrm policy add src $1 dst $2 proto udp dir out action block; }
unblock() { ip xfrm policy delete src $1 dst $2 proto udp dir out; }
EPERM=1
refused() {
	settles at_least idiom_datagrams failed $(($(param idiom_datagrams failed) + 20)) &&
	is idiom_datagrams result $EPERM
}

# seen: the next twenty packets by the wire: how many are UDP, and how many ESP
cat >seen.py <<'END'
import socket, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
s.bind(("far0", 3))
end = time.monotonic() + 20
udp = esp = 0
while udp + esp < 20 and time.monotonic() < end:
    s.settimeout(max(end - time.monotonic(), 0.01))
    try:
        packet, where = s.recvfrom(2000)
    except OSError:
        break
    if where[2] == 4 or len(packet) < 40:
        continue
    protocol = packet[9] if packet[0] >> 4 == 4 else packet[6]
    udp += protocol == 17
    esp += protocol == 50
print(udp, esp)
END
seen() { far python3 seen.py; }

only_udp() { seen | awk '{ print "# " $0; exit !($1 == 20 && $2 == 0) }'; }
only_esp() { seen | awk '{ print "# " $0; exit !($1 == 0 && $2 == 20) }'; }

ip netns add far
far ip link set lo up
link

start idiom_datagrams to=192.0.2.2 pause=10
check "IPv4: in clear" only_udp
check "IPv4: a policy that blocks" block 192.0.2.1 192.0.2.2
check "IPv4: stops who is connected already" refused
unblock 192.0.2.1 192.0.2.2
check "IPv4: in clear again" only_udp
check "IPv4: a policy" esp 192.0.2.1 192.0.2.2 0x100
check "IPv4: holds for who is connected already" only_esp
check "IPv4: stop" stop idiom_datagrams
start idiom_datagrams to=192.0.2.2 pause=10
check "IPv4: and for who comes later" only_esp
check "IPv4: stop again" stop idiom_datagrams

start idiom_datagrams to=2001:db8::2 pause=10
check "IPv6: in clear" only_udp
check "IPv6: a policy that blocks" block 2001:db8::1 2001:db8::2
check "IPv6: stops who is connected already" refused
unblock 2001:db8::1 2001:db8::2
check "IPv6: in clear again" only_udp
check "IPv6: a policy" esp 2001:db8::1 2001:db8::2 0x101
check "IPv6: holds for who is connected already" only_esp
check "IPv6: stop" stop idiom_datagrams
start idiom_datagrams to=2001:db8::2 pause=10
check "IPv6: and for who comes later" only_esp
check "IPv6: stop again" stop idiom_datagrams
for where in "" far; do
	$where ip xfrm policy flush
	$where ip xfrm state flush
done

# The interface goes while one datagram follows the other.
rounds=6
[ -z "$STRESS" ] || rounds=100
goes() {
	i=0
	while [ $i -lt $rounds ]; do
		before=$(param idiom_datagrams sent)
		settles at_least idiom_datagrams sent $((before + 50)) || return 1
		ip link del near0
		link
		i=$((i + 1))
	done
}
for to in 192.0.2.2 2001:db8::2; do
	start idiom_datagrams to=$to
	check "the interface goes and comes, $to" goes
	stop idiom_datagrams
done

# Packets that wait for a neighbour's address go with the interface.
ip link del near0
ip netns del far
unused() { [ "$(cat /sys/module/netkpi/refcnt)" = 0 ]; }
check "no packet is left" settles unused
