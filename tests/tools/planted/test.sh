#!/bin/sh
# Runs in the guest: makes each fault once; the one for lockdep first, which rests after KASAN's report.

echo "1..1"
kextunload planted
for plant in 4 3 2 1; do
	kextload $KEXT_FILES plant=$plant && kextunload planted
done
kextload $KEXT_FILES && echo "ok 1 - all four are made"
