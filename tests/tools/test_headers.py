# SPDX-License-Identifier: GPL-2.0
"""Headers that are macros alone do what they say: a kext's file, run as a program."""
import re
import subprocess
import unittest

from helpers import HERE, TOP, folder_of

MAIN = """\
#include <stdio.h>
const char *run(void);
int kpi_printf(const char *format, ...);
int kpi_printf(const char *format, ...) { return puts(format); }
int main(void) { const char *wrong = run(); if (wrong) puts(wrong); return wrong != 0; }
"""


def kext_world():
    """The flags of a kext's files, out of kext.mk."""
    lines = re.findall(r"^KEXT_WORLD \+?:?= (.*)$", (TOP / "kpi" / "glue" / "kext.mk").read_text(), re.M)
    return [word for line in lines for word in re.findall(r"(?:^|(?<= ))-[DU]\w+(?:=\w+)?", line) if "ENDIAN" not in word]


class Macros(unittest.TestCase):
    def program(self, *more):
        folder = folder_of(self, {"main.c": MAIN})
        kext = ["-nostdinc", f"-I{TOP}/kpi/include/kext", f"-I{TOP}/kpi/include", "-std=gnu11", "-fno-builtin", "-fsigned-char",
                "-fno-strict-aliasing", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-D__LITTLE_ENDIAN__=1",
                *kext_world(), *more]
        for command in (["gcc", "-O2", "-g", *kext, "-c", HERE / "headers" / "macros.c", "-o", folder / "kext.o"],
                        ["gcc", *(word for word in more if "sanitize" in word), folder / "main.c", folder / "kext.o", "-o", folder / "program"]):
            done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.assertEqual(done.returncode, 0, done.stdout)
        return subprocess.run([folder / "program"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def test_they_do_what_they_say(self):
        done = self.program("-fsanitize=undefined", "-fno-sanitize-recover=undefined")
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_conditions_that_speak(self):
        done = self.program("-DDEBUG_ASSERT_PRODUCTION_CODE=0")
        self.assertEqual((done.returncode, done.stdout.count("not so:")), (0, 3), done.stdout)
