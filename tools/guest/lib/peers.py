# SPDX-License-Identifier: GPL-2.0
"""Server programs for guests and for the demo, unpacked but never installed on this machine.

Installing a daemon's package would start it here, and some replace each other.
"""
import os
import shutil
import subprocess

from . import apt
from .base import Failed, cache_dir, lock


def unpacked(packages):
    """Folders with these packages and what they need; none for what is installed anyway."""
    return [folder_of(package) for package in packages if not apt.installed(package)]


def folder_of(package):
    where = cache_dir() / "peers" / package
    if not where.exists():
        with lock(cache_dir() / "peers.lock", "the packages of test peers"):
            if not where.exists():
                unpack(package, where)
    return where


def unpack(package, where):
    half = where.with_name(where.name + ".part")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    for name, version in not_installed(package):
        apt.Apt().unpack(name, version, half)
    half.rename(where)


def not_installed(package):
    """(name, version) of what installing a package would bring."""
    command = ["apt-get", "-s", "--no-install-recommends", "install", package]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Failed(f"{' '.join(command)}:\n{done.stderr}")
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("Inst ")]
    return [(words[1], next(word for word in words if word.startswith("("))[1:]) for words in lines]


def program(name, package):
    """(its path, the environment it needs) on this machine."""
    found = shutil.which(name)
    if found:
        return found, None
    folder = folder_of(package)
    libraries = [str(path) for place in ("usr/lib", "lib") for path in folder.glob(f"{place}/*-linux-gnu")]
    for place in ("usr/sbin", "usr/bin", "sbin", "bin"):
        if (folder / place / name).exists():
            return folder / place / name, {**os.environ, "LD_LIBRARY_PATH": ":".join(libraries)}
    raise Failed(f"the package {package} has no {name}")
