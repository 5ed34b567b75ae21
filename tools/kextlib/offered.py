# SPDX-License-Identifier: GPL-2.0
"""What netkpi offers to kexts, read from its own headers every time.

A name that a header merely maps to a kpi_ function counts only if that function
is declared.
"""
import functools
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from . import condition, ctext

TOP = Path(__file__).resolve().parents[2]
KPI = TOP / "kpi"
TABLE = TOP / "tools" / "headers-table"
KNOWN = Path(__file__).with_name("known.tsv")

# Our own names, which are not for kexts; bsd_timeout is macOS's, struct bsd_sockaddr is ours.
OURS = re.compile(r"_*(kpi|KPI)_|bsd_(?!(un)?timeout$)")


class Offer(NamedTuple):
    name: str
    header: str		# as in #include <header>


class Known(NamedTuple):
    """Something of macOS that we know and do not offer."""
    name: str
    area: str
    advice: str


class Offered:
    """The headers of a layer's kpi folder."""

    def __init__(self, kpi=KPI):
        self.macros = compiler_macros() | kext_macros(kpi)
        self._kext = read_folder(kpi / "include" / "kext", self.macros)
        self._shared = read_folder(kpi / "include", self.macros, skip="kext/")
        self.headers = frozenset(self._kext)
        self._declared = set()
        for text in (*self._kext.values(), *self._shared.values()):
            self._declared.update(declared(text))
        self.names = self._find_names()
        for name, header in homes_on_macos().items():
            if name in self.names and header in self.headers:
                self.names[name] = Offer(name, header)
        self.macro_names = frozenset(macro.name for text in (*self._kext.values(), *self._shared.values())
                                     for macro in text.macros)

    def _find_names(self):
        names = {}
        for header, text in self._kext.items():
            self._add(names, header, text)
        for shared, text in self._shared.items():
            header = self._home(shared)
            if header:
                self._add(names, header, text)
        return names

    def _home(self, shared):
        """The kext header to include for what a shared header declares: of those that
        include it, the one named alike. <sys/_types.h> and the like are for other headers."""
        stem = Path(shared).stem
        homes = self._includers({shared})
        while homes and all("/_" in header for header in homes):
            homes = self._includers(homes)
        return min((header for header in homes if "/_" not in header), default=None,
                   key=lambda header: (Path(header).stem != stem, stem not in header, not header.startswith("sys/"), header))

    def _includers(self, names):
        return {header for header, text in self._kext.items() if any(include.name in names for include in text.includes)}

    def _add(self, names, header, text):
        for macro in text.macros:
            if macro.name not in text.undefined and self._is_kept(macro):
                names.setdefault(macro.name, Offer(macro.name, header))
        for name in declared(text):
            if not OURS.match(name):
                names.setdefault(name, Offer(name, header))

    def _is_kept(self, macro):
        target = macro.only_name
        if OURS.match(macro.name):
            return False
        return not (target and target.startswith("kpi_")) or target in self._declared


def read_folder(folder, known, skip=None):
    paths = sorted(folder.rglob("*.h"))
    texts = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: ctext.read(path, known) for name, path in texts.items()
            if not (skip and name.startswith(skip))}


def kext_macros(kpi=KPI):
    """The macros every kext unit is built with, from kext.mk; None for those it lacks."""
    flags = (kpi / "glue" / "kext.mk").read_text()
    known = dict.fromkeys(condition.NEVER_DEFINED)
    for letter, name, value in re.findall(r"-([DU])(\w+)(?:=(\d+))?", flags):
        known[name] = None if letter == "U" else int(value or 1)
    return known


@functools.lru_cache(maxsize=None)
def compiler_macros():
    """The macros that the compiler itself has: {name: value}, OPEN for what is no plain number."""
    try:
        said = subprocess.run(["gcc", "-dM", "-E", "-x", "c", "/dev/null"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout
    except OSError:
        said = "#define __LP64__ 1\n#define __GNUC__ 12\n"
    words = (line.split(None, 2) for line in said.splitlines())
    return {word[1].partition("(")[0]: condition.number(word[2] if len(word) > 2 else "") for word in words if len(word) > 1}


@functools.lru_cache(maxsize=None)
def homes_on_macos():
    """{name: the header to include for it}, for the names in headers-table: of all that show a name
    the one that does not have it from another."""
    brings, seen = {}, {}
    for line in TABLE.read_text().splitlines():
        header, _, rest = line.partition("\t")
        if header and header[0] not in "#*":
            brought, _, names = rest.partition("\t")
            brings[header] = brought.split()
            for name in re.findall(r"(?<![!\w])[A-Za-z_]\w*", names.replace("struct ", "")):
                seen.setdefault(name, []).append(header)
    return {name: min(home_of(headers, brings), key=lambda header: (header.count("/"), header)) for name, headers in seen.items()}


def home_of(headers, brings):
    first_hand = [header for header in headers if not reach(brings, header) & set(headers)]
    return first_hand or headers


def reach(brings, header):
    found, waiting = set(), list(brings.get(header, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += brings.get(name, ())
    return found - {header}


@functools.lru_cache(maxsize=None)
def known_elsewhere():
    """{name: Known} for what macOS has and we know of; headers are named <like/this.h>."""
    rows = (line.rstrip("\n").split("\t") for line in KNOWN.open() if line.strip() and line[0] != "#")
    areas, found = {}, {}
    for name, *rest in rows:
        if name.startswith("@"):
            areas[name[1:]] = rest[0]
        else:
            found[name] = Known(name, rest[0], rest[1] if len(rest) > 1 else areas[rest[0]])
    return found


# --- declarations of a header ---

def declared(text):
    """Names that a header declares: functions, types, objects, enumerators, tags."""
    for statement in statements(text):
        yield from declarators(statement)
        yield from enumerators(statement)
        yield from tags(statement)
    yield from pasted(text)


def statements(text):
    """Cuts at each semicolon outside braces and behind each function's body."""
    statement, bodies = [], {function.body[1] for function in ctext.functions(text)}
    for index, token in enumerate(text.tokens):
        statement.append(token)
        if token.depth == 0 and (token.text == ";" or index in bodies):
            yield statement
            statement = []


def pasted(text):
    """Functions that a macro of the header makes up: OSReadBigInt ## bits(...)."""
    macros = {macro.name: macro for macro in text.macros if macro.params}
    for index, token in enumerate(text.tokens):
        if token.depth or token.text not in macros:
            continue
        macro = macros[token.text]
        values = [t.text for t in text.tokens[index + 2:ctext.closing(text.tokens, index + 1)] if t.text != ","]
        yield from pasted_calls(macro.body, dict(zip(macro.params, values)))


def pasted_calls(body, values):
    name = ""
    for token, after in zip(body, body[1:]):
        if token.text == "##":
            continue
        word = values.get(token.text, token.text)
        if after.text == "##":
            name += word
        elif name and after.text == "(":
            yield name + word
            name = ""
        else:
            name = ""


def declarators(statement):
    level = 0
    for index, token in enumerate(statement):
        level += (token.text == "(") - (token.text == ")")
        if token.depth or token.kind != "name" or token.text in ctext.KEYWORDS:
            continue
        after = ctext.next_word(statement, index)
        if level == 0 and after == "(":
            if index + 2 < len(statement) and statement[index + 2].text == "*":
                continue		# int (*name)(...): the type in front of it
            yield token.text
            return
        if level == 0 and after in (",", ";", "[", "="):
            yield token.text
        elif level == 1 and statement[index - 1].text == "*" and after == ")":
            yield token.text
            return


def enumerators(statement):
    for index, token in enumerate(statement):
        if token.text == "enum":
            start = index + 1 if ctext.next_word(statement, index) == "{" else index + 2
            if start < len(statement) and statement[start].text == "{":
                yield from names_in_enum(statement[start:ctext.closing(statement, start)])


def names_in_enum(tokens):
    for before, token in zip(tokens, tokens[1:]):
        if before.text in ("{", ",") and token.kind == "name":
            yield token.text


def tags(statement):
    for before, token in zip(statement, statement[1:]):
        if before.text in ("struct", "union", "enum") and token.kind == "name":
            yield token.text
