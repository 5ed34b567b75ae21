# SPDX-License-Identifier: GPL-2.0
"""How every tool ends: with a status, and with words instead of a traceback."""
import errno
import os
import sys
import traceback

WRONG_CALL = 2

CURES = {
    errno.EACCES: "it belongs to somebody else, perhaps to root after a sudo: chown it, or say BUILD=folder",
    errno.EPERM: "it belongs to somebody else, perhaps to root after a sudo: chown it, or say BUILD=folder",
    errno.ENOTDIR: "a file is where a folder should be: move it, or say BUILD=folder for another",
    errno.EROFS: "say BUILD=folder for one that can be written",
    errno.ENOSPC: "make room, or say BUILD=folder on another disk",
    errno.EDQUOT: "make room, or say BUILD=folder on another disk",
}


def run(name, main, *complaints):
    """Calls main(); what it raises of the complaints is a line for the user."""
    try:
        sys.exit(main())
    except complaints as complaint:
        stop(name, str(complaint))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        stop(name, "interrupted", 130)
    except OSError as error:
        stop(name, of_system(error))
    except Exception as error:	# a fault of ours: say where, the user cannot do more than tell us
        place = traceback.extract_tb(error.__traceback__)[-1]
        stop(name, f"a fault of {name} itself, please report it: {type(error).__name__}: {error} "
                   f"({os.path.basename(place.filename)}:{place.lineno})")


def of_system(error):
    where = f"{error.filename}: " if error.filename else ""
    cure = CURES.get(error.errno)
    return f"{where}{error.strerror or error}" + (f"; {cure}" if cure else "")


def stop(name, text, status=WRONG_CALL):
    sys.stdout.flush()
    print(f"{name}: {text}", file=sys.stderr)
    sys.exit(status)
