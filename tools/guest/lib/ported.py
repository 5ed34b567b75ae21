# SPDX-License-Identifier: GPL-2.0
"""The ported kexts, one by one: does it build on the stock kernels, does it run."""
import re

from . import kernels
from .base import TOP, WrongCall, build_dir, say

KEXTS = TOP / "kexts"
STOCK = sorted(kernels.STOCK)

def table(report):
    """A line for each kext; returns how many are not as they should be."""
    if not report.is_file():
        raise WrongCall(f"{report}: there is no such report; a run of the ported kexts writes one (make check)")
    ran = results(report)
    wrong = 0
    for folder in sorted(path.parent for path in KEXTS.glob("*/run.sh")):
        built = [is_built(flavour, folder.name) for flavour in STOCK]
        runs = ran.get(folder.name, "did not run")
        wrong += runs != "runs" or not all(built)
        words = [f"{flavour.removeprefix('deb-')} {'builds' if good else 'DOES NOT BUILD'}"
                 for flavour, good in zip(STOCK, built)]
        say("ported", f"{folder.name:12} {', '.join(words)}, {runs}")
    return wrong


def is_built(flavour, name):
    return any((build_dir() / flavour / "src" / "kexts" / name).glob("*.ko"))


def results(report):
    """{kext: "runs" | "FAILED"} of ported.sh's TAP."""
    found = {}
    for word, name in re.findall(r"^(ok|not ok) \d+ - (\S+)", report.read_text(errors="replace"), re.M):
        found[name] = "runs" if word == "ok" else "FAILED"
    return found
