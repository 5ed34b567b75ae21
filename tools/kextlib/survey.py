# SPDX-License-Identifier: GPL-2.0
"""Which KPI a tree of sources uses, and what of it is offered.

A site is a place where a function, or a macro that looks like one, is called
that the tree does not define itself.
"""
import functools
from typing import NamedTuple

from . import ctext
from .offered import known_elsewhere
from .tree import Place

COMPILER = ("__builtin_", "__atomic_", "__sync_")


class Missing(NamedTuple):
    name: str
    places: list
    advice: str		# "" if the name is not known to us at all


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
        return names

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
        for use in ctext.uses(self.tree.text(path)):
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
        quoted = any(include.name == name and not include.system
                     for place in places for include in self.tree.text(place.path).includes)
        return "nor is it in this folder" if quoted else ""

    @property
    def sites(self):
        return self.ready + sum(len(places) for places in self._missing.values())

    @property
    def ready(self):
        return sum(len(places) for names in self.used.values() for places in names.values())

