#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# In the guest: replays the vector files in /mnt/files/vectors. Prints TAP, one
# test for each file, with the module's report as comments before it.
# deadline: 1800

door=/sys/kernel/debug/netkpi_vectors

set -- /mnt/files/vectors/*.txt
[ -f "$1" ] || { echo "1..0 # no vector files"; exit 1; }
insmod /mnt/modules/netkpi_vectors.ko || exit 1

echo "1..$#"
n=0
for file; do
	n=$((n + 1))
	name=${file##*/}
	report=/tmp/report
	exec 4<>$door && cat "$file" >&4 && cat <&4 >$report || echo "FAIL $name was not replayed" >$report
	exec 4>&-
	sed "s/^/# /" $report
	echo "# FILE $name: $(tail -n 2 $report | tr '\n' ' ')"
	case $(tail -n 1 $report) in
	*" passed, 0 failed, "*) echo "ok $n - $name" ;;
	*) echo "not ok $n - $name" ;;
	esac
done

rmmod netkpi_vectors
