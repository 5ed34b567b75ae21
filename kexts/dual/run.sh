# SPDX-License-Identifier: GPL-2.0
# The kext is client and server; socat is a client, too.

refused 'port=0: not a port' port=0

start port=7013
becomes done 1
expect result 0
[ "$(socat -u TCP4:127.0.0.1:7013 -)" = 'you are ::ffff:127.0.0.1, IPv4' ]
[ "$(socat -u TCP6:[::1]:7013 -)" = 'you are ::1, IPv6' ]
becomes served 5
stop
