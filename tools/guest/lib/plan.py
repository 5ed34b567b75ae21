# SPDX-License-Identifier: GPL-2.0
"""Choose what a guest runs, and prepare the folder it runs from.

A script's first comments may say what it needs:

    # needs: nginx curl	programs beyond busybox; a stock guest skips the script
    # files: kexts	files or folders of the tree, for /mnt/files
    # programs: tests/programs/hostile.c	C programs, compiled statically, for /mnt/files;
    #				a main.c goes by its folder's name
    # packages: chrony	Debian packages, unpacked in /mnt/files/peers
    # deadline: 900		seconds, if it may take more than five minutes
"""
import difflib
import fnmatch
import os
import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from . import peers
from .base import GUEST, TOP, Failed, WrongCall, build_dir, run
from .stock import depends

SUITES = TOP / "kunit" / "suites"
SCRIPTS = (TOP / "tests" / "scripts", TOP / "kexts")


@dataclass
class Plan:
    """What one guest is asked to run."""
    suites: list = field(default_factory=list)		# (module, suite) that must report
    modules: list = field(default_factory=list)		# KUnit modules, in order
    scripts: list = field(default_factory=list)		# paths
    skipped: list = field(default_factory=list)		# (script, why)
    filter: str = ""					# KUnit's own, when one suite is asked for
    layer: bool = True					# load and unload netkpi.ko
    parameter: str = ""					# that it is loaded with
    leaks: bool = True					# wait, and look for leaks
    gcov: bool = False					# bring out what was counted
    deadline: int = 0					# of a module or script, if not the usual one
    stress: bool = False				# stress=1 for modules that have it, STRESS=1 for scripts

    def lines(self):
        """The plan as the guest reads it: load, test, unload, twice again, leaks."""
        load = [f"load netkpi {self.parameter}".rstrip()] if self.layer else []
        lines = load + [f"kunit {module}" for module in self.modules]
        for script in self.scripts:
            lines += load + [f"script {script.name}"]
        if self.layer:
            lines += ["unload netkpi"] + 2 * [*load, "unload netkpi"]
        return lines + (["leaks"] if self.leaks else []) + (["gcov"] if self.gcov else [])

    def kernel_arguments(self):
        chosen = [f"kunit.filter_glob={self.filter}"] if self.filter else []
        return chosen + (["STRESS=1", "mem=1536M"] if self.stress else [])


def listed_suites():
    """kunit/suites: one "module suite" a line; # begins a comment."""
    if not SUITES.exists():
        return []
    lines = [line.partition("#")[0].split() for line in SUITES.read_text().splitlines()]
    wrong = [" ".join(words) for words in lines if len(words) not in (0, 2)]
    if wrong:
        raise Failed(f"kunit/suites: not \"module suite\": {wrong[0]}")
    return [tuple(words) for words in lines if words]


def all_scripts():
    return sorted(path for folder in SCRIPTS for path in folder.glob("*.sh"))


def full_plan(kernel):
    """Everything the tree has for this kernel."""
    plan = Plan()
    if kernel.has("KUNIT"):
        plan.suites = listed_suites()
        plan.modules = unique(module for module, _ in plan.suites)
    plan.scripts = all_scripts()
    return plan


def narrowed(plan, patterns):
    """Only suites and scripts whose name fits; "suite.case" runs one case."""
    def fits(name):
        return any(fnmatch.fnmatch(name, pattern.partition(".")[0]) for pattern in patterns)

    plan.suites = [suite for suite in plan.suites if fits(suite[1])]
    plan.modules = unique(module for module, _ in plan.suites)
    plan.scripts = [path for path in plan.scripts if fits(path.stem)]
    if not plan.suites and not plan.scripts:
        raise WrongCall(f"this kernel has no KUnit: {' and '.join(patterns)} cannot run there")
    if len(patterns) == 1:
        plan.filter = patterns[0]
    return plan


def known_names():
    return {suite for _, suite in listed_suites()} | {script.stem for script in all_scripts()}


def check_names(patterns):
    """Before anything is built for them: each of them is the name of something."""
    known = known_names()
    for pattern in patterns:
        if not fnmatch.filter(known, pattern.partition(".")[0]):
            near = difflib.get_close_matches(pattern.partition(".")[0], known, 3)
            raise WrongCall(f"no suite or script is named {pattern}; " +
                            (f"near it: {', '.join(near)}" if near else "kunit/suites has those of the suites"))


def check_files(files):
    for path in files:
        if path.suffix not in (".ko", ".sh"):
            raise WrongCall(f"{path}: neither a module (.ko) nor a script (.sh); suites are named by -k")
        if not path.is_file():
            raise WrongCall(f"{path}: there is no such file")


def plan_of_files(files):
    """KUnit modules and scripts given by path."""
    plan = Plan(layer=any("netkpi" in depends(path) for path in files if path.suffix == ".ko"))
    for path in files:
        if path.suffix == ".ko":
            plan.modules.append(path.stem)
        else:
            plan.scripts.append(path)
            plan.layer = True
    return plan


def ask_for_stress(plan, modules):
    """Suites with a parameter of that name do more of everything."""
    plan.stress = True
    able = {path.stem for path in modules if re.search("^stress:", run(["modinfo", "-F", "parm", path]), re.M)}
    plan.modules = [f"{name} stress=1" if name in able else name for name in plan.modules]


def unique(names):
    return list(dict.fromkeys(names))


def drop_unfit(plan, kernel):
    """Scripts say which programs they need; a QEMU guest has busybox only."""
    for script in list(plan.scripts):
        reason = unfit(script, kernel)
        if reason:
            plan.scripts.remove(script)
            plan.skipped.append((script.stem, reason))


def unfit(script, kernel):
    needs = header(script, "needs").split()
    if not kernel.is_uml:
        return f"needs {needs[0]}, which the stock guest does not have" if needs else ""
    missing = [name for name in needs if not shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")]
    if missing:
        raise Failed(f"{script.name} needs {missing[0]}: install it, or add it to tools/guest/setup")
    return ""


def header(script, name):
    """A "# name: value" line among a script's first comments."""
    found = re.search(rf"^# {name}: (.*)$", script.read_text(), re.M)
    return found[1] if found else ""


def wanted_files(plan):
    """{name in /mnt/files: path} of what the scripts ask for."""
    wanted = {}
    packages = []
    for script in plan.scripts:
        for path in header(script, "files").split():
            wanted[Path(path).name] = TOP / path
        packages += header(script, "packages").split()
        wanted.update(compiled(TOP / path) for path in header(script, "programs").split())
    return {**wanted, **({"peers": peers.unpacked(unique(packages))} if packages else {})}


def compiled(source):
    """(name, path) of a program with our headers for programs, and without a library to look for."""
    name = source.parent.name if source.stem == "main" else source.stem
    program = build_dir() / "programs" / name
    program.parent.mkdir(parents=True, exist_ok=True)
    run([*shlex.split(os.environ.get("CC", "gcc")), "-static", "-O2", "-Wall", "-Werror", "-pthread",
         f"-I{TOP}/kpi/include/user", "-o", program, source])
    return name, program


def deadlines(plan):
    """Scripts that need longer say so; more of everything needs an hour, or two."""
    longest = max((int(header(script, "deadline") or 0) for script in plan.scripts), default=0)
    changed = {"script": longest} if longest else {}
    if plan.deadline:
        return {"script": plan.deadline, "kunit": plan.deadline}
    return {"script": max(longest, 7200), "kunit": 3600} if plan.stress else changed


def prepare(folder, lines, modules=(), scripts=(), files=()):
    """Lay out what the guest sees as /mnt. Files: paths, or {name: path or list of folders}."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("modules", "scripts", "files"):
        (folder / name).mkdir(parents=True)
    shutil.copy(GUEST / "inside" / "init", folder / "init")
    (folder / "plan").write_text("".join(line + "\n" for line in lines))
    for module in modules:
        shutil.copy(module, folder / "modules")
    for script in scripts:
        shutil.copy(script, folder / "scripts")
    if not isinstance(files, dict):
        files = {Path(path).name: path for path in files}
    for name, path in files.items():
        copy_into(folder / "files" / name, path)


def copy_into(target, source):
    """A file or folder; of a list of folders, what is in all of them together."""
    if not isinstance(source, list):
        run(["cp", "-a", source, target])
        return
    target.mkdir()
    for folder in source:
        run(["cp", "-a", f"{folder}/.", target])
