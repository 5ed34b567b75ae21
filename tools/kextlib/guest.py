# SPDX-License-Identifier: GPL-2.0
"""Loads a kext in a guest and shows what it printed."""
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from . import build, ci
from .offered import TOP

sys.path.insert(0, str(TOP / "tools" / "guest"))
from lib import base, boot, kernels, plan, show, symbols, verdict  # noqa: E402

DEFAULT = "deb-6.12"
TOOLS = ("kextload", "kextunload", "kextstat")
TEST_LIMIT = 240	# seconds
REST = 120		# that the guest's script may take besides: loading, unloading

SCRIPT = """\
[ -e /bin/sh ] || ln -s /bin/busybox /bin/sh
PATH=/mnt/files:$PATH
cd /tmp
before=$(dmesg | wc -l)
status=0
{before_loading}
files="{files}"
loaded=0
for try in {tries}; do
	kextload $files {params} && loaded=1 && break
	sleep 1
done
{while_loaded}
for kext in {names}; do		# for the host, which names addresses in them
	[ ! -f /sys/module/$kext/sections/.text ] || echo "@@ text $kext $(cat /sys/module/$kext/sections/.text)"
done
remaining() {{
	for kext in {names}; do
		[ ! -d /sys/module/$kext ] || echo $kext
	done
}}
for again in 1 2 3 4 5; do
	left=$(remaining)
	[ -n "$left" ] || break
	kextunload $left || sleep 1
done
[ -z "$(remaining)" ] || status=1
[ -z "$peer" ] || kill $peer 2>/dev/null
echo "kernel log:"
dmesg | tail -n "+$((before + 1))" | sed 's/^/  /'
exit $status
"""

PREPARED = "sh /mnt/files/before.sh || { echo 'before.sh failed'; status=1; }\n"
PEERED = "( {peer} ) </dev/null >/tmp/peer 2>&1 &\npeer=$!\n"

# A kext that found nobody to talk to may be loaded again by its test, which can start a peer.
TESTED = """\
KEXT_FILES=$files KEXT_LOADED=$loaded timeout -s KILL {limit} sh /mnt/files/test.sh >/tmp/said 2>&1
ended=$?
[ $ended = 0 ] || status=1
! grep -q '^not ok' /tmp/said || status=1
cat /tmp/said
[ $ended != 137 ] || echo "test.sh: had not ended after {limit} s (LIMIT=n allows it another time)"
kextstat
"""

UNTESTED = """\
if [ $loaded = 1 ]; then
	sleep {seconds}
	kextstat
else
	status=1
fi
"""


@dataclass
class Plan:
    """What happens to a kext in a guest."""
    test: Path = None	# a script while it is loaded; else it stays for some seconds
    before: Path = None	# a script before that
    peer: str = ""	# a command that runs all the time
    seconds: int = 3
    limit: int = TEST_LIMIT
    netkpi: str = ""	# its parameters
    leaks: bool = False	# look for them when all is unloaded

    def script(self, modules, params):
        return SCRIPT.format(
            files=" ".join(f"/mnt/modules/{path.name}" for path in modules),
            names=" ".join(path.stem for path in reversed(modules)),
            params=" ".join(shlex.quote(f"{name}={value}") for name, value in params.items()),
            tries="1 2 3 4 5" if self.peer else "1",	# a peer takes a moment to listen
            before_loading=(PREPARED if self.before else "") + (PEERED.format(peer=self.peer) if self.peer else ""),
            while_loaded=TESTED.format(limit=self.limit) if self.test else UNTESTED.format(seconds=self.seconds))

    def files(self):
        scripts = {"test.sh": self.test, "before.sh": self.before}
        return {tool: TOP / "tools" / tool for tool in TOOLS} | {name: path for name, path in scripts.items() if path}


def check(flavour):
    """Complains about a flavour that does not exist, before anything is built."""
    if flavour not in kernels.FLAVOURS:
        raise build.Failed(f"GUEST={flavour}: no such kernel; there are {', '.join(kernels.FLAVOURS)}")


def is_there(flavour):
    """Whether the kernel of a UML flavour has been built, as far as can be told without doing anything."""
    return any(base.cache_dir().glob(f"{flavour}-*/release"))


def kernel(flavour):
    """The flavour's kernel, made first if it is not there."""
    try:
        found = kernels.ensure(flavour or DEFAULT)
    except base.Failed as failure:
        raise build.Failed(str(failure)) from None
    return build.Kernel(found.kdir, found.release, found.make_args)


def folder_for(flavour, modules):
    """One for each kext: two that are tried at the same time must not read each other's verdict."""
    return build.build_folder(kernel(flavour)) / f"guest-{modules[0].stem}"


def run(flavour, layer, modules, params, chosen):
    """Loads the kext, runs its test or waits, unloads it. Exit status 0 if there was
    no trace of trouble."""
    machine = kernels.ensure(flavour or DEFAULT)
    folder = folder_for(flavour, modules)
    folder.mkdir(parents=True, exist_ok=True)
    script = folder.with_name(f"{folder.name}.sh")
    script.write_text(chosen.script(modules, params))
    plan.prepare(folder, [f"load netkpi {chosen.netkpi}".rstrip(), f"script {script.name}", "unload netkpi",
                          *(["leaks"] if chosen.leaks else [])], [layer / "kpi" / "netkpi.ko", *modules], [script], chosen.files())
    show.guest(machine)
    boot.start(machine, folder, {"script": REST + (chosen.limit if chosen.test else chosen.seconds)}).wait()
    return judge(folder, modules)


def found(folder):
    """The kernel's log, and kmemleak's lines with names for addresses."""
    report = verdict.read_report(folder / "report")
    return ((folder / "console.log").read_text(errors="replace"),
            symbols.name_addresses(report.leaks, report.texts, folder / "modules"))


def early_end(folder):
    return ci.early_end((folder / "console.log").read_text(errors="replace"),
                        verdict.read_report(folder / "report").verdict)


def judge(folder, modules):
    report = verdict.read_report(folder / "report")
    findings = ci.findings(*found(folder), ci.Places(modules, modules[0].parent))
    problems = [str(finding) for finding in findings if finding.place]
    problems += verdict.problems(folder, report)
    for suite in report.suites:
        problems += [f"the test: {problem}" for problem in [*ci.plan_problems(suite.text), *ci.time_problems(suite.text)]]
    for suite in report.suites:
        print("\n".join("  " + line for line in suite.text.splitlines()))
    for problem in problems:
        base.say("FAIL", problem)
    log = (folder / "console.log").read_text(errors="replace")
    if verdict.trouble(log):
        print(show.telling_lines(log))
    base.say("FAIL" if problems else "PASS", f"log: {show.relative(folder / 'console.log')}")
    return 1 if problems else 0
