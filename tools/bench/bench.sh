#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest: the module's init runs the whole bench and logs it.

echo 1..1
if insmod /mnt/modules/netkpi_bench.ko $(cat /mnt/files/parameters) && rmmod netkpi_bench; then
	echo ok 1 - bench
else
	echo not ok 1 - bench
fi
