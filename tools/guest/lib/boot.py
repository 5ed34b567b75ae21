# SPDX-License-Identifier: GPL-2.0
"""Start a guest from a prepared folder and watch it until it ends.

The folder holds what the guest's /mnt shows: init, plan, modules/, scripts/,
files/. The guest writes "report" and "console.log" into it.
"""
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from . import stock
from .base import Failed

# Seconds a stage may take on a busy machine before the guest is judged dead.
DEADLINES = {"boot": 120, "load": 60, "unload": 120, "kunit": 900, "script": 300,
             "leaks": 180, "gcov": 60, "shell": 86400, "verdict": 60}


class Guest:
    """A guest that is running."""

    def __init__(self, command, folder, deadlines=None):
        self.folder = folder
        self.deadlines = {**DEADLINES, **(deadlines or {})}
        self.stage = "boot"
        self.read = 0
        self.stage_started = self.started = time.monotonic()
        self.boot_seconds = 0
        (folder / "command").write_text(" ".join(map(str, command)) + "\n")
        with open(folder / "console.log", "wb") as console:
            self.process = subprocess.Popen([str(word) for word in command], cwd=folder,
                                            stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                                            start_new_session=True, env=environment(folder))

    def step(self):
        """Look once. True while the guest runs and is in time."""
        alive = self.process.poll() is None
        self.read_stages()
        if time.monotonic() - self.stage_started <= self.deadlines[self.stage]:
            return alive
        if alive:
            with open(self.folder / "console.log", "a") as log:
                log.write(f"\nno end of stage {self.stage} in {self.deadlines[self.stage]} s\n")
        return False

    def read_stages(self):
        report = self.folder / "report"
        if not report.exists() or report.stat().st_size == self.read:
            return
        data = report.read_bytes()
        complete = data.rfind(b"\n") + 1
        for line in data[self.read:complete].decode(errors="replace").splitlines():
            words = line.split()
            if words[:2] == ["@@", "boot"]:
                self.boot_seconds = time.monotonic() - self.started
            if words[:2] == ["@@", "stage"] and words[2] in self.deadlines:
                self.enter(words[2])
            if words[:2] == ["@@", "verdict"]:
                self.enter("verdict")
        self.read = complete

    def enter(self, stage):
        self.stage = stage
        self.stage_started = time.monotonic()

    def stop(self):
        """End the guest and all its processes, whatever state they are in."""
        if self.process.poll() is None:
            kill_group(self.process)
        self.read_stages()

    def wait(self):
        """Until the guest ends by itself or runs out of time."""
        try:
            while self.step():
                time.sleep(0.05)
        finally:
            self.stop()


def kill_group(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def environment(folder):
    """UML keeps its memory in a file: in RAM where there is room."""
    shm = Path("/dev/shm")
    room = shm.is_dir() and shutil.disk_usage(shm).free > 2 << 30
    return {**os.environ, "TMPDIR": str(shm if room else folder)}


def uml_command(kernel, folder, extra=()):
    return [kernel.image, "mem=768M", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro",
            f"init={folder}/init", f"SHARE={folder}", "con=null", "con0=null,fd:1", "ssl=null",
            f"uml_dir={folder}/uml", "panic=-1", "noreboot", "kunit.autorun=1", *smp(kernel), *extra]


def smp(kernel):
    """UML has SMP from 7.0 on, and only with the seccomp way to run processes."""
    return ["seccomp=on", "ncpus=2"] if kernel.has("SMP") else []


def qemu_command(kernel, folder, extra=(), net="", machine=None):
    return ["qemu-system-x86_64", *(machine or usual_machine(kernel)), "-m", "768",
            "-nodefaults", "-display", "none", "-no-reboot",
            "-kernel", kernel.image, "-initrd", folder / "initramfs",
            "-append", " ".join(["console=ttyS0", "panic=-1", "oops=panic", "rdinit=/mnt/init", *watching(kernel), *extra]),
            "-serial", f"file:{folder}/console.log", "-serial", f"file:{folder}/report",
            "-netdev", f"user,id=net{net}", "-device", "virtio-net-pci,netdev=net,romfile="]


def watching(kernel):
    """KCSAN stops at one access in so many, to see who else comes; Linux's own 500 are for whole systems."""
    return ["kcsan.skip_watch=60"] if kernel.has("KCSAN") else []


def usual_machine(kernel):
    return [*stock.accelerator(kernel), "-smp", "2"]


def start(kernel, folder, deadlines=None, extra=(), net=""):
    if kernel.is_uml:
        return Guest(uml_command(kernel, folder, extra), folder, deadlines)
    stock.make_initramfs(kernel, folder)
    return Guest(qemu_command(kernel, folder, extra, net), folder, deadlines)


def interactive(kernel, folder):
    """A guest whose console is this terminal."""
    if not kernel.is_uml:
        raise Failed("a shell needs a UML flavour")
    command = uml_command(kernel, folder, ["con0=fd:0,fd:1"])
    return subprocess.run([str(word) for word in command], env=environment(folder)).returncode
