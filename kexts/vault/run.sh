# SPDX-License-Identifier: GPL-2.0
# Bytes go into a kext by a stream control, and come back, faster than they are read.

vault=/mnt/files/vaultctl

start limit=4000000
head -c 3000000 /dev/urandom >in
$vault put <in
expect kept 3000000
[ "$($vault status)" = "3000000 $(crc in)" ]
$vault get >out
cmp in out
$vault get | { sleep 0.3; cat >out; }
cmp in out
at_least waits 1

# too much; only one program at a time; one that goes in the middle
fails $vault put <in 2>said
grep 'No space left' said
$vault empty
expect kept 0
$vault put <in
$vault get | head -c 100000 >out
mkfifo hold
$vault put <hold &
exec 5>hold
until_true sh -c "! $vault status 2>said && grep 'Device or resource busy' said"
exec 5>&-
wait $!
until_true $vault status
$vault empty
stop
