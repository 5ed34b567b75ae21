# SPDX-License-Identifier: GPL-2.0
"""The mutants: what to change in which function, and which suites must notice.

An entry of a *.list file:

    mbuf/pool.c depot_take: mbuf_random@uml-7.3 mbuf_alloc
    - spin_lock(&depot.lock);
    + ;
    lives: why nobody can tell, if nobody can

The file is below kpi/. What "-" lines say must be in the function exactly once,
whatever white space is between its words. A suite is what tools/guest/run -k
takes, tried in that order, with what else is needed: @FLAVOUR, +debug (a debug
build), +leaks (look for leaks), +script (it is no suite but a script).
"""
import fnmatch
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Wrong(Exception):
    """The list does not fit the sources."""


@dataclass(frozen=True)
class Trial:
    """One run of a guest."""
    suite: str
    flavour: str = ""
    ways: tuple = ()

    @classmethod
    def of(cls, word):
        word, *ways = word.split("+")
        suite, _, flavour = word.partition("@")
        return cls(suite, flavour, tuple(ways))

    def arguments(self):
        words = ["-k", self.suite, "--suites"] if "script" not in self.ways else ["-k", self.suite]
        words += ["-f", self.flavour] if self.flavour else []
        words += ["--debug"] if "debug" in self.ways else []
        return words if "leaks" in self.ways else [*words, "-q"]

    def __str__(self):
        return self.suite + (f"@{self.flavour}" if self.flavour else "") + "".join(f"+{way}" for way in self.ways)


@dataclass
class Mutant:
    file: str
    function: str
    trials: list
    line: int				# of the list, to name it
    area: str
    old: str = ""
    new: str = ""
    lives: str = ""
    name: str = ""
    key: str = ""			# of the function, as it is and with the change

    def apply(self, text):
        """The function with the change; @text is its file."""
        begin, end = function_at(text, self.function)
        pattern = r"\s+".join(re.escape(word) for word in self.old.split())
        found = list(re.finditer(pattern, text[begin:end]))
        if len(found) != 1:
            raise Wrong(f"{self.name}: {len(found)} times in {self.file}: {' '.join(self.old.split())}")
        at = found[0]
        return text[begin:begin + at.start()] + self.new + text[begin + at.end():end]


def function_at(text, name):
    """(begin, end) of a function's text, from its type to its last brace."""
    found = [match for match in re.finditer(rf"^\w[^\n;{{}}]*\b{re.escape(name)}\((?:[^;{{}}]|\n)*?\)\n\{{", text, re.M)]
    if len(found) != 1:
        raise Wrong(f"{len(found)} functions are called {name}")
    return found[0].start(), text.index("\n}", found[0].end() - 1) + 2


def read(path):
    """The mutants of one list."""
    mutants, current = [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            current = None
        elif current is None:
            current = header(path, number, line)
            mutants.append(current)
        elif line[0] == "-":
            current.old += line[1:] + "\n"
        elif line[0] == "+":
            current.new += ("\n" if current.new else "") + line[1:].strip()
        elif line.startswith("lives:"):
            current.lives = line.removeprefix("lives:").strip()
        elif line[0] in " \t" and current.lives:
            current.lives += " " + line.strip()
        else:
            raise Wrong(f"{path.name}:{number}: {line}")
    return mutants


def header(path, number, line):
    match = re.match(r"(\S+) (\S+): (.+)$", line)
    if not match:
        raise Wrong(f"{path.name}:{number}: not \"FILE FUNCTION: SUITE...\"")
    trials = [Trial.of(word) for word in match[3].split()]
    return Mutant(f"kpi/{match[1]}", match[2], trials, number, path.stem)


def everything():
    """All mutants, each with a name of its own."""
    mutants, seen = [], {}
    for path in sorted(HERE.glob("*.list")):
        for mutant in read(path):
            plain = f"{mutant.file.removeprefix('kpi/')}:{mutant.function}"
            seen[plain] = seen.get(plain, 0) + 1
            mutant.name = plain if seen[plain] == 1 else f"{plain}#{seen[plain]}"
            mutants.append(mutant)
    return mutants


def chosen(mutants, patterns):
    """Those that fit a pattern, in the order of the patterns."""
    if not patterns:
        return mutants
    found = {mutant.name: mutant for pattern in patterns for mutant in mutants
             if fnmatch.fnmatch(mutant.name, pattern) or mutant.area == pattern}
    return list(found.values())


def check(mutants, top, suites):
    """Whether each fits the sources; all that do not, at once. Gives those that do their key."""
    wrong = []
    for mutant in mutants:
        try:
            text = (top / mutant.file).read_text()
            begin, end = function_at(text, mutant.function)
            mutated = mutant.apply(text)
            if mutated == text[begin:end]:
                raise Wrong(f"{mutant.name}: changes nothing")
            words = [mutant.file, text[begin:end], mutated]
            mutant.key = hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]
            for trial in mutant.trials:
                if trial.suite.partition(".")[0] not in suites:
                    raise Wrong(f"{mutant.name}: no suite or script is called {trial.suite}")
        except (Wrong, OSError) as error:
            wrong.append(str(error) if mutant.name in str(error) else f"{mutant.name}: {error}")
    if wrong:
        raise Wrong("\n".join(wrong))
