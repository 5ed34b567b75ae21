# SPDX-License-Identifier: GPL-2.0
# diod exports a folder.

mkdir export
seq 1 200000 >export/large
: >export/empty
peer diod -f -n -N -L stderr -l 127.0.0.1:5640 -e /tmp/work/export
listens tcp 5640

refused 'file=a/b: must be one name' file=a/b

for file in large empty; do
	start port=5640 export=/tmp/work/export file=$file
	becomes done 1
	expect result 0
	expect bytes "$(wc -c <export/$file)"
	expect crc "$(crc export/$file)"
	stop
done

start port=5640 export=/tmp/work/export file=missing
becomes done 1
expect result 2
stop
