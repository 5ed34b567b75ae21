# SPDX-License-Identifier: GPL-2.0
"""Debian packages: what is installed, install, or unpack without installing."""
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import progress
from .base import Failed, run, say


def output(command):
    """What a query prints; nothing when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          env={**os.environ, "LC_ALL": "C"})
    return done.stdout if done.returncode == 0 else ""


def installed(package):
    """The installed version, or None."""
    answer = output(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", package]).split()
    return answer[1] if len(answer) == 2 and answer[0] == "installed" else None


def newest(versions):
    """The newest of some Debian versions."""
    best = None
    for version in versions:
        if best is None or subprocess.run(["dpkg", "--compare-versions", version, "gt", best]).returncode == 0:
            best = version
    return best


class Apt:
    """The machine's own apt."""
    options = []

    def query(self, *words):
        return output(["apt-cache", *self.options, *words])

    def versions(self, package):
        lines = self.query("madison", package).splitlines()
        return [line.split("|")[1].strip() for line in lines
                if line.split("|")[0].strip() == package and "Packages" in line]

    def candidate(self, package):
        return newest(self.versions(package))

    def depends(self, package):
        """The packages that its candidate needs, the first of alternatives."""
        lines = self.query("depends", "--no-recommends", "--no-suggests", package).splitlines()
        return [line.split()[-1] for line in lines if line.startswith("  Depends:") and "<" not in line]

    def size(self, package, version):
        """Bytes to download; 0 if unknown."""
        found = re.search(r"^Size: (\d+)", self.query("show", f"{package}={version}"), re.M)
        return int(found[1]) if found else 0

    def names(self, pattern):
        lines = self.query("search", "--names-only", pattern).splitlines()
        return [line.split(" ")[0] for line in lines]

    def update(self):
        run([*root_prefix(), "apt-get", "update"])

    def unpack(self, package, version, into):
        """Unpack a package without installing it."""
        size = self.size(package, version)
        say("fetch", f"{package} {version}, {size / 1e6:.0f} MB")
        with tempfile.TemporaryDirectory(dir=into.parent) as where:
            os.chmod(where, 0o755)
            with progress.growing(where, size, "fetch", package):
                run(["apt-get", *self.options, "download", f"{package}={version}"], cwd=where)
            deb = next(Path(where).glob("*.deb"))
            run(["dpkg-deb", "-x", deb, into])


class NewerSuites(Apt):
    """Newer suites of the distribution, seen through lists of their own.

    The mirror is the one the machine already uses; its apt stays untouched.
    """

    def __init__(self, suites, state):
        self.suites = suites
        self.state = state
        self.options = ["-o", f"Dir::State::Lists={state}/lists", "-o", f"Dir::Cache={state}/cache",
                        "-o", f"Dir::Etc::SourceList={state}/sources.list",
                        "-o", "Dir::Etc::SourceParts=-", "-o", "APT::Architectures=amd64",
                        "-o", "Acquire::Languages=none"]

    def update(self):
        for folder in ("lists/partial", "cache/archives/partial"):
            (self.state / folder).mkdir(parents=True, exist_ok=True)
        lines = [f"deb {own_mirror()} {suite} main\n" for suite in self.suites]
        (self.state / "sources.list").write_text("".join(lines))
        run(["apt-get", *self.options, "update"])


def own_mirror():
    """The mirror of the machine's own sources that carries the distribution."""
    targets = output(["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(LABEL)",
                      "Created-By: Packages"])
    for line in targets.splitlines():
        mirror, _, origin = line.partition(" ")
        if origin == "Debian Debian":
            return mirror
    raise Failed("no Debian mirror among this machine's apt sources; run apt-get update")


def no_package(name):
    """What to say when no source has a package that we need."""
    suites = output(["apt-get", "indextargets", "--format", "$(SUITE) $(CODENAME)", "Created-By: Packages"])
    return Failed(f"no package {name} in this machine's apt sources ({', '.join(sorted(set(suites.split())))}). "
                  "Kernels newer than the release come with its security suite: add "
                  f"\"{codename()}-security\" to the sources, then run apt-get update")


def codename():
    found = re.search(r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.M)
    return found[1] if found else "CODENAME"


def root_prefix():
    """What to put before a command that needs root."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        return ["sudo"]
    raise Failed("the package lists are missing or out of date; as root, run: apt-get update")
