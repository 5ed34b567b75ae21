# SPDX-License-Identifier: GPL-2.0
"""The meters: a guest each, and what to know when reading it.

uml	user-mode Linux, which runs the host's instructions: time, with its caches
	and its noise. One CPU, no PREEMPT_DYNAMIC, no retpolines.
icount	stock Debian under QEMU, where one instruction is one nanosecond of the
	guest's clock: exact, and blind to what an instruction costs.
smp	the same kernel on two emulated CPUs: who runs where. Coarse.
"""
import os
from dataclasses import dataclass, field
from pathlib import Path

from lib import boot, kernels, plan as plans, stock
from lib.base import build_dir, lock, say
from lib.build import build

from . import cases, rivals

BENCH = Path(__file__).resolve().parents[1]
EXACT = ["-accel", "tcg,thread=single", "-icount", "shift=0,sleep=off", "-smp", "1"]
EXACT_CLOCK = ["tsc=reliable", "clocksource=tsc"]
# A table of ports as a machine with ten thousand sockets has: that of a small guest has 512.
PORTS = ["uhash_entries=16384"]


@dataclass(eq=False)
class Meter:
    name: str
    title: str
    flavour: str
    rounds: int			# at least
    most: int			# until the median is known to one per cent
    scale: int			# per cent of the usual repetitions
    machine: list = field(default_factory=list)		# QEMU's, if not what tests have
    arguments: list = field(default_factory=list)	# the kernel's


METERS = {meter.name: meter for meter in (
    Meter("uml", "user-mode Linux 6.12, time", "uml-6.12", 9, 49, 50, arguments=PORTS),
    Meter("icount", "stock Debian 6.12, instructions", "deb-6.12", 3, 9, 20, EXACT, EXACT_CLOCK + PORTS),
    Meter("icount-6.1", "stock Debian 6.1, instructions", "deb-6.1", 3, 9, 20, EXACT, EXACT_CLOCK + PORTS),
    Meter("smp", "stock Debian 6.12 on two CPUs, emulated, time", "deb-6.12", 5, 15, 20, arguments=PORTS),
)}


def run(meter, options):
    """Runs the module in the meter's guest; returns its cases, measured or not."""
    os.environ.update(KPI_BENCH="1", KPI_PARTS="kpi/ tools/bench/")
    kernel = kernels.ensure(meter.flavour)
    modules = build(kernel)
    folder = build_dir() / meter.flavour / f"bench-{meter.name}"
    with lock(folder.with_suffix(".lock"), f"the bench by {meter.name}"):
        plans.prepare(folder, ["load netkpi", "script bench.sh", "unload netkpi"],
                      modules.rglob("*.ko"), [BENCH / "bench.sh"], rivals.files(kernel, options.only))
        (folder / "files" / "parameters").write_text(parameters(meter, options))
        say("bench", meter.title)
        guest = start(meter, kernel, folder)
        guest.wait()
        return cases.read((folder / "console.log").read_text(errors="replace").replace("\r", ""))


def parameters(meter, options):
    rounds = options.rounds or (1 if options.profile else meter.rounds)
    most = rounds if options.rounds or options.profile else meter.most
    words = [f"rounds={rounds}", f"most={most}", f"scale={options.scale or meter.scale}",
             f"profile={int(options.profile)}"]
    return " ".join(words + ([f"only={options.only}"] if options.only else [])) + "\n"


def start(meter, kernel, folder):
    deadlines = {"script": 3600, "boot": 300}
    if not meter.machine:
        return boot.start(kernel, folder, deadlines, meter.arguments)
    stock.make_initramfs(kernel, folder)
    return boot.Guest(boot.qemu_command(kernel, folder, meter.arguments, machine=meter.machine), folder, deadlines)
