# SPDX-License-Identifier: GPL-2.0
"""Mutants: found in the source, built in, and only the one that is asked for lives."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from helpers import TOOLS

sys.path.insert(0, str(TOOLS / "mutants"))
import book  # noqa: E402
import graft  # noqa: E402

SOURCE = """\
#include <stdio.h>

static int sum(int a, int b)
{
	return a + b;
}

/* Calls itself. */
static noinline void count(int (*step)(int a, int b), int *to,
			   const int from[])
{
	if (*from)
		count(step, to, from + 1);
	*to = step(*to, *from);
}

int twice(int a)
{
	a = sum(a, 0);
	return sum(a,
		   a);
}
"""
PROGRAM = """\
#define unlikely(x) (x)
#define noinline __attribute__((noinline))
#define __always_inline inline __attribute__((always_inline))
#include "mutated.c"
int kpi_mutant;
int main(int argc, char **argv)
{
	static const int numbers[] = { 1, 2, 3, 0 };
	int total = 0;

	kpi_mutant = argc - 1;
	count(sum, &total, numbers);
	printf("%d %d\\n", total, twice(5));
	return 0;
}
"""
LIST = """\
# a comment

a.c sum: suite_one suite_two@flavour+leaks
- a + b
+ a - b

a.c count: suite_one
- *to = step(*to, *from);
+ ;
lives: because
 of that

a.c twice: suite_one
- return sum(a, a);
+ return a;
"""


def mutants():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "area.list")
        path.write_text(LIST)
        found = book.read(path)
    for mutant in found:
        mutant.name = mutant.function
    return found


def mutant(function, old):
    made = book.Mutant("kpi/a.c", function, [], 1, "area", old=old)
    made.name = function
    return made


class Book(unittest.TestCase):
    def test_list(self):
        first, second, third = mutants()
        self.assertEqual((first.file, first.function, first.area), ("kpi/a.c", "sum", "area"))
        self.assertEqual([str(trial) for trial in first.trials], ["suite_one", "suite_two@flavour+leaks"])
        self.assertEqual(second.lives, "because of that")
        self.assertEqual(third.lives, "")

    def test_white_space_does_not_count(self):
        self.assertIn("\treturn a;\n}", mutants()[2].apply(SOURCE))

    def test_must_be_there_once(self):
        for function, old in (("sum", "a * b"), ("twice", "sum(a,"), ("none", "a"), ("sum", "")):
            with self.subTest(function=function, old=old), self.assertRaises(book.Wrong):
                mutant(function, old).apply(SOURCE)

    def test_another_function_does_not_count(self):
        with self.assertRaises(book.Wrong):
            mutant("twice", "a + b").apply(SOURCE)


class Graft(unittest.TestCase):
    def test_parameters(self):
        for head, names in (("int f(void)", []), ("int f(struct x *p, u8 name[16])", ["p", "name"]),
                            ("int f(int (*g)(int a, int b), bool c)", ["g", "c"]), ("x *f(const x *const y)", ["y"])):
            with self.subTest(head=head):
                self.assertEqual(graft.parameters(head, "f"), names)

    def test_one_at_a_time(self):
        numbers = {each.name: number for number, each in enumerate(mutants(), 1)}
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "mutated.c").write_text(graft.grafted(SOURCE, mutants(), numbers))
            Path(folder, "main.c").write_text(PROGRAM)
            subprocess.run(["gcc", "-O2", "-o", "main", "main.c"], cwd=folder, check=True)
            said = [subprocess.run(["./main", *["x"] * n], cwd=folder, check=True, stdout=subprocess.PIPE,
                                   text=True).stdout for n in range(4)]
        self.assertEqual(said, ["6 10\n", "-6 0\n", "0 10\n", "6 5\n"])

    def test_unknown_suite(self):
        made = mutant("sum", "a + b")
        made.file, made.new, made.trials = "a.c", "a", [book.Trial.of("nothing+leaks")]
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "a.c").write_text(SOURCE)
            with self.assertRaisesRegex(book.Wrong, "nothing"):
                book.check([made], Path(folder), {"sum"})
            book.check([made], Path(folder), {"nothing"})


if __name__ == "__main__":
    unittest.main()
