# SPDX-License-Identifier: GPL-2.0
"""What a stock kernel in QEMU needs: an initramfs, drivers, and an accelerator."""
import lzma
import os
import shutil
import subprocess
from pathlib import Path

from . import progress
from .base import cache_dir, run

DRIVERS = ("virtio_pci", "virtio_net", "veth", "dummy", "sch_netem", "sch_tbf", "af_packet",
           "nfnetlink_queue", "tls", "gcm", "ghash_generic", "ctr")
KVM_DEADLINE = 5


def make_initramfs(kernel, folder):
    """The guest's whole file system: busybox and the prepared folder as /mnt."""
    root = folder / "root"
    shutil.rmtree(root, ignore_errors=True)
    for name in ("bin", "dev", "proc", "sys", "tmp", "run", "var/tmp", "mnt/drivers.d", "etc"):
        (root / name).mkdir(parents=True)
    shutil.copy("/bin/busybox", root / "bin/busybox")
    (root / "bin/sh").symlink_to("busybox")
    for name in ("init", "plan", "modules", "scripts", "files"):
        copy = shutil.copytree if (folder / name).is_dir() else shutil.copy
        copy(folder / name, root / "mnt" / name)
    copy_drivers(kernel, root / "mnt")
    with open(folder / "initramfs", "wb") as archive:
        names = subprocess.run(["find", "."], cwd=root, stdout=subprocess.PIPE, check=True).stdout
        subprocess.run(["cpio", "--quiet", "-o", "-H", "newc"], cwd=root, input=names,
                       stdout=archive, check=True)
    shutil.rmtree(root)


def copy_drivers(kernel, share):
    """Drivers, and what our modules need of the kernel's, in the order to load them."""
    wanted = list(DRIVERS)
    for module in sorted((share / "modules").glob("*.ko")):
        wanted += depends(module)
    loaded = []
    for name in wanted:
        for path in with_dependencies(kernel, name):
            if path not in loaded:
                loaded.append(path)
    for path in loaded:
        copy_module(path, share / "drivers.d")
    listed = "".join(f"drivers.d/{plain_name(path)}\n" for path in loaded)
    (share / "drivers").write_text(listed)


def depends(module):
    """The modules a module says it needs."""
    return [name for name in run(["modinfo", "-F", "depends", module]).strip().split(",") if name]


def with_dependencies(kernel, name):
    """Files of a module and all it needs, the needed first; none if it is built in."""
    for line in (kernel.modules / "modules.dep").read_text().splitlines():
        path, _, needs = line.partition(":")
        if plain_name(Path(path)).replace("-", "_") == f"{name}.ko":
            return [kernel.modules / need for need in reversed([path, *needs.split()])]
    return []


def plain_name(path):
    return path.name.removesuffix(".xz")


def copy_module(path, into):
    if path.suffix == ".xz":
        (into / plain_name(path)).write_bytes(lzma.open(path).read())
    else:
        shutil.copy(path, into)


def accelerator(kernel):
    """KVM only where it boots a guest: the device node alone says nothing."""
    works = kvm_works(kernel)
    return ["-accel", "kvm", "-cpu", "host"] if works else ["-accel", "tcg,thread=multi"]


def kvm_works(kernel):
    """Asked once per boot of this machine, and kept in the cache; not where permission alone is missing."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    answer = cache_dir() / f"kvm-{boot}"
    if not answer.exists():
        with progress.waiting("guest", "does /dev/kvm work here?"):
            answer.write_text("yes" if try_kvm(kernel) else "no")
    return answer.read_text() == "yes"


def try_kvm(kernel):
    """A kernel without a root panics, and QEMU leaves: soon, if KVM works."""
    command = ["qemu-system-x86_64", "-accel", "kvm", "-cpu", "host", "-m", "256", "-nodefaults",
               "-display", "none", "-no-reboot", "-serial", "stdio",
               "-kernel", kernel.image, "-append", "console=ttyS0 panic=-1"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=KVM_DEADLINE)
    except subprocess.TimeoutExpired:
        return False
    return b"Kernel panic" in done.stdout


def describe(kernel):
    if kvm_works(kernel):
        return "KVM"
    if not os.path.exists("/dev/kvm"):
        return "TCG: no /dev/kvm"
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "TCG: /dev/kvm is not yours to use; the group kvm may"
    return f"TCG: /dev/kvm did not boot a guest in {KVM_DEADLINE} s"
