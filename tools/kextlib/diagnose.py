# SPDX-License-Identifier: GPL-2.0
"""Turns a failed build into a list of what is missing.

The sources are built once more with empty headers in place of the missing ones
and as little severity as the compiler allows, so that one run finds everything.
What the compiler cannot get to, because a file has other errors, comes from
reading the sources.
"""
import os
import re
import subprocess
from dataclasses import dataclass, field
from typing import NamedTuple

from . import build, survey
from .offered import KPI, known_elsewhere
from .tree import Place

STAND_IN = "netkpi stand-in"
PLACES_SHOWN = 8
ERRORS_SHOWN = 20

MESSAGE = re.compile(r"^(?P<path>[^\s:][^:\n]*):(?P<line>\d+):(?:\d+:)? "
                     r"(?P<kind>fatal error|error|warning): (?P<text>.*)$", re.M)
NAMED = [re.compile(pattern) for pattern in (
    r"implicit declaration of function '(\w+)'",
    r"unknown type name '(\w+)'",
    r"'(\w+)' undeclared",
    r"(?:incomplete type|undefined type) '(?:const )?(?:struct|union|enum) (\w+)'",
    r"expected declaration specifiers or '...' before '(\w+)'",
)]
NOT_OFFERED = re.compile(r"^\S+ (\w+): not offered by netkpi$", re.M)
UNEXPORTED = re.compile(r'modpost: "kpi_(\w+)" .*undefined')
ROUTINES_TWICE = {"bsd_kmod_info": ": the sources have KMOD_EXPLICIT_DECL(), so the Kbuild must not say KEXT_START and KEXT_STOP",
                  "kmod_info": ": the sources have KMOD_EXPLICIT_DECL() more than once"}
TWICE = re.compile(r"multiple definition of [`'](\w+)'")


class Message(NamedTuple):
    place: Place
    kind: str
    text: str


@dataclass
class Diagnosis:
    files: survey.Judged = None
    headers: list = field(default_factory=list)		# of survey.Missing, as the next two
    names: list = field(default_factory=list)
    linux: list = field(default_factory=list)		# those of the names that Linux exports
    not_included: dict = field(default_factory=dict)	# name: (header, [Place])
    errors: list = field(default_factory=list)		# of str

    def lines(self):
        yield from self.files.lines()
        yield from section("Headers that netkpi does not offer", self.headers)
        yield from section("Functions and names that netkpi does not offer", self.names)
        yield from section("Not offered either, and worse: Linux has another function of that name, which would be linked by mistake", self.linux)
        if self.not_included:
            yield "Offered, but the header is not included"
            for name, (header, places) in sorted(self.not_included.items()):
                yield f"  {name}: #include <{header}> ({listed(places)})"
        if self.errors:
            yield "Errors of the compiler" + ("" if not self.headers else ", some of them because headers are missing")
            yield from (f"  {error}" for error in self.errors[:ERRORS_SHOWN])
            if len(self.errors) > ERRORS_SHOWN:
                yield f"  and {len(self.errors) - ERRORS_SHOWN} more"


def section(title, found):
    if found:
        yield title
    folded, rest = survey.fold(found)
    for missing in rest:
        advice = f": {missing.advice}" if missing.advice else ""
        yield f"  {missing.name} ({listed(missing.places)}){advice}"
    for group in folded:
        yield f"  {group.line()}"


def listed(places):
    places = list(dict.fromkeys(places))
    shown = ", ".join(map(str, places[:PLACES_SHOWN]))
    more = f" and {len(places) - PLACES_SHOWN} more" if len(places) > PLACES_SHOWN else ""
    if not places:
        return "no place found in the sources"
    return f"{len(places)} sites: {shown}{more}" if len(places) > 1 else f"used in {shown}"


def messages(output, mirror):
    """The compiler's messages about the kext's own files."""
    found = []
    for match in MESSAGE.finditer(plain_quotes(output)):
        path = mirror.original(match["path"].removeprefix(f"{mirror.folder}/"))
        message = Message(Place(path, int(match["line"])), match["kind"], re.sub(r" \[-W[^\]]*\]$", "", match["text"]))
        if message not in found:
            found.append(message)
    return found


def plain_quotes(output):
    """gcc quotes with what the locale has, and kbuild lets the locale through."""
    return output.replace("\u2018", "'").replace("\u2019", "'")


class Doctor:
    """One look at a kext that does not build."""

    def __init__(self, kernel, layer, tree, folder, kbuild):
        self.kernel = kernel
        self.layer = layer
        self.tree = tree
        self.folder = folder
        self.mirror = build.Mirror(tree, folder, kbuild)
        self.survey = survey.Survey(tree)
        self.result = Diagnosis()

    def diagnose(self, first_output):
        """first_output: what the ordinary build said."""
        output = self._build()
        found = messages(output, self.mirror)
        self._headers(output)
        unplaced = [message for message in found if not self._take(message) and message.kind != "warning"]
        unplaced = [self._of_glue(message) for message in unplaced]
        self._undefined()
        self._unread(output)
        for name in UNEXPORTED.findall(first_output):
            self._add(name, "declared by netkpi's headers, but this netkpi.ko does not have it")
        self.result.errors = [f"{m.place}: {m.text}" for m in unplaced]
        self.result.errors += [f"{name} is defined twice{ROUTINES_TWICE.get(name, '')}"
                               for name in dict.fromkeys(TWICE.findall(first_output + output))]
        self._sort()
        self._judge_files([message.place.path for message in unplaced])
        return self.result

    def _build(self):
        """With stand-ins for missing headers, as far as it goes."""
        stand_ins = self.folder / "stand-in"
        for name in self.tree.missing_headers():
            if ".." not in name and not name.startswith("/"):
                (stand_ins / name).parent.mkdir(parents=True, exist_ok=True)
                build.write_if_new(stand_ins / name, f"#warning {STAND_IN} {name}\n")
        lenient = ["-Wcpp", "-Wno-error", "-Wno-error=implicit-function-declaration", f"-idirafter {stand_ins}"]
        return self.mirror.make(self.kernel, self.layer, lenient, ["-k"]).stdout

    def _headers(self, output):
        used = set(re.findall(rf"#warning {STAND_IN} (\S+)", output))
        self.result.headers = [missing for missing in self.survey.missing_headers() if missing.name in used]

    def _judge_files(self, with_errors):
        """What each unit lacks, when all is known."""
        names = survey.files_of((*self.result.names, *self.result.linux)) | set(with_errors)
        names |= {place.path for _, places in self.result.not_included.values() for place in places}
        self.result.files = survey.judge(self.tree, survey.files_of(self.result.headers), names)

    def _of_glue(self, message):
        """Our own file can only fail over a parameter's name."""
        name = re.search(r"'(\w+)'|\b(\w+)$", message.text)
        if not message.place.path.endswith("_glue.c"):
            return message
        return message._replace(text=f"a parameter cannot have this name, which is a macro or a function of Linux's; "
                                     f"give the variable another one (the compiler says: {message.text})") if name else message

    def _take(self, message):
        """Files a message that names something missing; False if it is something of another kind.
        A warning names a function that is called in code which the compiler drops later."""
        if message.kind == "warning" and "implicit declaration" not in message.text:
            return False
        for pattern in NAMED:
            name = pattern.search(message.text)
            if name and not self._is_own(name[1]):
                self._missing(name[1], message.place)
                return True
        return False

    def _is_own(self, name):
        """Then it is missing because of another error."""
        return name in self.survey.own or name in self.survey.variables

    def _missing(self, name, place):
        if name in self.tree.offered.names:
            header = self.tree.offered.names[name].header
            self.result.not_included.setdefault(name, (header, []))[1].append(place)
        else:
            self._add(name)

    def _add(self, name, advice=""):
        known = known_elsewhere().get(name)
        if all(missing.name != name for missing in self.result.names):
            places = [*places_of(self.tree, name)]
            self.result.names.append(survey.Missing(name, places, advice or (known.advice if known else "")))

    def _undefined(self):
        """What the objects refer to and nobody has: kpi/glue/check-symbols knows."""
        objects = [path for path in self.folder.rglob("*.o") if not re.search(r"_glue\.o$|\.mod\.o$", path.name)]
        objects = [path for path in objects if not (path.parent == self.folder and path.stem in self._modules())]
        if not objects:
            return
        check = subprocess.run(["sh", KPI / "glue" / "check-symbols", "nm", *objects], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, env={**os.environ, "IMPORTS": self._imports()})
        for name in NOT_OFFERED.findall(check.stdout):
            if not self._is_own(name) and name not in self.result.not_included:
                self._add(name)

    def _imports(self):
        """What the folder's own Kbuild takes from other kexts."""
        kbuild = self.folder / "Kbuild"
        lines = re.findall(r"^KEXT_IMPORTS\s*:?=\s*(.*)$", kbuild.read_text(), re.M) if kbuild.exists() else ()
        return " ".join(lines)

    def _modules(self):
        return {path.name.removesuffix("_glue.c") for path in self.folder.glob("*_glue.c")}

    def _unread(self, output):
        """Calls in units that were tried and gave no object."""
        tried = {path.removeprefix(f"{self.folder}/") for path in re.findall(r"CC \[M\]\s+(\S+)\.o", output)}
        failed = {f"{path}.c" for path in tried if not (self.folder / f"{path}.o").exists()}
        failed = {self.mirror.originals.get(path.replace("_unit.c", ".c"), path) for path in failed}
        for missing in self.survey.missing_names():
            if any(place.path in failed for place in missing.places) and missing.name not in self.result.not_included:
                self._add(missing.name)

    def _sort(self):
        """A missing name that Linux has, too, is a trap: it would link."""
        exports = self.kernel.exports()
        names = sorted(self.result.names)
        self.result.names = [missing for missing in names if missing.name not in exports]
        self.result.linux = [missing for missing in names if missing.name in exports]


def places_of(tree, name):
    """Every place of the sources where a name stands."""
    for path in tree.reached:
        text = tree.text(path)
        tokens = [*text.tokens, *(token for macro in text.macros for token in macro.body)]
        for line in sorted({token.line for token in tokens if token.text == name}):
            yield Place(path, line)
