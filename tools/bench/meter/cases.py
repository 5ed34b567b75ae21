# SPDX-License-Identifier: GPL-2.0
"""The rows of the bench: what the module printed about each."""
import re
import statistics
from math import isqrt

PLAN = re.compile(r"bench: plan (\S+) (\d+) (\d+) (\w+)")
ROUND = re.compile(r"bench: (\S+) (\d+) (\d+) (\d+) (\d+) (\d+)\s*$", re.M)
WHY = re.compile(r"bench: (\S+) (\d+) (\d+) (not measured|failed): (.*\S)")

PROFILE = re.compile(r"bench: profile (\w+) (\S+) (\d+)")

TITLES = {
    "B1": "TCP receive by upcall", "B2": "TCP send, 16 KiB clusters", "B3": "TCP send, 2 KiB clusters",
    "B4": "TCP, mbufs at both ends", "B5": "UDP, mbufs at both ends",
    "B6.gethdr": "mbuf_gethdr + free", "B6.getpacket": "mbuf_getpacket + free",
    "B6.cluster16k": "mbuf_getcluster(16K) + free", "B7": "mbuf_copydata of a chain",
    "B7.small": "mbuf_copydata of 64 bytes", "B8": "walk a chain", "B9": "mbuf_copym of a chain",
    "B10": "upcall round trip, 1 byte", "B11": "chain to skb and back", "B12": "mbuf_inet_cksum",
    "T1.guide": "allocpacket, copyback, sendmbuf", "T1.lens": "the same, lengths set first",
    "T1.iov": "sock_send from memory", "T2.fill": "made in place, sent",
    "T3.read": "received by upcall and read", "T3.iov": "sock_receive in an upcall, read",
    "T4.fill": "request, answer made in place", "T4.guide": "request, answer by copyback",
    "T4.iov": "request, answer by sock_send", "T5.udp": "UDP both ends, copyback, read",
    "T6.guide": "TCP both ends, copyback, read", "T6.fill": "TCP both ends, in place, read",
    "R1.relay": "relay", "R1.step": "relay, a message at a time", "R2.zero": "relay against pages passed on",
    "R3.direct": "relay against no relay at all", "R3.splice": "relay against splice() in user space",
    "R3.sockmap": "relay against BPF sockmap", "R3.nginx": "relay against nginx stream",
    "Z1.64k": "receive, 64 KiB a call", "Z1.zero": "receive against tcp_read_sock", "Z1.read": "the same, read",
    "Z2.zero": "send against pages spliced", "Z2.fill": "the same, made in place",
    "Z3.frag16k": "16K cluster against page fragment", "Z3.netdev2k": "getpacket against dev_alloc_skb",
    "Z4.clone": "mbuf_copym against one skb_clone",
    "K": "TCP, mbufs at both ends", "E": "one UDP event",
    "H.latency": "99th percentile of an event by a busy CPU", "H.flood": "a program's time beside a flood",
    "M.two": "gethdr + free on two CPUs, one = 1", "M.across": "freed on the other CPU, this one = 1",
    "F1.direct": "IP filter in the hook", "F2.thread": "IP filter by a thread",
    "F3.nfqueue": "IP filter against NFQUEUE", "F4.frames": "interface filter in the hook",
    "F5.direct": "TCP, IP filter in the hook", "F5.thread": "TCP, IP filter by a thread",
    "F6.gone": "filters that are gone", "F7.memory": "memory of a kept packet",
    "F8.send": "filtered TCP, sent", "F8.receive": "filtered TCP, received",
    "F9.nginx": "filtered TCP against nginx stream", "F9.socat": "filtered TCP against socat",
    "F10.send": "filtered UDP, sent", "F10.receive": "filtered UDP, received",
    "F11.connect": "filtered connect and close",
    "F11.bpf": "the same against BPF's connect hook", "F12.other": "UDP, a filter is for TCP",
    "F13.calls": "many filtered sockets, ten = 1", "F13.memory": "memory of a filtered socket",
    "F14.down": "kext to program, against netlink", "F14.up": "program to kext, against netlink",
    "F14.ask": "question and answer, against netlink", "F14.clients": "message to one of many, of ten = 1",
    "grow.filters": "IP filters in the hook", "grow.kept": "packets kept at once",
    "AA.send": "native against itself: send", "AA.pingpong": "native against itself: round trip",
    "AA.receive": "native against itself: receive",
    "grow.message": "message size, both ends", "grow.chain": "chain length",
    "grow.tags": "tags on a packet", "grow.sockets": "sockets with an upcall",
    "grow.sockets.native": "native sockets with a callback that queues work",
}


class Case:
    """All rounds of one case on one meter."""

    def __init__(self, name, size, pieces, kind):
        self.name, self.size, self.pieces, self.kind = name, int(size), int(pieces), kind
        self.rounds = []				# (kext ns, native ns, repetitions)
        self.why = ""					# not measured: why
        self.failed = False				# though it should have been
        self.goal = 0
        self.profile = {"kext": [], "native": []}	# (function, ns of one repetition), the dearest first

    @property
    def key(self):
        return self.name, self.size, self.pieces

    @property
    def has_native(self):
        return self.kind != "growth" or self.name in ("grow.message", "grow.sockets")

    def ratios(self):
        """Throughput: native time over ours, more is better. Cost: the reverse."""
        if self.kind == "cost":
            return [kext / native for kext, native, _ in self.rounds]
        return [native / kext for kext, native, _ in self.rounds]

    def median(self):
        return statistics.median(self.ratios())

    def interval(self):
        """Where the median lies with 95 % confidence: order statistics, as the module counts them."""
        ratios = sorted(self.ratios())
        low = max((len(ratios) - 2 * isqrt(len(ratios))) // 2, 0)
        return ratios[low], ratios[-1 - low]

    def spread(self):
        low, high = self.interval()
        return (high - low) / self.median()

    def short(self):
        """Whether the median misses the goal."""
        if not self.goal or self.why:
            return False
        return self.median() > self.goal if self.kind == "cost" else self.median() < self.goal

    def behind(self):
        """Whether native code is ahead, by more than one can see."""
        worse = self.median() if self.kind == "cost" else 1 / self.median()
        return worse > 1.005

    def each(self, side=0):
        """Median of a single repetition: nanoseconds, or instructions on the exact meter. Side 1: native."""
        return statistics.median(turn[side] / turn[2] for turn in self.rounds)

    def what(self):
        size = f"{self.size} B" if self.size < 1024 or self.size % 1024 else f"{self.size // 1024} KiB"
        pieces = f" in {self.pieces}" if self.pieces > 1 else ""
        return f"{TITLES.get(self.name, self.name)}, {size}{pieces}"


def read(log):
    """Every case that was planned, in order; what has no rounds says why."""
    cases = {}
    for words in PLAN.finditer(log):
        case = Case(*words.groups())
        cases[case.key] = case
    sampled = 0
    for turn in ROUND.finditer(log):
        name, size, pieces, *values = turn.groups()
        case = cases[name, int(size), int(pieces)]
        case.rounds.append(tuple(map(int, values)))
        for side, function, ns in PROFILE.findall(log[sampled:turn.start()]):
            case.profile[side].append((function, int(ns)))
        sampled = turn.end()
    for name, size, pieces, word, why in WHY.findall(log):
        case = cases[name, int(size), int(pieces)]
        case.why, case.failed = why, word == "failed"
    for case in cases.values():
        if not case.rounds and not case.why:
            case.why, case.failed = "the guest did not get so far", True
    return list(cases.values())
