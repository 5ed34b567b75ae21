# SPDX-License-Identifier: GPL-2.0
"""Real servers on the host's loopback, and a real client, for the demo."""
import contextlib
import os
import shutil
import socket
import subprocess
import time

from . import peers
from .base import Failed, tail

NGINX = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
	access_log off;
	client_body_temp_path {folder}/body;
	proxy_temp_path {folder}/proxy;
	fastcgi_temp_path {folder}/fastcgi;
	uwsgi_temp_path {folder}/uwsgi;
	scgi_temp_path {folder}/scgi;
	server {{
		listen 127.0.0.1:{port};
		root {folder}/www;
	}}
}}
"""


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command, folder, name, environment=None):
    """A server process for the length of a with statement."""
    with open(folder / f"{name}.log", "wb") as log:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def web_server(folder, file):
    """nginx that serves one file; yields its port."""
    folder.mkdir(parents=True)
    (folder / "www").mkdir()
    shutil.copy(file, folder / "www" / file.name)
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, user=user))
    nginx, environment = peers.program("nginx", "nginx-light")
    command = [nginx, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"]
    with running(command, folder, "nginx", environment) as process:
        wait_until_open(port, process, folder)
        yield port


@contextlib.contextmanager
def udp_echo(folder):
    """socat that sends every datagram back; yields its port."""
    port = free_port(socket.SOCK_DGRAM)
    command = [program("socat"), "-b", "65536", f"UDP4-RECVFROM:{port},bind=127.0.0.1,fork", "PIPE"]
    with running(command, folder, "socat"):
        yield port


def program(name):
    found = shutil.which(name)
    if not found:
        raise Failed(f"{name} is not installed; tools/guest/setup demo")
    return found


def wait_until_open(port, process, folder, seconds=10):
    for _ in range(seconds * 20):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    words = "".join(log.read_text() for log in sorted(folder.glob("*.log")))
    raise Failed(f"nginx did not start:\n{tail(words)}" if words else
                 f"nginx said nothing and does not answer on 127.0.0.1:{port} within {seconds} s")


def check_loopback():
    """Servers and guest meet on 127.0.0.1."""
    if not can_meet():
        raise Failed("the loopback interface is down; as root: ip link set lo up")


def can_meet():
    with socket.socket() as server, socket.socket() as client:
        client.settimeout(2)
        try:
            server.bind(("127.0.0.1", 0))
            server.listen()
            client.connect(server.getsockname())
            return True
        except OSError:
            return False


def echo_client(port, data, seconds):
    """Send data with socat and return what comes back."""
    command = [program("socat"), "-t", str(seconds), "-", f"TCP4:127.0.0.1:{port}"]
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout
