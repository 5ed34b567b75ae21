# SPDX-License-Identifier: GPL-2.0
"""kext-build on folders in many styles, and its list for one that cannot be built."""
import subprocess
import unittest

from helpers import KEXTS, SOURCES, folder_of, have_headers, tool
from kextlib import build

NAMES = {"flat": "flat", "nested": "nested", "plist": "Timekeeper", "xcode": "Gauge", "explicit": "explicit",
         "own": "quiet", "mixed": "mixed", "two words": "two_words"}

HEAD = "#include <mach/mach_types.h>\n"
ROUTINES = ("kern_return_t tried_start(kmod_info_t *ki, void *d) { return 0; }\n"
            "kern_return_t tried_stop(kmod_info_t *ki, void *d) { return 0; }\n")

REPORT = """\
broken does not build for RELEASE
Headers that netkpi does not offer
  net/pfvar.h (used in broken.c:3): pf is not offered; on Linux: nftables
  ours_not_there.h (used in broken.c:5): nor is it in this folder
  sys/never_heard_of.h (used in broken.c:4)
Functions and names that netkpi does not offer
  BROKEN_CONSTANT (used in broken.c:24)
  declared_only (2 sites: sub/undefined.c:2, sub/undefined.c:7)
  kauth_listen_scope (used in broken.c:20): the policy framework (MACF, kauth scopes) is not offered; on Linux: a security module
  mystery (3 sites: broken.c:21, broken.c:22, sub/helper.c:9)
  unknown_type_t (used in broken.c:18)
Not offered either, and worse: Linux has another function of that name, which would be linked by mistake
  kfree (2 sites: sub/helper.c:1, sub/helper.c:8): this allocator is not offered; use OSMalloc() or _MALLOC()
  sock_wfree (2 sites: broken.c:10, broken.c:23)
Offered, but the header is not included
  lck_mtx_t: #include <kern/locks.h> (used in sub/helper.c:6)
"""


def state_of(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


@unittest.skipUnless(have_headers(), "no kernel headers on this machine")
class Building(unittest.TestCase):
    def built(self, *arguments):
        done = tool("kext-build", *arguments)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout.split()[-1] if "\n" in done.stdout.rstrip() else done.stdout.rstrip().split(": ")[-1]

    def test_every_style(self):
        for folder, name in NAMES.items():
            with self.subTest(folder):
                before = state_of(KEXTS / folder)
                self.assertTrue(self.built(KEXTS / folder).endswith(f"/{name}.ko"))
                self.assertEqual(state_of(KEXTS / folder), before, "the sources are not touched")

    def test_the_layer_is_built_once(self):
        layer = build.layer_folder(build.kernel_from()) / "kpi" / "netkpi.ko"
        self.built(KEXTS / "flat")
        before = layer.stat().st_mtime_ns
        self.built(KEXTS / "nested")
        self.assertEqual(layer.stat().st_mtime_ns, before)

    def test_variables(self):
        module = self.built(KEXTS / "variables", "START=attach_pump", "STOP=detach_pump", "PARAMS=port=1 peer=x")
        params = subprocess.run(["modinfo", "-F", "parm", module], stdout=subprocess.PIPE, text=True).stdout
        self.assertIn("port: (int)", params)
        self.assertIn("peer: (charp)", params)
        self.assertNotIn("rate", params)

    def test_outside_header(self):
        folder = folder_of(self, {"common/shared.h": "#define OK 0\n", "kext/src/a.c": (
            '#include "../../common/shared.h"\nint a_start(void *k, void *d) { return OK; }\n'
            'int a_stop(void *k, void *d) { return OK; }\n')})
        self.built(folder / "kext")

    def test_report(self):
        release = build.kernel_from().release
        done = tool("kext-build", SOURCES / "broken", "START=broken_start", "STOP=broken_stop")
        self.assertEqual(done.returncode, 1)
        self.maxDiff = None
        expected = REPORT.replace("RELEASE", release).splitlines()
        self.assertEqual(done.stdout.splitlines()[:len(expected)], expected)
        self.assertIn("sub/helper.c:10: expected ';' before '}' token", done.stdout)
        self.assertNotIn("not_reached", done.stdout)
        self.assertNotIn("make[", done.stdout, "kbuild's noise")

    def test_a_fault_of_the_kext_alone(self):
        folder = folder_of(self, {"a.c": "int twice = 1;\nint a_start(void *k, void *d) { return 0; }\n",
                                  "b.c": "int twice = 2;\nint a_stop(void *k, void *d) { return 0; }\n"})
        done = tool("kext-build", folder)
        self.assertIn("twice is defined twice", done.stdout)

    def test_clear_complaints(self):
        for arguments, pattern in (((), "which folder"), (("/nonexistent",), "is no folder"),
                                   ((KEXTS / "flat", "KVER=9.9.9"), "no kernel headers for 9.9.9 on this machine; they are here for:"),
                                   ((KEXTS / "flat", "KDIR=/nonexistent"), "no kernel tree")):
            with self.subTest(pattern):
                done = tool("kext-build", *arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn(pattern, done.stdout)

    def report(self, sources, *arguments):
        """Status and lines for a folder with one file."""
        done = tool("kext-build", folder_of(self, {"a.c": sources}), "KEXT=tried", *arguments)
        return done.returncode, done.stdout.splitlines(), done.stdout

    def test_calls_that_the_optimizer_drops(self):
        helper = HEAD + "#include <sys/systm.h>\nstatic int helper(int a) { return kauth_register_scope(a, 0, NULL); }\n"
        for other in ("kauth_listen_scope(NULL, 0, 0)", "0"):
            status, lines, said = self.report(helper + f"int tried_start(void *k, void *d) {{ return {other}; }}\n"
                                              "int tried_stop(void *k, void *d) { return 0; }\n")
            self.assertEqual((status, "kauth_register_scope (used in a.c:3)" in said, "kauth_listen_scope (used in a.c:4)" in said),
                             (1, True, other != "0"), said)

    def test_no_start_routine(self):
        status, lines, said = self.report("#include <sys/kpi_mbuf.h>\nsize_t a(mbuf_t m) { return mbuf_len(m) + not_there(m); }\n")
        self.assertEqual(status, 2)
        self.assertIn("  not_there (used in a.c:2)", lines)
        self.assertIn("kext-build: which function is the start routine? Say START=name", lines)

    def test_the_sources_name_the_routines(self):
        sources = (HEAD + "static kern_return_t up(kmod_info_t *k, void *d) { return 0; }\n"
                   "static kern_return_t down(kmod_info_t *k, void *d) { return 0; }\n"
                   "int other(void) { return 0; }\nKMOD_EXPLICIT_DECL(org.x.tried, \"1\", up, down)\n")
        status, lines, said = self.report(sources, "START=other", "STOP=down")
        self.assertEqual((status, lines[0]), (0, "START=other is not used: a.c:5 names up"), said)

    def test_a_parameter_named_like_a_function_of_linux(self):
        module = self.built(folder_of(self, {"a.c": HEAD + "int up = 7, down = -1;\n" + ROUTINES}), "KEXT=tried", "PARAMS=up=1 down=2")
        params = subprocess.run(["modinfo", "-F", "parm", module], stdout=subprocess.PIPE, text=True).stdout
        self.assertEqual(sorted(line.split(":")[0] for line in params.splitlines() if not line.startswith("stop")), ["down", "up"])

    def test_files_and_flags(self):
        folder = folder_of(self, {"a.c": HEAD + "int a = N;\n" + ROUTINES, "b.c": "#error not this one\n", "inc/n.h": "#define N 5\n"})
        self.built(folder, "KEXT=tried", "FILES=a.c", "DEFS=-Iinc -include inc/n.h -DUNUSED='a b'")

    def test_what_is_left_out_is_named_always(self):
        folder = folder_of(self, {"a.c": "int a;\n", "tool.c": "int main(void) { return 0; }\n"})
        done = tool("kext-build", folder, "KEXT=tried")
        self.assertIn("left out: tool.c: a program: it has main()", done.stdout)
        self.assertEqual(done.returncode, 2)

    def test_a_mixed_folder_begins_with_its_files(self):
        folder = folder_of(self, {"a.c": HEAD + ROUTINES, "b.c": "#include <net/pfvar.h>\nint b;\n", "c.c": "int c(void) { return nowhere(); }\n"})
        done = tool("kext-build", folder, "KEXT=tried")
        self.assertEqual(done.stdout.splitlines()[1:4], ["Compile as they are: a.c", "Lack headers only: b.c", "Lack more: c.c"])

    def test_a_list_that_is_worked_off_suffices(self):
        tool("kext-build", folder_of(self, {"a.c": HEAD + ROUTINES, "c.c": "int c(void) { return nowhere(); }\n"}), "KEXT=tried")
        broken = "static int a(void) { return first(1); }\nstatic int b(void) { return second(a()); }\n"
        status, lines, said = self.report(HEAD + broken + ROUTINES)
        names = [line.split()[0] for line in lines if line.startswith("  ")]
        self.assertEqual((status, names), (1, ["first", "second"]), said)
        mended = "".join(f"#define {name}(x) (x)\n" for name in names)
        self.assertEqual(self.report(HEAD + mended + broken + ROUTINES)[0], 0)

    def test_include_with_a_space(self):
        folder = folder_of(self, {"a.c": '#include "b c.h"\nint a_start(int x) { return 0; }\nint a_stop(int x) { return 0; }\n',
                                  "b c.h": ""})
        self.assertIn("a.c:1", tool("kext-build", folder).stdout)
