# SPDX-License-Identifier: GPL-2.0
# One end has the filter: what comes there is not what was sent. Both ways it is again.

peer socat TCP-LISTEN:7083,reuseaddr,fork EXEC:'tee seen' 2>/dev/null
listens tcp 7083
start
echo plain text | socat -t 5 - TCP:127.0.0.1:7083 >back
grep 'plain text' back
fails grep 'plain text' seen
reaches changed 22
until_true sh -c 'echo 1 >/sys/module/port_cipher/parameters/stop'
echo plain text | socat -t 5 - TCP:127.0.0.1:7083 >back
grep 'plain text' seen
stop
