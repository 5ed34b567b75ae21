# SPDX-License-Identifier: GPL-2.0
"""Programs to compare with: what a guest needs to run them."""
import re
import shutil
from pathlib import Path

from lib import peers
from lib.base import Failed, build_dir, run, say

BENCH = Path(__file__).resolve().parents[1]
NGINX = """\
load_module /mnt/files/nginx/ngx_stream_module.so;
daemon off;
user root;
worker_processes 1;
error_log /dev/null;
pid /tmp/nginx/pid;
events {}
stream {
	server {
		listen 127.0.0.1:7003;
		proxy_buffer_size 64k;
		tcp_nodelay on;
		proxy_pass 127.0.0.1:7000;
	}
}
"""


def files(kernel, only):
    """{name: path} for /mnt/files; a stock guest's only: UML's system calls are slow, and that is not their fault."""
    if kernel.is_uml or not any(wants(prefix) for prefix in only.split(",")):
        return {}
    found = {"relay": program("relay"), "rival": program("rival")}
    for name, folder in {"nginx": nginx, "socat": socat}.items():
        try:
            found[name] = folder()
        except Failed as failure:
            say(name, f"is not compared with: {str(failure).splitlines()[0]}")
    return found


def wants(prefix):
    return any(name.startswith(prefix) or prefix.startswith(name) for name in ("R3", "F3", "F9", "F11.bpf"))


def program(name):
    file = build_dir() / "bench" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    run(["gcc", "-Wall", "-Wextra", "-static", "-O2", "-o", file, BENCH / f"{name}.c"])
    return file


def nginx():
    """Its program with the stream module."""
    binary, environment = peers.program("nginx", "nginx-light")
    folder = with_libraries("nginx", [binary, stream_module()], environment)
    (folder / "nginx.conf").write_text(NGINX)
    return folder


def socat():
    binary, environment = peers.program("socat", "socat")
    return with_libraries("socat", [binary], environment)


def with_libraries(name, files, environment):
    """A folder of them, with their libraries and the loader that finds those."""
    folder = build_dir() / "bench" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    needed = run(["ldd", *files], env=environment)
    for path in {*files, *re.findall(r"=> (/\S+)", needed)}:
        shutil.copy(path, folder / Path(path).name)
    shutil.copy(re.search(r"^\s*(/\S*ld-linux\S*)", needed, re.M)[1], folder / "ld.so")
    return folder


def stream_module():
    for folder in (Path("/"), *peers.unpacked(["libnginx-mod-stream"])):
        path = folder / "usr/lib/nginx/modules/ngx_stream_module.so"
        if path.exists():
            return path
    raise Failed("the package libnginx-mod-stream has no ngx_stream_module.so")
