# SPDX-License-Identifier: GPL-2.0
"""What a folder says about itself: names, routines, headers, parameters."""
import unittest

from helpers import KEXTS, folder_of, what_is_offered
from kextlib import project, xcode

ROUTINES = "int %s_start(void *ki, void *d) { return 0; }\nint %s_stop(void *ki, void *d) { return 0; }\n"


def find(folder, **options):
    return project.find(folder, what_is_offered(), **options)


class Samples(unittest.TestCase):
    def test_flat(self):
        found = find(KEXTS / "flat")
        self.assertEqual((found.name, found.start, found.stop), ("flat", "beacon_start", "beacon_stop"))
        self.assertEqual(found.tree.units, ["beacon.c", "send.c"])
        self.assertEqual(found.folders, [])

    def test_nested(self):
        found = find(KEXTS / "nested")
        self.assertEqual(found.start, "RelayDriver_start")
        self.assertEqual(found.tree.units, ["src/in/util.c", "src/main.c", "src/out/util.c"])
        self.assertEqual(found.folders, ["include"])

    def test_plist(self):
        found = find(KEXTS / "plist")
        self.assertEqual((found.name, found.ident, found.version),
                         ("Timekeeper", "org.example.driver.Timekeeper", "2.4.1"))
        self.assertEqual(found.start, "Timekeeper_start")

    def test_xcode(self):
        found = find(KEXTS / "xcode")
        self.assertEqual((found.name, found.ident, found.version), ("Gauge", "org.example.Gauge", "3.1"))
        self.assertEqual((found.start, found.stop), ("bring_up_gauge", "take_down_gauge"))
        self.assertEqual(found.tree.units, ["Gauge/Support/Reading.c", "Gauge/gauge.c"])
        self.assertEqual(found.defs, ["-DGAUGE_SCALE=4", "-include $(KEXT_DIR)/Gauge/Gauge-Prefix.pch"])

    def test_explicit(self):
        found = find(KEXTS / "explicit")
        self.assertEqual((found.start, found.stop), (None, None))
        self.assertNotIn("KEXT_START", found.kbuild())

    def test_spaces(self):
        self.assertIn("KEXT_SRCS := Source_Files/spaced.c\n", find(KEXTS / "two words").kbuild())

    def test_variables(self):
        self.assertRegex(str(find(KEXTS / "variables").unclear), "START=name")
        found = find(KEXTS / "variables", start="attach_pump", stop="detach_pump", params=["port", "rate", "peer"])
        self.assertIn("KEXT_PARAMS := port:int rate:uint peer:charp\n", found.kbuild())


class Unclear(unittest.TestCase):
    def unclear(self, sources, pattern, **options):
        with self.assertRaisesRegex(project.Unclear, pattern):
            found = find(folder_of(self, sources), **options)
            if found.unclear:		# the sources can be compiled all the same
                raise found.unclear

    def test_two_candidates(self):
        self.unclear({"a.c": ROUTINES % ("one", "one") + ROUTINES % ("two", "two")}, "one of: one_start, two_start")

    def test_name_decides(self):
        files = {"a.c": ROUTINES % ("one", "one") + ROUTINES % ("two", "two")}
        self.assertEqual(find(folder_of(self, files), name="two").start, "two_start")

    def test_parameter_decides(self):
        files = {"a.c": "int timer_start(int x) { return x; }\nint timer_stop(int x) { return x; }\n"
                        "int go_start(kmod_info_t *ki, void *d) { return 0; }\n"
                        "int go_stop(ki, d) struct kmod_info *ki; void *d; { return 0; }\n"}
        found = find(folder_of(self, files))
        self.assertEqual((found.start, found.stop), ("go_start", "go_stop"))

    def test_static_routine(self):
        self.unclear({"a.c": "static int x_start(void) { return 0; }\nint x_stop(void) { return 0; }\n"}, "static",
                     start="x_start")

    def test_no_such_routine(self):
        self.unclear({"a.c": ROUTINES % ("a", "a")}, "START=nosuch: no such function", start="nosuch")

    def test_no_sources(self):
        self.unclear({"a.cpp": "int x;", "main.c": "int main(void) { return 0; }"}, r"a.cpp, C\+\+.*\n.*main\(\)")

    def test_wrong_flags_and_files(self):
        files = {"a.c": ROUTINES % ("a", "a")}
        self.unclear(files, "FILES=b.c: no such C file", files=["b.c"])
        for flags in ("-O2", "-D", "'"):
            with self.assertRaisesRegex(project.Unclear, "DEFS="):
                project.split_flags(flags)

    def test_unknown_parameter(self):
        self.unclear({"a.c": ROUTINES % ("a", "a") + "static int hidden; struct s *pointer;"},
                     "PARAMS=hidden", params=["hidden"])

    def test_several_targets(self):
        text = (KEXTS / "xcode/Gauge.xcodeproj/project.pbxproj").read_text()
        text = text.replace("com.apple.product-type.tool", "com.apple.product-type.kernel-extension")
        self.unclear({"x.xcodeproj/project.pbxproj": text, "a.c": ""}, "KEXT=Gauge or KEXT=gaugectl")


class Declared(unittest.TestCase):
    SOURCE = "KMOD_EXPLICIT_DECL(org.x.a, \"1\", a_start, a_stop)\n" + ROUTINES % ("a", "a") + ROUTINES % ("b", "b")

    def test_the_sources_win(self):
        folder = folder_of(self, {"a.c": self.SOURCE})
        for start, stop, notes in (("a_start", "a_stop", []), (None, None, []),
                                   ("b_start", "a_stop", ["START=b_start is not used: a.c:1 names a_start"])):
            found = find(folder, start=start, stop=stop)
            self.assertEqual((found.start, found.stop, found.notes), (None, None, notes))


class Parameters(unittest.TestCase):
    SOURCE = ("int port = 7, result = -1, sum = 2 * 3;\nchar *peer = \"a,b\", *other;\nstatic int hidden;\nint list[3];\n"
              "unsigned int count; struct s thing;\nvoid f(void) { count++; result = g(&other); }\n")

    def test_several_in_one_declaration(self):
        folder = folder_of(self, {"a.c": self.SOURCE + ROUTINES % ("a", "a")})
        for name, kind in (("port", "int"), ("result", "int"), ("sum", "int"), ("peer", "charp"), ("other", "charp"), ("count", "uint")):
            self.assertEqual(find(folder, params=[name]).params, {name: kind})
        for name in ("hidden", "list", "thing"):
            with self.assertRaises(project.Unclear):
                find(folder, params=[name])

    def test_what_nobody_changes(self):
        tree = find(folder_of(self, {"a.c": self.SOURCE + ROUTINES % ("a", "a")})).tree
        self.assertEqual(project.candidates_for_parameters(tree), {"port": "int", "sum": "int", "peer": "charp"})


class Flags(unittest.TestCase):
    def test_of_the_user(self):
        flags = project.split_flags("-DX=1 -D Y -Iinc -I sub/x -include p.h -UZ '-DN=\"a b\"'")
        self.assertEqual(flags, ["-DX=1", "-DY", "-Iinc", "-Isub/x", "-include p.h", "-UZ", '-DN="a b"'])
        self.assertEqual(list(project.rooted(flags)), ["-DX=1", "-DY", "-I$(KEXT_DIR)/inc", "-I$(KEXT_DIR)/sub/x",
                                                       "-include $(KEXT_DIR)/p.h", "-UZ", "'-DN=\"a b\"'"])

    def test_of_xcode(self):
        settings = {"OTHER_CFLAGS": ["-DONE=1", "-Wall", "-include", "all.h", "-I", "inc", "-O2", "$(NOBODY)", "-UTWO"],
                    "GCC_PREPROCESSOR_DEFINITIONS": "THREE FOUR=$(VALUE)", "VALUE": "4"}
        self.assertEqual(project.xcode_flags(settings), ["-DTHREE", "-DFOUR=4", "-DONE=1", "-include all.h", "-Iinc", "-UTWO"])

    def test_files(self):
        folder = folder_of(self, {"a.c": ROUTINES % ("a", "a"), "b.c": "int b;\n"})
        self.assertEqual(find(folder, files=["a.c"]).tree.units, ["a.c"])


class Units(unittest.TestCase):
    def test_included_sources_are_no_units(self):
        files = {"a.c": '#include "part.c"\n' + ROUTINES % ("a", "a"), "part.c": "int part;\n"}
        self.assertEqual(find(folder_of(self, files)).tree.units, ["a.c"])

    def test_programs_are_left_out(self):
        files = {"a.c": ROUTINES % ("a", "a"), "tool.c": "#include <unistd.h>\n", "t/main.c": "int main() { return 0; }"}
        tree = find(folder_of(self, files)).tree
        self.assertEqual(tree.units, ["a.c"])
        self.assertEqual({out.path for out in tree.left_out}, {"tool.c", "t/main.c"})

    def test_nearest_header(self):
        files = {"a.c": ROUTINES % ("a", "a"), "x/one.c": '#include "h/t.h"\n', "x/inc/h/t.h": "", "y/h/t.h": "",
                 "y/two.c": '#include <t.h>\n'}
        self.assertEqual(find(folder_of(self, files)).folders, ["x/inc", "y/h"])

    def test_own_header_of_the_same_name_as_ours(self):
        files = {"a.c": '#include <sys/queue.h>\n' + ROUTINES % ("a", "a"), "sys/queue.h": ""}
        self.assertEqual(find(folder_of(self, files)).folders, [])


class Definitions(unittest.TestCase):
    def test_values(self):
        for value, flag in (("DEBUG", "DEBUG"), ("N=3", "N=3"), ('NAME=\\"a b\\"', 'NAME="a b"'),
                            ("$(inherited)", None), ("F(x)=x", None)):
            self.assertEqual(project.definition(value), flag)


class Format(unittest.TestCase):
    def test_parse(self):
        found = xcode.parse('// !$*UTF8*$!\n{ a = "x \\"y\\"\\n"; /* c */ b = (1, {c = d.e/f;}, ); }')
        self.assertEqual(found, {"a": 'x "y"\n', "b": ["1", {"c": "d.e/f"}]})

    def test_expand(self):
        settings = {"A": "x$(B)", "B": "y", "LOOP": "$(LOOP)"}
        self.assertEqual(xcode.expand("${A:rfc1034identifier}-$(B)", settings), "xy-y")
        self.assertIsNone(xcode.expand("$(C)", settings))
        self.assertIsNone(xcode.expand("$(LOOP)", settings))
