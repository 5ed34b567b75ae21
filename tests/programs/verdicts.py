#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""verdicts.py MODULE[:PATTERN...]...: python3's own tests of these modules, each module in
a process of its own, and a line for each test, sorted: its name and how it ended.

A pattern chooses classes; one with a ! in front leaves some out.
"""
import fnmatch
import os
import subprocess
import sys
import unittest

LINE = "verdict: "


class Verdicts(unittest.TestResult):
    """What unittest finds, for each test one word."""
    verdict = ""

    def startTest(self, test):
        super().startTest(test)
        self.verdict = "ok"

    def stopTest(self, test):
        print(f"{LINE}{test.id()} {self.verdict}", file=sys.__stdout__, flush=True)

    def addError(self, test, err):
        super().addError(test, err)
        self.verdict = f"error {err[0].__name__} {err[1]}".splitlines()[0]
        if not isinstance(test, unittest.TestCase):
            self.stopTest(test)			# of a whole class or module

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.verdict = "failed"

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.verdict = "skipped"

    def addSubTest(self, test, subtest, err):
        if err:
            self.verdict = f"failed {subtest.id()}"


def tests_of(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_of(test)
        else:
            yield test


def is_chosen(test, patterns):
    name = ".".join(test.id().split(".")[-2:])
    wanted = [pattern for pattern in patterns if pattern[0] != "!"]
    refused = [pattern[1:] for pattern in patterns if pattern[0] == "!"]
    return ((not wanted or any(fnmatch.fnmatchcase(name, pattern) for pattern in wanted))
            and not any(fnmatch.fnmatchcase(name, pattern) for pattern in refused))


def run_here(name, patterns):
    found = unittest.defaultTestLoader.loadTestsFromName(name)
    unittest.TestSuite(test for test in tests_of(found) if is_chosen(test, patterns)).run(Verdicts())
    sys.stdout.flush()
    os._exit(0)				# some leave threads behind


def lines_of(argument):
    done = subprocess.run([sys.executable, __file__, "-", argument], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace")
    lines = [line.removeprefix(LINE) for line in done.stdout.splitlines() if line.startswith(LINE)]
    return lines + ([f"{argument} ended with {done.returncode}"] if done.returncode else [])


def main():
    if sys.argv[1] == "-":
        name, *patterns = sys.argv[2].split(":")
        run_here(name, patterns)
    print("\n".join(sorted(line for argument in sys.argv[1:] for line in lines_of(argument))))


main()
