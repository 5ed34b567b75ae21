# SPDX-License-Identifier: GPL-2.0
"""Kernels that the layer is not made for: one line says so, whoever builds."""
import subprocess
import unittest

from helpers import TOOLS, folder_of, have_headers

from kextlib import build

TOP = TOOLS.parent
GOOD = {"CONFIG_MODULES": "y", "CONFIG_64BIT": "y"}
REFUSED = {
    "a 64-bit kernel": {"CONFIG_64BIT": None},
    "a little-endian kernel": {"CONFIG_CPU_BIG_ENDIAN": "y"},
    "a kernel without PREEMPT_RT": {"CONFIG_PREEMPT_RT": "y"},
}


def make(*arguments):
    return subprocess.run(["make", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})


class Refusal(unittest.TestCase):
    def kernel(self, changes):
        config = {name: value for name, value in {**GOOD, **changes}.items() if value}
        lines = "".join(f"{name}={value}\n" for name, value in config.items())
        return folder_of(self, {"Makefile": "modules:\n\t@echo builds\n", "include/config/auto.conf": lines})

    def test_make(self):
        for what, changes in REFUSED.items():
            done = make("-C", TOP, "--no-print-directory", f"KDIR={self.kernel(changes)}")
            self.assertNotEqual(done.returncode, 0, what)
            said = [line for line in done.stdout.splitlines() if not line.startswith("make")]
            self.assertEqual(len(said), 1, done.stdout)
            self.assertTrue(said[0].startswith(f"netkpi needs {what}: "), said[0])

    def test_good(self):
        done = make("-C", TOP, f"KDIR={self.kernel({})}")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("builds", done.stdout)

    @unittest.skipUnless(have_headers(), "no kernel headers")
    def test_kbuild(self):
        """As DKMS does it, without our Makefile; and make clean works everywhere."""
        source = folder_of(self, {"Kbuild": (TOP / "Kbuild").read_text(),
                                  "kpi/compat/refuse.mk": (TOP / "kpi/compat/refuse.mk").read_text(),
                                  "kpi/Kbuild": ""})
        kernel = build.kernel_from()
        for what, changes in REFUSED.items():
            settings = [f"{name}={value or 'n'}" for name, value in changes.items()]
            command = ["-C", kernel.kdir, f"M={source}", "KPI_PARTS=kpi/", *settings]
            done = make(*command, "modules")
            self.assertNotEqual(done.returncode, 0, what)
            said = [line for line in done.stdout.splitlines() if "netkpi needs" in line]
            self.assertEqual(len(said), 1, done.stdout)
            self.assertIn(what, said[0])
            self.assertEqual(make(*command, "clean").returncode, 0, what)
