# SPDX-License-Identifier: GPL-2.0
"""Places of a kext's sources that compile, or nearly, and yet need a person to look."""
import re
from typing import NamedTuple

from . import ctext
from .tree import ASSEMBLER, Place, suffix

ERRNO = re.compile(r"E[A-Z0-9]{2,}$")
NOT_ERRNO = {"EOF", "ELAST", "EXPORT", "EXTERN", "ERROR", "ENABLE", "ENABLED", "ENTRY", "ELSE", "END", "EMPTY", "ETHER", "EVENT"}
ERROR_VARIABLE = re.compile(r"(\w*_)?(err|error|errno)(_\w+|\d)?$")
PRIVATE_MEMBERS = {
    "struct mbuf": re.compile(r"(m_hdr|m_pkthdr|m_next|m_nextpkt|m_data|m_len|m_type|m_flags|m_ext|m_dat|m_pktdat)$"),
    "struct socket": re.compile(r"so_(rcv|snd|pcb|proto|state|options|error|head|comp|incomp|qlen|upcall|upcallarg|usecount|type)$"),
    "struct ifnet": re.compile(r"if_(softc|output|ioctl|flags|mtu|data|snd|addrhead|bpf|type|unit|xname)$"),
}
PRIVATE_STRUCTS = {"mbuf", "socket", "ifnet", "protosw", "domain", "inpcb", "tcpcb", "proc", "vnode", "sockbuf", "ifaddr"}


class Look(NamedTuple):
    kind: str
    place: Place
    text: str


def looks(tree):
    """Everything that needs a look, in the order of files and lines."""
    for path in dict.fromkeys(tree.reached + [out.path for out in tree.left_out]):
        if path not in tree.cplusplus and path not in tree.reached and suffix(path) not in ASSEMBLER:
            continue		# a program
        found = set()
        for kind, line, text in looks_at(path, tree):
            if (kind, line, text) not in found:
                found.add((kind, line, text))
                yield Look(kind, Place(path, line), text)


def looks_at(path, tree):
    if path in tree.cplusplus:
        yield "C++", 1, "C++ or Objective-C source: its logic must move into C"
    elif any(path == out.path for out in tree.left_out):
        yield "assembler", 1, "assembler source: it is not built"
        return
    text = tree.text(path)
    found = []
    for tokens in (text.tokens, *(macro.body for macro in text.macros)):
        for check in CHECKS:
            found += check(tokens)
    yield from sorted(found, key=lambda look: look[1])


def is_errno(token):
    return token.kind == "name" and ERRNO.match(token.text) and token.text not in NOT_ERRNO


def arrays_by_errno(tokens):
    for index, token in enumerate(tokens):
        if token.text != "[" or index == 0:
            continue
        inside = tokens[index + 1:ctext.closing(tokens, index)]
        before = tokens[index - 1]
        if len(inside) == 1 and is_errno(inside[0]):
            yield "errno table", token.line, f"[{inside[0].text}]: errno values are Linux's here, and go up to 1202"
        elif len(inside) == 1 and ERROR_VARIABLE.match(inside[0].text) and before.kind == "name" \
                and before.text not in ctext.KEYWORDS:
            yield "errno table", token.line, \
                f"{before.text}[{inside[0].text}]: an array indexed by an errno; the values are Linux's here"
        elif any(t.text == "ELAST" for t in inside):
            yield "errno table", token.line, "an array as long as ELAST; errno values are Linux's here, and go up to 1202"


def private_structures(tokens):
    for index, token in enumerate(tokens):
        before = tokens[index - 1].text if index else ""
        if before == "struct" and token.text in PRIVATE_STRUCTS:
            yield from private_structure(tokens, index)
        elif before in ("->", ".") and token.kind == "name":
            for struct, members in PRIVATE_MEMBERS.items():
                if members.match(token.text):
                    yield "private structure", token.line, f"{token.text}: looks like a member of {struct}, which is not offered"


def private_structure(tokens, index):
    name, after = tokens[index].text, ctext.next_word(tokens, index)
    if index >= 3 and tokens[index - 2].text == "(" and tokens[index - 3].text == "sizeof" and after == ")":
        yield "private structure", tokens[index].line, f"sizeof(struct {name}): its inside is not offered"
    elif after not in ("*", ";", "{"):
        yield "private structure", tokens[index].line, f"struct {name} by value: its inside is not offered"


def both_not_supported(tokens):
    """ENOTSUP and EOPNOTSUPP are one number on Linux: as labels of one switch they do not compile."""
    for index, token in enumerate(tokens):
        if token.text != "switch" or ctext.next_word(tokens, index) != "(":
            continue
        start = ctext.closing(tokens, index + 1) + 1
        if start >= len(tokens) or tokens[start].text != "{":
            continue
        labels = {label.text: label for case, label in zip(tokens[start:], tokens[start + 1:ctext.closing(tokens, start)])
                  if case.text == "case" and label.depth == tokens[start].depth + 1}
        if {"ENOTSUP", "EOPNOTSUPP"} <= labels.keys():
            yield "two labels", max(labels["ENOTSUP"].line, labels["EOPNOTSUPP"].line), \
                "case ENOTSUP and case EOPNOTSUPP are one number on Linux: take one of them away"


def negative_errors(tokens):
    for variable, operator, value, after in zip(tokens, tokens[1:], tokens[2:], tokens[3:]):
        if not (variable.kind == "name" and ERROR_VARIABLE.match(variable.text)):
            continue
        negative = value.text == "-"
        if (operator.text == "<" and value.text == "0") or (operator.text in ("==", "!=", "<=") and negative):
            test = f"{variable.text} {operator.text} {value.text}{after.text if negative else ''}"
            yield "negative error", variable.line, f"{test}: EJUSTRETURN, ERESTART and the like are positive here"


def assembler(tokens):
    for token in tokens:
        if token.text in ("asm", "__asm", "__asm__"):
            yield "assembler", token.line, "inline assembler: check that it is fit for Linux"


def floating_point(tokens):
    for token in tokens:
        if token.text in ("float", "double") or \
                (token.kind == "number" and re.fullmatch(r"\d*\.\d*([eE][+-]?\d+)?[fFlL]?|\d+[eE][+-]?\d+[fFlL]?", token.text)):
            yield "floating point", token.line, f"{token.text}: no floating point in a Linux kernel"


def blocks(tokens):
    for index, token in enumerate(tokens):
        before, after = tokens[index - 1].text if index else "", ctext.next_word(tokens, index)
        if token.text == "__block":
            yield "block", token.line, "__block: Linux's compilers have no blocks; use a function"
        elif token.text == "^" and (after == "{" or (after != "=" and before in ("(", "=", ",", "return", "{", ";"))):
            yield "block", token.line, "^{...}: Linux's compilers have no blocks; use a function"


def classes(tokens):
    for index, token in enumerate(tokens):
        if token.text.startswith(("OSDefineMetaClass", "OSDeclareDefaultStructors", "OSDeclareAbstractStructors")):
            inside = tokens[index + 2:ctext.closing(tokens, index + 1)] if ctext.next_word(tokens, index) == "(" else []
            yield "IOKit class", token.line, f"IOKit class {inside[0].text if inside else ''}: must become C".replace("  ", " ")


CHECKS = (arrays_by_errno, private_structures, both_not_supported, negative_errors, assembler, floating_point,
          blocks, classes)
