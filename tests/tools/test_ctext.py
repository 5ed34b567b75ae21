# SPDX-License-Identifier: GPL-2.0
"""Reading C: what counts as a call, a definition, a branch."""
import unittest

from helpers import text
from kextlib import condition, ctext

CALLS = [
    ("in a function", "void f(void) { a(1); }", ["a"]),
    ("nested", "void f(void) { a(b(1), (int)c(2)); }", ["a", "b", "c"]),
    ("comment", "void f(void) { /* a(1); */ b(2); // c(3);\n }", ["b"]),
    ("continued comment", "void f(void) { // a(1); \\\n b(2);\n c(3); }", ["c"]),
    ("string", 'void f(void) { a("b(1) /* \\" c(2)"); }', ["a"]),
    ("character", "void f(void) { a('\"'); b('\\''); }", ["a", "b"]),
    ("multichar", "void f(void) { a('abcd'); }", ["a"]),
    ("prototype", "int a(int);\nextern void *b(void);", []),
    ("prototype of a macro-like name", "void a(size_t);", []),
    ("member", "void f(struct x *p) { p->a(1); p->q.b(2); }", []),
    ("method", "void f(void) { X::a(1); }", []),
    ("line break before the parenthesis", "void f(void) { a\n(1); }", ["a"]),
    ("after return and else", "int f(int x) { if (x) return a(1); else b(2); do c(); while (d()); return 0; }",
     ["a", "b", "c", "d"]),
    ("after a case label", "void f(int x) { switch (x) { case 1: a(); default: b(); } }", ["a", "b"]),
    ("dereferenced", "void f(void) { x = *a(1); *b(2) = 3; }", ["a", "b"]),
    ("sizeof", "void f(void) { x = sizeof(int) + sizeof (a); }", []),
    ("macro at file level", "DECLARE(a, b)\nstatic LIST_HEAD(h, x) head;", ["DECLARE", "LIST_HEAD"]),
    ("macro in a structure", "struct s { LIST_ENTRY(s) link; int (*fn)(int); };", ["LIST_ENTRY"]),
    ("function pointer", "void f(void) { int (*p)(int) = 0; errno_t (*q)(void); }", []),
    ("attribute", "int f(void) __attribute__((aligned(4), format(printf, 1, 2)));", []),
    ("body of a macro", "#define M(fn, x) fn(a(x))", ["a"]),
    ("K&R definition", "int f(a, b) int a; char *b; { return g(a); }", ["g"]),
    ("implicit int", "f(a) { g(a); }", ["g"]),
    ("function defined through a macro", "PUBLIC(int) a(int n) { return b(n); }", ["PUBLIC", "b"]),
    ("declared through a macro", "PUBLIC(int) a(int n);\nstatic PUBLIC(void *) c(void);", ["PUBLIC", "PUBLIC"]),
    ("macros in a row", "DECLARE(a)\nDEFINE(b)\nint c;", ["DECLARE", "DEFINE"]),
    ("attribute behind", "int a(void) API_AVAILABLE(macos(10.4)) { return b(1); }", ["b"]),
    ("pasted names", "#define T(n) static int n##_NEXT(int k) { return PRE_##n(k) + n##_NEXT(k) + a(k); }", ["a"]),
    ("unclosed", "void f(void) { a(", ["a"]),
]

BRANCHES = [
    ("#if 0", "#if 0\nx\n#else\ny\n#endif", "y"),
    ("#if 1", "#if 1\nx\n#else\ny\n#endif", "x"),
    ("apostrophe in a dead branch", "#if 0\ndon't\n#endif\ny", "y"),
    ("nested in a dead branch", "#if 0\n#if 1\nx\n#else\nz\n#endif\n#endif\ny", "y"),
    ("kexts have __APPLE__", "#ifdef __APPLE__\nx\n#else\ny\n#endif", "x"),
    ("and KERNEL", "#if defined(KERNEL) && KERNEL\nx\n#else\ny\n#endif", "x"),
    ("and not __linux__", "#ifdef __linux__\nx\n#else\ny\n#endif", "y"),
    ("nor C++", "#ifndef __cplusplus\nx\n#endif", "x"),
    ("unknown: both", "#ifdef FOO\nx\n#else\ny\n#endif", "x y"),
    ("unknown and false", "#if FOO && 0\nx\n#else\ny\n#endif", "y"),
    ("unknown or true", "#if FOO || 1\nx\n#else\ny\n#endif", "x"),
    ("defined here", "#define N 3\n#if N > 2\nx\n#else\ny\n#endif", "x"),
    ("undefined here", "#define N\n#undef N\n#ifdef N\nx\n#else\ny\n#endif", "y"),
    ("elif after a certain branch", "#if 1\nx\n#elif FOO\ny\n#else\nz\n#endif", "x"),
    ("elif after an open branch", "#if FOO\nx\n#elif 1\ny\n#else\nz\n#endif", "x y"),
    ("function-like test", "#if __has_feature(blocks)\nx\n#else\ny\n#endif", "x y"),
    ("hexadecimal", "#if 0x10 == 16 && 010 == 8\nx\n#else\ny\n#endif", "x"),
    ("stray endif", "#endif\nx", "x"),
]


class Calls(unittest.TestCase):
    def test_calls(self):
        for name, source, calls in CALLS:
            with self.subTest(name):
                found = [use.name for use in ctext.uses(text(source)) if use.call]
                self.assertEqual(sorted(found), sorted(calls))

    def test_lines(self):
        source = "/* one\n two */\n#define M \\\n a(1)\nvoid f(void)\n{\n\tb(2);\n}\n"
        self.assertEqual([(use.name, use.line) for use in ctext.uses(text(source)) if use.call], [("b", 7), ("a", 4)])


class Branches(unittest.TestCase):
    def test_branches(self):
        for name, source, left in BRANCHES:
            with self.subTest(name):
                self.assertEqual(" ".join(token.text for token in text(source).tokens), left)

    def test_each_branch_begins_as_deep_as_the_first(self):
        source = "void f(void) {\n#ifdef A\nif (a) {\n#else\nif (b) {\n#endif\n}\n}\nvoid g(void) { }"
        self.assertEqual([function.name for function in ctext.functions(text(source))], ["f", "g"])

    def test_kext_macros_come_from_kext_mk(self):
        known = text("")._known
        self.assertEqual(known["KERNEL"], 1)
        self.assertIsNone(known["__linux__"])
        self.assertIsNone(known["__KERNEL__"])

    def test_expressions(self):
        for expression, value in (("1 + 2 == 3", 1), ("!0", 1), ("(1", condition.OPEN), ("", condition.OPEN),
                                  ("1 ? 2 : 3", condition.OPEN), ("-1 < 0", 1), ("10UL >= 0xaL", 1)):
            with self.subTest(expression):
                self.assertEqual(condition.evaluate(list(ctext.words_of(expression, 1)), {}), value)


class Expansions(unittest.TestCase):
    def functions(self, source):
        read = text(source)
        macros = {macro.name: macro for macro in read.macros}
        return [function.name for tokens in ctext.expansions(read, macros) for function in ctext.functions_in(tokens)]

    def test_names_that_macros_make(self):
        self.assertEqual(self.functions("#define TREE(n, t) static t n##_NEXT(t k) { return k; } int n ## _##t(void) { }\n"
                                        "TREE(mine, int)\nint x;\nTREE(other, long)\n"),
                         ["mine_NEXT", "mine_int", "other_NEXT", "other_long"])

    def test_macros_in_macros(self):
        self.assertEqual(self.functions("#define A(n, attr) attr int n##_a(void) { return 0; }\n"
                                        "#define B(n) A(n, static) A(n##2, )\nB(x)\n"), ["x_a", "x2_a"])

    def test_a_macro_of_itself(self):
        self.assertEqual(self.functions("#define A(n) A(n) B(n)\n#define B(n) A(n)\nA(x)\n"), [])


class Functions(unittest.TestCase):
    def test_static_and_names(self):
        source = ("static int a(void) { return 0; }\nstruct s b(int x) { return y; }\n"
                  "DECLARE(x) int c(void) { }\nint d(void);\nint e = f(1);\n")
        found = [(function.name, function.static) for function in ctext.functions(text(source))]
        self.assertEqual(found, [("a", True), ("b", False), ("c", False)])

    def test_what_is_no_function(self):
        for source in ("struct s { int a; };", "int x[] = { f(1) };", "DECLARE(a);\nstruct s { int b; };",
                       "DECLARE(a);\nstatic int g = 1;\nint h(void);", "enum e { A = B(1) };"):
            with self.subTest(source):
                self.assertEqual(list(ctext.functions(text(source))), [])

    def test_includes(self):
        found = text('#include <a/b.h>\n # import "c.h" // x\n#include_next <d.h>\n#include MACRO\n').includes
        self.assertEqual([(i.name, i.line, i.system) for i in found], [("a/b.h", 1, True), ("c.h", 2, False), ("d.h", 3, True)])
