# SPDX-License-Identifier: GPL-2.0
"""Loads a kext in a guest and shows what it printed."""
import sys
import time

from . import build
from .offered import TOP

sys.path.insert(0, str(TOP / "tools" / "guest"))
from lib import base, boot, kernels, plan, show, verdict  # noqa: E402

DEFAULT = "deb-6.12"
TOOLS = ("kextload", "kextunload", "kextstat")

SCRIPT = """\
PATH=/mnt/files:$PATH
kextload {files} {params} || status=1
sleep {seconds}
kextstat
for kext in {names}; do
	[ ! -d /sys/module/$kext ] || kextunload $kext || status=1
done
exit ${{status:-0}}
"""


def kernel(flavour):
    """The flavour's kernel, made first if it is not there."""
    try:
        found = kernels.ensure(flavour or DEFAULT)
    except base.Failed as failure:
        raise build.Failed(str(failure)) from None
    return build.Kernel(found.kdir, found.release, found.make_args)


def run(flavour, layer, modules, params, seconds):
    """Exit status 0 if the kext came, ran and went without a trace of trouble."""
    chosen = kernels.ensure(flavour or DEFAULT)
    folder = build.build_folder(kernel(flavour)) / "guest"
    folder.mkdir(parents=True, exist_ok=True)
    script = folder.with_name("run-kext.sh")
    script.write_text(SCRIPT.format(files=" ".join(f"/mnt/modules/{path.name}" for path in modules),
                                    names=" ".join(path.stem for path in reversed(modules)),
                                    params=" ".join(f"'{name}={value}'" for name, value in params.items()),
                                    seconds=seconds))
    plan.prepare(folder, ["load netkpi", f"script {script.name}", "unload netkpi"],
                 [layer / "kpi" / "netkpi.ko", *modules], [script], [TOP / "tools" / tool for tool in TOOLS])
    started = time.monotonic()
    show.guest(chosen)
    boot.start(chosen, folder, {"script": 120 + seconds}).wait()
    report = verdict.read_report(folder / "report")
    problems = verdict.problems(folder, report)
    print_log(folder, report)
    show.verdict(problems, folder, started, "the same command")
    return 1 if problems else 0


def print_log(folder, report):
    """What the kernel said while the kext was there, then what the tools said."""
    for line in kernel_log(folder / "console.log", report.suites):
        print(f"  | {line}")
    for suite in report.suites:
        for line in suite.text.splitlines():
            print(f"  {line}")


def kernel_log(path, suites):
    return [line for line in path.read_text(errors="replace").replace("\r", "").splitlines() if suites]
