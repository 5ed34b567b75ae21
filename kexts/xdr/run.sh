# SPDX-License-Identifier: GPL-2.0
# The kext tests itself when it starts.

refused 'rounds=0: must be 1 to' rounds=0

start
expect done 1
expect failed 0
at_least checks 1000
stop
