# SPDX-License-Identifier: GPL-2.0
"""Server programs for guests, unpacked but never installed on this machine.

Installing a daemon's package would start it here, and some replace each other.
"""
import hashlib
import shutil
import subprocess

from . import apt
from .base import Failed, cache_dir, lock


def unpacked(packages):
    """A folder with these packages and what they need that is not installed."""
    key = hashlib.sha256(" ".join(sorted(packages)).encode()).hexdigest()[:12]
    where = cache_dir() / f"peers-{key}"
    if not where.exists():
        with lock(cache_dir() / "peers.lock", "the packages of test peers"):
            if not where.exists():
                unpack(packages, where)
    return where


def unpack(packages, where):
    half = where.with_name(where.name + ".part")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    done = set()
    for package in packages:
        for name, version in not_installed(package):
            if name not in done:
                apt.Apt().unpack(name, version, half)
                done.add(name)
    half.rename(where)


def not_installed(package):
    """(name, version) of what installing a package would bring."""
    command = ["apt-get", "-s", "--no-install-recommends", "install", package]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Failed(f"{' '.join(command)}:\n{done.stderr}")
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("Inst ")]
    return [(words[1], next(word for word in words if word.startswith("("))[1:]) for words in lines]
