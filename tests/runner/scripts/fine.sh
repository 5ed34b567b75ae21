# SPDX-License-Identifier: GPL-2.0
echo "1..2"
echo "ok 1 - one"
echo "ok 2 - two # SKIP not today"
