# SPDX-License-Identifier: GPL-2.0
# rsyslog writes a file of what it gets by UDP and TCP.

cat >rsyslog.conf <<END
module(load="imudp")
module(load="imtcp")
input(type="imudp" address="127.0.0.1" port="514")
input(type="imtcp" address="127.0.0.1" port="514")
template(name="plain" type="string" string="%syslogfacility-text%.%syslogseverity-text% %msg%\n")
*.* action(type="omfile" file="/tmp/work/messages" template="plain")
END
peer rsyslogd -n -f rsyslog.conf -i /tmp/work/pid -M "$(echo "$peers"/usr/lib/*-linux-gnu/rsyslog)"
listens udp 514
listens tcp 514

all_there() {
	[ "$(grep -c "local3.notice *line .* of $1\$" messages)" = "$1" ]
}

refused 'server=localhost: not an IPv4 address' server=localhost
refused 'port=-1: not a port' port=-1

start lines=20
becomes done 1
expect sent 20
until_true all_there 20
stop

start lines=30 tcp=1
becomes done 1
expect sent 30
until_true all_there 30
stop
