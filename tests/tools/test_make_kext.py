# SPDX-License-Identifier: GPL-2.0
"""What kext-build documents, through "make kext", where names of the Makefile could be in the way."""
import os
import re
import subprocess
import unittest

from helpers import KEXTS, TOOLS, folder_of
from kextlib import build

# a wrong value of each variable, and the complaint that shows that it has arrived
COMPLAINTS = {
    "KEXT": ("netkpi", "the layer itself has that name"),
    "START": ("nosuch", "START=nosuch"),
    "STOP": ("nosuch", "STOP=nosuch"),
    "FILES": ("none.c", "FILES=none.c"),
    "DEFS": ("-O2", "DEFS=-O2"),
    "KVER": ("9.9.9", "no kernel headers for 9.9.9"),
    "KDIR": ("/nonexistent", "no kernel tree in /nonexistent"),
    "RUN": ("1", "GUEST=nosuch"),
    "PARAMS": ("1=2", "PARAMS=1=2"),
    "GUEST": ("nosuch", "GUEST=nosuch: no such kernel; there are uml-6.12-debug"),
    "PEER": ("true", "PEER= is for RUN=1"),
    "TEST": ("/nonexistent", "TEST=/nonexistent"),
    "LIMIT": ("soon", "LIMIT=soon"),
    "SECONDS": ("soon", "SECONDS=soon"),
    "NETKPI": ("lockdep=0", "NETKPI= is for RUN=1"),
    "BUILD": ("/dev/null/x", "/dev/null"),
}


class ThroughMake(unittest.TestCase):
    def make(self, folder, in_environment=(), **variables):
        clean = {key: value for key, value in os.environ.items() if key not in build.NOT_FOR_KBUILD}
        words = [f"{name}={value}" for name, value in variables.items() if name not in in_environment]
        clean |= {name: value for name, value in variables.items() if name in in_environment}
        return subprocess.run(["make", "-s", "-C", TOOLS.parent, "kext", *words, f"SRC={folder}"], env=clean,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def test_every_variable_that_is_documented(self):
        documented = set(re.findall(r"\b([A-Z]{3,})=", (TOOLS / "kext-build").read_text().split('"""')[1]))
        self.assertEqual(documented - {"NAME", "NETKPI_CACHE"}, COMPLAINTS.keys())

    def test_arrives(self):
        for name, (value, complaint) in COMPLAINTS.items():
            more = {"GUEST": "nosuch"} if name == "RUN" else {}
            for in_environment in ((), tuple(COMPLAINTS)):
                with self.subTest(name, in_environment=bool(in_environment)):
                    done = self.make(KEXTS / "flat", in_environment, **{name: value}, **more)
                    self.assertIn(complaint, done.stdout)
                    self.assertEqual(done.returncode, 2, done.stdout)
                    self.assertNotIn("Traceback", done.stdout)

    def test_a_folder_with_a_space_and_a_quote(self):
        folder = folder_of(self, {"it's here/a.c": "int a;\n"}) / "it's here"
        self.assertIn("FILES=b.c: no such C file", self.make(folder, FILES="b.c").stdout)

    def test_no_folder(self):
        self.assertIn("which folder?", self.make("").stdout)
