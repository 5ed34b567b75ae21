# SPDX-License-Identifier: GPL-2.0
# memcached stores what it gets and gives it back.

peer memcached -u root -l 127.0.0.1 -p 11211 -U 0
listens tcp 11211

refused 'size=0: must be 1 to' size=0

for size in 1 1447 100000 900000; do
	start size=$size
	becomes done 1
	expect result 0
	expect steps 4
	stop
done
