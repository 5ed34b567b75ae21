# SPDX-License-Identifier: GPL-2.0
"""One guest from build to verdict."""
import time
from dataclasses import dataclass

from . import boot, kernels, plan as plans, show, verdict
from .base import build_dir, lock
from .build import build, built


@dataclass
class Outcome:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def good(self):
        return self.failed == 0 and self.passed > 0


def choose(kernel, options):
    """The plan of these command line options, and the modules it needs."""
    if options.files:
        plan = plans.plan_of_files(options.files)
    else:
        plan = plans.full_plan(kernel)
        if options.suites:
            plan.scripts = []
        if options.k:
            plans.narrowed(plan, options.k)
    plans.drop_unfit(plan, kernel)
    plan.leaks = not options.quick
    plan.parameter = options.layer
    plan.deadline = options.deadline or 0
    plan.gcov = options.variant == "gcov"
    modules = [path for path in options.files if path.suffix == ".ko"]
    if plan.layer:
        folder = built(kernel, options.variant) if options.built else build(kernel, options.variant)
        modules += needed(plan, sorted(folder.rglob("*.ko")))
    if options.stress:
        plans.ask_for_stress(plan, modules)
    return plan, modules


def needed(plan, modules):
    """What a guest without scripts inserts; scripts may insert anything."""
    if plan.scripts:
        return modules
    names = {"netkpi", *(line.split()[0] for line in plan.modules)}
    return [path for path in modules if path.stem in names]


def run_plan(kernel, options):
    started = time.monotonic()
    plan, modules = choose(kernel, options)
    folder = build_dir() / kernel.flavour / options.name
    with lock(folder.with_suffix(".lock"), f"the guest {options.name}"):
        report = run_guest(kernel, plan, folder, modules, options.extra)
        problems = verdict.problems(folder, report) + wrong_suites(plan, report)
        show.suites(report, plan.skipped)
        show.verdict(problems, folder, started, again(options, report))
    return outcome(plan, report, problems)


def run_guest(kernel, plan, folder, modules, extra_files):
    files = {path.name: path for path in extra_files} | plans.wanted_files(plan)
    plans.prepare(folder, plan.lines(), modules, plan.scripts, files)
    show.guest(kernel)
    guest = boot.start(kernel, folder, plans.deadlines(plan), plan.kernel_arguments())
    guest.wait()
    show.boot(guest)
    report = verdict.read_report(folder / "report")
    verdict.judge_suites(report, verdict.load_parser(kernels.parser_source()))
    return report


def wrong_suites(plan, report):
    """Suites that did not show up, and suites nobody listed."""
    ran = {suite.name for suite in report.suites}
    asked = {name for _, name in plan.suites} | {script.name for script in plan.scripts}
    missing = [f"{name}: did not run" for name in sorted(asked - ran)]
    if not plan.suites:
        return missing
    listed = asked | {name for _, name in plans.listed_suites()}
    return missing + [f"{name}: not listed in kunit/suites" for name in sorted(ran - listed)]


def outcome(plan, report, problems):
    """Cases count one by one, and that the layer comes and goes is one more.

    A guest that is not good has at least one failure.
    """
    result = Outcome(passed=int(plan.layer and not problems), skipped=len(plan.skipped))
    for suite in report.suites:
        result.passed += suite.count("passed")
        result.failed += suite.count("failed")
        result.skipped += suite.count("skipped")
    if problems and not result.failed:
        result.failed = 1
    return result


def again(options, report):
    """The command that repeats just what failed."""
    bad = [suite.name.removesuffix(".sh") for suite in report.suites if not suite.passed]
    what = " ".join(map(str, options.files)) or " ".join(f"-k {name}" for name in bad)
    how = f" --{options.variant}" if options.variant else ""
    return f"tools/guest/run -f {options.flavour}{how} {what}".rstrip()


def shell(kernel, options):
    """An interactive guest."""
    folder = build_dir() / kernel.flavour / "shell"
    modules = sorted(build(kernel, options.variant).rglob("*.ko"))
    plans.prepare(folder, ["shell"], modules, files=options.extra)
    return boot.interactive(kernel, folder)
