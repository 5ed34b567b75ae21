# SPDX-License-Identifier: GPL-2.0
"""What of kextload, kextunload and kextstat can be tried without a kernel module."""
import os
import shutil
import subprocess
import unittest

from helpers import TOOLS, folder_of, tool

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

    def test_absent(self):
        done = self.stat("hello", "nosuch")
        self.assertEqual(done.returncode, 1)
        self.assertIn("kextstat: no kext nosuch", done.stdout)

    def test_no_table(self):
        done = tool("kextstat", KEXTSTAT_TABLE="/nonexistent")
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stdout.startswith("kextstat: "), done.stdout)


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
