# SPDX-License-Identifier: GPL-2.0
# Programs wait in connect() for what a daemon decides.

daemon=/mnt/files/arbiterd

serve() {
	peer socat "TCP-LISTEN:$1,fork,reuseaddr" EXEC:'echo served'
	listens tcp "$1"
}

get() {
	socat -u "TCP:127.0.0.1:$1" - 2>said
}

serve 7122
serve 7123
start patience=300
[ "$(get 7123)" = served ]		# nobody to ask

$daemon 7122 >log &
decider=$!
until_true grep deciding log
[ "$(get 7122)" = served ]
expect allowed 1
fails get 7123
grep 'Operation not permitted' said
expect denied 1
fails get 1				# no answer in time
expect late 1

# a daemon that dies holds nobody up
echo 60000 >"$parameters/patience"
kill -STOP $decider
get 7123 >served &
waits=$!
sleep 0.2
kill -KILL $decider
wait $decider || :
wait $waits
[ "$(cat served)" = served ]
until_true sh -c "echo 1 >$parameters/stop"
stop
