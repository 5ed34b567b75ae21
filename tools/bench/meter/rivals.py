# SPDX-License-Identifier: GPL-2.0
"""Relays outside the kernel's own code, to compare with: what a guest needs to run them."""
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
    if kernel.is_uml or not any(name.startswith("R3") or "R3".startswith(name) for name in only.split(",")):
        return {}
    found = {"relay": relay()}
    try:
        found["nginx"] = nginx()
    except Failed as failure:
        say("nginx", f"is not compared with: {str(failure).splitlines()[0]}")
    return found


def relay():
    program = build_dir() / "bench" / "relay"
    program.parent.mkdir(parents=True, exist_ok=True)
    run(["gcc", "-Wall", "-Wextra", "-static", "-O2", "-o", program, BENCH / "relay.c"])
    return program


def nginx():
    """Its program, the stream module, their libraries, and the loader that finds them."""
    program, environment = peers.program("nginx", "nginx-light")
    module = stream_module()
    folder = build_dir() / "bench" / "nginx"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    needed = run(["ldd", program, module], env=environment)
    for path in {program, module, *re.findall(r"=> (/\S+)", needed)}:
        shutil.copy(path, folder / Path(path).name)
    (folder / "nginx.conf").write_text(NGINX)
    shutil.copy(re.search(r"^\s*(/\S*ld-linux\S*)", needed, re.M)[1], folder / "ld.so")
    return folder


def stream_module():
    for folder in (Path("/"), *peers.unpacked(["libnginx-mod-stream"])):
        path = folder / "usr/lib/nginx/modules/ngx_stream_module.so"
        if path.exists():
            return path
    raise Failed("the package libnginx-mod-stream has no ngx_stream_module.so")
