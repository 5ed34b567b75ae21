# SPDX-License-Identifier: GPL-2.0
"""Loads a kext in a guest and shows what it printed."""
import sys

from . import build
from .offered import TOP

sys.path.insert(0, str(TOP / "tools" / "guest"))
from lib import base, boot, kernels, plan, show, verdict  # noqa: E402

DEFAULT = "deb-6.12"
TOOLS = ("kextload", "kextunload", "kextstat")

SCRIPT = """\
kextload() {{ sh /mnt/files/kextload "$@"; }}
kextunload() {{ sh /mnt/files/kextunload "$@"; }}
before=$(dmesg | wc -l)
status=0
kextload {files} {params} || status=1
sleep {seconds}
sh /mnt/files/kextstat
for kext in {names}; do
	[ ! -d /sys/module/$kext ] || kextunload $kext || status=1
done
echo "kernel log:"
dmesg | tail -n "+$((before + 1))" | sed 's/^/  /'
exit $status
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
    show.guest(chosen)
    boot.start(chosen, folder, {"script": 120 + seconds}).wait()
    return judge(folder)


def judge(folder):
    report = verdict.read_report(folder / "report")
    problems = verdict.problems(folder, report)
    for suite in report.suites:
        print("\n".join("  " + line for line in suite.text.splitlines()))
    for problem in problems:
        base.say("FAIL", problem)
    log = (folder / "console.log").read_text(errors="replace")
    if verdict.trouble(log):
        print(show.telling_lines(log))
    base.say("FAIL" if problems else "PASS", f"log: {show.relative(folder / 'console.log')}")
    return 1 if problems else 0
