# SPDX-License-Identifier: GPL-2.0
"""All mutants in one module: netkpi.ko's parameter "mutant" says which one lives.

A function of which there are mutants begins by calling the mutant that was asked
for, a copy of it with the change. Copies are inlined, so that a return address is
the caller's.
"""
import re

import book

CHOICE = """
int kpi_mutant;
module_param_named(mutant, kpi_mutant, int, 0444);
MODULE_PARM_DESC(mutant, "which mutant lives");
"""


def graft(tree, mutants):
    """Changes the files of a copy of the tree; {mutant.name: number}, from 1."""
    numbers = {mutant.name: number for number, mutant in enumerate(mutants, 1)}
    for file in sorted({mutant.file for mutant in mutants}):
        text = (tree / file).read_text()
        here = [mutant for mutant in mutants if mutant.file == file]
        (tree / file).write_text(grafted(text, here, numbers))
    with open(tree / "kpi" / "main.c", "a") as main:
        main.write(CHOICE)
    return numbers


def grafted(text, mutants, numbers):
    places = sorted({mutant.function for mutant in mutants}, key=lambda name: -book.function_at(text, name)[0])
    original = text
    for name in places:		# the last first: what is before stays where it is
        begin, end = book.function_at(text, name)
        here = [(numbers[mutant.name], mutant.apply(original)) for mutant in mutants if mutant.function == name]
        text = text[:begin] + with_copies(text[begin:end], name, here) + text[end:]
    return after_includes(text, "extern int kpi_mutant;\n")


def with_copies(function, name, copies):
    head, _, body = function.partition("\n{\n")
    words = ", ".join(parameters(head, name))
    calls = "".join(f"\tif (unlikely(kpi_mutant == {number}))\n\t\treturn {name}_mutant{number}({words});\n"
                    for number, _ in copies)	# a void function may return one, says gcc
    copied = "".join(copy(text, name, number) for number, text in copies)
    prototype = f"{head};\n\n" if f"{name}(" in body else ""	# copies call it, too
    return f"{prototype}{copied}{head}\n{{\n{calls}{body}"


def copy(text, name, number):
    text = re.sub(r"^(static )?(noinline |inline )?", "static __always_inline ", text, count=1)
    return re.sub(rf"\b{re.escape(name)}\(", f"{name}_mutant{number}(", text, count=1) + "\n\n"


def parameters(head, name):
    """The names of a function's parameters."""
    listed = head[head.index(f"{name}(") + len(name) + 1:head.rindex(")")]
    found = []
    for part in split_at_commas(listed):
        pointer = re.search(r"\(\*(\w+)\)", part)
        words = re.findall(r"\w+", re.sub(r"\[[^]]*\]", "", part))
        if pointer:
            found.append(pointer[1])
        elif words != ["void"]:
            found.append(words[-1])
    return found


def split_at_commas(text):
    parts, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part for part in parts if part.strip()]


def after_includes(text, line):
    at = [match.end() for match in re.finditer(r"^#include [^\n]*\n", text, re.M)][-1]
    return text[:at] + "\n" + line + text[at:]
