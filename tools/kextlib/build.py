# SPDX-License-Identifier: GPL-2.0
"""Builds the layer and kexts in folders of their own, without touching the sources."""
import fcntl
import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .offered import TOP

LAYER_SECONDS = 200	# of one CPU, for netkpi itself

# What kbuild leaves behind in a folder.
BUILT = re.compile(r"(\.(o|ko|mod|mod\.c|a|cmd)|^modules\.order|^Module\.symvers)$")


# What our own make and our users have in the environment, and kbuild must not see.
NOT_FOR_KBUILD = {"MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "KEXT", "SRC", "START", "STOP", "FILES", "DEFS", "PARAMS", "RUN",
                  "GUEST", "PEER", "TEST", "LIMIT", "SECONDS", "BUILD", "KVER", "KDIR"}


class Failed(Exception):
    """What went wrong, in words for the person at the keyboard."""


@dataclass
class Kernel:
    kdir: Path
    release: str
    make_args: list = field(default_factory=list)

    def exports(self):
        """Names that this kernel offers to modules."""
        table = self.kdir / "Module.symvers"
        lines = table.read_text().splitlines() if table.exists() else ()
        return {line.split("\t")[1] for line in lines if line.count("\t") >= 2}


def kernel_from(kver=None, kdir=None):
    """The kernel that KVER or KDIR names; else the running one, the newest with headers, the demo's."""
    if kdir:
        return kernel_at(Path(kdir), f"no kernel tree in {kdir}")
    if kver:
        return kernel_at(Path(f"/lib/modules/{kver}/build"),
                         f"no kernel headers for {kver} on this machine; they are here for: "
                         f"{' '.join(installed_headers()) or 'none'}")
    for release in [os.uname().release, *installed_headers()]:
        if Path(f"/lib/modules/{release}/build/Makefile").exists():
            return kernel_at(Path(f"/lib/modules/{release}/build"), "")
    from .guest import kernel	# it needs this module
    return kernel("")


def installed_headers():
    names = [path.parent.name for path in Path("/lib/modules").glob("*/build")]
    return sorted(names, key=lambda name: [int(n) for n in re.findall(r"\d+", name)], reverse=True)


def kernel_at(kdir, complaint):
    if not (kdir / "Makefile").exists():
        raise Failed(complaint)
    release = word_in(kdir / "include" / "generated" / "utsrelease.h", r'UTS_RELEASE "(.*)"')
    if not release:
        raise Failed(f"{kdir} is not prepared for building modules")
    user_mode = word_in(kdir / ".config", r"^(CONFIG_UML=y)$")
    return Kernel(kdir.resolve(), release, ["ARCH=um"] if user_mode else [])


def word_in(path, pattern):
    found = re.search(pattern, path.read_text(), re.M) if path.exists() else None
    return found and found[1]


def build_folder(kernel):
    """Where a kext for a kernel goes: under BUILD, which counts from where the user stands; without
    it under build/ of netkpi's own folder, or of where the user stands if that is installed."""
    named = os.environ.get("BUILD")
    base = Path.cwd() / named if named else (Path.cwd() if is_installed() else TOP) / "build"
    return base.resolve() / "kext" / name_of(kernel)


def layer_folder(kernel):
    """netkpi itself is built once for all kexts."""
    if not is_installed():
        return build_folder(kernel) / "layer"
    cache = os.environ.get("NETKPI_CACHE") or os.path.join(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "netkpi")
    return Path(cache).resolve() / "kext" / name_of(kernel) / "layer"


def is_installed():
    """Below PREFIX/share, where nobody but root may write."""
    return TOP.parent.name == "share"


def name_of(kernel):
    return kernel.release + ("-um" if kernel.make_args else "")


@contextmanager
def lock(folder):
    folder.mkdir(parents=True, exist_ok=True)
    if " " in str(folder):
        raise Failed(f"kbuild cannot work in a folder with a space in its name: {folder}; say BUILD=folder for another")
    with open(folder / ".lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def build_layer(kernel):
    """Builds netkpi.ko; returns the folder that has it, Module.symvers and kpi/."""
    folder = layer_folder(kernel)
    with lock(folder.parent / ".layer"):
        folder.mkdir(exist_ok=True)
        done = folder / "done"
        if copy_layer(folder) or not done.exists():
            done.unlink(missing_ok=True)
            make_layer(kernel, folder)
            done.touch()
    return folder


def make_layer(kernel, folder):
    """The first time takes minutes: says so."""
    again = (folder / "build.log").exists()
    minutes = max(1, round(LAYER_SECONDS / (os.cpu_count() or 1) / 60))
    print(f"netkpi is built for {kernel.release} " + ("again: it has changed" if again else
          f"first: once, {minutes} minute{'s' * (minutes > 1)} or so on {os.cpu_count()} CPUs"), flush=True)
    started = time.monotonic()
    built = make(kernel, folder, ["KPI_PARTS=kpi/"])
    if built.returncode:
        raise Failed(f"netkpi itself does not build for {kernel.release}:\n{tail(built.stdout)}")
    print(f"netkpi is built, in {time.monotonic() - started:.0f} s", flush=True)


def copy_layer(folder):
    """Copies what git does not ignore; built files stay, for the copied .gitignore keeps them.
    Says whether something changed."""
    if not shutil.which("rsync"):
        raise Failed("rsync is not installed; Debian, Ubuntu: apt install rsync")
    copied = subprocess.run(["rsync", "-ai", "--delete", "--filter=:- .gitignore", "--include=/.gitignore",
                             "--include=/Kbuild", "--include=/kpi/***", "--exclude=*", f"{TOP}/", f"{folder}/"],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if copied.returncode:
        raise Failed(f"netkpi cannot be copied to {folder}: " + copied.stdout.strip().splitlines()[-1])
    return any(not line.startswith(".d") for line in copied.stdout.splitlines())


def make(kernel, folder, arguments):
    """Runs kbuild on a folder; output and errors together."""
    command = ["make", "-C", str(kernel.kdir), f"M={folder}", f"-j{os.cpu_count() or 1}",
               *kernel.make_args, *arguments, "modules"]
    environment = {name: value for name, value in os.environ.items()
                   if name not in NOT_FOR_KBUILD}
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", env={**environment, "LC_ALL": "C"})
    (folder / "build.log").write_text(" ".join(command) + "\n" + done.stdout)
    return done


def tail(text, lines=20):
    return "\n".join("    " + line for line in text.rstrip().splitlines()[-lines:])


# --- a kext ---

class Mirror:
    """A folder of links to a kext's sources, in which kbuild works. Make cannot have spaces
    in names: folders and units lose them."""

    def __init__(self, tree, folder, kbuild=None):
        """kbuild: the text of a Kbuild to use instead of the folder's own."""
        self.folder = folder
        self.originals = {}
        self.links = []
        folder.mkdir(parents=True, exist_ok=True)
        remove_links(folder)
        for path in tree.files:
            name = os.path.basename(path)
            if not BUILT.search(name) and (kbuild is None or name not in ("Kbuild", "Makefile")):
                self._link(tree.root, path)
        remove_stale_objects(folder)
        if kbuild is not None:
            write_if_new(folder / "Kbuild", kbuild)
        self._outside(tree)

    def _link(self, root, path):
        self.originals[safe(path)] = path
        link = self.folder / safe(path)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to((root / path).resolve())

    def _outside(self, tree):
        """#include "../x.h" may lead out of the folder: then it counts from the real place."""
        folders = sorted({os.path.dirname(path) for path in tree.reached
                          for include in tree.text(path).includes if include.name.startswith("../")})
        for number, folder in enumerate(folders):
            link = self.folder / "from" / str(number)
            link.parent.mkdir(exist_ok=True)
            link.symlink_to((tree.root / folder).resolve())
            self.links.append(link)

    def original(self, path):
        """The name that the user knows of a file that the compiler names."""
        outside = re.match(r"from/\d+/(.*)", path)
        return os.path.normpath(outside[1]) if outside else self.originals.get(path, path)

    def make(self, kernel, layer, flags=(), arguments=()):
        flags = [*(f"-iquote {link}" for link in self.links), *flags]
        return make(kernel, self.folder, [f"KPI={layer}/kpi", f"KBUILD_EXTRA_SYMBOLS={layer}/Module.symvers",
                                          f"KCFLAGS={' '.join(flags)}", *arguments])


def safe(path):
    folder, name = os.path.split(path)
    return "_".join(folder.split(" ")) + ("/" if folder else "") + (name.replace(" ", "_") if name.endswith(".c") else name)


def remove_links(folder):
    for path in list(folder.rglob("*")):
        if path.is_symlink():
            path.unlink()


def remove_stale_objects(folder):
    """What was made of a source that is no more would be taken for the kext's."""
    for path in list(folder.rglob("*.o")):
        source, renamed = path.with_suffix(".c"), path.with_name(path.stem.removesuffix("_unit") + ".c")
        of_module = path.with_name(f"{path.stem}_glue.c")
        if not source.is_symlink() and not renamed.exists() and not of_module.exists():
            path.unlink()


def write_if_new(path, text):
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
