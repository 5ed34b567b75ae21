#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Sockets of kexts against other people's programs: nginx, curl, socat, iperf3;
# over IPv4, IPv6, AF_UNIX, and between two namespaces whose link loses, delays,
# doubles and reorders packets. Contents are compared by checksum, both ways.
# STRESS=1 in the environment: hundreds of megabytes.
#
# needs: curl socat ip tc
# packages: nginx-light iperf3
# files: tests/scripts/socket.inc
# deadline: 900

. /mnt/files/socket.inc
cd /tmp || exit 1

plan 38

megabyte=1048576
big=$((megabyte * 8))
[ -z "$STRESS" ] || big=$((megabyte * 200))
small=$((big / 4))

mkdir www
random $big >www/big
random $small >www/small
cat >nginx.conf <<'CONF'
daemon off;
pid /tmp/nginx.pid;
error_log /tmp/nginx.log;
events { }
http {
	access_log off;
	client_body_temp_path /tmp/nginx.body;
	proxy_temp_path /tmp/nginx.proxy;
	fastcgi_temp_path /tmp/nginx.fastcgi;
	uwsgi_temp_path /tmp/nginx.uwsgi;
	scgi_temp_path /tmp/nginx.scgi;
	sendfile on;
	server { listen 80; listen [::]:80; listen unix:/tmp/nginx.sock; root /tmp/www; }
}
CONF

# The pattern that idiom_serve answers with, as often as it takes.
i=0
while [ $i -lt 65536 ]; do
	printf '\\%o' $(((i * 7 + i / 256) % 256))
	i=$((i + 1))
done >pattern.octal
printf "$(cat pattern.octal)" >pattern
pattern() { while cat pattern; do :; done 2>/dev/null | head -c "$1"; }

# fetch NAME FILE PARAMETER...: a kext gets a file by HTTP, and got what is there
fetch() {
	what=$1
	file=$2
	shift 2
	start idiom_drain path="/$file" "$@"
	settles now idiom_drain ended 1 || settles now idiom_drain ended 1
	set -- $(crc <"www/$file")
	check "$what" is idiom_drain ended 1 result 0 crc "$1" bytes "$2"
	check "$what: stop" stop idiom_drain
}

nginx -e /tmp/nginx.log -p /tmp -c /tmp/nginx.conf &
nginx=$!
settles listening 80
# nginx sends the file's own pages, and the kext writes to what it gets.
before=$(crc <www/big)
fetch "nginx over IPv4" big to=127.0.0.1 port=80 scribble=1
fetch "nginx over IPv6" big to=::1 port=80 scribble=1
fetch "nginx over AF_UNIX" big to=/tmp/nginx.sock scribble=1
check "sendfile: the file is as it was" [ "$(crc <www/big)" = "$before" ]

# A kext serves curl.
start idiom_serve mode=http port=8080 on=::
for to in 127.0.0.1 '[::1]'; do
	curl -s -o got "http://$to:8080/$big"
	check "curl gets, $to" [ "$(pattern $big | crc)" = "$(crc <got)" ]
	before=$(param idiom_serve in_bytes)
	curl -s -T www/small -H 'Expect:' "http://$to:8080/put"
	check "curl puts, $to: all of it" is idiom_serve in_bytes $((before + small))
done
check "curl: connections end" settles now idiom_serve alive 0 failed 0 accepted 4
check "curl: stop" stop idiom_serve
start idiom_serve mode=http port=8080
curl -s -T www/big -H 'Expect:' http://127.0.0.1:8080/put
set -- $(crc <www/big)
check "curl puts: content" is idiom_serve in_bytes "$2" in_crc "$1"
settles now idiom_serve alive 0
check "curl puts: stop" stop idiom_serve

# Echo servers for socat.
start idiom_serve mode=echo port=8081
socat -t 20 - TCP:127.0.0.1:8081 <www/small >got
check "socat echoes over TCP" cmp got www/small
head -c 20000 www/small >bytes
socat -b 1 -t 20 - TCP:127.0.0.1:8081,nodelay <bytes >got
check "socat echoes single bytes" cmp got bytes
settles now idiom_serve alive 0
check "socat over TCP: stop" stop idiom_serve
start idiom_serve mode=echo on=/tmp/echo.sock
socat -t 20 - UNIX-CONNECT:/tmp/echo.sock <www/small >got
check "socat echoes over AF_UNIX" cmp got www/small
settles now idiom_serve alive 0
check "socat over AF_UNIX: stop" stop idiom_serve
start idiom_serve udp=1 port=8082
same=0
for size in 1 100 1400 1473 9000 40000 65507; do
	head -c $size www/small >datagram
	socat -b 70000 -T 1 -t 1 - UDP4:127.0.0.1:8082 <datagram >got
	cmp got datagram || same=1
done
result $same "socat echoes datagrams"
check "socat over UDP: none failed" is idiom_serve failed 0
check "socat over UDP: stop" stop idiom_serve

# A sink and a source of iperf3.
for reverse in 0 1; do
	iperf3 -s -1 -p 5201 -J >iperf.json &
	settles listening 5201
	start idiom_iperf total=$big reverse=$reverse
	check "iperf3, reverse=$reverse" settles now idiom_iperf ended 1 result 0
	check "iperf3, reverse=$reverse: all bytes" at_least idiom_iperf bytes $big
	check "iperf3, reverse=$reverse: stop" stop idiom_iperf
	wait $!
done

# Between namespaces, over a bad link. A kext's sockets live where it was loaded.
ip netns add far
ip link add near0 type veth peer name far0 netns far
ip addr add 192.0.2.1/24 dev near0
ip -6 addr add 2001:db8::1/64 dev near0 nodad
ip link set near0 up
ip netns exec far ip link set lo up
ip netns exec far ip addr add 192.0.2.2/24 dev far0
ip netns exec far ip -6 addr add 2001:db8::2/64 dev far0 nodad
ip netns exec far ip link set far0 up
netem="delay 2ms 1ms loss 1% duplicate 1% reorder 10% 50%"
tc qdisc add dev near0 root netem $netem
ip netns exec far tc qdisc add dev far0 root netem $netem

fetch_far() {
	what=$1
	shift
	ip netns exec far insmod /mnt/modules/idiom_drain.ko path=/small "$@"
	settles now idiom_drain ended 1 || settles now idiom_drain ended 1 ||
		settles now idiom_drain ended 1
	set -- $(crc <www/small)
	check "$what" is idiom_drain result 0 crc "$1" bytes "$2"
	check "$what: stop" stop idiom_drain
}

fetch_far "nginx over a bad link" to=192.0.2.1 port=80
fetch_far "nginx over a bad link, IPv6" to=2001:db8::1 port=80
ip netns exec far insmod /mnt/modules/idiom_serve.ko mode=http port=8080
curl -s -T www/small -H 'Expect:' http://192.0.2.2:8080/put
set -- $(crc <www/small)
check "curl puts over a bad link" is idiom_serve in_bytes "$2" in_crc "$1"
curl -s -o got "http://192.0.2.2:8080/$small"
check "curl gets over a bad link" [ "$(pattern $small | crc)" = "$(crc <got)" ]
settles now idiom_serve alive 0
check "curl over a bad link: stop" stop idiom_serve

# The namespace stays as long as a socket lives in it, and goes with it.
ip netns exec far insmod /mnt/modules/idiom_leaky.ko port=7011
ip netns del far
check "a namespace outlives its name" [ -d /sys/module/idiom_leaky ]
check "a namespace goes with its sockets" stop idiom_leaky
ip link del near0 2>/dev/null

end $nginx
exit 0
