# SPDX-License-Identifier: GPL-2.0
"""Does the runner notice? Guests with one fault each, and two without."""
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from . import boot, kernels, plan as plans, session, verdict
from .build import build
from .base import TOP, build_dir, run, say

FAULT = TOP / "tests" / "runner"
MODULE = "netkpi_fault_kunit"
PLANTED = "netkpi_planted_kunit"
SHORT = {"mute": {"boot": 10}, "hang": {"kunit": 10}}	# where the deadline is what ends it


@dataclass
class Case:
    """One guest and a word of the problem the runner must name."""
    name: str
    expect: str = ""		# "" means that the run must be good
    fault: str = ""		# what= of the fault module
    planted: str = ""		# what= of kunit's module that makes mistakes with the layer
    script: str = ""
    suites: tuple = ("fault",)	# suites that are listed
    leaks: bool = False
    init: str = ""
    flavour: str = "uml-6.12-debug"


CASES = [
    Case("hang", "without a verdict, in kunit", fault="hang"),
    Case("mute", "without a verdict, in boot", init="mute_init"),
    Case("panic", "without a verdict, in kunit", fault="panic"),
    Case("stock-crash", "without a verdict, in script", script="crash", flavour="deb-6.12"),
    Case("leak", "leak: unreferenced object", fault="leak", leaks=True),
    Case("healthy", fault="nothing", leaks=True),
    Case("healthy-script", script="fine"),
    Case("plan-last", script="plan_last"),
    Case("failure", "fault: 1 of 7 failed", fault="failure"),
    Case("warning", "log: .*WARNING: ", fault="warning"),
    Case("out-of-bounds", "log: .*BUG: KASAN", fault="out_of_bounds"),
    Case("oops", "log: ", fault="oops"),
    Case("missing-suite", "absent: did not run", fault="nothing", suites=("fault", "absent")),
    Case("unlisted-suite", "fault: not listed", fault="nothing", suites=("other",)),
    Case("missing-module", "insmod absent", fault="absent"),
    Case("plan-not-kept", "not what its plan said", script="plan_not_kept"),
    Case("silent-script", "no results|not what its plan said", script="silent"),
    Case("script-status", "exit status 1", script="status"),
    Case("leaves-early", "without a verdict, in script", script="poweroff"),
    Case("freed-mbuf", "log: .*BUG: KASAN: .*use-after-free", planted="freed_mbuf"),
    Case("freed-data", "log: .*BUG: KASAN: .*use-after-free", planted="freed_data"),
    Case("freed-cluster", "log: .*BUG: KASAN: .*use-after-free", planted="freed_cluster"),
    Case("idle-block", "log: .*BUG: KASAN: .*use-after-free", planted="idle_block"),
    Case("freed-view", "log: .*BUG: KASAN: .*use-after-free", planted="freed_view"),
    Case("nothing-planted", planted="nothing"),
    Case("race", "log: .*BUG: KCSAN: data-race", planted="race", flavour=kernels.WATCHED),
    Case("no-race", planted="nothing", flavour=kernels.WATCHED),
]


def run_selftest(watched=False):
    """The cases for KCSAN's kernel, or all others. Returns (passed, failed)."""
    cases = [case for case in CASES if (case.flavour == kernels.WATCHED) == watched]
    fault_module = [] if watched else build_fault_module()
    with ThreadPoolExecutor(2) as pool:
        wrong = list(pool.map(lambda case: try_case(case, fault_module), cases))
    failed = [(case, why) for case, why in zip(cases, wrong) if why]
    for case, why in failed:
        say("FAIL", f"self-test {case.name}: {why}")
    good = len(cases) - len(failed)
    say("runner", f"{good} of {len(cases)} guests judged right: "
        + " ".join(case.name for case, why in zip(cases, wrong) if not why))
    return good, len(failed)


def build_fault_module():
    kernel = kernels.ensure("uml-6.12-debug")
    source = build_dir() / kernel.flavour / "selftest" / "src"
    shutil.copytree(FAULT, source, dirs_exist_ok=True)
    run(["make", "-C", kernel.kdir, f"M={source}", *kernel.make_args, "modules"])
    return [source / f"{MODULE}.ko"]


def layer_modules(kernel):
    """The layer as it is used, and who makes mistakes with it."""
    source = build(kernel)
    return [source / "kpi" / "netkpi.ko", source / "kunit" / f"{PLANTED}.ko"]


def try_case(case, fault_module):
    """What is wrong with the runner's judgement; nothing if it is right."""
    kernel = kernels.ensure(case.flavour)
    modules = layer_modules(kernel) if case.planted else fault_module
    folder = build_dir() / kernel.flavour / "selftest" / case.name
    plan = plan_of(case)
    plans.prepare(folder, plan.lines(), modules, plan.scripts)
    if case.init:
        shutil.copy(FAULT / case.init, folder / "init")
    boot.start(kernel, folder, SHORT.get(case.name)).wait()
    report = verdict.read_report(folder / "report")
    verdict.judge_suites(report, verdict.load_parser(kernels.parser_source()))
    problems = verdict.problems(folder, report) + session.wrong_suites(plan, report)
    return judgement(case, problems)


def plan_of(case):
    plan = plans.Plan(layer=bool(case.planted), leaks=case.leaks)
    if case.fault == "absent":
        plan.modules = ["absent"]
    elif case.fault:
        plan.modules = [f"{MODULE} what={case.fault}"]
        plan.suites = [(MODULE, suite) for suite in case.suites]
    if case.planted:
        plan.modules = [f"{PLANTED} what={case.planted}"]
        plan.suites = [(PLANTED, "planted")]
    if case.script:
        plan.scripts = [FAULT / "scripts" / f"{case.script}.sh"]
    return plan


def judgement(case, problems):
    if not case.expect:
        return f"a good run was called bad: {problems[0]}" if problems else ""
    if any(verdict.re.search(case.expect, problem) for problem in problems):
        return ""
    return f"expected {case.expect!r}, the runner said {problems or 'pass'}"
