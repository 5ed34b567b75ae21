# SPDX-License-Identifier: GPL-2.0
"""Which KPI a tree of sources uses, and what of it is offered.

A site is a place where a function, or a macro that looks like one, is called
that the tree does not define itself.
"""
import functools
import os
import re
from typing import NamedTuple

from . import ctext
from .offered import known_elsewhere
from .tree import Place

COMPILER = ("__builtin_", "__atomic_", "__sync_")


class Missing(NamedTuple):
    name: str
    places: list
    advice: str		# "" if the name is not known to us at all


# Names of the file system side, known to us one by one or not.
FILE_SYSTEM = re.compile(r"_?(vnode|vfs|VNOP|VFS|vnop|ubc|UBC|buf|cluster|namei|nameidata|componentname|advlock|mount|"
                         r"vattr|VATTR|vflags|MNT|mnt|VREG|VDIR|VLNK|VNON|cache_(enter|lookup|purge))_?", re.A)
FOLD_FROM = 5		# fewer are listed one by one


class Group(NamedTuple):
    """Many names of one kind, as one line."""
    what: str
    advice: str
    missing: list

    def line(self):
        paths = list(dict.fromkeys(place.path for missing in self.missing for place in missing.places))
        shown = ", ".join(paths[:6]) + (f" and {len(paths) - 6} more files" if len(paths) > 6 else "")
        names = ", ".join(missing.name for missing in self.missing[:3])
        return f"{len(self.missing)} names of {self.what} in {shown} ({names} ...): {self.advice}"


class Judged(NamedTuple):
    """The units of a tree, by what they lack."""
    whole: list
    headers_only: list
    more: list

    @property
    def mixed(self):
        return bool(self.whole or self.headers_only) and bool(self.headers_only or self.more)

    def lines(self):
        if self.mixed:
            for title, paths in (("Compile as they are", self.whole), ("Lack headers only", self.headers_only),
                                 ("Lack more", self.more)):
                if paths:
                    yield f"{title}: {', '.join(paths)}"


def judge(tree, headers, names):
    """headers, names: the files in which some are missing."""
    found = Judged([], [], [])
    for path in tree.units:
        reached = tree.reached_from(path)
        kind = found.more if names & reached else found.headers_only if headers & reached else found.whole
        kind.append(path)
    return found


def files_of(missing):
    return {place.path for entry in missing for place in entry.places}


def fold(missing):
    """Groups of what belongs to file systems, and the rest."""
    inside = [entry for entry in missing if is_of_file_systems(entry)]
    if len(inside) < FOLD_FROM:
        return [], list(missing)
    return [Group("the VFS", FILE_SYSTEMS, inside)], [entry for entry in missing if entry not in inside]


FILE_SYSTEMS = "file systems are not offered; only network code can be ported"


def is_of_file_systems(missing):
    known = known_elsewhere().get(missing.name)
    return known.area == "file system" if known else bool(FILE_SYSTEM.match(missing.name) and not missing.advice)


class Survey:
    def __init__(self, tree):
        self.tree = tree
        self.offered = tree.offered
        self.used = {}		# header: {name: [Place]}
        self._missing = {}	# name: [Place]
        for path in dict.fromkeys(tree.reached + tree.cplusplus):
            self._survey(path)

    @functools.cached_property
    def own(self):
        """Names that the tree defines, so that calling them is nobody else's business."""
        names = set()
        for path in self.tree.reached:
            text = self.tree.text(path)
            names.update(function.name for function in ctext.functions(text))
            names.update(macro.name for macro in text.macros)
            names.update(function.name for tokens in ctext.expansions(text, self._macros)
                         for function in ctext.functions_in(tokens))
        return names

    @functools.cached_property
    def _macros(self):
        return {macro.name: macro for path in self.tree.reached for macro in self.tree.text(path).macros}

    @functools.cached_property
    def _macros_in_use(self):
        """Names of the tree's macros that something else than an unused macro mentions."""
        paths = dict.fromkeys(self.tree.reached + self.tree.cplusplus)
        waiting = {token.text for path in paths for token in self.tree.text(path).tokens}
        found = set()
        while waiting:
            name = waiting.pop()
            if name in self._macros and name not in found:
                found.add(name)
                waiting.update(token.text for token in self._macros[name].body)
        return found

    @functools.cached_property
    def variables(self):
        """Names of variables and types, which in front of a parenthesis are no function of ours."""
        names = set()
        for path in self.tree.reached:
            names.update(ctext.variables(self.tree.text(path)))
        return names

    def _survey(self, path):
        """In C++ nothing is ready, and a name that we do not know is likely a method."""
        cplusplus = path in self.tree.cplusplus
        for use in ctext.uses(self.tree.text(path), lambda macro: macro.name in self._macros_in_use):
            if use.name in self.own or use.name.startswith(COMPILER):
                continue
            place = Place(path, use.line)
            offer = self.offered.names.get(use.name)
            if offer and use.call and not cplusplus:
                self.used.setdefault(offer.header, {}).setdefault(use.name, []).append(place)
            elif use.call if offer else self._is_missing(use, cplusplus):
                self._missing.setdefault(use.name, []).append(place)

    def _is_missing(self, use, cplusplus):
        if use.name in self.variables:
            return use.call and use.name in known_elsewhere()
        return use.name in known_elsewhere() or (use.call and not cplusplus)

    def missing_names(self):
        return [Missing(name, places, self._advice(name)) for name, places in sorted(self._missing.items())]

    def _advice(self, name):
        if name in self.offered.names:
            return "offered, but this is C++"
        known = known_elsewhere().get(name)
        return known.advice if known else ""

    def missing_headers(self):
        return [Missing(name, places, self._header_advice(name, places))
                for name, places in sorted(self.tree.missing_headers().items())]

    def _header_advice(self, name, places):
        known = known_elsewhere().get(f"<{name}>")
        if known:
            return known.advice
        elsewhere = [path for path in self.tree.headers if os.path.basename(path) == os.path.basename(name)]
        if elsewhere:
            return f"this folder has {' and '.join(elsewhere[:3])}; correct the #include, or put a link where it looks"
        quoted = any(include.name == name and not include.system
                     for place in places for include in self.tree.text(place.path).includes)
        return "nor is it in this folder" if quoted else ""

    @property
    def sites(self):
        return self.ready + sum(len(places) for places in self._missing.values())

    @property
    def ready(self):
        return sum(len(places) for names in self.used.values() for places in names.values())

