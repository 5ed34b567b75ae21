# SPDX-License-Identifier: GPL-2.0
"""Reads C as far as is needed to say what a file uses.

No comment, string or text under an "#if 0" gets through. Conditions are decided
where kext.mk and the file itself decide them; where they are open, both branches
count. Nothing is expanded: a macro's body is read where it is defined.
"""
import re
from typing import NamedTuple

from . import condition

PIECE = re.compile(r"""
    (?P<comment>  //(?:\\\r?\n|[^\n])* | /\*.*?(?:\*/|\Z) )
  | (?P<newline>  \n )
  | (?P<blank>    [ \t\r\f\v]+ | \\\r?\n )
  | (?P<string>   (?:L|u8?|U)?"(?:\\.|[^"\\\n])*"? )
  | (?P<char>     (?:L|u|U)?'(?:\\.|[^'\\\n])*'? )
  | (?P<name>     [A-Za-z_$][\w$]* )
  | (?P<number>   \.?\d(?:[eEpP][+-]|[\w.])* )
  | (?P<mark>     -> | \#\# | \.\.\. | <<=? | >>=? | [=!<>]= | && | \|\| | :: | . )
""", re.X | re.S)

INCLUDE = re.compile(r'\s*(?:include_next|include|import)\s*(?:<([^>\n]+)>|"([^"\n]+)")')

KEYWORDS = frozenset("""
    auto break case char const continue default do double else enum extern float for goto if inline
    int long register restrict return short signed sizeof static struct switch typedef union unsigned
    void volatile while asm typeof _Alignas _Alignof _Bool _Generic _Noreturn _Static_assert
    __asm __asm__ __attribute __attribute__ __extension__ __inline __inline__ __typeof __typeof__
    __volatile__ __const __signed __restrict __alignof__ _Pragma defined __block
    """.split())

# A name after one of these is used, not declared.
BEFORE_USE = frozenset("return else do case goto sizeof typeof __typeof__ static extern inline".split())


class Token(NamedTuple):
    kind: str		# name, number, string, char or mark
    text: str
    line: int
    depth: int		# braces around it


class Include(NamedTuple):
    name: str
    line: int
    system: bool	# <x.h>, not "x.h"


class Macro(NamedTuple):
    name: str
    line: int
    params: tuple	# None without parentheses
    body: list		# tokens, as deep as a function's body

    @property
    def only_name(self):
        """The name that an object-like macro merely stands for, or None."""
        alone = self.params is None and len(self.body) == 1 and self.body[0].kind == "name"
        return self.body[0].text if alone else None


class Text:
    """One file: tokens, macros and includes of the branches that count."""

    def __init__(self, text, known=None):
        self.tokens = []
        self.macros = []
        self.undefined = set()	# macros that are gone again at the end
        self.includes = []
        self.lines = text.count("\n") + (not text.endswith("\n") and text != "")
        self._known = dict(known or {})
        self._branches = condition.Branches(self._known)
        self._depth = 0
        self._saved_depths = []
        self._read(text)

    def _read(self, text):
        line, position, line_is_blank = 1, 0, True
        while position < len(text):
            piece = PIECE.match(text, position)
            kind, word = piece.lastgroup, piece.group()
            position = piece.end()
            if word == "#" and line_is_blank:
                position = end_of_directive(text, position)
                self._directive(text[piece.end():position], line)
                line += text.count("\n", piece.end(), position)
                continue
            if kind == "newline":
                line_is_blank = True
            elif kind not in ("blank", "comment"):
                line_is_blank = False
                self._token(kind, word, line)
            line += word.count("\n")

    def _token(self, kind, word, line):
        if not self._branches.active:
            return
        if word == "}":
            self._depth = max(0, self._depth - 1)
        self.tokens.append(Token(kind, word, line, self._depth))
        if word == "{":
            self._depth += 1

    def _directive(self, text, line):
        words = list(words_of(text, line))
        name = words[0].text if words else ""
        if name in ("if", "ifdef", "ifndef", "elif", "else", "endif"):
            self._conditional(name, words[1:])
        elif not self._branches.active:
            return
        elif name in ("include", "import", "include_next"):
            self._include(text, line)
        elif name == "define" and len(words) > 1:
            self._define(text, words[1:])
        elif name == "undef" and len(words) > 1:
            self._known[words[1].text] = None
            self.undefined.add(words[1].text)

    def _conditional(self, name, words):
        """Each branch starts as deep in braces as the first one did."""
        if name.startswith("if"):
            self._saved_depths.append(self._depth)
        elif self._saved_depths:
            if name != "endif":
                self._depth = self._saved_depths[-1]
            else:
                self._saved_depths.pop()
        self._branches.directive(name, words)

    def _include(self, text, line):
        name = INCLUDE.match(text)
        if name:
            self.includes.append(Include(name[1] or name[2], line, name[1] is not None))

    def _define(self, text, words):
        name, params, body = words[0], None, words[1:]
        if re.search(r"\bdefine\s+" + re.escape(name.text) + r"\(", text):
            close = next((i for i, word in enumerate(body) if word.text == ")"), len(body))
            params = tuple(word.text for word in body[1:close] if word.text != ",")
            body = body[close + 1:]
        self.macros.append(Macro(name.text, name.line, params, body))
        self.undefined.discard(name.text)
        self._known[name.text] = condition.value_of_macro(params, body)


def end_of_directive(text, position):
    """Where the line ends, continuation lines and comments taken along."""
    while position < len(text):
        piece = PIECE.match(text, position)
        if piece.lastgroup == "newline":
            break
        position = piece.end()
    return position


def words_of(text, line):
    """The tokens of a directive's text; those of a macro's body count as deep as a function's."""
    for piece in PIECE.finditer(text):
        if piece.lastgroup not in ("blank", "comment", "newline"):
            yield Token(piece.lastgroup, piece.group(), line, 1)
        line += piece.group().count("\n")


def read(path, known=None):
    return Text(path.read_text(encoding="utf-8", errors="replace"), known)


def closing(tokens, start):
    """Index of the bracket that closes the one at start, or len(tokens)."""
    if tokens[start].text == "{":
        return closing_brace(tokens, start)
    opening, end = tokens[start].text, {"(": ")", "[": "]"}[tokens[start].text]
    level = 0
    for index in range(start, len(tokens)):
        level += (tokens[index].text == opening) - (tokens[index].text == end)
        if level == 0:
            return index
    return len(tokens)


def closing_brace(tokens, start):
    """By depth, which stays right where two branches of an #if open the same brace."""
    return next((index for index in range(start + 1, len(tokens))
                 if tokens[index].text == "}" and tokens[index].depth == tokens[start].depth), len(tokens))


# --- functions ---

class Function(NamedTuple):
    name: str
    line: int
    static: bool
    head: list		# tokens from the parenthesis to the brace
    body: tuple		# range of tokens, the braces included


def functions(text):
    """Definitions of functions, K&R style included."""
    return functions_in(text.tokens)


def functions_in(tokens):
    index = 0
    while index < len(tokens):
        found = function_at(tokens, index)
        if found:
            yield found
            index = found.body[1]
        index += 1


def function_at(tokens, index):
    token = tokens[index]
    if token.depth or token.kind != "name" or token.text in KEYWORDS:
        return None
    if index + 1 >= len(tokens) or tokens[index + 1].text != "(":
        return None
    brace = body_of_function(tokens, index + 1)
    if brace is None:
        return None
    end = closing(tokens, brace)
    return Function(token.text, token.line, is_static(tokens, index),
                    tokens[index + 1:brace], (brace, end))


def body_of_function(tokens, parenthesis):
    """Index of the brace that opens the body, or None: it is something else."""
    close = closing(tokens, parenthesis)
    old_style = is_list_of_names(tokens[parenthesis + 1:close]) and next_word(tokens, close) != ";"
    typeless = is_typeless(tokens, parenthesis - 1)
    for index in range(close + 1, len(tokens)):
        word = tokens[index].text
        if typeless and word == "(" and is_plain_name(tokens[index - 1]) and index > close + 1:
            return None		# PUBLIC(int) name(...): the name before is a macro's
        if word == "{":
            declared_before = index > close + 1 and old_style
            return index if not declared_before or tokens[index - 1].text == ";" else None
        if word in ("=", "}") or (word in (";", ",") and not old_style):
            return None
    return None


def is_typeless(tokens, index):
    """Whether a name at file level has no word of a type in front of it."""
    before = tokens[index - 1].text if index else ";"
    return before in (";", "}", "static", "extern", "inline", "__inline", ")")


def is_plain_name(token):
    return token.kind == "name" and token.text not in KEYWORDS


def is_list_of_names(tokens):
    """As between the parentheses of a K&R definition."""
    names, commas = tokens[::2], tokens[1::2]
    return len(tokens) % 2 == 1 and all(t.kind == "name" and t.text not in KEYWORDS for t in names) \
        and all(t.text == "," for t in commas)


def next_word(tokens, index):
    return tokens[index + 1].text if index + 1 < len(tokens) else ""


def is_static(tokens, index):
    while index > 0 and tokens[index - 1].text not in (";", "}", "{", ")"):
        index -= 1
        if tokens[index].text == "static":
            return True
    return False


# --- what macros make ---

def expansions(text, macros):
    """The tokens of each macro with arguments that stands at file level, as it is written out;
    macros: {name: Macro}."""
    for index, token in enumerate(text.tokens):
        macro = macros.get(token.text)
        if token.depth == 0 and macro and macro.params is not None and next_word(text.tokens, index) == "(":
            arguments = split_arguments(text.tokens[index + 2:closing(text.tokens, index + 1)])
            yield reset_depths(expand(macro, arguments, macros, ()))


def expand(macro, arguments, macros, inside):
    """A macro's body with its arguments, and the macros in that."""
    if macro.name in inside or len(inside) > 16:
        return []
    values = dict(zip(macro.params, arguments))
    return rescan(paste(macro.body, values), macros, (*inside, macro.name))


def rescan(tokens, macros, inside):
    found, index = [], 0
    while index < len(tokens):
        macro = macros.get(tokens[index].text)
        if macro and macro.params is not None and next_word(tokens, index) == "(":
            end = closing(tokens, index + 1)
            found += expand(macro, split_arguments(tokens[index + 2:end]), macros, inside)
            index = end
        elif tokens[index].text not in ("##", "#"):
            found.append(tokens[index])
        index += 1
    return found


def paste(body, values):
    """Arguments in place of parameters, names on both sides of ## as one."""
    found, joins = [], False
    for token in body:
        if token.text == "##":
            joins = True
            continue
        words = values.get(token.text, [token]) if token.kind == "name" else [token]
        if joins and found and words:
            found[-1] = found[-1]._replace(text=found[-1].text + words[0].text)
            words = words[1:]
        found += words
        joins = False
    return found


def split_arguments(tokens):
    arguments, level = [[]], 0
    for token in tokens:
        level += (token.text in "([{") - (token.text in ")]}")
        if token.text == "," and level == 0:
            arguments.append([])
        else:
            arguments[-1].append(token)
    return arguments


def reset_depths(tokens):
    found, depth = [], 0
    for token in tokens:
        depth -= token.text == "}"
        found.append(token._replace(depth=depth))
        depth += token.text == "{"
    return found


# --- uses ---

class Use(NamedTuple):
    name: str
    line: int
    call: bool


def uses(text, counts=lambda macro: True):
    """Names that are used: called, or mentioned without being declared or a member; in the bodies
    of the macros that count, too."""
    yield from uses_in(text.tokens)
    for macro in filter(counts, text.macros):
        params = macro.params or ()
        for use in uses_in(macro.body):
            if use.name not in params:
                yield use


def uses_in(tokens):
    attribute_end = 0
    for index, token in enumerate(tokens):
        if token.text in ("__attribute__", "__attribute") and next_word(tokens, index) == "(":
            attribute_end = closing(tokens, index + 1)
        if index < attribute_end or token.kind != "name" or token.text in KEYWORDS:
            continue
        before = tokens[index - 1] if index else None
        if before and before.text in (".", "->", "::", "goto"):
            continue
        if "##" in (before and before.text, next_word(tokens, index)):
            continue		# a part of a name
        followed = next_word(tokens, index) == "("
        if followed and is_function_pointer(tokens, index + 1):
            continue
        if not followed or not is_declared(tokens, index, before):
            yield Use(token.text, token.line, followed)


def is_function_pointer(tokens, parenthesis):
    """type (*name)(...), with the parenthesis behind the type."""
    words = [token.text for token in tokens[parenthesis:parenthesis + 5]]
    return words[1:2] == ["*"] and (words[3:5] == [")", "("] or words[2:4] == [")", "("])


def is_declared(tokens, index, before):
    """Whether this name with a parenthesis behind it is declared or defined here."""
    if before and before.kind == "name":
        return before.text not in BEFORE_USE
    if tokens[index].depth:
        return False
    if before and before.text == "*" or function_at(tokens, index) is not None:
        return True
    return bool(before) and before.text == ")" and follows_a_macro(tokens, index)


def follows_a_macro(tokens, index):
    """PUBLIC(int) name(...): the parenthesis in front belongs to a name that begins a declaration,
    and what comes is no macro by its looks."""
    level = 0
    for at in range(index - 1, -1, -1):
        level += (tokens[at].text == ")") - (tokens[at].text == "(")
        if level == 0:
            return at > 0 and is_plain_name(tokens[at - 1]) and is_typeless(tokens, at - 1) \
                and tokens[index].text.upper() != tokens[index].text
    return False


def variables(text):
    """Names that a declaration introduces: variables, parameters, function pointers."""
    tokens = text.tokens
    for before, token, after in zip(tokens, tokens[1:], tokens[2:]):
        if token.kind != "name" or token.text in KEYWORDS or after.text not in (",", ";", ")", "=", "["):
            continue
        if before.text == "*" or (before.kind == "name" and before.text not in BEFORE_USE):
            yield token.text
