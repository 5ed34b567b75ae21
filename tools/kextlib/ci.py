# SPDX-License-Identifier: GPL-2.0
"""What the kernel of a debugging guest found about a kext, with file and line."""
import functools
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

# "? " marks what may be left on the stack from calls before
FRAME = re.compile(r"(?P<doubtful>\? )?(?P<symbol>[\w.]+)\+0x(?P<offset>[0-9a-f]+)(/0x[0-9a-f]+)? \[(?P<module>\w+)\]")
MADE_AT = re.compile(r"made at \S+ \[\w+\]")	# in the name of a lock's class
STAMP = re.compile(r"^\[ *[\d.]+\](\[[^\]]*\])? ?")
BOOTED = " as init process\n"			# what a kernel says before is its own affair

# how a report begins, and what it is about; the first kext frame after that is the place
REPORTS = [(check, re.compile(pattern)) for check, pattern in (
    ("memory", r"BUG: KASAN: (\S+)"),
    ("memory", r"(UBSAN: .*)"),
    ("memory", r"Kernel panic - not syncing: (Kernel mode fault at addr 0x[0-9a-f]+)"),	# UML's words
    ("memory", r"(general protection fault.*|BUG: unable to handle.*|BUG: kernel NULL pointer.*)"),
    ("sleeping", r"BUG: (sleeping function called from invalid context)"),
    ("sleeping", r"BUG: (scheduling while atomic)"),
    ("locking", r"WARNING: (possible .*(?:locking|lock|deadlock).*)"),
    ("locking", r"WARNING: (inconsistent lock state|bad unlock balance detected|.* still has locks held)"),
    ("locking", r"WARNING: (lock held when returning to user space|held lock freed)"),
    ("locking", r"BUG: (workqueue leaked lock|.* lock held )"),
    ("sleeping", r"netkpi: (?:\w+: )?(\w+\(\): sleeps .*); called from"),
    ("calls", r"netkpi: (?:\w+: )?(\w+\(\): .*); called from"),
    ("leaks", r"netkpi: \w+ (left \d+ bytes behind), allocated at"),
    ("leaks", r"netkpi: \w+ (left \d+ (?!blocks of memory)[\w ]+ behind)$"),
    ("leaks", r"netkpi: \w+: (still has .*, not stopped)"),
    ("other", r"(Kernel panic.*|WARNING: CPU: .*|INFO: task .* blocked.*|INFO: rcu.*|BUG: .*)"),
)]
END = re.compile(r"^(---\[ end trace|={20,}$)")
LONGEST = 150		# lines of a report
FIRST_PAGE = 4096
UML_FAULT = re.compile(r"Kernel mode fault at addr 0x([0-9a-f]+)$")
REGISTERS = 12		# lines of them
ONE_LINE = ("leaks", "calls")
LOST = re.compile(r"unreferenced object 0x\w+ \(size (\d+)\)")

CHECKS = {
    "memory": "no memory is used after its end or beyond it (KASAN, UBSAN)",
    "leaks": "nothing is left behind (netkpi, kmemleak)",
    "sleeping": "nobody sleeps where nobody may",
    "locking": "locks are taken in one order (lockdep)",
    "calls": "no call of the KPI is misused",
    "other": "no other trouble in the kernel's log",
}


class Finding(NamedTuple):
    check: str
    what: str
    place: str		# file:line, or "" if no frame is the kext's

    def __str__(self):
        return f"{self.place or 'no place in the kext'}: {self.what}"


def findings(log, leaks, place_of):
    """Each report of a kernel log, and of kmemleak's lines, once. place_of(module, symbol, offset)
    makes file:line of a frame, "" if it is not the kext's."""
    found = []
    for finding in [*in_log(log, place_of), *in_leaks(leaks, place_of)]:
        if finding not in found and not is_told(finding, found):
            found.append(finding)
    return found


def in_log(log, place_of):
    lines = [STAMP.sub("", line.strip()) for line in log.replace("\r", "").rpartition(BOOTED)[2].splitlines()]
    for index, line in enumerate(lines):
        check, match = next(((check, match) for check, pattern in REPORTS if (match := pattern.search(line))), ("", None))
        if check:
            report = lines[index:index + (1 if check in ONE_LINE else LONGEST)]
            fault = UML_FAULT.match(match[1])
            if fault:
                report = registers(lines[:index]) + report
            yield Finding(check, in_words(fault) if fault else match[1].strip(), first_place(report, place_of))


def registers(lines):
    """UML shows them before it says that it panics."""
    return [line for line in lines[-REGISTERS:] if line.startswith("RIP: ")][-1:]


def in_words(address):
    """In the first page there is nothing: a structure whose address is NULL."""
    kind = "a NULL pointer" if int(address[1], 16) < FIRST_PAGE else "a pointer that leads nowhere"
    return f"{kind} is used (address 0x{address[1]})"


def in_leaks(lines, place_of):
    starts = [number for number, line in enumerate(lines) if LOST.search(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        size = LOST.search(lines[start])[1]
        yield Finding("leaks", f"{size} bytes are lost (kmemleak)", first_place(lines[start:end], place_of))


def is_told(finding, found):
    """A lost block that netkpi has named, or the head of a warning that another line of it names better."""
    if finding.check == "leaks" and "kmemleak" in finding.what:
        return any(other.check == "leaks" and other.place == finding.place for other in found)
    if finding.what.startswith("Kernel panic"):	# because of what came before; that the guest ended is told, too
        return any(other.check != "leaks" for other in found)
    return finding.what.startswith("WARNING: CPU") and any(other.check == "calls" and other.place == finding.place
                                                          for other in found)


def first_place(lines, place_of):
    doubtful = ""
    for number, line in enumerate(lines):
        if number > 3 and END.match(line):
            break
        for frame in FRAME.finditer(MADE_AT.sub("", line)):
            exact = line.startswith("RIP: ")	# others are where a call returns to
            place = place_of(frame["module"], frame["symbol"], int(frame["offset"], 16) + exact)
            if place and not frame["doubtful"]:
                return place
            doubtful = doubtful or place
    return doubtful


class Places:
    """Files and lines of the frames of some modules, which were built from a folder."""

    def __init__(self, modules, folder):
        self.modules = {path.stem: path.resolve() for path in modules}
        self.folder = folder.resolve()

    @functools.lru_cache(maxsize=None)
    def __call__(self, module, symbol, offset):
        path = self.modules.get(module)
        section, value = self._symbols(path).get(symbol, ("", 0)) if path else ("", 0)
        if not section:
            return ""
        said = subprocess.run(["addr2line", "-e", str(path), "-j", section, hex(value + offset - 1)],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()
        name, _, line = said.split(" (")[0].rpartition(":")
        return f"{self._short(name, path)}:{line}" if line.isdigit() and name != "??" else f"{symbol}+{offset:#x}"

    @functools.lru_cache(maxsize=None)
    def _symbols(self, path):
        """{name: (section, value)} of its functions."""
        said = subprocess.run(["objdump", "-t", str(path)], stdout=subprocess.PIPE, text=True).stdout
        rows = re.findall(r"^([0-9a-f]+) .{6}F (\S+)\s+[0-9a-f]+ (?:\.hidden )?(\S+)$", said, re.M)
        return {name: (section, int(value, 16)) for value, section, name in rows}

    def _short(self, name, path):
        """As in the kext's folder; kbuild worked in a folder of links to it, perhaps by another name."""
        parts = Path(name).parts
        tails = (path.parent.joinpath(*parts[start:]) for start in range(len(parts)))
        original = next((tail.resolve() for tail in tails if tail.exists()), Path(name))
        return original.relative_to(self.folder) if original.is_relative_to(self.folder) else original.name


# --- the report ---

@dataclass
class Case:
    name: str
    problems: list = field(default_factory=list)


def built(said):
    """The modules that kext-build says it has built."""
    return [Path(path) for path in re.findall(r"^built for \S+: (.*)$", said, re.M)]


def cases(status, said, modules, found, end=""):
    """What was checked, in order. status and said: of kext-build; end: why the guest did not come to its end."""
    result = [Case("it builds"), Case("it loads and unloads", [*not_unloaded(said, modules, end)])]
    for ok, name in re.findall(r"^\s*(ok|not ok) \d+ -? ?(.*)$", said, re.M):
        result.append(Case(f"test: {name}", [] if ok == "ok" else ["the test says: not ok"]))
    result += [Case("test: its plan is kept", [problem]) for problem in plan_problems(said)]
    result += [Case("test: it ends in time", [problem]) for problem in time_problems(said)]
    result += [Case("the guest comes to its end", [end])] if end else []
    for check, name in CHECKS.items():
        problems = [str(finding) for finding in found if finding.check == check]
        result.append(Case(name, problems or ([f"not judged: {end}"] if end else [])))
    if status and not any(case.problems for case in result):
        result.append(Case("the guest's verdict", re.findall(r"^\s*(FAIL .*)$", said, re.M) or ["the run failed"]))
    return result


def plan_problems(text):
    """A test that says how many results it will give, and gives others, has ended early."""
    text = text.partition("kernel log:")[0]
    plan = re.search(r"^\s*1\.\.(\d+)\s*$", text, re.M)
    given = len(re.findall(r"^\s*(?:not )?ok \d+\b", text, re.M))
    if plan and int(plan[1]) != given:
        yield f"{plan[1]} results were promised, {given} came"


def time_problems(text):
    return re.findall(r"^\s*test\.sh: (had not ended after \d+ s.*)$", text.partition("kernel log:")[0], re.M)


def early_end(log, verdict):
    """Why a guest has given no verdict, for people; "" if it has."""
    if verdict:
        return ""
    late = re.search(r"^no end of stage (\w+) in (\d+) s$", log, re.M)
    if late:
        return f"the guest hung: no end of its stage \"{late[1]}\" within the time limit of {late[2]} s"
    panic = re.search(r"Kernel panic - not syncing: (.*?)\r?$", log, re.M)
    return f"the kernel panicked: {panic[1]}" if panic else "the guest ended early"


def not_unloaded(said, modules, end=""):
    for module in modules:
        happened = re.findall(rf"^\s*{re.escape(module.stem)} (loaded|unloaded)\s*$", said, re.M)
        if not happened:
            yield f"{module.stem} was not loaded; " + (f"in its start routine, {end}" if end else "the log says why")
        elif happened[-1] == "loaded":
            yield f"{module.stem} was not unloaded; " + (end or "the log says why")


def ktap(result):
    yield "KTAP version 1"
    yield f"1..{len(result)}"
    for number, case in enumerate(result, 1):
        yield f"{'not ok' if case.problems else 'ok'} {number} {case.name}"
        yield from (f"# {problem}" for problem in case.problems)


def junit(name, result):
    """XML takes no control characters."""
    return re.sub(r"[^\t\n\x20-\ud7ff]", "?", "\n".join(junit_lines(name, result)) + "\n")


def junit_lines(name, result):
    failures = sum(bool(case.problems) for case in result)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuite name={quoteattr(name)} tests="{len(result)}" failures="{failures}">'
    for case in result:
        yield f"  <testcase classname={quoteattr(name)} name={quoteattr(case.name)}>"
        if case.problems:
            yield f"    <failure message={quoteattr(case.problems[0])}>{escape(chr(10).join(case.problems))}</failure>"
        yield "  </testcase>"
    yield "</testsuite>"
