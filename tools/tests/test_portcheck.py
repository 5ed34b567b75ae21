# SPDX-License-Identifier: GPL-2.0
"""portcheck on sources with traps, with places to look at, with C++."""
import json
import unittest

from helpers import KEXTS, SOURCES, folder_of, tool
from kextlib.offered import TOP


def report(folder):
    done = tool("portcheck", folder, "--json")
    return done.returncode, json.loads(done.stdout)


def used(found):
    return {name: places for use in found["uses"] for name, places in use["names"].items()}


def missing(found):
    return {entry["name"]: entry for entry in found["missing"]["names"]}


class Portcheck(unittest.TestCase):
    def test_not_fooled(self):
        status, found = report(SOURCES / "tricky")
        self.assertEqual(used(found), {"printf": ["tricky.c:24"], "sock_close": ["tricky.c:42"],
                                       "sock_retain": ["tricky.c:68"]})
        self.assertEqual((found["ready"], found["sites"], status), (3, 3, 0))
        self.assertEqual(found["looks"], [])

    def test_every_kind_of_look(self):
        _, found = report(SOURCES / "looks")
        looks = [(look["kind"], look["place"]) for look in found["looks"]]
        for kind, line in (("errno table", 6), ("errno table", 7), ("errno table", 8), ("errno table", 21),
                           ("private structure", 11), ("private structure", 18), ("negative error", 20),
                           ("two labels", 32), ("floating point", 17), ("assembler", 35), ("block", 36),
                           ("floating point", 37)):
            self.assertIn((kind, f"looks.c:{line}"), looks)
        wrong = {26, 28} & {int(place.split(":")[1]) for _, place in looks}
        self.assertFalse(wrong, "labels of two switches, and an array indexed by a counter, are no look")

    def test_private_header(self):
        _, found = report(SOURCES / "looks")
        header = next(entry for entry in found["missing"]["headers"] if entry["name"] == "netinet/tcp_var.h")
        self.assertEqual(header["places"], ["looks.c:4"])
        self.assertIn("struct socket", header["advice"])

    def test_cplusplus_is_not_ready(self):
        status, found = report(SOURCES / "cplusplus")
        self.assertEqual(status, 1)
        self.assertEqual(used(found), {"mbuf_free": ["logic.c:6"]})
        self.assertEqual(missing(found)["mbuf_freem"]["places"], ["Driver.cpp:14"])
        self.assertIn("socket filters", missing(found)["sflt_attach"]["advice"])
        self.assertEqual((found["ready"], found["sites"]), (1, 5))
        self.assertEqual({out["path"] for out in found["left_out"]}, {"Driver.cpp", "fast.s"})
        self.assertNotIn("registerService", missing(found), "a method of C++ is none of our names")

    def test_text_says_the_same(self):
        done = tool("portcheck", SOURCES / "cplusplus")
        self.assertIn("mbuf_freem (1 site: Driver.cpp:14)", done.stdout)
        self.assertTrue(done.stdout.endswith("1 of 5 call sites are ready\n"), done.stdout)

    def test_own_functions_do_not_count(self):
        folder = folder_of(self, {"a.c": '#include "b.h"\nint f(void) { return mine(1) + MINE(2) + nobody(3); }\n',
                                  "b.h": "#define MINE(x) (x)\n", "c.c": "int mine(int x) { return x; }\n"})
        status, found = report(folder)
        self.assertEqual((list(missing(found)), found["sites"], status), (["nobody"], 1, 1))

    def test_samples_are_ready(self):
        for folder in sorted(KEXTS.iterdir()):
            with self.subTest(folder.name):
                status, found = report(folder)
                self.assertEqual((found["ready"], status), (found["sites"], 0), found["missing"])

    def test_demo_and_porting_suite_are_ready(self):
        folders = [TOP / "module", *(path for path in (TOP / "kexts").glob("*") if path.is_dir())]
        for folder in folders:
            with self.subTest(folder.name):
                status, found = report(folder)
                self.assertEqual((found["ready"], status), (found["sites"], 0), found["missing"])

    def test_bad_folders(self):
        for folder in ("/nonexistent", folder_of(self, {"readme": "no sources"})):
            done = tool("portcheck", folder)
            self.assertEqual(done.returncode, 2)
            self.assertTrue(done.stdout.startswith("portcheck: "), done.stdout)

    def test_strange_bytes(self):
        folder = folder_of(self, {"a.c": "void f(void) { printf(\"x\"); }\n"})
        (folder / "b.c").write_bytes(b"/* \xff\xfe */ int g(void) { return '\x00\"; }\n#if\n#define\n#include\n{{{(((")
        status, found = report(folder)
        self.assertEqual((found["sites"], status), (1, 0))
