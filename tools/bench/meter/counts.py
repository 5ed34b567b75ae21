# SPDX-License-Identifier: GPL-2.0
"""counts.tsv: what the exact rows cost when they were last looked at.

What is kept is ours over native's, both counted by instructions in one guest:
a new kernel or compiler moves both. The counts themselves stand beside it, to
see which side has moved. A row is kept if its rounds agree to half a per cent;
streams do not, where a wakeup more or less changes how much one call finds.
"""
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "counts.tsv"
HEAD = "meter\tcase\tsize\tpieces\tratio\tkext\tnative\n"
MARGIN = 0.02
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


def update(meter, cases):
    """Rows that were measured replace their lines; the others stay."""
    kept = {key: values for key, values in read().items()
            if key not in {(meter.name, *case.key) for case in cases}}
    for case in filter(is_exact, cases):
        kept[(meter.name, *case.key)] = cost(case), case.each(), case.each(1)
    with open(FILE, "w") as file:
        file.write(HEAD)
        for key, (ratio, kext, native) in sorted(kept.items()):
            file.write("\t".join(map(str, key)) + f"\t{ratio:.4f}\t{kext:.1f}\t{native:.1f}\n")


def gate(meter, cases):
    """Compares with the table; whether no row costs more."""
    kept = read()
    found = {(meter.name, *case.key): case for case in cases}
    worse = [key for key in kept if key in found and is_worse(found[key], kept[key])]
    better = [key for key in kept if key in found and is_better(found[key], kept[key])]
    for key in worse:
        tell("worse", found[key], kept[key])
    for key in better:
        tell("better", found[key], kept[key])
    if worse or better:
        print(f"  If it is meant: tools/bench/run -m {meter.name} --update, and commit counts.tsv.")
    looked_at = sum(key in found for key in kept)
    print(f"{looked_at - len(worse)} passed, {len(worse) or int(not looked_at)} failed, 0 skipped")
    return looked_at and not worse


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
