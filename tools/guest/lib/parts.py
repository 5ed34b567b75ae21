# SPDX-License-Identifier: GPL-2.0
"""Run several test commands, a few at a time, and add up what they say.

A part is a command that ends with "N passed, N failed, N skipped" or prints
TAP; one that does neither counts as one test, by its exit status.
"""
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from . import kernels, progress, verdict
from .base import TOP, say, tail

TALLY = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M)


@dataclass
class Part:
    name: str
    command: list


@dataclass
class Result:
    part: Part
    output: str
    status: int
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def good(self):
        return self.status == 0 and self.failed == 0 and self.passed > 0


def run_part(part, running):
    started = time.monotonic()
    process = subprocess.Popen([str(word) for word in part.command], cwd=TOP, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                               env={**os.environ, "PYTHONUNBUFFERED": "1"})
    running.append(process)
    output, _ = process.communicate()
    result = Result(part, output, process.returncode, time.monotonic() - started)
    count(result)
    return result


def count(result):
    tallies = TALLY.findall(result.output)
    if tallies:
        result.passed, result.failed, result.skipped = (int(n or 0) for n in tallies[-1])
    elif re.search(r"^1\.\.\d+", result.output, re.M):
        count_tap(result)
    else:
        result.passed = int(result.status == 0)
    if result.status and not result.failed:
        result.failed = 1


def count_tap(result):
    suite = verdict.Suite("script", result.part.name, result.output)
    verdict.judge_suite(suite, verdict.load_parser(kernels.parser_source()))
    result.passed, result.failed, result.skipped = (suite.count(what) for what in ("passed", "failed", "skipped"))
    if suite.problem:
        result.failed += 1
        result.output += f"{suite.problem}\n"


def run_parts(parts, after=()):
    """Run them all, some only after the others; show each, then the sum. Exit status."""
    results = []
    for some in (parts, after):
        for result in in_turn(some):
            show(result)
            results.append(result)
    failed = [result for result in results if not result.good]
    for result in failed:
        say("FAIL", f"{result.part.name}: again: {' '.join(map(str, result.part.command))}")
    print("{} passed, {} failed, {} skipped".format(
        *(sum(getattr(result, what) for result in results) for what in ("passed", "failed", "skipped"))))
    return 1 if failed else 0


def in_turn(parts, at_a_time=3):
    """Results as the parts end; when we are stopped, so are they."""
    running = []
    pool = ThreadPoolExecutor(at_a_time)
    try:
        waiting = {pool.submit(run_part, part, running): part.name for part in parts}
        while waiting:
            line = progress.Line("waits", "for " + ", ".join(waiting.values()))
            with progress.ticking(line, lambda: ("", None)):
                done = next(as_completed(waiting))
            del waiting[done]
            yield done.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in running:
            if process.poll() is None:
                process.terminate()


def show(result):
    counts = f"{result.passed} passed, {result.failed} failed, {result.skipped} skipped"
    word = "ok" if result.good else "FAILED"
    print(f"{result.part.name}: {word}, {counts}, {result.seconds:.0f} s")
    text = TALLY.sub("", result.output)
    lines = [line for line in text.splitlines() if re.match(r"  \w", line)]
    print("\n".join(lines) if result.good else tail(text, 60), flush=True)
