# SPDX-License-Identifier: GPL-2.0
# socat sends text and gets it back as the other end has seen it.

peer socat TCP-LISTEN:7141,fork,reuseaddr EXEC:cat
listens tcp 7141
refused 'redact: the word has 1 to 64 letters' word=

start word=secret
echo "a secret, and another secret" | socat -t 5 - TCP:127.0.0.1:7141 | grep '^a \*\*\*\*\*\*, and another \*\*\*\*\*\*$'
expect replaced 2

i=0
while [ $i -lt 200 ]; do
	echo "line $i of a text without that word" >>text
	i=$((i + 1))
done
socat -t 5 - TCP:127.0.0.1:7141 <text >back
cmp text back
expect replaced 2
stop
