# SPDX-License-Identifier: GPL-2.0
"""What make install puts in place, used from there by somebody who may not write there."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from helpers import KEXTS, TOOLS, have_headers
from kextlib import build

COMMANDS = {"sbin": ("kextload", "kextunload", "kextstat"), "bin": ("portcheck", "mkkext", "kext-build", "kext-ci")}
NOBODY = 65534


@unittest.skipUnless(os.geteuid() == 0, "only root can be somebody else")
class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        os.chmod(cls.folder.name, 0o755)
        cls.root = Path(cls.folder.name, "root", "usr", "local")
        cls.home = Path(cls.folder.name, "home")
        cls.install()
        shutil.copytree(KEXTS / "flat", cls.home / "flat")
        for path in (cls.home, *cls.home.rglob("*")):
            os.chown(path, NOBODY, NOBODY)

    @classmethod
    def install(cls, *options):
        subprocess.run([TOOLS / "pkg" / "install-tools", *options], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "DESTDIR": str(cls.root.parents[1])})

    def listing(self):
        return sorted((str(path), path.lstat().st_mtime_ns) for path in self.root.rglob("*"))

    def somebody(self, command, *arguments):
        """Runs an installed command; nothing but what is below the home may be written."""
        before = self.listing()
        place = next(folder for folder, names in COMMANDS.items() if command in names)
        clean = {name: value for name, value in os.environ.items() if name not in build.NOT_FOR_KBUILD}
        done = subprocess.run([self.root / place / command, *arguments], cwd=self.home, user=NOBODY, group=NOBODY, extra_groups=[],
                              env={**clean, "HOME": str(self.home)}, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(self.listing(), before)
        self.assertNotIn("Traceback", done.stdout)
        return done

    def test_every_command_says_how_it_is_called(self):
        for command in sum(COMMANDS.values(), ()):
            with self.subTest(command):
                done = self.somebody(command, "--help")
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_portcheck(self):
        done = self.somebody("portcheck", "flat")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_mkkext(self):
        done = self.somebody("mkkext", "fresh")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue((self.home / "fresh" / "Kbuild").exists())

    @unittest.skipUnless(have_headers(), "no kernel headers")
    def test_kext_build(self):
        done = self.somebody("kext-build", "flat")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue(list((self.home / "build").rglob("flat.ko")), done.stdout)

    def test_no_leftovers_and_no_tests(self):
        share = self.root / "share" / "netkpi"
        self.assertEqual([path for path in share.rglob("*") if path.suffix in (".o", ".ko", ".cmd", ".pyc")], [])
        self.assertEqual(list(share.rglob("test_*.py")), [])
        pages = {path.name for path in (TOOLS / "pkg" / "man").iterdir()}
        self.assertEqual({path.name for path in (self.root / "share" / "man").rglob("*.[178]")}, pages)

    def test_removed(self):
        self.install("--remove")
        self.addCleanup(self.install)
        self.assertFalse(self.root.exists(), self.listing())
