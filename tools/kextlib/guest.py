# SPDX-License-Identifier: GPL-2.0
"""Loads a kext in a guest and shows what it printed."""
import shlex
import sys

from . import build
from .offered import TOP

sys.path.insert(0, str(TOP / "tools" / "guest"))
from lib import base, boot, kernels, plan, show, verdict  # noqa: E402

DEFAULT = "deb-6.12"
TOOLS = ("kextload", "kextunload", "kextstat")

TESTED = """\
	sh /mnt/files/test.sh >/tmp/said 2>&1 || status=1
	! grep -q '^not ok' /tmp/said || status=1
	cat /tmp/said
"""

SCRIPT = """\
[ -e /bin/sh ] || ln -s /bin/busybox /bin/sh
PATH=/mnt/files:$PATH
before=$(dmesg | wc -l)
status=0
if kextload {files} {params}; then
{while_loaded}
	kextstat
else
	status=1
fi
loaded() {{
	for kext in {names}; do
		[ ! -d /sys/module/$kext ] || echo $kext
	done
}}
for again in 1 2 3 4 5; do
	left=$(loaded)
	[ -n "$left" ] || break
	kextunload $left || sleep 1
done
[ -z "$(loaded)" ] || status=1
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


def run(flavour, layer, modules, params, test=None, seconds=3):
    """Loads the kext, runs the test or waits, unloads it. Exit status 0 if there was
    no trace of trouble."""
    chosen = kernels.ensure(flavour or DEFAULT)
    folder = build.build_folder(kernel(flavour)) / "guest"
    folder.mkdir(parents=True, exist_ok=True)
    script = folder.with_name("run-kext.sh")
    script.write_text(SCRIPT.format(
        files=" ".join(f"/mnt/modules/{path.name}" for path in modules),
        names=" ".join(path.stem for path in reversed(modules)),
        params=" ".join(shlex.quote(f"{name}={value}") for name, value in params.items()),
        while_loaded=TESTED if test else f"\tsleep {seconds}"))
    files = {tool: TOP / "tools" / tool for tool in TOOLS} | ({"test.sh": test} if test else {})
    plan.prepare(folder, ["load netkpi", f"script {script.name}", "unload netkpi"],
                 [layer / "kpi" / "netkpi.ko", *modules], [script], files)
    show.guest(chosen)
    boot.start(chosen, folder, {"script": 300 + seconds}).wait()
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
