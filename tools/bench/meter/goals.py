# SPDX-License-Identifier: GPL-2.0
"""goals.tsv: what each row must reach, on the meter that can say so."""
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "goals.tsv"


def set_goals(cases, meter):
    goals = dict(read())
    for case in cases:
        case.goal = goals.get((meter, *case.key), 0)


def read():
    """((meter, name, size, pieces), goal) of every line; # begins a comment."""
    for line in FILE.read_text().splitlines():
        words = line.partition("#")[0].split()
        if words:
            meter, name, size, pieces, goal = words
            yield (meter, name, int(size), int(pieces)), float(goal)
