# SPDX-License-Identifier: GPL-2.0
# ping and socat, IPv4 and IPv6; a file of 2 MB arrives as it was.

peer socat -u TCP-LISTEN:7131,fork OPEN:got,creat,append
listens tcp 7131
peer socat -u UDP-RECV:7132 /dev/null
listens udp 7132
start

ping -c 3 127.0.0.1
expect icmp_in 6
expect icmp_out 6
ping -6 -c 2 ::1
expect icmp_in 10
for i in 1 2 3 4 5; do
	echo $i | socat -u - UDP:127.0.0.1:7132
done
expect udp_out 5
expect udp_in 5
head -c 2000000 /dev/urandom >sent
socat -u - TCP:127.0.0.1:7131 <sent
until_true cmp sent got
at_least tcp_out 10
at_least bytes_out 2000000
at_least bytes_in 2000000
stop
