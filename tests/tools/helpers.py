# SPDX-License-Identifier: GPL-2.0
"""What the tests share."""
import functools
import os
import subprocess
import tempfile
from pathlib import Path

from kextlib import build, ctext, offered

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
TOOLS = TOP / "tools"
KEXTS = HERE / "kexts"
SOURCES = HERE / "sources"


@functools.lru_cache(maxsize=None)
def what_is_offered():
    return offered.Offered()


def text(source, known=None):
    return ctext.Text(source, offered.kext_macros() if known is None else known)


def tool(name, *arguments, **environment):
    """Runs one of the tools; standard error is part of what it says."""
    clean = {key: value for key, value in os.environ.items()
             if key not in build.NOT_FOR_KBUILD - {"BUILD"}}
    return subprocess.run([str(TOOLS / name), *map(str, arguments)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={**clean, "PYTHONDONTWRITEBYTECODE": "1", **environment})


def folder_of(test, files):
    """A folder with these {path: text} files, gone after the test."""
    made = tempfile.TemporaryDirectory()
    test.addCleanup(made.cleanup)
    for path, content in files.items():
        target = Path(made.name, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
    return Path(made.name)


def have_headers():
    try:
        build.kernel_from()
        return True
    except build.Failed:
        return False
