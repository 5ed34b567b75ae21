# SPDX-License-Identifier: GPL-2.0
"""A folder of kext sources: which files it has, what each of them is, where its headers are."""
import functools
import os
import re
from pathlib import Path
from typing import NamedTuple

from . import ctext
from .offered import known_elsewhere

C_PLUS_PLUS = {".cpp", ".cc", ".cxx", ".c++", ".C", ".mm", ".m", ".iig", ".hpp", ".hh"}
ASSEMBLER = {".s", ".S", ".asm"}
HEADERS = {".h", ".pch", ".def", ".inc"}
TESTED = re.compile(r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b((?:\\\r?\n|[^\n])*)", re.M)
DEFINED = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.M)
SKIPPED_FOLDERS = {"build", "CVS", "SCCS", "DerivedData"}


# What a condition may ask a compiler for.
OPERATORS = {"__has_feature", "__has_extension", "__has_include", "__has_attribute", "__has_builtin"}


class Place(NamedTuple):
    path: str		# from the folder's top
    line: int

    def __str__(self):
        return f"{self.path}:{self.line}"


class LeftOut(NamedTuple):
    path: str
    why: str


class Tree:
    def __init__(self, root, offered, only=None, defines=None):
        """only: paths of the units, if something else than the folder knows them; defines: {name:
        value} of the macros that the command line adds."""
        self.root = Path(root)
        self.offered = offered
        self.defines = dict(defines or {})
        self.files = sorted(find_files(self.root))
        self.headers = [path for path in self.files if suffix(path) in HEADERS]
        self.cplusplus = [path for path in self.files if suffix(path) in C_PLUS_PLUS
                          and not self._why_user_program(path)]
        self.left_out = []
        self.units = self._choose_units(only)

    def _choose_units(self, only):
        if only is not None:
            return [path for path in self.files if path in only and suffix(path) == ".c"]
        candidates = [path for path in self.files if suffix(path) == ".c"]
        included = {self.find(include.name, path) for path in candidates + self.headers
                    for include in self.text(path).includes}
        for path in self.files:
            why = self._why_left_out(path)
            if why:
                self.left_out.append(LeftOut(path, why))
        left_out = {out.path for out in self.left_out}
        return [path for path in candidates if path not in included and path not in left_out]

    def _why_left_out(self, path):
        if suffix(path) in C_PLUS_PLUS - {".hpp", ".hh"}:
            return self._why_user_program(path) or "C++ or Objective-C"
        if suffix(path) in ASSEMBLER:
            return "assembler"
        if suffix(path) == ".c":
            return self._why_user_program(path)
        return None

    def _why_user_program(self, path):
        text = self.text(path)
        if any(function.name == "main" for function in ctext.functions(text)):
            return "a program: it has main()"
        for include in text.includes:
            known = known_elsewhere().get(f"<{include.name}>")
            if known and known.area == "user program" and include.name not in self.offered.headers:
                return f"part of a program: it includes <{include.name}>"
        return None

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        source = self._source(path)
        tested = {name for match in TESTED.finditer(source) for name in re.findall(r"[A-Za-z_]\w*", match[1])}
        undefined = dict.fromkeys(tested - self._definable - {"defined"})
        return ctext.Text(source, undefined | self.offered.macros | self.defines)

    def _source(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    @functools.cached_property
    def _definable(self):
        """Names that somebody may define: a file of the folder, a header of ours, the compiler, the
        command line. All others are undefined, and the branches that want them are not compiled."""
        found = set(self.offered.macro_names) | self.offered.macros.keys() | self.defines.keys() | OPERATORS
        for path in self.files:
            if suffix(path) in HEADERS | C_PLUS_PLUS | {".c"}:
                found.update(DEFINED.findall(self._source(path)))
        return found

    @functools.lru_cache(maxsize=None)
    def find(self, name, includer):
        """The file of this tree that an #include means; None if it is not in the tree."""
        beside = os.path.normpath(os.path.join(os.path.dirname(includer), name))
        if beside in self._names or (beside.startswith("../") and (self.root / beside).is_file()):
            return beside
        if name in self.offered.headers:
            return None
        fits = [path for path in self.files if path == name or path.endswith("/" + name)]
        return min(fits, key=lambda path: distance(path, includer), default=None)

    @functools.cached_property
    def _names(self):
        return frozenset(self.files)

    @functools.cached_property
    def reached(self):
        """The units and every file they include, in the order they are met."""
        return list(self._reached_from(self.units))

    def reached_from(self, path):
        """One unit and every file it includes."""
        return self._reached_from([path]).keys()

    def _reached_from(self, paths):
        found, waiting = {}, list(paths)
        while waiting:
            path = waiting.pop(0)
            if path not in found:
                found[path] = True
                waiting += filter(None, (self.find(include.name, path) for include in self.text(path).includes))
        return found

    def include_folders(self):
        """Folders that the compiler must be told of, so that each #include finds its file."""
        folders = {}
        for path in self.reached:
            for include in self.text(path).includes:
                found = self.find(include.name, path)
                if found and found != os.path.normpath(os.path.join(os.path.dirname(path), include.name)):
                    folders[found[:-len(include.name)].rstrip("/") or "."] = True
        return list(folders)

    def spaced_includes(self):
        """Places whose #include has a space in it: kbuild cannot follow them."""
        return [Place(path, include.line) for path in self.reached
                for include in self.text(path).includes if " " in include.name]

    def missing_headers(self):
        """{name: [Place]} of headers that neither we nor the tree have."""
        missing = {}
        for path in self.reached:
            for include in self.text(path).includes:
                if include.name not in self.offered.headers and not self.find(include.name, path):
                    missing.setdefault(include.name, []).append(Place(path, include.line))
        return missing


def suffix(path):
    return os.path.splitext(path)[1]


def find_files(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name[0] != "." and name not in SKIPPED_FOLDERS]
        for name in names:
            if name[0] != ".":
                yield Path(folder, name).relative_to(root).as_posix()


def distance(path, includer):
    """How far a header is from the file that includes it: steps up and down, then its name."""
    relative = os.path.relpath(path, os.path.dirname(includer) or ".")
    return relative.count("/"), path
