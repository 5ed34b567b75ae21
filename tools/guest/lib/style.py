# SPDX-License-Identifier: GPL-2.0
"""What checkpatch, sparse, kernel-doc and the compiler say of our files."""
import re
import subprocess

from . import kernels
from .base import TOP, build_dir, jobs, lock, run, say
from .build import copy_tree

FOLDERS = ("kpi", "module", "kunit", "tests", "tools")
# Ported kexts come as they are; that is their point.
LEFT_ALONE = ("kexts/", "tests/tools/", "tools/kextlib/template/")
# Kexts are written in BSD's ways, and their headers offer what macOS's do.
KEXT_WAYS = ("STRLCPY,COMPARISON_TO_NULL,AVOID_EXTERNS,SYMBOLIC_PERMS,SPACING,YIELD,FUNCTION_ARGUMENTS,"
             "EMBEDDED_FUNCTION_NAME,COMPLEX_MACRO,STORAGE_CLASS,CONSIDER_KSTRTO,MACRO_ARG_UNUSED,"
             "PREFER_DEFINED_ATTRIBUTE_MACRO,TRAILING_SEMICOLON,SINGLE_STATEMENT_DO_WHILE_MACRO,ENOSYS,"
             "ARRAY_SIZE,NAKED_SSCANF,SPLIT_STRING,STRNCPY,STRCPY,FLEXIBLE_ARRAY")
# What these files are about.
EXCEPTIONS = {
    "kpi/glue/kext_glue.c": "AVOID_EXTERNS",	# a variable of the kext, by another name
    "kpi/include/kext/AssertMacros.h": "MACRO_WITH_FLOW_CONTROL",	# they go to a label
    "kpi/kern/numbers.c": "SYMBOLIC_PERMS",	# compares the symbols of both worlds
    "kpi/socket/numbers.c": "ENOSYS",
    "kunit/kern/suites.c": "TRAILING_SEMICOLON",	# a macro that defines a suite
    "kunit/filter/suites.c": "TRAILING_SEMICOLON",
    "kunit/control/suites.c": "TRAILING_SEMICOLON",
    "kunit/filter/socket/program.c": "TRAILING_SEMICOLON",
    "kunit/filter/net.c": "STATIC_CONST_CHAR_ARRAY",	# what a program is called with
    "kunit/filter/kext/made.c": "STATIC_CONST_CHAR_ARRAY",	# a kext's own, only its address counts
    "kunit/filter/kext/interface.c": "REPEATED_WORD",	# enum act act
    "kunit/filter/kext/ip_probe.c": "REPEATED_WORD",
    "kpi/compat/socket.h": "COMPLEX_MACRO,CONST_STRUCT",	# an argument list; tables that are filled
    "kpi/filter/socket/calls.c": "CONST_STRUCT",
    "kpi/filter/socket/in.c": "CONST_STRUCT",
    "kpi/filter/socket/option.c": "CONST_STRUCT",
    "kpi/filter/socket/calls.h": "CONST_STRUCT",
    "kpi/filter/socket/wrap.c": "CONST_STRUCT",
    "kunit/socket/test.c": "IN_ATOMIC",		# checks that upcalls may sleep
}
VERSIONS_HERE = ("kpi/compat/", "kunit/kunit_compat.h")


def sources():
    """Our C files, as paths below the top."""
    found = []
    for folder in FOLDERS:
        found += sorted(path.relative_to(TOP).as_posix() for path in (TOP / folder).rglob("*.[ch]"))
    return [name for name in found if not name.startswith(LEFT_ALONE) and ".mod.c" not in name]


def is_linux_code(name):
    """Code of the Linux world says so with its first includes; folders named kext hold none."""
    return "/kext/" not in name.removeprefix("kpi/glue/") and bool(re.search(r"^#include <(linux|kunit|net|crypto|asm)/", (TOP / name).read_text(), re.M)) \
        and not re.search(r"^#include <(sys|kern|mach|libkern|IOKit)/", (TOP / name).read_text(), re.M)


def lines_of(command, **options):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", cwd=TOP, **options)
    return done.stdout.splitlines()


def checkpatch(source):
    command = ["perl", source / "scripts" / "checkpatch.pl", "-f", "--terse", "--show-types", "--quiet"]
    names = sources()
    linux = [name for name in names if is_linux_code(name)]
    kext = [name for name in names if name not in linux]
    found = lines_of([*command, *linux]) if linux else []
    found += lines_of([*command, "--ignore", KEXT_WAYS, *kext]) if kext else []
    return [line for line in found if re.search(r": (ERROR|WARNING):", line) and not is_exception(line)]


def is_exception(line):
    name, kind = line.partition(":")[0], line.split(":")[3]
    return kind in EXCEPTIONS.get(name, "").split(",")


def kernel_doc(source):
    names = [name for name in sources() if name.startswith("kpi/")]
    found = lines_of(["perl", source / "scripts" / "kernel-doc", "-none", "-Wall", *names])
    return [line for line in found if "warning:" in line or "error:" in line]


def sparse_and_warnings():
    """Build once more with sparse looking on; only what is said of our files."""
    kernel = kernels.ensure("deb-6.12")
    where = build_dir() / "style"
    with lock(where / "build.lock", "the build for make style"):
        copy_tree(where / "src")
        run(["make", "-C", kernel.kdir, f"M={where}/src", "clean"])
        log = lines_of(["make", "-k", "-C", kernel.kdir, f"M={where}/src", jobs(), "W=1", "C=2", "modules"])
    remarks = [line.removeprefix(f"{where}/src/") for line in log]
    return [line for line in remarks if re.match(r"(kpi|module|kunit|tests|tools)/[\w./-]+:\d+(:\d+)?: (warning|error)", line)
            and not line.startswith(LEFT_ALONE) and not is_kext_manners(line)]


def is_kext_manners(line):
    """A kext's routines and variables are global without being declared."""
    name = line.partition(":")[0]
    return "was not declared. Should it be static?" in line and not is_linux_code(name)


def versions():
    """Kernel versions are compared in one place only."""
    return [f"{name}: compares kernel versions" for name in sources()
            if not name.startswith(VERSIONS_HERE)
            and re.search(r"LINUX_VERSION_CODE|KERNEL_VERSION\(", (TOP / name).read_text())]


def licenses():
    files = [TOP / name for name in sources()]
    files += [path for path in (TOP / "tools").rglob("*") if path.is_file() and path.suffix in (".py", ".sh")]
    names = [path.relative_to(TOP).as_posix() for path in files]
    return [f"{name}: no SPDX line" for name, path in zip(names, files) if not name.startswith(LEFT_ALONE)
            and "SPDX-License-Identifier: GPL-2.0" not in path.read_text(errors="replace")[:300]]


def run_style():
    """Returns (passed, failed)."""
    source = kernels.parser_source()
    checks = {
        "checkpatch": lambda: checkpatch(source),
        "kernel-doc": lambda: kernel_doc(source),
        "sparse, W=1": sparse_and_warnings,
        "versions": versions,
        "licenses": licenses,
    }
    failed = 0
    for name, check in checks.items():
        found = check()
        say("style", f"{name}: {len(found)} remarks" if found else f"{name}: ok")
        print("".join(f"    {line}\n" for line in found), end="")
        failed += bool(found)
    return len(checks) - failed, failed
