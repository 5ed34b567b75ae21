# SPDX-License-Identifier: GPL-2.0
# The peer answers, is stopped, and goes on.

udp_echo 7007

refused 'interval=0: must be 1 to' interval=0

start port=7007 interval=100 misses=5
becomes alive 1
reaches answers 5
kill -STOP $peer
becomes alive 0
kill -CONT $peer
becomes alive 1
expect changes 3
at_least rtt_us 1
stop
