# SPDX-License-Identifier: GPL-2.0
# A daemon decides, for each TCP connection that comes in, whether it may.

daemon=/mnt/files/arbiterd

serve() {
	peer socat "TCP-LISTEN:$1,fork,reuseaddr" EXEC:'echo served'
	listens tcp "$1"
}

# get PORT: what is served there, within a second
get() {
	socat -u "TCP:127.0.0.1:$1,connect-timeout=1" - 2>/dev/null
}

serve 7120
serve 7121
serve 1
start patience=300
[ "$(get 7121)" = served ]		# nobody to ask

$daemon 7120 >log &
decider=$!
until_true grep deciding log
[ "$(get 7120)" = served ]
expect allowed 1
fails get 7121
grep '^port 7120: yes$' log
grep '^port 7121: no$' log
at_least denied 1
expect late 0

# no answer in time
fails get 1
reaches late 1

# a daemon that dies holds nothing up
kill -STOP $decider
get 7121 >served &
waits=$!
sleep 0.1
kill -KILL $decider
wait $decider || :
wait $waits
[ "$(cat served)" = served ]
[ "$(get 7121)" = served ]
until_true sh -c "echo 1 >$parameters/stop"
stop
