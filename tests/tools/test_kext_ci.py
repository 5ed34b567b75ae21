# SPDX-License-Identifier: GPL-2.0
"""kext-ci: findings in a kernel's log, how they are reported, and a kext with faults that it finds."""
import re
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers import HERE, KEXTS, TOP, folder_of, tool
from kextlib import ci, guest

PLANTED = HERE / "planted"
MODULES = [Path("mine.ko")]
LOG = """\
[    1.000000] WARNING: CPU: 0 PID: 1 at mine_boot+0x1/0x2 [mine]
[    1.000001] Run /mnt/init as init process
[    5.000000] ==================================================================
[    5.000001] BUG: KASAN: slab-use-after-free in mine_read+0x1c/0x80 [mine]
[    5.000002] Read of size 1 at addr 0000000061e8f800 by task insmod/33
[    5.000003] Call Trace:
[    5.000004]  dump_stack+0x10/0x20
[    5.000005]  mine_read+0x1c/0x80 [mine]
[    5.000006]  mine_start+0x20/0x90 [mine]
[    5.000007] ==================================================================
[    6.000000] BUG: sleeping function called from invalid context at kpi/kern/sleep.c:80
[    6.000001] Call Trace:
[    6.000002]  [<60053eb0>] ? mine_before+0x1/0x1d0 [mine]
[    6.000003]  kpi_msleep+0x10/0x80 [netkpi]
[    6.000004]  mine_wait+0x44/0x90 [mine]
[    7.000000] ======================================================
[    7.000001] WARNING: possible circular locking dependency detected
[    7.000002] insmod/35 is trying to acquire lock:
[    7.000003] 0000000060a (mutex of mine, made at mine_start+0x2c/0x90 [mine]){+.+.}-{0:0}, at: mine_both+0x55/0x90 [mine]
[    8.000000] ------------[ cut here ]------------
[    8.000001] netkpi: mine: kpi_lck_mtx_unlock(): unlocks a mutex that nobody holds; called from mine_x+0x9/0x90 [mine]
[    9.000000] netkpi: mine left 3 blocks of memory behind
[    9.000001] netkpi: mine left 77 bytes behind, allocated at mine_open+0x31/0x90 [mine]
[    9.000002] netkpi: mine left 2 mbufs behind
"""
LEAKS = """\
unreferenced object 0x61e8f800 (size 96):
  comm "insmod", pid 33, jiffies 4294937
    0x60301234 kpi_block_alloc+0x20 [netkpi]
    0x60301fff mine_open+0x31 [mine]
unreferenced object 0x61e8fa00 (size 288):
    0x60302000 mine_mbuf+0x8 [mine]
""".splitlines()
PANIC = """\
[    2.470000] RIP: 0033:mine_other+0x2d/0x50 [mine]
""" + 20 * "[    2.470000] something else\n" + """\
[    2.470000] RIP: 0033:mine_start+0x2d/0x50 [mine]
[    2.470000] RSP: 000000006ff9f6c0  EFLAGS: 00010246
[    2.470000] Kernel panic - not syncing: Kernel mode fault at addr ADDRESS, ip 0x9b02e11d
[    2.470000] Call Trace:
[    2.470000]  [<9b02e11d>] mine_start+0x2e/0x50 [mine]
[    2.470000]  [<9b3c0111>] kext_load+0x951/0xe00 [netkpi]
"""
SAID = "built for 6.12: mine.ko\n  mine loaded\n  ok 1 - echo\n  not ok 2 - late\n  mine unloaded\n"


def place_of(module, symbol, offset):
    return f"{symbol}:{offset}" if module == "mine" else ""


class Findings(unittest.TestCase):
    def test_each_kind(self):
        found = [(finding.check, finding.place) for finding in ci.findings(LOG, LEAKS, place_of)]
        self.assertEqual(found, [("memory", "mine_read:28"), ("sleeping", "mine_wait:68"), ("locking", "mine_both:85"),
                                 ("calls", "mine_x:9"), ("leaks", "mine_open:49"), ("leaks", ""), ("leaks", "mine_mbuf:8")])

    def test_nothing(self):
        self.assertEqual(ci.findings("[ 1.0] mine: hello\n[ 1.1] mine: BUGS are harmless\n", [], place_of), [])

    def test_a_null_pointer_on_UML(self):
        """The registers come before the panic; what other reports showed is not taken for them."""
        for address, words in (("0x10", "a NULL pointer is used (address 0x10)"),
                               ("0x6b6b6b6b", "a pointer that leads nowhere is used (address 0x6b6b6b6b)")):
            found = ci.findings(PANIC.replace("ADDRESS", address), [], place_of)
            self.assertEqual(found, [("memory", words, "mine_start:46")])

    def test_an_address_of_what_a_kext_calls(self):
        log = PANIC.replace("RIP: 0033:mine_start+0x2d/0x50 [mine]", "RIP: 0033:memcpy+0x2/0x50")
        self.assertEqual([finding.place for finding in ci.findings(log, [], place_of)], ["mine_start:46"])

    def test_a_panic_of_its_own(self):
        found = ci.findings("Kernel panic - not syncing: mine gives up\n mine_x+0x1/0x2 [mine]\n", [], place_of)
        self.assertEqual([(finding.check, finding.place) for finding in found], [("other", "mine_x:1")])

    def test_a_doubtful_frame_is_better_than_none(self):
        log = "BUG: scheduling while atomic: insmod/3\n [<60>] ? mine_before+0x1/0x1d0 [mine]\n"
        self.assertEqual([finding.place for finding in ci.findings(log, [], place_of)], ["mine_before:1"])


class Reports(unittest.TestCase):
    def test_findings_fail_their_checks(self):
        result = ci.cases(0, SAID, MODULES, ci.findings(LOG, LEAKS, place_of))
        failed = [case.name for case in result if case.problems]
        self.assertEqual(len(failed), 6, failed)
        tree = ElementTree.fromstring(ci.junit("mine", result))
        self.assertEqual((int(tree.get("tests")), int(tree.get("failures"))), (len(result), 6))

    def test_a_verdict_that_nothing_explains(self):
        result = ci.cases(1, SAID.replace("not ok", "ok") + "  FAIL    the guest ended without a verdict\n", MODULES, [])
        self.assertEqual(result[-1].problems, ["FAIL    the guest ended without a verdict"])

    def test_a_guest_that_ends_early(self):
        """What was not looked at is not good."""
        late = "\nno end of stage script in 360 s\n"
        for log, word in ((PANIC, "panicked"), (late, "360 s"), ("", "early")):
            end = ci.early_end(log, "")
            self.assertIn(word, end)
            result = ci.cases(1, SAID.replace("not ok", "ok"), MODULES, ci.findings(log, [], place_of), end)
            good = [case.name for case in result if not case.problems]
            self.assertEqual(good, ["it builds", "it loads and unloads", "test: echo", "test: late"])
        self.assertEqual(ci.early_end(late, "pass"), "")
        unloaded = ci.cases(1, "", MODULES, [], ci.early_end(PANIC, ""))[1]
        self.assertIn("mine was not loaded; in its start routine, the kernel panicked", unloaded.problems[0])

    def test_a_test_that_hangs(self):
        result = ci.cases(1, SAID + "  test.sh: had not ended after 240 s (LIMIT=n)\n", MODULES, [])
        self.assertEqual([case.problems for case in result if case.name == "test: it ends in time"],
                         [["had not ended after 240 s (LIMIT=n)"]])

    def test_what_does_not_load_or_go(self):
        for said, word in (("", "not loaded"), ("  mine loaded\n", "not unloaded"),
                           ("  mine loaded\n  mine unloaded\n  mine loaded\n", "not unloaded")):
            self.assertIn(word, ci.cases(0, said, MODULES, [])[1].problems[0])

    def test_a_test_that_ends_early(self):
        for said, problems in (("1..2\n" + SAID, 0), ("1..3\n" + SAID, 1), ("1..1\n" + SAID, 1), (SAID, 0),
                               ("1..2\n" + SAID + "kernel log:\n  ok 3 - of the kext\n", 0)):
            result = ci.cases(0, said, MODULES, [])
            self.assertEqual(sum("its plan is kept" in case.name for case in result), problems, said)

    def test_an_old_report_is_not_taken_for_this_run_s(self):
        report = folder_of(self, {"old.xml": "<passed/>"}) / "old.xml"
        self.assertEqual(tool("kext-ci", PLANTED, "--junit", report, "FILES=none.c").returncode, 2)
        self.assertFalse(report.exists())

    def test_control_characters(self):
        ElementTree.fromstring(ci.junit("mine", [ci.Case("it <builds>", ["a\x01 & b"])]))

    def test_wrong_calls(self):
        for arguments in ((), ("/nonexistent",), ("--junit",), (PLANTED, "--junit", "/nonexistent/y/z"),
                          (PLANTED, "--junit", "/tmp"), (PLANTED, "--junit", "/proc/x.xml"), ("",), (PLANTED, "--nosuch"), (PLANTED, "GUEST=nosuch")):
            done = tool("kext-ci", *arguments)
            self.assertEqual((done.returncode, len(done.stdout.splitlines())), (2, 1), done.stdout)


def lines_with_faults():
    """{check: file:line}, as the kext's comments say."""
    lines = (PLANTED / "planted.c").read_text().splitlines()
    marks = ((number, re.search(r"/\* here: (\w+) \*/", line)) for number, line in enumerate(lines, 1))
    return {mark[1]: f"planted.c:{number}" for number, mark in marks if mark}


class Manual(unittest.TestCase):
    def test_lines_that_it_names(self):
        said = re.findall(r"^# (planted\.c:\d+): ", (TOP / "PORTING.md").read_text(), re.M)
        self.assertEqual(sorted(said), sorted(lines_with_faults().values()))


@unittest.skipUnless(guest.is_there("uml-6.12-debug"), "no debugging kernel; tools/guest/kernel uml-6.12-debug makes it")
class Planted(unittest.TestCase):
    def run_on(self, folder, *more):
        with tempfile.NamedTemporaryFile(suffix=".xml") as report:
            done = tool("kext-ci", folder, "PARAMS=plant=0", "--junit", report.name, *more)
            return done, ElementTree.parse(report.name)

    def test_each_fault_is_named_with_its_line(self):
        done, tree = self.run_on(PLANTED)
        self.assertEqual(done.returncode, 1, done.stdout)
        failed = {case.get("name"): case.find("failure").text for case in tree.iter("testcase") if case.find("failure") is not None}
        for check, place in lines_with_faults().items():
            self.assertIn(f"{place}: ", failed.pop(ci.CHECKS[check], ""), check)
        self.assertEqual(failed, {}, done.stdout)

    def test_two_at_a_time(self):
        calls = (PLANTED, "PARAMS=plant=0"), (KEXTS / "explicit",)
        with ThreadPoolExecutor() as pool:
            planted, other = (done.stdout for done in pool.map(lambda words: tool("kext-ci", *words), calls))
        self.assertIn("planted.c:", planted)
        self.assertNotIn("planted.c:", other)
        for said in (planted, other):
            self.assertIn("\nok 2 it loads and unloads", said)

    def test_nothing_is_found_where_nothing_is(self):
        with tempfile.NamedTemporaryFile("w", suffix=".sh") as script:
            script.write("echo 1..1\necho ok 1 - it is there\n")
            script.flush()
            done, tree = self.run_on(PLANTED, f"TEST={script.name}")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(tree.getroot().get("failures"), "0")
