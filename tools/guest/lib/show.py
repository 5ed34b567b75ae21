# SPDX-License-Identifier: GPL-2.0
"""Tell a person how a run went."""
import time
from pathlib import Path

from . import stock
from .base import say, tail
from .verdict import trouble

FEATURES = {"KUNIT": "kunit", "KASAN": "kasan", "KCSAN": "kcsan", "PROVE_LOCKING": "lockdep",
            "DEBUG_KMEMLEAK": "kmemleak", "FAILSLAB": "failslab", "PREEMPT": "preempt"}


def guest(kernel):
    features = ", ".join(word for option, word in FEATURES.items() if kernel.has(option))
    where = "UML" if kernel.is_uml else stock.describe(kernel)
    say("guest", f"Linux {kernel.release} ({features}), {where}" if kernel.source
        else f"Linux {kernel.release}, {where}")


def boot(guest):
    say("boot", f"ok      {guest.boot_seconds:.1f} s" if guest.boot_seconds else "FAILED")


def suites(report, skipped):
    """Names with passed/all, a few to a line; then each failed case, and what was left out."""
    line = ""
    for suite in report.suites:
        total = len(suite.cases)
        word = f"{suite.name} {suite.count('passed') + suite.count('skipped')}/{total}"
        if line and len(line) + len(word) > 72:
            say("tests", line)
            line = ""
        line += ("   " if line else "") + word
    if line:
        say("tests", line)
    for suite in report.suites:
        failed_cases(suite)
    for name, reason in skipped:
        say("skip", f"{name}: {reason}")


def failed_cases(suite):
    for name, result, log in suite.cases:
        if result == "failed":
            say("FAIL", f"{suite.name}: {name}")
            if log:
                print(tail("\n".join(log), 12))


def verdict(problems, folder, started, again):
    """The last lines of one guest."""
    took = f"{time.monotonic() - started:.0f} s"
    log = folder / "console.log"
    if not problems:
        say("PASS", f"in {took} (log: {relative(log)})")
        return
    for problem in problems:
        say("FAIL", problem)
    print(f"  from {relative(log)}:")
    print(telling_lines(log.read_text(errors="replace")))
    say("FAIL", f"in {took}; again: {again}")


def telling_lines(log):
    """Around the first sign of trouble; the end, if there is none."""
    lines = log.replace("\r", "").rstrip().splitlines()
    bad = trouble(log)
    first = next((n for n, line in enumerate(lines) if bad and bad[0] in line), len(lines))
    start = max(min(first - 8, len(lines) - 25), 0)
    return "\n".join("    " + line for line in lines[start:start + 30])


def relative(path):
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
