# SPDX-License-Identifier: GPL-2.0
"""The first five minutes: what goes wrong then is one line that says cause and cure."""
import io
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path
from unittest import mock

from helpers import TOOLS, folder_of

sys.path.insert(0, str(TOOLS / "guest"))
from lib import apt, base, parts, progress, stock  # noqa: E402

TOP = TOOLS.parent
MARK = b"~Module signature appended~\n"


def said_by(command, **environment):
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env={**os.environ, **environment})


class OneLine(unittest.TestCase):
    def one_line(self, done, text, status=1):
        self.assertIn(text, done.stdout)
        self.assertNotIn("Traceback", done.stdout)
        self.assertEqual(done.returncode, status, done.stdout)

    def test_cache_of_somebody_else(self):
        done = said_by([TOOLS / "guest" / "kernel", "deb-6.12"], NETKPI_CACHE="/sys/netkpi")
        self.one_line(done, "is not writable for you")

    def test_build_folder_of_somebody_else(self):
        done = said_by([TOOLS / "guest" / "demo"], BUILD="/sys/build")
        self.one_line(done, "is not writable for you")

    @unittest.skipIf(os.geteuid(), "only root can mount a small disk")
    def test_full_disk(self):
        small = folder_of(self, {})
        script = f"mount -t tmpfs -o size=64k tmpfs {small} && exec {TOOLS}/guest/demo"
        done = said_by(["unshare", "--mount", "sh", "-c", script], BUILD=str(small / "build"))
        self.assertNotIn("Traceback", done.stdout)
        self.assertRegex(done.stdout, "[Nn]o space left")
        self.assertEqual(done.returncode, 1)

    @unittest.skipIf(os.geteuid(), "only root can make a network namespace")
    def test_loopback_is_down(self):
        done = said_by(["unshare", "--net", TOOLS / "guest" / "demo"])
        self.one_line(done, "demo: the loopback interface is down; as root: ip link set lo up")

    def test_path_with_spaces(self):
        folder = folder_of(self, {"two words/x": ""}) / "two words"
        shutil.copy(TOP / "Makefile", folder)
        done = said_by(["make", "-C", folder, "help"], MAKEFLAGS="")
        self.one_line(done, "has a space in it", 2)

    def test_no_headers(self):
        done = said_by(["make", "-C", TOP, "KVER=6.1.0-0-nosuch"], MAKEFLAGS="")
        self.one_line(done, "No kernel headers for 6.1.0-0-nosuch", 2)
        self.assertNotIn("apt install linux-headers-6.1.0-0-nosuch", done.stdout)

    def test_wrong_calls(self):
        for name in ("install-modules", "install-tools", "dkms-install"):
            done = said_by([TOOLS / "pkg" / name, "--bogus"])
            self.one_line(done, f"{name}: no option --bogus", 2)
        self.one_line(said_by([TOOLS / "guest" / "setup", "nosuch"]), "setup: no group nosuch", 2)
        self.one_line(said_by([TOOLS / "guest" / "bareroot", "nosuch"]), "bareroot: no step nosuch", 2)

    def test_missing_package_names_the_suite(self):
        with mock.patch.object(apt, "codename", return_value="bookworm"):
            self.assertIn('add "bookworm-security" to the sources', str(apt.no_package("linux-headers-6.12-amd64")))


class Kvm(unittest.TestCase):
    def test_without_permission(self):
        with mock.patch.object(stock.os, "access", return_value=False), \
                mock.patch.object(stock.os.path, "exists", return_value=True):
            self.assertIn("not yours to use", stock.describe(None))

    def test_permission_is_not_remembered(self):
        cache = folder_of(self, {})
        with mock.patch.object(stock.os, "access", return_value=False), \
                mock.patch.object(stock, "cache_dir", return_value=cache):
            self.assertFalse(stock.kvm_works(None))
        self.assertEqual(list(cache.iterdir()), [])


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Progress(unittest.TestCase):
    def shown(self, stream, term="xterm"):
        with mock.patch.object(progress.sys, "stderr", stream), mock.patch.dict(os.environ, TERM=term):
            line = progress.Line("build", "for 6.12")
            line.started -= 60
            line.update("12 files", 0.25)
            line.end()
        return stream.getvalue()

    def test_stage_what_how_far_remaining(self):
        said = self.shown(Terminal())
        for words in ("build   for 6.12", "12 files", "1:00", "25%", "about 3:00 to go"):
            self.assertIn(words, said)

    def test_quiet_elsewhere(self):
        self.assertEqual(self.shown(io.StringIO()), "")
        self.assertEqual(self.shown(Terminal(), term="dumb"), "")

    def test_parts_tell_as_they_end(self):
        slow, quick = (parts.Part(name, ["sh", "-c", f"sleep {wait}"]) for name, wait in (("slow", 2), ("quick", 0)))
        self.assertEqual([result.part.name for result in parts.in_turn([slow, quick])], ["quick", "slow"])


class Sign(unittest.TestCase):
    """With a sign-file that appends a signature of 5 bytes, as the kernel's does one of 400."""

    def setUp(self):
        self.folder = folder_of(self, {"kernel/scripts/sign-file": SIGN_FILE, "a.ko": "module", "k": "", "c": ""})
        (self.folder / "kernel/scripts/sign-file").chmod(0o755)
        self.module = self.folder / "a.ko"

    def sign(self, *modules, **keys):
        return said_by([TOOLS / "pkg" / "sign", *modules], KDIR=str(self.folder / "kernel"),
                       **{name: str(self.folder / value) for name, value in keys.items()})

    def test_twice_is_once(self):
        for _ in range(2):
            done = self.sign(self.module, KEY="k", CERT="c")
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertEqual(self.module.read_bytes(), b"modulexxxxx" + bytes(8) + b"\0\0\0\5" + MARK)

    def test_packed(self):
        subprocess.run(["xz", self.module], check=True)
        packed = self.folder / "a.ko.xz"
        self.sign(packed, KEY="k", CERT="c")
        self.assertEqual(self.sign(packed, KEY="k", CERT="c").returncode, 0)
        plain = subprocess.run(["xz", "-dc", packed], stdout=subprocess.PIPE, check=True).stdout
        self.assertEqual(plain.count(MARK), 1)

    def test_key_that_is_not_there(self):
        done = self.sign(self.module, KEY="typo", CERT="c")
        self.assertEqual((done.returncode, self.module.read_text()), (1, "module"))
        self.assertIn("no such file", done.stdout)

    def test_key_without_certificate(self):
        self.assertNotEqual(self.sign(self.module, KEY="k").returncode, 0)
        self.assertEqual(self.module.read_text(), "module")


SIGN_FILE = """#!/bin/sh
printf 'xxxxx\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\005~Module signature appended~\\n' >>"$4"
"""


class Sources(unittest.TestCase):
    """What tools/pkg/sources leaves behind is what git ignores, and nothing that git keeps."""

    def test_nothing_tracked_counts_as_built(self):
        if not (TOP / ".git").exists():
            self.skipTest("no git checkout")
        built = said_by([TOOLS / "pkg" / "sources", "--built"]).stdout.split()
        tracked = subprocess.run(["git", "ls-files"], cwd=TOP, stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertEqual(set(built) & {f"./{path}" for path in tracked.splitlines()}, set())

    def test_leftovers_stay_behind(self):
        target = folder_of(self, {})
        left = TOP / "kpi" / "leftover.ko"
        left.touch()
        self.addCleanup(left.unlink)
        subprocess.run([TOOLS / "pkg" / "sources", target, "kpi"], check=True)
        self.assertTrue((target / "kpi" / "Kbuild").exists())
        self.assertFalse((target / "kpi" / "leftover.ko").exists())


if __name__ == "__main__":
    unittest.main()
