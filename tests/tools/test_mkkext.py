# SPDX-License-Identifier: GPL-2.0
"""mkkext: a new kext, and one around sources that are there."""
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from helpers import KEXTS, TOOLS, have_headers, tool


class Mkkext(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = Path(made.name)

    def mkkext(self, *arguments):
        return subprocess.run([TOOLS / "mkkext", *map(str, arguments)], cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)

    def test_new(self):
        done = self.mkkext("answerer")
        self.assertEqual(done.returncode, 0, done.stdout)
        files = {path.name for path in (self.folder / "answerer").iterdir()}
        self.assertEqual(files, {"answerer.c", "Kbuild", "Makefile", "README.md", "test.sh"})
        for path in (self.folder / "answerer").iterdir():
            self.assertNotRegex(path.read_text(), "@[A-Z]+@", f"a placeholder is left in {path.name}")
        self.assertEqual(tool("portcheck", self.folder / "answerer").returncode, 0)

    @unittest.skipUnless(have_headers(), "no kernel headers on this machine")
    def test_new_builds(self):
        self.mkkext("answerer")
        done = tool("kext-build", self.folder / "answerer")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_kind_control(self):
        done = self.mkkext("--kind", "control", "answerer")
        self.assertEqual(done.returncode, 0, done.stdout)
        files = {str(path.relative_to(self.folder / "answerer")) for path in (self.folder / "answerer").rglob("*") if path.is_file()}
        self.assertEqual(files, {"answerer.c", "answerer.h", "answererctl/main.c", "Kbuild", "Makefile", "README.md", "test.sh"})
        done = tool("portcheck", self.folder / "answerer")
        self.assertEqual(done.returncode, 0, done.stdout)
        done = subprocess.run(["gcc", "-Wall", "-Wextra", "-Werror", f"-I{TOOLS.parent}/kpi/include/user", "-o", "/dev/null",
                               self.folder / "answerer" / "answererctl" / "main.c"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    @unittest.skipUnless(have_headers(), "no kernel headers on this machine")
    def test_kind_control_builds(self):
        self.mkkext("--kind", "control", "answerer")
        done = tool("kext-build", self.folder / "answerer")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_other_kinds(self):
        for kind in ("interfacefilter", "interface", "socketfilter"):
            with self.subTest(kind):
                done = self.mkkext("--kind", kind, kind)
                self.assertEqual(done.returncode, 0, done.stdout)
                done = tool("portcheck", self.folder / kind)
                self.assertEqual(done.returncode, 0, done.stdout)

    @unittest.skipUnless(have_headers(), "no kernel headers on this machine")
    def test_other_kinds_build(self):
        for kind in ("interfacefilter", "interface", "socketfilter"):
            with self.subTest(kind):
                self.mkkext("--kind", kind, kind)
                done = tool("kext-build", self.folder / kind)
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_kind_ipfilter(self):
        done = self.mkkext("--kind", "ipfilter", "pinger")
        self.assertEqual(done.returncode, 0, done.stdout)
        files = {path.name for path in (self.folder / "pinger").iterdir()}
        self.assertEqual(files, {"pinger.c", "Kbuild", "Makefile", "README.md", "test.sh"})
        done = tool("portcheck", self.folder / "pinger")
        self.assertEqual(done.returncode, 0, done.stdout)

    @unittest.skipUnless(have_headers(), "no kernel headers on this machine")
    def test_kind_ipfilter_builds(self):
        self.mkkext("--kind", "ipfilter", "pinger")
        done = tool("kext-build", self.folder / "pinger")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_nothing_is_overwritten(self):
        self.mkkext("answerer")
        done = self.mkkext("answerer")
        self.assertEqual((done.returncode, done.stdout), (2, "mkkext: answerer is there already; give the kext another name\n"))

    def test_nothing_of_this_machine(self):
        self.mkkext("answerer")
        for path in (self.folder / "answerer").iterdir():
            self.assertNotIn(str(TOOLS.parent), path.read_text(), path.name)

    def test_make_without_tools(self):
        self.mkkext("answerer")
        done = subprocess.run(["make", "-C", self.folder / "answerer", "KEXT_BUILD=/nonexistent/kext-build"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        self.assertIn("make NETKPI=", done.stdout)

    def test_bad_names(self):
        for arguments in ((), ("two words",), ("../x",), ("9lives",), ("netkpi",)):
            self.assertEqual(self.mkkext(*arguments).returncode, 2, arguments)

    def test_wrap(self):
        shutil.copytree(KEXTS / "xcode", self.folder / "gauge")
        (self.folder / "gauge" / "Makefile").write_text("# theirs\n")
        done = self.mkkext("--wrap", "gauge")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("KEXT_START := bring_up_gauge\n", (self.folder / "gauge" / "Kbuild").read_text())
        self.assertEqual((self.folder / "gauge" / "Makefile").read_text(), "# theirs\n")

    @unittest.skipUnless(have_headers(), "no kernel headers on this machine")
    def test_wrapped_builds(self):
        shutil.copytree(KEXTS / "xcode", self.folder / "gauge")
        self.mkkext("--wrap", "gauge")
        done = tool("kext-build", self.folder / "gauge")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_wrap_finds_parameters(self):
        shutil.copytree(KEXTS / "variables", self.folder / "pump")
        done = self.mkkext("--wrap", "pump", "--start", "attach_pump", "--stop", "detach_pump")
        self.assertIn("parameters: ", done.stdout)
        self.assertIn("KEXT_PARAMS := ", (self.folder / "pump" / "Kbuild").read_text())

    def test_wrap_unclear(self):
        shutil.copytree(KEXTS / "variables", self.folder / "pump")
        done = self.mkkext("--wrap", "pump")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--start name", done.stdout)
        self.assertEqual(self.mkkext("--wrap", "pump", "--start", "attach_pump", "--stop", "detach_pump").returncode, 0)
