# SPDX-License-Identifier: GPL-2.0
"""The demo: real servers on the host, a stock guest, the demo kext in it.

The guest's NIC is a virtio one on QEMU's user-mode network, where the host's
loopback is 10.0.2.2, so packets come through a real driver.
"""
import os
import re
import socket
import time
import zlib

from . import boot, kernels, plan as plans, servers, show, verdict
from .base import TOP, build_dir, lock, say
from .build import build

DATAGRAMS = 1000
DATAGRAM_SIZE = 512
ECHO_BYTES = 256 * 1024


def run_demo(flavour):
    """Returns (passed, failed): the checks, and anything else as one more failure."""
    started = time.monotonic()
    servers.check_loopback()
    kernel = kernels.ensure(flavour)
    modules = build(kernel)
    folder = build_dir() / flavour / "demo"
    with lock(folder.with_suffix(".lock"), "the demo"):
        plans.prepare(folder, plan_lines(), modules.rglob("*.ko"), [plans.GUEST / "inside" / "demo.sh"],
                      dict([plans.compiled(TOP / "module" / "firewall" / "firewallctl.c")]))
        show.guest(kernel)
        checks, report = serve_and_watch(kernel, folder)
        problems = [f"not so: {what}" for what, good in checks if not good]
        problems += verdict.problems(folder, report)
        show.verdict(problems, folder, started, f"tools/guest/demo {flavour}")
    passed = sum(good for _, good in checks)
    return passed, max(len(checks) - passed, 1 if problems else 0)


def plan_lines():
    return ["load netkpi", "script demo.sh", "unload netkpi"] + 2 * ["load netkpi", "unload netkpi"]


def serve_and_watch(kernel, folder):
    """Run the guest against the servers; returns the checks and the guest's report."""
    with servers.web_server(folder / "web", kernel.image) as http, \
            servers.udp_echo(folder / "web") as udp:
        echo_port, done_port = servers.free_port(), servers.free_port()
        (folder / "files" / "parameters").write_text(
            f"http={http}\nudp={udp}\ncount={DATAGRAMS}\nsize={DATAGRAM_SIZE}\n"
            f"path=/{kernel.image.name}\nrefused={servers.free_port()}\n")
        net = f",hostfwd=tcp:127.0.0.1:{echo_port}-:7,hostfwd=tcp:127.0.0.1:{done_port}-:9"
        guest = boot.start(kernel, folder, net=net)
        try:
            echoed = be_a_client(guest, echo_port, done_port)
            guest.wait()
        finally:
            guest.stop()
    show.boot(guest)
    log = (folder / "console.log").read_text(errors="replace").replace("\r", "")
    return compare(log, kernel.image, echoed), verdict.read_report(folder / "report")


def be_a_client(guest, echo_port, done_port):
    """Send the guest something to echo, once it listens; then let it go on."""
    data = os.urandom(ECHO_BYTES)
    answer = b""
    while guest.step():
        if not answer:
            answer = servers.echo_client(echo_port, data, seconds=10) if guest.stage == "script" else b""
        elif finished(done_port):
            break
        time.sleep(0.1)
    return len(data) if answer == data else -len(answer)


def finished(port):
    """Has the guest come to the point where it waits for us?"""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
            return line.recv(16).startswith(b"finished")
    except OSError:
        return False


def compare(log, file, echoed):
    """What the demo says against what the host knows: (what, is it right)."""
    data = file.read_bytes()
    crc = zlib.crc32(data)
    http = re.search(r"netkpi_demo: (http: 200 OK, (\d+) bytes of body, crc32 (0x[0-9a-f]+))", log)
    udp = re.search(r"netkpi_demo: (udp: (\d+) sent, (\d+) received, (\d+) lost)", log)
    echo = re.search(r"netkpi_demo: (echo: (\d+) connections?, (\d+) bytes)", log)
    say("host", f"nginx: {file.name}, {len(data)} bytes, crc32 0x{crc:08x}; socat: {ECHO_BYTES} bytes out, "
        f"{abs(echoed)} back")
    for found in (http, udp, echo):
        if found:
            say("guest", found[1])
    walls = re.findall(r"netkpi_demo: (firewall: .*)", log)
    for line in walls:
        say("guest", line)
    return [
        ("the file's size and CRC-32 are those of the host's file",
         bool(http) and (int(http[2]), int(http[3], 16)) == (len(data), crc)),
        ("every datagram came back",
         bool(udp) and (int(udp[2]), int(udp[3]), int(udp[4])) == (DATAGRAMS, DATAGRAMS, 0)),
        ("the echo server sent back what it got", echoed == ECHO_BYTES),
        ("the echo server counted it", bool(echo) and int(echo[3]) == ECHO_BYTES),
        ("the firewall lets pass, refuses, and lets pass again",
         [line.rpartition(": ")[2] for line in walls] ==
         ["fetched", "Operation not permitted", "fetched", "2 passed, 1 refused"]),
        ("a refused connection is reported", bool(re.search(r"netkpi_demo: http: .*error 111", log))),
    ]
