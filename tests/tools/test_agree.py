# SPDX-License-Identifier: GPL-2.0
"""portcheck, which reads, and make kext, which compiles, say the same of every folder."""
import json
import re
import unittest

from helpers import KEXTS, SOURCES, have_headers, tool
from kextlib import build, offered, project
from kextlib.offered import TOP
from kextlib.tree import Tree

ROUTINES = {"broken": ["START=broken_start", "STOP=broken_stop"], "variables": ["START=attach_pump", "STOP=detach_pump"],
            "looks": ["START=no_such_routine"], "tricky": ["START=no_such_routine"], "cplusplus": ["START=no_such_routine"]}
TITLES = {"Headers that netkpi does not offer": "headers", "Functions and names that netkpi does not offer": "names",
          "Not offered either, and worse": "names"}


def reading(folder):
    found = json.loads(tool("portcheck", folder, "--json").stdout)
    in_c = [entry for entry in found["missing"]["names"] if not all(place.split(":")[0].endswith((".cpp", ".mm")) for place in entry["places"])]
    return {entry["name"] for entry in found["missing"]["headers"]}, {entry["name"] for entry in in_c}


def compiling(said):
    """The names under each title of make kext's list."""
    found, title = {"headers": set(), "names": set()}, None
    for line in said.splitlines():
        if not line.startswith(" "):
            title = next((kind for start, kind in TITLES.items() if line.startswith(start)), None)
        elif title:
            found[title].add(re.match(r"\s*(\S+)", line)[1])
    return found["headers"], found["names"]


@unittest.skipUnless(have_headers(), "no kernel headers on this machine")
class Agree(unittest.TestCase):
    """make kext also names types and constants, which portcheck does not count."""

    def test_on_the_samples(self):
        for folder in sorted([*KEXTS.iterdir(), *SOURCES.iterdir()]):
            with self.subTest(folder.name):
                headers, names = reading(folder)
                said = tool("kext-build", folder, *ROUTINES.get(folder.name, [])).stdout
                compiled_headers, compiled_names = compiling(said)
                self.assertEqual(headers, compiled_headers, said)
                self.assertLessEqual(names, compiled_names, said)
                if not headers and not names and folder.parent == KEXTS:
                    self.assertIn("built for", said)

    def test_on_the_porting_suite(self):
        """All of it in one go of kbuild: nothing is missing where nothing was read to be missing."""
        kernel = build.kernel_from()
        with build.lock(build.build_folder(kernel)):
            layer = build.build_layer(kernel)
            tree = Tree(TOP / "kexts", offered.Offered())
            done = build.Mirror(tree, build.build_folder(kernel) / "porting").make(kernel, layer, arguments=[f"KPI_TOP={layer}"])
        self.assertEqual(done.returncode, 0, build.tail(done.stdout))
        for folder in (path for path in (TOP / "kexts").iterdir() if (path / "Kbuild").exists()):
            self.assertEqual(reading(folder), (set(), set()), folder.name)
