# SPDX-License-Identifier: GPL-2.0
"""Which lines and branches of kpi/ the tests run: gcov on what a guest counted."""
import json
import re
import shutil
import subprocess
from collections import defaultdict

from .base import Failed, build_dir

FLAVOUR = "uml-6.12-debug"
RUN = "coverage"


class Lines:
    """Counts of one source file."""

    def __init__(self):
        self.lines = defaultdict(int)		# line: times run
        self.branches = defaultdict(int)	# (line, number): times taken

    def take(self, file):
        for line in file["lines"]:
            self.lines[line["line_number"]] += line["count"]
            for number, branch in enumerate(line["branches"]):
                self.branches[line["line_number"], number] += branch["count"]

    @staticmethod
    def share(counts):
        return (sum(count > 0 for count in counts.values()), len(counts))


def measure():
    """{file below kpi/: Lines}"""
    source = build_dir() / FLAVOUR / "src-gcov"
    counted = build_dir() / FLAVOUR / RUN / "gcov" / str(source).lstrip("/")
    if not (counted / "kpi").is_dir():
        raise Failed(f"the guest brought out no counts in {counted}")
    found = defaultdict(Lines)
    for data in sorted((counted / "kpi").rglob("*.gcda")):
        place = source / data.relative_to(counted)
        shutil.copy(data, place)
        for file in gcov(place):
            name = re.search(r"(?:^|/)(kpi/[^ ]*\.[ch])$", file["file"])
            if name and "/include/" not in name[1]:
                found[name[1]].take(file)
    return dict(sorted(found.items()))


def gcov(data):
    """The files of one object."""
    done = subprocess.run(["gcov", "-b", "--json-format", "--stdout", str(data)], cwd=data.parent,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode or not done.stdout:
        raise Failed(f"gcov {data}: {done.stderr.strip() or 'no output'}")
    return json.loads(done.stdout)["files"]


def table(found):
    rows = [f"  {'file':40} {'lines':>16} {'branches':>17}"]
    sums = [0, 0, 0, 0]
    for name, lines in found.items():
        numbers = [*lines.share(lines.lines), *lines.share(lines.branches)]
        sums = [a + b for a, b in zip(sums, numbers)]
        rows.append(row(name, numbers))
    return "\n".join([*rows, row("all", sums)])


def row(name, numbers):
    run, lines, taken, branches = numbers
    return (f"  {name:40} {percent(run, lines):>6} {f'{run}/{lines}':>9}"
            f" {percent(taken, branches):>7} {f'{taken}/{branches}':>9}")


def percent(part, whole):
    return f"{100 * part / whole:.1f}%" if whole else "-"
