# SPDX-License-Identifier: GPL-2.0
"""Every command says how it is called, and what was wrong with a call."""
import os
import unittest

from helpers import TOOLS, tool

ONE_SCREEN = 60


def commands():
    """What people type: programs in tools and tools/guest, those beside them, and what make install calls."""
    found = [*TOOLS.glob("*"), *TOOLS.glob("guest/*"), *(TOOLS / name for name in BESIDE)]
    names = sorted({os.path.relpath(path, TOOLS) for path in found
                    if path.is_file() and os.access(path, os.X_OK)})
    return [name for name in names if name not in ELSEWHERE]


BESIDE = ("bench/compare", "mutants/mutate", "vectors/replay", "../tests/check-tools", "pkg/dkms-install",
          "pkg/install-modules", "pkg/install-tools", "pkg/sign")
# makes a root; its arguments are steps
ELSEWHERE = {"guest/bareroot"}


class Usage(unittest.TestCase):
    def test_commands_are_found(self):
        self.assertLessEqual({"scenarios", "headers-check", "kextload", "guest/selftest", "guest/style",
                              "guest/run", "guest/setup", *BESIDE}, set(commands()))

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

    def test_too_much(self):
        for name in ("guest/style", "guest/selftest"):
            done = tool(name, "nosuch")
            self.assertEqual((done.returncode, len(done.stdout.splitlines())), (2, 1), done.stdout)
