# SPDX-License-Identifier: GPL-2.0
"""counts.tsv: what the exact rows cost when they were last looked at.

What is kept is ours over native's, both counted by instructions in one guest:
a new kernel or compiler moves both. The counts themselves stand beside it, to
see which side has moved. A row is kept if its rounds agree to half a per cent;
streams do not, where a wakeup more or less changes how much one call finds.
"""
import argparse
from pathlib import Path

from lib.base import Failed

FILE = Path(__file__).resolve().parents[1] / "counts.tsv"
HEAD = "meter\tcase\tsize\tpieces\tratio\tkext\tnative\n"
MARGIN = 0.02
ROUNDS, SCALE = 3, 20		# of the table and of what is compared with it: how warm it is matters
EXACT = 0.005


def cost(case):
    return case.median() if case.kind == "cost" else 1 / case.median()


def read():
    """{(meter, name, size, pieces): (ratio, kext, native)}"""
    if not FILE.exists():
        return {}
    kept = {}
    for line in FILE.read_text().splitlines()[1:]:
        meter, name, size, pieces, *values = line.split("\t")
        kept[meter, name, int(size), int(pieces)] = tuple(map(float, values))
    return kept


def is_exact(case):
    return not case.why and case.kind != "growth" and case.spread() <= EXACT


def prepared(meter, options):
    """Options to measure as the table was; for the gate, no row that cannot be judged."""
    only = options.only or (names(meter) if options.gate else "")
    return argparse.Namespace(**{**vars(options), "rounds": ROUNDS, "scale": SCALE, "only": only})


def names(meter):
    kept = {name for kept_meter, name, *_ in read() if kept_meter == meter.name}
    if not kept:
        raise Failed(f"counts.tsv has no row of {meter.name}")
    return ",".join(sorted(kept))


def update(meter, cases, whole=True):
    """Rows that were measured replace their lines; the others stay, unless all were measured."""
    gone = {(meter.name, *case.key) for case in cases}
    kept = {key: values for key, values in read().items()
            if key not in gone and not (whole and key[0] == meter.name)}
    for case in filter(is_exact, cases):
        kept[(meter.name, *case.key)] = cost(case), case.each(), case.each(1)
    with open(FILE, "w") as file:
        file.write(HEAD)
        for key, (ratio, kext, native) in sorted(kept.items()):
            file.write("\t".join(map(str, key)) + f"\t{ratio:.4f}\t{kext:.1f}\t{native:.1f}\n")


def gate(meter, cases, whole=True):
    """Compares with the table; whether no row costs more, and if all were asked for none is missing."""
    kept = {key[1:]: values for key, values in read().items() if key[0] == meter.name}
    found = {case.key: case for case in cases}
    missing = [key for key in kept if whole and key not in found]
    looked_at = [key for key in kept if key in found]
    worse = [key for key in looked_at if is_worse(found[key], kept[key])]
    better = [key for key in looked_at if is_better(found[key], kept[key])]
    for key in missing:
        print("  missing: {} {} {}: no such case any more".format(*key))
    for word, keys in (("worse", worse), ("better", better)):
        for key in keys:
            tell(word, found[key], kept[key])
    if missing or worse or better:
        print(f"  If it is meant: tools/bench/compare -m {meter.name} --update, and commit counts.tsv.")
    failed = len(missing) + len(worse) or int(not looked_at)
    print(f"{len(looked_at) - len(worse)} passed, {failed} failed, 0 skipped")
    return not failed


def is_worse(case, kept):
    return bool(case.why) or cost(case) > kept[0] * (1 + MARGIN)


def is_better(case, kept):
    return not case.why and cost(case) < kept[0] * (1 - MARGIN)


def tell(word, case, kept):
    if case.why:
        print(f"  {word}: {case.name} {case.what()}: not measured: {case.why}")
        return
    print(f"  {word}: {case.name} {case.what()}: ratio {kept[0]:.3f} -> {cost(case):.3f}, "
          f"instructions {kept[1]:.0f} -> {case.each():.0f}, native's {kept[2]:.0f} -> {case.each(1):.0f}")
