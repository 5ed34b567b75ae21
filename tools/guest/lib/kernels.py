# SPDX-License-Identifier: GPL-2.0
"""The kernels guests run: built or unpacked once, then found in the cache.

A UML kernel, and the one with KCSAN, is built from a linux-source package; its
cache key is the package's version and a hash of its configuration. A stock kernel is
the newest image with its headers, unpacked: an installed one would be booted next time.
"""
import hashlib
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from . import apt, progress
from .base import GUEST, Failed, cache_dir, jobs, lock, one_of, run, say

CONFIGS = GUEST / "config"
FILES_OF_A_KERNEL = 2000	# lines that kbuild prints for it, about
NEWER_SUITES = ("unstable", "experimental")


@dataclass
class Kernel:
    """A kernel that is ready to be booted and built for."""
    flavour: str
    release: str		# what uname -r says
    image: Path			# UML executable or vmlinuz
    kdir: Path			# what kbuild is pointed at
    modules: Path = None	# lib/modules/RELEASE of a kernel for QEMU
    source: Path = None		# the unpacked source of a kernel we built
    make_args: list = field(default_factory=list)

    @property
    def is_uml(self):
        return self.modules is None

    @property
    def config(self):
        return (self.kdir / ".config").read_text()

    def has(self, option):
        return f"\nCONFIG_{option}=y" in self.config


def ensure(flavour):
    """The kernel of that flavour, made first if it is not there."""
    make, *args = FLAVOURS[named(flavour)[0]]
    return make(flavour, *args)


def named(*flavours):
    """The same, if all of them exist."""
    return one_of("kernel flavour", flavours, FLAVOURS)


# --- built from source ---

def uml(flavour, package, newer=False):
    config = (CONFIGS / "uml").read_text() + (CONFIGS / flavour).read_text()
    source, where = built(flavour, package, newer, config, ["ARCH=um"], "linux")
    return Kernel(flavour, (where / "release").read_text(), where / "linux", where,
                  source=source, make_args=["ARCH=um"])


def kcsan(flavour, package):
    """For QEMU, with all it needs built in. Only what is built for it later is watched:
    the kernel's own races would be reported in our name, and take our time."""
    config = (CONFIGS / flavour).read_text()
    source, where = built(flavour, package, False, config, ["ARCH=x86_64"], "vmlinux", ["KCSAN_SANITIZE=n"])
    (where / "modules.dep").touch()
    return Kernel(flavour, (where / "release").read_text(), where / "vmlinux", where, modules=where, source=source)


def built(flavour, package, newer, config, make_args, target, switches=()):
    """The source and where the kernel is, built first if it is not there."""
    repository, package, version = find_source(package, newer)
    where = cache_dir() / f"{flavour}-{file_name(version)}-{digest(config + patch_for(package))}"
    source = unpack_source(repository, package, version)
    if not (where / "release").exists():
        with lock(cache_dir() / f"{flavour}.lock", f"kernel {flavour}"):
            if not (where / "release").exists():
                build_kernel(flavour, source, where, config, make_args, [target, *switches])
    return source, where


def parser_source():
    """A source tree with the kernel's KTAP parser; the same one for every guest."""
    return unpack_source(*find_source("linux-source-6.12", False))


def patch_for(package):
    patch = CONFIGS / f"{package}.patch"
    return patch.read_text() if patch.exists() else ""


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def find_source(package, newer):
    """Where a linux-source package comes from, its name, and its version."""
    here = apt.installed(package)
    if here:
        return apt.Apt(), package, here
    repository = apt.NewerSuites(NEWER_SUITES, cache_dir() / "newer-suites") if newer else apt.Apt()
    version = repository.candidate(package)
    if version and source_dir(package, version).exists():
        return repository, package, version
    repository.update()
    if newer and not repository.candidate(package):
        package = newest_source(repository)
    version = repository.candidate(package)
    if not version:
        raise apt.no_package(package)
    return repository, package, version


def newest_source(repository):
    names = repository.names(r"^linux-source-[0-9]+\.[0-9]+$")
    if not names:
        raise Failed("no linux-source package in the newer suites")
    return max(names, key=lambda name: [int(n) for n in re.findall(r"\d+", name)])


def source_dir(package, version):
    return cache_dir() / "source" / f"{package}_{file_name(version)}_{digest(patch_for(package))}"


def unpack_source(repository, package, version):
    source = source_dir(package, version)
    if source.exists():
        return source
    with lock(cache_dir() / "source.lock", f"the source of {package}"):
        if source.exists():
            return source
        source.parent.mkdir(parents=True, exist_ok=True)
        half = source.with_name("part")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        tarball = Path("/usr/src") / f"{package}.tar.xz"
        if apt.installed(package) != version:
            repository.unpack(package, version, half / "package")
            tarball = half / "package" / "usr" / "src" / tarball.name
        say("unpack", f"{package} {version}")
        with progress.waiting("unpack", package):
            run(["tar", "-xf", tarball, "-C", half, "--strip-components=1"])
        shutil.rmtree(half / "package", ignore_errors=True)
        if patch_for(package):
            run(["patch", "-p1", "-i", CONFIGS / f"{package}.patch"], cwd=half)
        half.rename(source)
    return source


def build_kernel(flavour, source, where, config, make_args, targets):
    say("kernel", f"building {flavour} from {source.name}: some minutes, once")
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    (where / "fragment").write_text(config)
    make = ["make", "--no-print-directory", "-C", source, f"O={where}", *make_args,
            f"KCONFIG_ALLCONFIG={where}/fragment"]
    run([*make, "allnoconfig"])
    check_config(flavour, config, (where / ".config").read_text())
    counter = progress.Counter("kernel", flavour, FILES_OF_A_KERNEL)
    run([*make, jobs(), *targets, "modules"], log=where / "build.log", counter=counter)
    release = run([*make, "-s", "kernelrelease"]).strip()
    (where / "release").write_text(release)


def settings(config):
    """{option: value} of a configuration; "is not set" is n."""
    found = dict(re.findall(r"^(CONFIG_\w+)=(.*)$", config, re.M))
    found.update((name, "n") for name in re.findall(r"^# (CONFIG_\w+) is not set$", config, re.M))
    return found


def check_config(flavour, wanted, got):
    """Kconfig drops what it cannot give without a word."""
    got = settings(got)
    lost = [f"{name}={value}" for name, value in settings(wanted).items()
            if got.get(name, "n") != value]
    if lost:
        raise Failed(f"the kernel for {flavour} cannot have: {' '.join(lost)}")


def file_name(version):
    return version.replace(":", "_")


# --- stock kernels, unpacked from their packages ---

def stock(flavour, headers):
    """The newest kernel that the package of that name stands for, image and headers."""
    repository = apt.Apt()
    release = newest_release(repository, headers)
    if not release:
        kept = kept_release(flavour)
        if kept:
            return stock_kernel(flavour, *kept)
        repository.update()
        release = newest_release(repository, headers)
    if not release:
        raise apt.no_package(headers)
    version = repository.candidate(f"linux-headers-{release}")
    where = stock_dir(flavour, release, version)
    if not (where / "complete").exists():
        with lock(where.with_name(where.name + ".lock"), f"Linux {release}"):
            if not (where / "complete").exists():
                unpack_stock(repository, release, where)
    return stock_kernel(flavour, release, version)


def newest_release(repository, headers):
    """What linux-headers-6.12-amd64 depends on is linux-headers-RELEASE."""
    named = [name for name in repository.depends(headers) if name.startswith("linux-headers-")]
    return named[0].removeprefix("linux-headers-") if named else None


def kept_release(flavour):
    """(release, version) of the newest one in the cache, for machines without package lists."""
    found = sorted(cache_dir().glob(f"{flavour}-*/complete"), key=lambda path: path.stat().st_mtime)
    return found[-1].read_text().split() if found else None


def stock_dir(flavour, release, version):
    return cache_dir() / f"{flavour}-{release}-{file_name(version)}"


def stock_kernel(flavour, release, version):
    where = stock_dir(flavour, release, version)
    return Kernel(flavour, release, where / "boot" / f"vmlinuz-{release}",
                  where / "usr" / "src" / f"linux-headers-{release}",
                  modules=where / "lib" / "modules" / release)


def unpack_stock(repository, release, where):
    half = where.with_name(where.name + ".part")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    for package in stock_packages(repository, release):
        repository.unpack(package, repository.candidate(package), half)
    run(["depmod", "-b", half, release])
    lead_into(half, where, release)
    version = repository.candidate(f"linux-headers-{release}")
    (half / "complete").write_text(f"{release} {version}\n")
    shutil.rmtree(where, ignore_errors=True)
    half.rename(where)


def stock_packages(repository, release):
    """The image, the headers, and what building modules needs of the kernel's own packages."""
    headers = f"linux-headers-{release}"
    parts = [name for name in repository.depends(headers)
             if name.startswith("linux-kbuild-") or name.endswith("-common")]
    return [f"linux-image-{release}", headers, *parts]


def lead_into(half, where, release):
    """The headers' Makefile includes one of /usr/src: here it lies elsewhere."""
    makefile = half / "usr" / "src" / f"linux-headers-{release}" / "Makefile"
    makefile.write_text(makefile.read_text().replace(" /usr/src/", f" {where}/usr/src/"))


FLAVOURS = {
    "uml-6.12-debug": (uml, "linux-source-6.12"),
    "uml-6.12": (uml, "linux-source-6.12"),
    "uml-7.3": (uml, "linux-source-7.3", True),
    "kcsan-6.12": (kcsan, "linux-source-6.12"),
    "deb-6.12": (stock, "linux-headers-6.12-amd64"),
    "deb-6.1": (stock, "linux-headers-amd64"),
}
WATCHED = "kcsan-6.12"		# for stress alone
STOCK = [flavour for flavour, (make, *_) in FLAVOURS.items() if make is stock]
SHIPPED = [flavour for flavour in FLAVOURS if flavour != WATCHED]
