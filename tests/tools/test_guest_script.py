# SPDX-License-Identifier: GPL-2.0
"""What happens in the guest of RUN=1: its script, with stand-ins for the tools and the kernel."""
import subprocess
import unittest
from pathlib import Path

from helpers import folder_of
from kextlib import guest

# kextload fails as often as the file "refusals" has lines; what is called is written down
STAND_INS = {
    "kextload": 'echo "load $*" >>calls\n[ ! -s refusals ] || { sed -i 1d refusals; exit 1; }\ntouch loaded\n',
    "kextunload": 'echo "unload $*" >>calls\nrm -f loaded\n',
    "kextstat": "echo stat >>calls\n",
    "dmesg": "echo line\n",
    "sleep": "exit 0\n",
}


class Script(unittest.TestCase):
    def run_script(self, refusals=0, test=None, before=None, peer="", limit=9):
        files = {f"files/{name}": "#!/bin/sh\n" + text for name, text in STAND_INS.items()}
        files |= {"files/test.sh": test or "", "files/before.sh": before or "", "tmp/refusals": "x\n" * refusals}
        folder = folder_of(self, files)
        for name in STAND_INS:
            (folder / "files" / name).chmod(0o755)
        plan = guest.Plan(Path("t") if test else None, Path("b") if before else None, peer, limit=limit)
        script = plan.script([Path("mine.ko")], {"port": "7"}).replace("/tmp", "@").replace("/mnt/files", f"{folder}/files")
        script = script.replace("@", f"{folder}/tmp").replace("[ ! -d /sys/module/$kext ]", "[ ! -e loaded ]")
        done = subprocess.run(["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        calls = folder / "tmp" / "calls"
        return done.returncode, calls.read_text().splitlines() if calls.exists() else [], done.stdout

    def test_loads_and_unloads(self):
        status, calls, said = self.run_script()
        self.assertEqual((status, calls), (0, ["load /mnt/modules/mine.ko port=7", "stat", "unload mine"]), said)

    def test_a_start_that_fails(self):
        status, calls, said = self.run_script(refusals=1)
        self.assertEqual((status, len(calls)), (1, 1), said)

    def test_a_peer_takes_a_moment(self):
        status, calls, said = self.run_script(refusals=3, peer="echo peer >>calls")
        self.assertEqual((status, calls.count("load /mnt/modules/mine.ko port=7"), "peer" in calls), (0, 4, True), said)

    def test_before(self):
        status, calls, said = self.run_script(before="echo before >>calls\n")
        self.assertEqual((status, calls[:2]), (0, ["before", "load /mnt/modules/mine.ko port=7"]), said)
        self.assertEqual(self.run_script(before="exit 3\n")[0], 1)

    def test_a_test_that_starts_the_peer_itself(self):
        status, calls, said = self.run_script(refusals=1, test='[ $KEXT_LOADED = 0 ] && kextload $KEXT_FILES port=8 && echo "ok 1 - x"\n')
        self.assertEqual((status, calls), (0, ["load /mnt/modules/mine.ko port=7", "load /mnt/modules/mine.ko port=8", "stat",
                                               "unload mine"]), said)

    def test_a_test_that_hangs(self):
        status, calls, said = self.run_script(test="echo 'ok 1 - x'\nexec tail -f /dev/null\n", limit=1)
        self.assertEqual((status, calls[-1]), (1, "unload mine"), said)
        self.assertIn("test.sh: had not ended after 1 s", said)
        self.assertIn("ok 1 - x", said)

    def test_a_test_that_fails(self):
        for test in ("exit 1\n", "echo 'not ok 1 - x'\n"):
            self.assertEqual(self.run_script(test=test)[0], 1)
