# SPDX-License-Identifier: GPL-2.0
# A daemon that answers four questions per connection and then hangs up; it starts
# after the kext.

cat >daemon <<'END'
n=0
while [ $n -lt 4 ] && read -r uid; do
	getent passwd "$uid" | cut -d: -f1 | grep . || echo nobody
	n=$((n + 1))
done
END

refused 'path=idmap: must be absolute' path=idmap
refused 'ids=0: must be 1 to' ids=0

start path=/tmp/work/idmap ids=10
sleep 0.3
peer socat UNIX-LISTEN:/tmp/work/idmap,fork EXEC:'sh daemon'
becomes done 1
expect result 0
expect asked 10
expect cached 10
at_least reconnects 2
logged 'uid 0 is root'
stop

start path=/tmp/work/nobody-there
sleep 0.3
stop
