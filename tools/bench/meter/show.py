# SPDX-License-Identifier: GPL-2.0
"""Tables, TSV and charts of what the meters said."""
import shutil
from collections import defaultdict
from pathlib import Path

from lib.base import run, say

from .cases import TITLES

BENCH = Path(__file__).resolve().parents[1]


def tables(results):
    """One table: a row a case, two columns a meter. {meter: [case]}"""
    for meter in results:
        print(f"  {meter.name + ':':12} {meter.title}")
    columns = "".join(f"  {meter.name:>10} {'+-':>5}  {'goal':>7}" for meter in results)
    print(f"\n  {'':15} {'work':44}{columns}")
    for row in rows(results):
        print(f"  {row[0].name:15} {row[0].what():44}" + "".join(map(cell, row)))
    print("\n  Throughput (goal >=): native's time over ours, more is better."
          "\n  Cost (goal <=): ours over native's, less is better."
          "\n  +-: half of where the median lies with 95 % confidence, in per cent. < : native code is ahead.\n")
    unmeasured(results)


def rows(results):
    """Cases with a ratio, by the first meter's order, one a meter."""
    found = defaultdict(list)
    for cases in results.values():
        for case in cases:
            if case.kind != "growth":
                found[case.key].append(case)
    return [row for row in found.values() if len(row) == len(results)]


def cell(case):
    if case.why:
        return f"  {'-':>10} {'':5}  {'':7}"
    goal = f"{'<=' if case.kind == 'cost' else '>='} {case.goal:.2f}" if case.goal else ""
    mark = "!" if case.short() else "<" if case.behind() else " "
    return f"  {case.median():9.2f}{mark} {50 * case.spread():5.1f}  {goal:>7}"


def unmeasured(results):
    for meter, cases in results.items():
        for case in cases:
            if case.why:
                print(f"  {meter.name}: {case.name} {case.what()}: not measured: {case.why}")


def shares(meter, cases):
    """
    H.flood times a program's work, 100 microseconds a repetition: what it has of the CPU.
    What is called memory counts bytes.
    """
    for case in cases:
        if case.name.endswith(".memory") and not case.why:
            print(f"  {meter.name}: {case.what()}: {case.each():.0f} bytes, {case.each(1):.0f} in native code")
        if case.name == "H.flood" and not case.why:
            ours, native = (100 * 100_000 / case.each(side) for side in (0, 1))
            print(f"  {meter.name}: beside a flood a program has {ours:.0f} % of the CPU, "
                  f"{native:.0f} % if native code reads it")


def profiles(meter, cases):
    """The functions by which the sides differ most, with what each takes of a repetition."""
    for case in cases:
        kext, native = (dict(case.profile[side]) for side in ("kext", "native"))
        differs = {name: kext.get(name, 0) - native.get(name, 0) for name in kext | native}
        print(f"\n  {meter.name}: {case.name} {case.what()}: one repetition\n"
              f"    {'kext':>8} {'native':>8} {'more':>8}")
        for name in sorted(differs, key=lambda name: -abs(differs[name]))[:40]:
            print(f"    {kext.get(name, 0):8} {native.get(name, 0):8} {differs[name]:+8} {name}")


def growth(cases):
    """{name: [(x, value)]}: against native code where there is any, else per unit, against the first."""
    grown = defaultdict(list)
    for case in cases:
        if case.kind != "growth" or case.why:
            continue
        if case.name == "grow.message":
            grown[case.name].append((case.size, case.median()))
        else:
            if case.has_native:
                grown[f"{case.name}.native"].append((case.pieces, case.each(1)))
            per = case.pieces if case.name == "grow.chain" else 1
            grown[case.name].append((max(case.pieces, 1), case.each() / per))
    for name, points in grown.items():
        if name != "grow.message":
            first = points[0][1]
            grown[name] = [(x, value / first) for x, value in points]
    return grown


def print_growth(meter, grown):
    for name, points in grown.items():
        unit = "throughput against native code" if name == "grow.message" else "cost of one, the first = 1"
        print(f"  {meter.name}: {TITLES[name]} ({unit}):\n    "
              + "  ".join(f"{x}: {value:.2f}" for x, value in points))


def write_tsv(cases, file):
    with open(file, "w") as tsv:
        tsv.write("case\tkind\tsize\tpieces\tgoal\tmedian\tleast\tmost\trounds\tkext\tnative\n")
        for case in cases:
            if case.why or case.kind == "growth":
                continue
            low, high = case.interval()
            tsv.write(f"{case.name}\t{case.kind}\t{case.size}\t{case.pieces}\t{case.goal}\t{case.median():.3f}\t"
                      f"{low:.3f}\t{high:.3f}\t{len(case.rounds)}\t{case.each():.1f}\t{case.each(1):.1f}\n")


def write_growth(grown, file):
    with open(file, "w") as tsv:
        for name, points in grown.items():
            tsv.write(f"# {TITLES[name]}\n")
            tsv.writelines(f"{x}\t{value:.3f}\n" for x, value in points)
            tsv.write("\n\n")


def draw(folder, grown):
    """Both charts, or one if no case grew."""
    if not shutil.which("gnuplot"):
        say("chart", "no gnuplot here, so no charts")
        return
    run(["gnuplot", "-e", f"folder='{folder}'; growth={int(bool(grown))}", BENCH / "bench.gp"])
    say("chart", f"{folder}/ratios.svg" + f", {folder}/growth.svg" * bool(grown))
