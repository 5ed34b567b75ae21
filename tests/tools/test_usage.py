# SPDX-License-Identifier: GPL-2.0
"""Every command says how it is called, and what was wrong with a call."""
import os
import subprocess
import sys
import unittest

from helpers import TOOLS, tool
from kextlib import guest	# noqa: F401 (knows where lib is)
from lib import plan

ONE_SCREEN = 60


def commands():
    """What people type: every program below tools, and two elsewhere."""
    found = [*TOOLS.rglob("*"), *(TOOLS / name for name in BESIDE)]
    names = sorted({os.path.relpath(path, TOOLS) for path in found
                    if path.is_file() and os.access(path, os.X_OK)})
    return [name for name in names if name not in NOT_TYPED]


BESIDE = ("../tests/check-tools", "../.ci/run")
# what other programs call, or a guest
NOT_TYPED = {"guest/inside/init", "pkg/no-headers", "pkg/sources", "pkg/version"}
WRONG_CALLS = (
    "guest/run -f nosuch", "guest/run -k nosuch", "guest/run -k sock_option -k nosuch.U1", "guest/run nosuch",
    "guest/run nosuch.ko", "guest/run --with /nosuch", "guest/run --deadline 0", "guest/run -n ../nosuch",
    "guest/run -n ..", "guest/kernel nosuch", "guest/kernel deb-6.12 nosuch", "guest/build nosuch",
    "guest/matrix nosuch", "guest/matrix uml-6.12 nosuch", "guest/stress nosuch", "guest/demo nosuch",
    "guest/demo uml-6.12", "guest/coverage nosuch", "guest/check nosuch", "guest/ported nosuch", "guest/ported /",
    "guest/style nosuch", "guest/selftest nosuch", "guest/setup nosuch", "guest/bareroot nosuch",
    "mutants/mutate nosuch", "mutants/mutate mbuf nosuch", "mutants/mutate --jobs 0", "vectors/replay nosuch",
    "vectors/replay -f nosuch", "bench/compare --meter nosuch", "bench/compare --rounds 0",
    "../tests/check-tools nosuch", "headers-check nosuch", "../.ci/run nosuch",
)


class Usage(unittest.TestCase):
    def test_commands_are_found(self):
        self.assertLessEqual({"scenarios", "headers-check", "kextload", "guest/selftest", "guest/style",
                              "guest/run", "guest/setup", "guest/bareroot", "bench/compare", "mutants/mutate",
                              "vectors/replay", "pkg/sign", *BESIDE}, set(commands()))

    def test_what_is_not_typed_is_there(self):
        for name in NOT_TYPED:
            self.assertTrue(os.access(TOOLS / name, os.X_OK), name)

    def test_help(self):
        for name in commands():
            with self.subTest(name):
                done = tool(name, "--help")
                self.assertEqual(done.returncode, 0, done.stdout)
                self.assertIn("usage", done.stdout)
                self.assertLessEqual(len(done.stdout.splitlines()), ONE_SCREEN)

    def test_wrong_option(self):
        for name in commands():
            with self.subTest(name):
                done = tool(name, "--nosuch")
                self.assertEqual(done.returncode, 2, done.stdout)
                said = done.stdout.splitlines()
                if said[0].startswith("usage:"):	# argparse repeats how to call it
                    self.assertIn("error:", said[-1])
                else:
                    self.assertEqual(len(said), 1, done.stdout)
                    self.assertIn("--nosuch", said[0])

    def test_what_does_not_exist(self):
        """One line before anything is built: the kernels' cache could not even be made here."""
        for call in WRONG_CALLS:
            with self.subTest(call):
                done = tool(*call.split(), NETKPI_CACHE="/dev/null/cache", BUILD="/dev/null/build")
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertNotIn("Traceback", done.stdout)
                said = done.stdout.splitlines()
                self.assertEqual(len(said), 1 if not said[0].startswith("usage:") else len(said), done.stdout)
                self.assertIn(call.split()[-1], said[-1])

    def test_patterns_that_the_project_uses(self):
        self.assertEqual(plan.check_names(["sock_*", "mbuf_[!v]*", "sock_upcall.U2*", "ported"]), None)

    def test_a_fault_of_the_command_itself(self):
        code = "import sys; sys.path.insert(0, sys.argv[1]); from lib.base import command_line; command_line(lambda: {}[1])"
        done = subprocess.run([sys.executable, "-c", code, TOOLS / "guest"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        self.assertEqual((done.returncode, len(done.stdout.splitlines())), (1, 1), done.stdout)
        self.assertIn("KeyError", done.stdout)
