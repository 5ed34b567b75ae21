# SPDX-License-Identifier: GPL-2.0
"""How the bench reads a guest's log, and what its gate lets pass."""
import contextlib
import io
import sys
import types
import unittest
from unittest import mock

from helpers import TOOLS, folder_of

sys.path[:0] = [str(TOOLS / "guest"), str(TOOLS / "bench")]
from meter import cases, counts		# noqa: E402

PLAN = "[ 1.0] bench: plan A 64 0 cost\n[ 1.0] bench: plan B 2048 4 throughput\n"
METER = types.SimpleNamespace(name="icount")


def log(kext=1000, native=1000, end="[ 2.0] bench: done\n"):
    return PLAN + 3 * f"[ 1.5] bench: A 64 0 {kext} {native} 10\n" + 3 * "[ 1.6] bench: B 2048 4 500 1000 10\n" + end


class Reading(unittest.TestCase):
    def test_rounds(self):
        a, b = cases.read(log(1100))
        self.assertEqual((a.key, a.kind, a.median(), a.each()), (("A", 64, 0), "cost", 1.1, 110))
        self.assertEqual((b.median(), b.spread()), (2.0, 0))

    def test_a_guest_that_stalls_says_so(self):
        a, b = cases.read(PLAN + "[ 1.5] bench: A 64 0 1 1 1\n")
        self.assertEqual((a.why, a.failed), ("", False))
        self.assertEqual((b.why, b.failed), ("the guest did not get so far", True))

    def test_what_is_not_there_is_no_failure(self):
        a, b = cases.read(PLAN + "[ 1.5] bench: A 64 0 not measured: this relay does not run here\n"
                                 "[ 1.6] bench: B 2048 4 failed: the kext's side: a call failed\n")
        self.assertEqual((a.why, a.failed), ("this relay does not run here", False))
        self.assertTrue(b.failed)

    def test_one_stray_round_does_not_widen_the_interval(self):
        (a,) = cases.read("bench: plan A 1 0 cost\n" + "".join(
            f"bench: A 1 0 {ns} 100 1\n" for ns in (500, 100, 101, 99, 100, 100, 101, 99, 20)))
        self.assertEqual(a.interval(), (0.99, 1.01))

    def test_a_profile_belongs_to_the_round_after_it(self):
        a, b = cases.read(PLAN + "bench: profile kext memcpy 7\nbench: profile native memcpy 9\n"
                                 "bench: A 64 0 1 1 1\nbench: B 2048 4 1 1 1\n")
        self.assertEqual(a.profile, {"kext": [("memcpy", 7)], "native": [("memcpy", 9)]})
        self.assertEqual(b.profile["kext"], [])


class Gate(unittest.TestCase):
    def setUp(self):
        self.table = mock.patch.object(counts, "FILE", folder_of(self, {}) / "counts.tsv")
        self.table.start()
        self.addCleanup(self.table.stop)
        counts.update(METER, cases.read(log()))

    def gate(self, text, whole=True):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            good = counts.gate(METER, cases.read(text), whole)
        return good, said.getvalue()

    def test_the_same(self):
        self.assertEqual(self.gate(log()), (True, "2 passed, 0 failed, 0 skipped\n"))

    def test_two_per_cent_are_let_pass(self):
        self.assertTrue(self.gate(log(1019))[0])
        good, said = self.gate(log(1021))
        self.assertFalse(good)
        self.assertIn("worse: A", said)

    def test_what_moves_both_sides_is_let_pass(self):
        self.assertTrue(self.gate(log(1500, 1500))[0])

    def test_an_improvement_is_told(self):
        good, said = self.gate(log(900))
        self.assertTrue(good)
        self.assertIn("better: A", said)
        self.assertIn("--update", said)

    def test_a_row_that_is_gone(self):
        one = "bench: plan B 2048 4 throughput\n" + 3 * "bench: B 2048 4 500 1000 10\n"
        self.assertFalse(self.gate(one)[0])
        self.assertTrue(self.gate(one, whole=False)[0])

    def test_a_row_that_was_not_measured(self):
        self.assertFalse(self.gate(PLAN + 3 * "bench: B 2048 4 500 1000 10\n")[0])

    def test_nothing_measured_is_no_success(self):
        self.assertFalse(self.gate("", whole=False)[0])

    def test_a_row_that_spreads_is_not_kept(self):
        counts.update(METER, cases.read(log(end="bench: A 64 0 2000 1000 10\nbench: A 64 0 3000 1000 10\n")))
        self.assertEqual([key[1] for key in counts.read()], ["B"])

    def test_part_of_an_update_leaves_the_rest(self):
        one = "bench: plan A 64 0 cost\n" + 3 * "bench: A 64 0 700 1000 10\n"
        counts.update(METER, cases.read(one), whole=False)
        self.assertEqual({key[1]: values[0] for key, values in counts.read().items()}, {"A": 0.7, "B": 0.5})


if __name__ == "__main__":
    unittest.main()
