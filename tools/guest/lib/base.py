# SPDX-License-Identifier: GPL-2.0
"""Places, locks, and one way to run a command and one way to fail."""
import argparse
import contextlib
import errno
import fcntl
import os
import re
import signal
import subprocess
import sys
import traceback
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
GUEST = TOP / "tools" / "guest"
os.environ["PATH"] += ":/usr/sbin:/sbin"	# nginx, modinfo and depmod are no user's programs


class Failed(Exception):
    """What went wrong, in words for the person at the keyboard."""
    status = 1


class WrongCall(Failed):
    """What was asked for does not exist, or cannot be: nothing was tried."""
    status = 2


def cache_dir():
    """Where kernels are kept: outside the tree, shared by all trees."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(os.environ.get("NETKPI_CACHE") or Path(base) / "netkpi")


def build_dir():
    """Where this tree's results go; another BUILD keeps two people apart."""
    return (TOP / os.environ.get("BUILD", "build")).resolve()


def say(stage, text):
    print(f"  {stage:<7} {text}", flush=True)


def tail(text, lines=25):
    return "\n".join("    " + line for line in text.rstrip().splitlines()[-lines:])


def run(command, log=None, counter=None, **options):
    """Run a command quietly; when it fails, show its last lines.

    When we are stopped, so is all that the command has started. A counter is
    shown each line as it comes (progress.Counter).
    """
    command = [str(word) for word in command]
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, errors="replace",
                                   start_new_session=True, **options)
    except FileNotFoundError as missing:
        raise Failed(f"there is no {missing.filename}; tools/guest/setup installs what is missing") from None
    try:
        output = watched(process, counter)
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        raise
    if log:
        Path(log).write_text(output)
    if process.returncode:
        raise Failed(f"{' '.join(command)}: exit status {process.returncode}\n{tail(output)}")
    return output


def watched(process, counter):
    """All that a process prints."""
    if not counter:
        return process.communicate()[0]
    lines = []
    for line in process.stdout:
        lines.append(line)
        counter.saw(line)
    process.wait()
    counter.end()
    return "".join(lines)


@contextlib.contextmanager
def lock(path, waiting_for):
    """Hold a lock file; say so once when somebody else holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("wait", f"another run is busy with {waiting_for}")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def jobs():
    return f"-j{os.cpu_count() or 1}"


def command_line(main):
    """Run a command's main(). A failure is one clear line and status 1, a wrong call one
    line and status 2; nobody sees a traceback."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except Failed as failure:
        end(failure, failure.status)
    except OSError as error:
        end(what_to_do(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:	# a fault of ours: say where, the user cannot do more than tell us
        place = traceback.extract_tb(error.__traceback__)[-1]
        end(f"a fault of this command itself, please report it: {type(error).__name__}: {error} "
            f"({Path(place.filename).name}:{place.lineno})")


def end(what, status=1):
    sys.stdout.flush()
    print(f"{Path(sys.argv[0]).name}: {what}", file=sys.stderr)
    sys.exit(status)


def plain_arguments(usage, most=None):
    """The words after a command that has no option but --help."""
    words = sys.argv[1:]
    if words[:1] in (["-h"], ["--help"]):
        print(usage.strip())
        sys.exit(0)
    options = [word for word in words if word.startswith("-")]
    if options:
        raise wrong_call(f"no option {options[0]}")
    if most is not None and len(words) > most:
        raise wrong_call(f"one argument too many: {words[most]}")
    return words


def wrong_call(what):
    """What --help could have told."""
    return WrongCall(f"{what}; {Path(sys.argv[0]).name} --help says what there is")


def one_of(kind, names, known):
    """Each of these names, if each is known: before anything is made for the first."""
    for name in names:
        if name not in known:
            raise WrongCall(f"no {kind} {name!r}; there are: {', '.join(known)}")
    return list(names)


def plain_name(word):
    """An argument that names a file or folder of ours: it leads nowhere else."""
    if not re.fullmatch(r"[A-Za-z0-9_][\w.+-]*", word):
        raise argparse.ArgumentTypeError(f"{word!r} is no plain name: letters, digits, - and _ make one")
    return word


def count(word):
    """An argument that is a number of things, at least one."""
    if not word.isdecimal() or not int(word):
        raise argparse.ArgumentTypeError(f"{word!r} is not a number above 0")
    return int(word)


def what_to_do(error):
    """Cause and cure of what the system refused."""
    where = error.filename or "a file"
    if error.errno in (errno.EACCES, errno.EPERM):
        return (f"{where} is not writable for you: another user made it (sudo make?). "
                "Give it back with chown, or use folders of your own: BUILD=folder NETKPI_CACHE=folder")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (f"no space left for {where}; \"make clean\" empties the build folder, "
                f"and {cache_dir()} may be removed as a whole")
    return f"{where}: {error.strerror or error}"
