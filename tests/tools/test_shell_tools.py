# SPDX-License-Identifier: GPL-2.0
"""What of kextload, kextunload and kextstat can be tried without a kernel module."""
import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path

from helpers import KEXTS, TOOLS, folder_of, tool

TABLE = ("index\tname\tidentifier\tversion\tstate\tsize\tsockets\tmbufs\trunning upcalls\tblocks of memory\tthreads\n"
         "1\thello\torg.example.hello\t1.2\trunning\t4096\t3\t17\t1\t5\t2\n"
         "2\tdemo\tdemo\t1.0\tstopped\t8192\t0\t0\t0\t0\t0\n"
         "3\told\t-\t-\tunloaded\t0\t0\t2\t0\t0\t0\n")


class Kextstat(unittest.TestCase):
    def stat(self, *arguments):
        table = folder_of(self, {"kexts": TABLE}) / "kexts"
        return tool("kextstat", *arguments, KEXTSTAT_TABLE=str(table))

    def test_table(self):
        rows = [line.split() for line in self.stat().stdout.splitlines()]
        self.assertEqual(rows[0][:4], ["Index", "Size", "State", "Sockets"])
        self.assertEqual(rows[1], ["1", "4096", "running", "3", "17", "1", "5", "2", "hello", "org.example.hello", "(1.2)"])
        self.assertEqual(rows[2][-2:], ["demo", "(1.0)"])
        self.assertEqual(len(rows), 4)

    def test_chosen(self):
        for name in ("hello", "org.example.hello"):
            self.assertEqual(len(self.stat(name).stdout.splitlines()), 2)

    def test_all(self):
        self.assertIn("blocks of memory       5", self.stat("-a", "hello").stdout)

    def test_json(self):
        found = json.loads(self.stat("--json").stdout)
        self.assertEqual([kext["name"] for kext in found], ["hello", "demo", "old"])
        self.assertEqual((found[0]["version"], found[0]["size"], found[0]["blocks of memory"]), ("1.2", 4096, 5))
        self.assertEqual(json.loads(self.stat("--json", "-b", "org.example.hello").stdout), found[:1])
        self.assertEqual(json.loads(self.stat("--json", "nosuch").stdout.splitlines()[0]), [])

    def test_absent(self):
        done = self.stat("hello", "nosuch")
        self.assertEqual(done.returncode, 1)
        self.assertIn("kextstat: no kext nosuch", done.stdout)

    def test_no_table(self):
        done = tool("kextstat", KEXTSTAT_TABLE="/nonexistent")
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stdout.startswith("kextstat: "), done.stdout)


class Kextload(unittest.TestCase):
    """With a list of modules of our own in place of the machine's."""

    def modules(self):
        return folder_of(self, {"modules.dep": "kernel/net/sctp-x.ko.xz: kernel/lib/crc.ko\nupdates/my-kext.ko:\n",
                                "modules.alias": "alias kext:org.example.mine my_kext\n", "updates/my-kext.ko": "vermagic=0.0 SMP\0"})

    def test_what_is_installed(self):
        modules = self.modules()
        for arguments, pattern in ((["-n", "my_kext"], "my_kext is built for Linux 0.0"),
                                   (["-n", "-b", "org.example.mine"], "my_kext is built for Linux 0.0"),
                                   (["-n", "-b", "org.example.other"], "no installed kext has the identifier"),
                                   (["-n", "kext"], "no module kext here or in"), (["-n", "sctp"], "no module sctp")):
            done = tool("kextload", *arguments, KEXT_MODULES=str(modules))
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(pattern, done.stdout)

    def test_a_path_with_spaces(self):
        folder = folder_of(self, {"two words/my-kext.ko": "vermagic=0.0 SMP\0"})
        done = tool("kextload", "-n", folder / "two words" / "my-kext.ko")
        self.assertIn("my_kext is built for Linux 0.0", done.stdout)


WRONG_CALLS = [
    ("kextload", ()), ("kextload", ("x=1",)), ("kextload", ("--bogus",)), ("kextload", ("a", "x=1", "b")), ("kextload", ("-b",)),
    ("kextunload", ()), ("kextunload", ("--bogus",)), ("kextunload", ("a", "x=1")), ("kextunload", ("-b",)),
    ("kextload", ("",)), ("kextunload", ("",)), ("portcheck", ("",)), ("kext-build", ("",)), ("mkkext", ("--wrap", "")),
    ("scenarios", ("/nonexistent",)), ("../tests/check-tools", ("nosuch",)),
    ("kext-build", (KEXTS / "flat", f"TEST={KEXTS}", "RUN=1")), ("kext-build", (KEXTS / "flat", "RUN=1", "KVER=9.9.9")),
    ("kext-build", (KEXTS / "flat", "GUEST=deb-6.12", "KDIR=/nonexistent")), ("kext-build", (KEXTS / "flat", "BUILD=/dev/null/x")),
    ("kextstat", ("--bogus",)), ("kextstat", ("-b",)),
    ("portcheck", ("/nonexistent",)), ("portcheck", (KEXTS / "flat", "--files", "none.c")), ("portcheck", (KEXTS / "flat", "--defs=-O2")),
    ("kext-build", ()), ("kext-build", ("/nonexistent",)), ("kext-build", (KEXTS / "flat", KEXTS / "own")),
    ("kext-build", (KEXTS / "flat", "--bogus")), ("kext-build", (KEXTS / "flat", "STARTS=x")),
    ("kext-build", (KEXTS / "flat", "KVER=9.9.9")), ("kext-build", (KEXTS / "flat", "KDIR=/nonexistent")),
    ("kext-build", (KEXTS / "flat", "SECONDS=soon")), ("kext-build", (KEXTS / "flat", "TEST=/nonexistent", "RUN=1")),
    ("kext-build", (KEXTS / "flat", "GUEST=nosuch", "RUN=1")), ("kext-build", (KEXTS / "flat", "PEER=true")),
    ("kext-build", (KEXTS / "flat", "KEXT=netkpi")), ("kext-build", (KEXTS / "flat", "PARAMS='")),
    ("kext-build", (KEXTS / "flat", "PARAMS=1=2")), ("kext-build", (KEXTS / "flat", "FILES=none.c")),
    ("kext-build", (KEXTS / "flat", "DEFS=-O2")), ("kext-build", (KEXTS / "own", "DEFS=-DX")),
    ("mkkext", ()), ("mkkext", ("netkpi",)), ("mkkext", ("--wrap", "/nonexistent")), ("mkkext", ("--wrap", KEXTS / "variables")),
    ("headers-check", ("/nonexistent/cc",)),
]


class WrongCalls(unittest.TestCase):
    def test_one_line_and_status_2(self):
        for name, arguments in WRONG_CALLS:
            with self.subTest(f"{name} {' '.join(map(str, arguments))}"):
                done = tool(name, *arguments)
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertNotIn("Traceback", done.stdout)
                said = done.stdout.strip().splitlines()
                self.assertTrue(said[-1].startswith(f"{Path(name).name}: "), done.stdout)


class AllThree(unittest.TestCase):
    def test_help(self):
        for name in ("kextload", "kextunload", "kextstat"):
            done = tool(name, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertTrue(done.stdout.startswith(f"usage: {name}"), done.stdout)

    def test_posix(self):
        for shell in ("dash", "busybox"):
            if not shutil.which(shell):
                continue
            for name in ("kextload", "kextunload", "kextstat"):
                command = [shell, *(["sh"] if shell == "busybox" else []), "-n", TOOLS / name]
                self.assertEqual(subprocess.run(command).returncode, 0, (shell, name))

    @unittest.skipIf(os.geteuid(), "only root gets that far")
    def test_what_is_not_there(self):
        self.assertIn("no module nosuch_kext", tool("kextload", "nosuch_kext").stdout)
        self.assertIn("nosuch_kext is not loaded", tool("kextunload", "nosuch-kext.ko").stdout)
