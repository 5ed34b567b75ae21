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


HEAD = "#include <mach/mach_types.h>\n"

# files, call sites, names that are missing: what real projects made portcheck say too much about
COUNTED = [
    ("a function defined through a macro", {
        "a.c": HEAD + "#define PUB(type) type\nPUB(int) foo(int n);\nPUB(int) foo(int n)\n{\n\treturn n;\n}\n"
                      "int b(void) { return foo(0); }\n"}, 0, []),
    ("a program in Objective-C", {
        "a.c": "int b(void) { return 0; }\n",
        "client.m": "#import <Foundation/Foundation.h>\nint main(int c, char **v) { NSLog(c); return 0; }\n"}, 0, []),
    ("branches for other compilers", {
        "a.c": "#if defined(_MSC_VER)\nstatic void *f(int n) { return malloc(n); }\n#elif defined(KERNEL_PRIVATE)\n"
               "#define f(n) 0\n#endif\n#ifdef __WINDOWS__\n__declspec(dllexport) int g(void);\n#endif\n"}, 0, []),
    ("a branch that nobody defines", {
        "a.c": "#ifdef NOBODY_DEFINES_THIS\nint f(void) { return no_such_function(); }\n#endif\n"
               "int g(void) { return kauth_listen_scope(0, 0, 0); }\n"}, 1, ["kauth_listen_scope"]),
    ("a branch that a header of the folder may define", {
        "a.c": '#include "config.h"\n#ifdef MAYBE\nint f(void) { return nowhere(); }\n#endif\n',
        "config.h": "#if FOR_SOMEBODY\n#define MAYBE 1\n#endif\n"}, 1, ["nowhere"]),
    ("a macro that nobody uses", {
        "a.c": "#define NEVER_USED(x) unknown_function(x)\n#define NOR_THIS(x) NEVER_USED(x)\nint a;\n"}, 0, []),
    ("a macro that another one uses", {
        "a.c": "#define INNER(x) unknown_function(x)\n#define OUTER(x) INNER(x)\nint a(void) { return OUTER(1); }\n"},
     1, ["unknown_function"]),
    ("names pasted together", {
        "a.c": "#define TREE(name)\t\\\nstatic int name##_NEXT(int k) { return k + 1; }\t\\\n"
               "static int name##_FIND(int k) { return name##_NEXT(k); }\nTREE(mine)\n"
               "int a(void) { return mine_FIND(-1); }\n"}, 0, []),
]


class Portcheck(unittest.TestCase):
    def test_counts_what_is_compiled(self):
        for name, files, sites, names in COUNTED:
            with self.subTest(name):
                _, found = report(folder_of(self, files))
                self.assertEqual((found["sites"], sorted(missing(found)), found["missing"]["headers"]), (sites, names, []))

    def test_a_header_outside_the_folder(self):
        folder = folder_of(self, {"kext/a.c": '#include "../common/five.h"\nint a(void) { return MAKE(5); }\n',
                                  "common/five.h": '#include "six.h"\n#define MAKE(n) made(n)\n', "common/six.h": "int made(int n);\n"})
        status, found = report(folder / "kext")
        self.assertEqual((found["missing"]["headers"], list(missing(found)), found["files"]), ([], ["made"], 3))

    def test_a_header_at_another_place(self):
        _, found = report(folder_of(self, {"a.c": "#include <x/wanted.h>\n", "include/wanted.h": ""}))
        self.assertIn("this folder has include/wanted.h", found["missing"]["headers"][0]["advice"])

    def test_mapping_memory_makes_no_program(self):
        _, found = report(folder_of(self, {"a.c": HEAD + "#include <sys/mman.h>\nint a(void) { return PROT_READ; }\n",
                                           "b.c": "int b;\n"}))
        self.assertEqual((found["left_out"], found["units"]["whole"]), ([], ["a.c", "b.c"]))

    def test_begins_with_the_files(self):
        folder = folder_of(self, {"ready.c": "int a;\n", "header.c": "#include <net/pfvar.h>\n",
                                  "vnops.c": "".join(f"int a{n}(void) {{ return vnode_call{n}(); }}\n" for n in range(220))})
        said = tool("portcheck", folder).stdout.splitlines()
        self.assertEqual(said[1:4], ["Compile as they are: ready.c", "Lack headers only: header.c", "Lack more: vnops.c"])
        self.assertIn("  220 names of the VFS in vnops.c (vnode_call0, vnode_call1, vnode_call10 ...): file systems are not "
                      "offered; only network code can be ported", said)

    def test_flags_and_files(self):
        folder = folder_of(self, {"a.c": "#ifdef WANTED\nint a(void) { return nowhere(); }\n#endif\n", "b.c": "int b(void) { c(); }\n"})
        for arguments, names in ((["--files", "a.c"], []), (["--files", "a.c", "--defs=-DWANTED"], ["nowhere"])):
            found = json.loads(tool("portcheck", folder, "--json", *arguments).stdout)
            self.assertEqual(list(missing(found)), names)

    def test_one_flag_alone(self):
        for words in (("--defs", "-DX=1"), ("--defs=-DX=1",)):
            self.assertEqual(tool("portcheck", KEXTS / "flat", *words).returncode, 0)

    def test_not_fooled(self):
        status, found = report(SOURCES / "tricky")
        self.assertEqual(used(found), {"sock_close": ["tricky.c:42"],
                                       "sock_retain": ["tricky.c:68"]})
        self.assertEqual((found["ready"], found["sites"], status), (2, 2, 0))
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
        self.assertIn("policy", missing(found)["kauth_listen_scope"]["advice"])
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
