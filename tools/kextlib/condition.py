# SPDX-License-Identifier: GPL-2.0
"""Which branches of #if count.

Values are integers; None is a macro that is not defined, OPEN one that may or
may not be defined somewhere else.
"""

OPEN = object()

# What every kext unit lacks, whatever the kernel.
NEVER_DEFINED = ("__cplusplus", "__OBJC__", "__KERNEL__", "_WIN32", "WIN32", "__sun", "__FreeBSD__", "__NetBSD__")


class Branches:
    """The nesting of conditionals at one place of a file."""

    def __init__(self, known):
        self._known = known
        self._nest = []		# of [this branch counts, a branch before it was certain]

    @property
    def active(self):
        return all(branch for branch, _ in self._nest)

    def directive(self, name, words):
        if name in ("ifdef", "ifndef"):
            defined = self._is_defined(words[0].text) if words else OPEN
            self._enter(negate(defined) if name == "ifndef" else defined)
        elif name == "if":
            self._enter(evaluate(words, self._known))
        elif not self._nest:
            return
        elif name == "endif":
            self._nest.pop()
        else:
            self._switch(evaluate(words, self._known) if name == "elif" else 1)

    def _is_defined(self, name):
        return is_defined(name, self._known)

    def _enter(self, value):
        self._nest.append([is_possible(value), is_certain(value)])

    def _switch(self, value):
        taken = self._nest[-1][1]
        self._nest[-1] = [not taken and is_possible(value), taken or is_certain(value)]


def is_possible(value):
    return value is OPEN or bool(value)


def is_certain(value):
    return value is not OPEN and bool(value)


def negate(value):
    return OPEN if value is OPEN else int(not value)


def is_defined(name, known):
    if name not in known:
        return OPEN
    return int(known[name] is not None)


def value_of_macro(params, body):
    """What a macro just defined is worth in a later #if."""
    if params is None and len(body) == 1 and body[0].kind == "number":
        return number(body[0].text)
    return OPEN


def number(text):
    try:
        digits = text.rstrip("uUlL")
        return int(digits, 8) if digits.startswith("0") and digits.isdigit() else int(digits, 0)
    except ValueError:
        return OPEN


LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"))

OPERATIONS = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b, "-": lambda a, b: a - b,
}


def evaluate(words, known):
    """The value of an #if expression; OPEN if it hangs on what is not known here."""
    parser = Parser([word for word in words], known)
    try:
        value = parser.binary(0)
        return value if parser.at_end() else OPEN
    except (IndexError, ValueError):
        return OPEN


class Parser:
    def __init__(self, words, known):
        self._words = words
        self._known = known
        self._at = 0

    def at_end(self):
        return self._at == len(self._words)

    def _peek(self):
        return "" if self.at_end() else self._words[self._at].text

    def _take(self):
        self._at += 1
        return self._words[self._at - 1]

    def binary(self, level):
        if level == len(LEVELS):
            return self._unary()
        left = self.binary(level + 1)
        while self._peek() in LEVELS[level]:
            operator = self._take().text
            left = combine(operator, left, self.binary(level + 1))
        return left

    def _unary(self):
        word = self._take()
        if word.text == "!":
            return negate(self._unary())
        if word.text == "-":
            value = self._unary()
            return OPEN if value is OPEN else -value
        if word.text == "(":
            value = self.binary(0)
            self._expect(")")
            return value
        if word.text == "defined":
            return self._defined()
        return self._value(word)

    def _defined(self):
        name = self._take()
        if name.text == "(":
            name = self._take()
            self._expect(")")
        return is_defined(name.text, self._known)

    def _value(self, word):
        if word.kind == "number":
            return number(word.text)
        if word.kind != "name" or self._peek() == "(":
            raise ValueError
        value = self._known.get(word.text, OPEN)
        return 0 if value is None else value

    def _expect(self, text):
        if self._take().text != text:
            raise ValueError


def combine(operator, left, right):
    if operator == "&&":
        return all_of(left, right)
    if operator == "||":
        return negate(all_of(negate(left), negate(right)))
    if OPEN in (left, right):
        return OPEN
    return int(OPERATIONS[operator](left, right))


def all_of(left, right):
    if left is not OPEN and not left or right is not OPEN and not right:
        return 0
    return OPEN if OPEN in (left, right) else 1
