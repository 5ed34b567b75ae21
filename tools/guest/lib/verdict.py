# SPDX-License-Identifier: GPL-2.0
"""What a guest reported, and whether that is a pass.

pass = the report ends in "verdict pass", every suite asked for gave a plan and
that many results, and the log holds no trace of trouble. All else is a fail.
"""
import io
import re
import sys
from dataclasses import dataclass, field

from . import symbols

LEAK_LINES = 25		# of what kmemleak says

TROUBLE = re.compile("|".join([
    r"\bBUG: ", r"\bBUG at ", r"\bWARNING: ", r"\bOops\b", r"Call Trace", r"Kernel panic",
    r"UBSAN: ", r"ODEBUG: ", r"KCSAN: ", r"general protection fault", r"Unable to handle",
    r"possible circular locking", r"possible recursive locking", r"suspicious RCU usage",
    r"inconsistent lock state", r"bad unlock balance", r"held lock freed", r"still has locks held",
    r"sleeping function called", r"scheduling while atomic", r"INFO: task .* blocked",
    r"INFO: rcu", r"refcount_t: ", r"list_(add|del) corruption", r"Objects remaining",
    r"unregister_netdevice: waiting", r"kmemleak: \d+ new suspected", r"kmemleak: .*disabled",
    r"Unknown symbol", r"disagrees about version", r"no end of stage",
]))
# Lines of a healthy boot that look like trouble.
HARMLESS = re.compile(r"Spectre")


@dataclass
class Suite:
    """One suite's part of the report."""
    module: str
    name: str
    text: str = ""
    status: int = 0
    cases: list = field(default_factory=list)	# (name, "passed" | "failed" | "skipped", log)
    problem: str = ""				# what is wrong with the report itself

    def count(self, result):
        return sum(case[1] == result for case in self.cases)

    @property
    def passed(self):
        return not self.problem and not self.status and self.count("failed") == 0


@dataclass
class Report:
    """All that came out of a guest."""
    release: str = ""
    verdict: str = ""
    stage: str = "boot"
    suites: list = field(default_factory=list)
    failures: list = field(default_factory=list)
    leaks: list = field(default_factory=list)
    texts: list = field(default_factory=list)	# (module, address of its text)


def read_report(path):
    report = Report()
    if not path.exists():
        return report
    for line in path.read_text(errors="replace").replace("\r", "").splitlines():
        if line.startswith("@@ "):
            take(report, *line[3:].partition(" ")[::2])
        elif report.suites:
            report.suites[-1].text += line + "\n"
    return report


def take(report, word, rest):
    """One line for the host."""
    if word == "boot":
        report.release = rest
    elif word == "stage":
        report.stage = rest.strip()
    elif word == "suite":
        report.suites.append(Suite(*rest.split()[:2]))
    elif word == "status":
        report.suites[-1].status = int(rest)
    elif word == "text":
        name, _, address = rest.partition(" ")
        if address and (name, int(address, 16)) not in report.texts:
            report.texts.append((name, int(address, 16)))
    elif word == "fail":
        report.failures.append(rest)
    elif word == "leak":
        report.leaks.append(rest)
    elif word == "verdict":
        report.verdict = rest


def trouble(log):
    """Lines of a kernel log that a good run does not have.

    What a kernel says before its first process runs is its own affair.
    """
    _, _, ours = log.replace("\r", "").rpartition(" as init process\n")
    return [line.strip() for line in ours.splitlines()
            if TROUBLE.search(line) and not HARMLESS.search(line)]


def problems(folder, report):
    """All that speaks against a pass in a guest's folder; nothing means pass."""
    found = list(report.failures)
    for suite in report.suites:
        found += problems_of(suite)
    log = (folder / "console.log").read_text(errors="replace")
    found += [f"log: {line}" for line in trouble(log)[:5]]
    leaks = symbols.name_addresses(report.leaks[:LEAK_LINES], report.texts, folder / "modules")
    found += [f"leak: {line}" for line in leaks]
    if report.verdict and report.verdict != "pass":
        found.append(f"the guest reported {report.verdict}")
    elif not report.verdict:
        found.append(f"the guest ended without a verdict, in {report.stage}")
    return found


def problems_of(suite):
    if suite.problem:
        return [f"{suite.name}: {suite.problem}"]
    if suite.status:
        return [f"{suite.name}: exit status {suite.status}",
                *re.findall(r"^not ok.*", suite.text, re.M)]
    failed = suite.count("failed")
    return [f"{suite.name}: {failed} of {len(suite.cases)} failed"] if failed else []


def load_parser(source):
    """The kernel's own KTAP parser, silenced."""
    folder = str(source / "tools" / "testing" / "kunit")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    import kunit_parser
    import kunit_printer
    kunit_parser.stdout = kunit_printer.Printer(io.StringIO())
    return kunit_parser


def judge_suites(report, parser):
    for suite in report.suites:
        judge_suite(suite, parser)


def judge_suite(suite, parser):
    """Fill in a suite's cases; a plan that is not kept is a problem."""
    is_script = suite.module == "script"
    text = plain_tap(suite.text) if is_script else suite.text
    test = parser.parse_run_tests(text.splitlines())
    for part in [test] if is_script else test.subtests:
        collect(part.subtests, "", suite, parser)
    if not suite.cases:
        suite.problem = "no results"
    elif not re.search(r"^\s*1\.\.[1-9]", text, re.M):
        suite.problem = "no plan"
    elif test.counts.errors:
        suite.problem = "its report is not what its plan said"


def plain_tap(text):
    """A script's TAP as the parser wants it: version, plan, then nothing but results.

    The parser never comes back from a plan at the end.
    """
    plan = re.findall(r"^1\.\.\d+$", text, re.M)[:1]
    lines = [line if re.match(r"(ok|not ok) \d+", line) else f"# {line}" for line in text.splitlines()
             if not re.match(r"1\.\.\d+$|K?TAP version", line)]
    return "\n".join(["TAP version 13", *plan, *lines]) + "\n"


def collect(tests, prefix, suite, parser):
    """The leaves of the tree are the cases."""
    for test in tests:
        name = f"{prefix}{test.name}"
        if test.subtests:
            collect(test.subtests, f"{name}.", suite, parser)
        else:
            suite.cases.append((name, result(test, parser), test.log))


def result(test, parser):
    status = parser.TestStatus
    if test.status == status.SUCCESS:
        return "passed"
    return "skipped" if test.status == status.SKIPPED else "failed"
