# SPDX-License-Identifier: GPL-2.0
"""What takes long says how far it is: one line that is written over, on terminals only."""
import contextlib
import os
import shutil
import sys
import threading
import time

EVERY = 0.5


class Line:
    """The line at the bottom of the terminal; nothing where standard error is none."""

    def __init__(self, stage, text):
        self.head = f"  {stage:<7} {text}"
        self.started = time.monotonic()
        self.shown = 0.0
        self.shows = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def update(self, detail="", part=None):
        """part: how much is done, from 0 to 1, if that is known."""
        now = time.monotonic()
        if not self.shows or now - self.shown < EVERY:
            return
        self.shown = now
        words = [self.head, detail, *self.times(now - self.started, part)]
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r\033[K" + "  ".join(filter(None, words))[:width])
        sys.stderr.flush()

    @staticmethod
    def times(elapsed, part):
        words = [clock(elapsed)]
        if part and elapsed > 2:
            words.append(f"{min(part, 1):.0%}, about {clock(elapsed * max(1 - part, 0) / part)} to go")
        return words

    def end(self):
        if self.shows and self.shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


@contextlib.contextmanager
def ticking(line, detail):
    """Call detail() now and then for (text, part) while the body runs."""
    if not line.shows:
        yield
        return
    done = threading.Event()

    def tick():
        while not done.wait(EVERY):
            line.update(*detail())

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        line.end()


def growing(folder, size, stage, text):
    """While a file of that many bytes grows in a folder."""
    def detail():
        have = sum(entry.stat().st_size for entry in os.scandir(folder) if entry.is_file())
        return f"{have / 1e6:.0f} MB", have / size if size else None

    return ticking(Line(stage, text), detail)


def waiting(stage, text):
    """While something runs that cannot say how far it is."""
    return ticking(Line(stage, text), lambda: ("", None))


class Counter:
    """Counts lines of output, as of a compiler's driver: one a file."""

    def __init__(self, stage, text, expected=0):
        self.line = Line(stage, text)
        self.expected = expected
        self.count = 0

    def saw(self, text):
        self.count += 1
        what = text.split()[-1] if text.split() else ""
        self.line.update(f"{self.count} files, {what}" if self.line.shows else "",
                         self.count / self.expected if self.expected else None)

    def end(self):
        self.line.end()
