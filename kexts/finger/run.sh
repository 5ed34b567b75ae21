# SPDX-License-Identifier: GPL-2.0
# in.fingerd looks up root in the guest's /etc/passwd.

peer socat TCP-LISTEN:79,bind=127.0.0.1,fork,reuseaddr \
	EXEC:"in.fingerd -p $peers/usr/bin/finger",nofork
listens tcp 79

refused 'server=: not an IPv4 address' server=

start user=root
becomes done 1
expect result 0
logged 'finger: Login: root'
stop

start port=78			# nobody is there
becomes done 1
expect result 111
stop
