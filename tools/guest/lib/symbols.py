# SPDX-License-Identifier: GPL-2.0
"""Names for addresses in modules that have been unloaded, as in leak reports."""
import re
import subprocess
from bisect import bisect_right

ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")


def text_symbols(module):
    """[(offset, name)] of a module's .text, in order."""
    done = subprocess.run(["nm", "--format=sysv", "--defined-only", str(module)],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    rows = [[cell.strip() for cell in line.split("|")] for line in done.stdout.splitlines()]
    return sorted((int(row[1], 16), row[0]) for row in rows
                  if len(row) == 7 and row[6] == ".text" and row[3] == "FUNC")


def name_addresses(lines, texts, modules):
    """Lines with "name+0x12 [module]" behind addresses that fall into a module's text."""
    tables = [(start, name, text_symbols(modules / f"{name}.ko")) for name, start in texts]
    return [ADDRESS.sub(lambda match: match[0] + place(int(match[0], 16), tables), line) for line in lines]


def place(address, tables):
    for start, module, symbols in tables:
        index = bisect_right(symbols, (address - start, "~")) - 1
        if index >= 0 and address - start - symbols[-1][0] < 4096:
            offset, name = symbols[index]
            return f" {name}+{address - start - offset:#x} [{module}]"
    return ""
