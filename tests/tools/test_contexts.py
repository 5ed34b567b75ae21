# SPDX-License-Identifier: GPL-2.0
"""What the documentation of the layer's calls says of contexts, against what they reach in the code."""
import collections
import re
import unittest

from helpers import TOP

FUNCTION = re.compile(r"^[A-Za-z_][^\n;{}#=]*?\b(\w+)\([^;{}]*?\)[^;{}=]*?\n\{\n(.*?)^\}", re.M | re.S)
DOC = re.compile(r"/\*\*\n \* (\w+)\(\) - .*?\*/", re.S)
CONTEXT = re.compile(r"^ \* Context: (.*?)\n \*(?:/| Return:| *\n)", re.M | re.S)
NO_CALLS = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\])*"', re.S)

SLEEPS = re.compile(r"\b(?:kpi_might_sleep|might_sleep|mutex_lock\w*|lock_sock|rtnl_lock|synchronize_\w+|wait_event\w*"
                    r"|wait_for_completion\w*|flush_work\w*|cancel_\w*work_sync|copy_(?:from|to)_user)\("
                    r"|\bGFP_KERNEL\b")
BOTTOM_HALVES = re.compile(r"\b(?:spin_lock_bh|local_bh_disable|read_lock_bh|write_lock_bh)\(")
LOOKS_FIRST = re.compile(r"\b(?:kpi_might_sleep|KPI_SO_ENTER|kpi_so_enter|kpi_may_sleep)\(")
NAMES_CALLER = re.compile(r"\b(?:kpi_misuse|kpi_might_sleep|kpi_unusable|kpi_not_packet|kpi_packet_ok)\(")

# look by themselves whether the caller may sleep
ASK = {"kpi_gfp", "kpi_block_gfp", "timeout_start"}
# sleep only where somebody may, or not at all
NEED_NOT_LOOK = {
    "kpi_IOExitThread": "ends the thread", "kpi_thread_terminate": "ends the thread",
    "kpi_lck_spin_sleep": "drops its spin lock first", "kpi_lck_spin_sleep_deadline": "drops its spin lock first",
    "kpi_kext_stopped": "of the glue", "kpi_kext_unload": "of the glue", "kpi_uiomove": "kpi_copyin() does",
}
# of the layer's sysctl files and option calls, in a thread that has begun there
INSIDE = ("kpi_sysctl_handle_", "kpi_sysctl_io_", "kpi_sockopt_copy")
# who made the packet is not known there
NAMES_NOBODY = {"checksums_to_skb"}


class Code:
    """The functions of kpi/, and which of them a function reaches."""

    def __init__(self):
        self.bodies = {}		# (name, file of a static function or None): text
        self.docs = {}
        self.exported = set()
        for path in sorted((TOP / "kpi").rglob("*.[ch]")):
            if "include/kext" not in str(path):
                self.read(path)
        self.calls = {key: self.called(key) for key in self.bodies}

    def read(self, path):
        text = path.read_text()
        self.exported |= set(re.findall(r"^KPI_EXPORT\((\w+)\);", text, re.M))
        for match in DOC.finditer(text if path.suffix == ".c" else ""):
            context = CONTEXT.search(match.group())
            self.docs[match.group(1)] = " ".join(re.sub(r"\n \*", " ", context.group(1)).split()) if context else ""
        for match in FUNCTION.finditer(text):
            own = path if path.suffix == ".c" and re.search(r"\bstatic\b", match.group().split("(")[0]) else None
            self.bodies[match.group(1), own] = NO_CALLS.sub("", match.group(2))

    def called(self, key):
        names = set(re.findall(r"\b(\w+)\(", self.bodies[key]))
        found = {(name, key[1]) if (name, key[1]) in self.bodies else (name, None) for name in names}
        if key[1] is None:	# a function of a file calls that file's own
            found |= {other for other in self.bodies if other[0] in names and other[1] == self.file_of(key)}
        return {other for other in found if other in self.bodies}

    def file_of(self, key):
        if not hasattr(self, "files"):
            self.files = {}
            for path in sorted((TOP / "kpi").rglob("*.c")):
                self.files.update({match.group(1): path for match in FUNCTION.finditer(path.read_text())
                                   if not re.search(r"\bstatic\b", match.group().split("(")[0])})
        return self.files.get(key[0])

    def way(self, name, pattern, but=()):
        """The shortest way from a function to one that has the pattern; None if there is none."""
        ways = collections.deque([((name, None),)])
        seen = {(name, None)}
        while ways:
            way = ways.popleft()
            if pattern.search(self.bodies[way[-1]]):
                return " > ".join(key[0] for key in way)
            for key in sorted(self.calls[way[-1]], key=str):
                if key not in seen and key[0] not in but:
                    seen.add(key)
                    ways.append((*way, key))
        return None


class Contexts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.code = Code()
        cls.said = {name: cls.code.docs[name] for name in sorted(cls.code.exported)
                    if (name, None) in cls.code.bodies and name in cls.code.docs}

    def test_they_are_found(self):
        self.assertGreater(len(self.said), 500)
        self.assertEqual(self.said["kpi_mbuf_len"], "Any.")
        self.assertEqual(self.code.way("kpi_ifaddr_withaddr", re.compile(r"\brtnl_lock\(")),
                         "kpi_ifaddr_withaddr > find > gather_all")

    def test_each_says_something(self):
        self.assertEqual([name for name, context in self.said.items() if not context], [])

    def test_what_never_sleeps(self):
        ways = [self.code.way(name, SLEEPS, ASK) for name, context in self.said.items()
                if re.match("Any|Interrupts enabled", context) and not re.search("may sleep|sleeps if", context)]
        self.assertEqual([way for way in ways if way], [])

    def test_any_means_interrupts_too(self):
        ways = [self.code.way(name, BOTTOM_HALVES) for name, context in self.said.items() if context == "Any."]
        self.assertEqual([way for way in ways if way], [])

    def test_what_may_sleep_looks_first(self):
        blind = [name for name, context in self.said.items()
                 if re.match("Process context|A thread", context) and not re.search(r"\bany\b", context, re.I)
                 and not self.code.way(name, LOOKS_FIRST)]
        self.assertEqual([name for name in blind if name not in NEED_NOT_LOOK and not name.startswith(INSIDE)], [])

    def test_who_is_named_is_the_kext(self):
        """A return address is the kext's in an exported function only."""
        found = [f"{own}: {name}" for (name, own), body in self.code.bodies.items()
                 if NAMES_CALLER.search(body) and name not in self.code.exported | NAMES_NOBODY]
        self.assertEqual(found, [])
