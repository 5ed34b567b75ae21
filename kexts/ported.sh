#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs the ported kexts against real servers and clients: each
# folder's run.sh starts the peer, loads the kext and judges. A line per kext.
# Arguments: names of some of them.
#
# needs: socat python3 curl ip tc tcpdump ping iperf3
# files: kexts
# programs: kexts/arbiter/arbiterd/main.c kexts/iplog/iplogd/main.c kexts/vault/vaultctl/main.c
# packages: nginx-light rsyslog chrony rpcbind tftpd-hpa unbound memcached finger fingerd xl2tpd diod iputils-ping
# deadline: 1800

kexts=${KEXTS:-/mnt/files/kexts}
peers=${PEERS:-/mnt/files/peers}
modules=/mnt/modules
export kexts peers modules

# the servers are unpacked, not installed: they find their /etc, a /var/lib to write
# to, and a network besides the loopback
furnish() {
	mkdir /tmp/etc
	cp -a /etc/. /tmp/etc
	cp -a "$peers"/etc/. /tmp/etc
	echo '_rpc:x:990:65534::/:/bin/false' >>/tmp/etc/passwd
	mount -o bind /tmp/etc /etc
	mount -t tmpfs tmpfs /var/lib
	mkdir /var/lib/nginx
	/sbin/ip link add dummy0 type dummy
	/sbin/ip addr add 192.0.2.1/24 dev dummy0
	/sbin/ip link set dummy0 up
}

# prints the log only of a kext that fails
run_one() {
	rm -rf /tmp/work
	mkdir /tmp/work
	if (cd /tmp/work && exec sh -eu "$kexts/steps" "$1" >/tmp/log 2>&1); then
		echo "ok $2 - $1"
	else
		sed 's/^/# /' /tmp/log
		echo "not ok $2 - $1"
	fi
}

[ $# -gt 0 ] || set -- $(cd "$kexts" && ls -d */run.sh | sed 's,/run.sh,,')
echo "1..$#"
furnish
n=0
for name; do
	n=$((n + 1))
	run_one "$name" $n
done
umount /etc /var/lib
/sbin/ip link del dummy0
