# SPDX-License-Identifier: GPL-2.0
# The kext tests itself when it starts.

refused 'packets=0: must be 1 to' packets=0

start
expect done 1
expect failed 0
at_least checks 1000
stop
