# SPDX-License-Identifier: GPL-2.0
"""Copy the tree and build our modules for a kernel, without touching the tree."""
import os
import re
import time

from . import progress
from .base import TOP, Failed, build_dir, jobs, lock, run, say


# How the modules may be built besides the ordinary way, and what make is told then.
VARIANTS = {
    "": [],
    "gcov": ["GCOV_PROFILE=y"],
    "debug": ["KPI_DEBUG=y", "KPI_PARTS=kpi/ module/ kunit/"],
}


def built(kernel, variant=""):
    """The folder that holds the modules, built or not."""
    return build_dir() / kernel.flavour / f"src-{variant}".rstrip("-")


def build(kernel, variant=""):
    """Build for a kernel; returns the folder that holds the modules."""
    source = built(kernel, variant)
    where = source.parent
    with lock(where / "build.lock", f"the build for {kernel.flavour}"):
        copy_tree(source)
        if not (source / "Kbuild").exists():
            raise Failed("there is no Kbuild: nothing to build")
        make(kernel, source, where / "build.log", VARIANTS[variant])
    return source


def copy_tree(source):
    """What git does not ignore, uncommitted files included; built files stay."""
    source.mkdir(parents=True, exist_ok=True)
    run(["rsync", "-a", "--delete", "--filter=:- .gitignore", "--exclude=/.git", f"{TOP}/", f"{source}/"])


def make(kernel, source, log, words):
    started = time.monotonic()
    command = ["make", "-C", kernel.kdir, f"M={source}", jobs(), "W=1", *kernel.make_args, *words, "modules"]
    environment = {"KPI_WERROR": "1", **os.environ, "MAKEFLAGS": ""}
    try:
        run(command, log=log, counter=counter(kernel, source), env=environment)
    except Failed:
        raise Failed(f"does not build for {kernel.release}; all of it is in {log}\n"
                     f"{complaints(log)}") from None
    say("build", f"ok      {time.monotonic() - started:.1f} s for {kernel.release}")


def counter(kernel, source):
    """How many files there are to compile is known only of the first build."""
    units = 0 if any(source.rglob("*.ko")) else sum(1 for _ in source.rglob("*.c"))
    return progress.Counter("build", f"for {kernel.release}", units)


def complaints(log):
    """The compiler's words out of kbuild's."""
    lines = [line for line in log.read_text(errors="replace").splitlines()
             if not re.match(r"make|  [A-Z]+ ", line)]
    return "\n".join("    " + line for line in lines[:40])
