# SPDX-License-Identifier: GPL-2.0
"""What a kext's Kbuild must say about a folder of sources: found in the sources, in an
Xcode project, in an Info.plist, or told by the user."""
import os
import plistlib
import re
import shlex
from dataclasses import dataclass, field
from typing import NamedTuple

from . import condition, ctext, xcode
from .build import safe
from .tree import Place, Tree, suffix

GLUE_TYPES = {"int": "int", "unsigned": "uint", "unsigned int": "uint", "uint32_t": "uint", "u_int32_t": "uint",
              "int32_t": "int", "u_int": "uint", "boolean_t": "int", "errno_t": "int",
              "long": "long", "unsigned long": "ulong", "u_long": "ulong", "char *": "charp", "const char *": "charp"}


class Unclear(Exception):
    """What the user has to say, in words for the user."""


@dataclass
class Project:
    tree: Tree
    name: str
    start: str = None		# None: the sources define kmod_info
    stop: str = None
    ident: str = None
    version: str = None
    folders: list = field(default_factory=list)
    defs: list = field(default_factory=list)
    params: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)	# what the user should know
    unclear: Exception = None	# what the user still has to say; the sources can be compiled all the same

    def kbuild(self):
        """The text of the Kbuild that builds it."""
        lines = ["# SPDX-License-Identifier: GPL-2.0", f"KEXT := {self.name}",
                 "KEXT_SRCS := " + " \\\n\t".join(map(safe, self.tree.units))]
        if self.start:
            lines += [f"KEXT_START := {self.start}", f"KEXT_STOP := {self.stop}"]
        for variable, value in (("ID", self.ident), ("VERSION", self.version)):
            if value:
                lines.append(f"KEXT_{variable} := {value}")
        for variable, values in (("INCLUDE", map(safe_folder, self.folders)), ("PARAMS", [f"{n}:{t}" for n, t in self.params.items()])):
            values = list(values)
            if values:
                lines.append(f"KEXT_{variable} := {' '.join(values)}")
        if self.defs:
            lines.append(f"KEXT_DEFS = {' '.join(self.defs)}")
        return "\n".join(lines) + "\n\ninclude $(KPI)/glue/kext.mk\n"


def safe_folder(folder):
    return folder.replace(" ", "_")


def find(root, offered, name=None, start=None, stop=None, params=(), files=(), defs=()):
    """Looks at a folder; raises Unclear if it does not say enough. files: its units, if not all;
    defs: flags for the compiler."""
    target = choose_target(list(xcode.find_targets(root)), name)
    settings = dict(target.settings) if target else {}
    tree = tree_of(root, offered, target, files, defs)
    if not tree.units:
        raise Unclear("no C sources that could be part of a kext" + "".join(
            f"\n  left out: {out.path}, {out.why}" for out in tree.left_out[:20]))
    plist = read_plist(tree, settings)
    project = Project(tree, "", folders=tree.include_folders(), defs=definitions(tree, settings))
    project.defs += rooted(defs)
    project.ident = plain(settings.get("MODULE_NAME") or plist.get("CFBundleIdentifier"), settings)
    project.version = plain(settings.get("MODULE_VERSION") or plist.get("CFBundleVersion"), settings)
    project.name = module_name(name or choose_name(tree, target, plist, settings))
    project.params = {param: type_of_global(tree, param) for param in params}
    try:
        project.start, project.stop = choose_routines(project, settings, start, stop)
    except Unclear as unclear:
        project.unclear = unclear
    return project


def tree_of(root, offered, target, files=(), defs=()):
    """The sources of a folder: all, those of an Xcode target, or those that are named."""
    for path in files:
        if not (root / path).is_file() or suffix(path) != ".c":
            raise Unclear(f"FILES={path}: no such C file in {root}")
    only = list(map(os.path.normpath, files)) or (target.sources if target and target.sources else None)
    flags = [flag for flag in (xcode_flags(target.settings) if target else [])] + list(defs)
    return Tree(root, offered, only, macros_of(flags))


def macros_of(flags):
    """{name: value} of the -D and -U among a compiler's flags."""
    known = {}
    for flag in flags:
        name, _, value = flag[2:].partition("=")
        if flag.startswith("-D"):
            known[name] = condition.number(value) if value else 1
        elif flag.startswith("-U"):
            known[name] = None
    return known


def split_flags(text):
    """DEFS=: flags as one types them; those that a kext may need."""
    try:
        flags = shlex.split(text)
    except ValueError as error:
        raise Unclear(f"DEFS={text}: {error}") from None
    joined, previous = [], ""
    for flag in flags:
        if previous in ("-include", "-I", "-D", "-U"):
            joined.append(f"{previous} {flag}" if previous == "-include" else previous + flag)
            previous = ""
        elif flag in ("-include", "-I", "-D", "-U"):
            previous = flag
        elif re.match(r"-[DUI]\w|-I[./]", flag):
            joined.append(flag)
        else:
            raise Unclear(f"DEFS={flag}: only -D, -U, -I and -include make sense here; leave it out")
    if previous:
        raise Unclear(f"DEFS={text}: something must follow {previous}")
    return joined


def rooted(flags):
    """Flags for a Kbuild: folders and headers count from the kext's folder."""
    for flag in flags:
        if flag.startswith("-include "):
            yield f"-include {in_folder(flag[9:])}"
        elif flag.startswith("-I"):
            yield f"-I{in_folder(flag[2:])}"
        else:
            yield shlex.quote(flag).replace("$", "$$").replace("#", "\\#")


def in_folder(path):
    return path if path.startswith("/") else f"$(KEXT_DIR)/{safe(path)}"


def choose_target(targets, name):
    """The kext target of that name, or the only one."""
    if len(targets) <= 1:
        return targets[0] if targets else None
    for target in targets:
        if name in (target.name, module_name(target.name)):
            return target
    raise Unclear("the Xcode project has several kexts; say KEXT=" +
                  " or KEXT=".join(target.name for target in targets))


def read_plist(tree, settings):
    """The Info.plist that describes a kext: the target's, or the first with KEXT in its package type."""
    named = path_in(settings, "INFOPLIST_FILE")
    paths = [path for path in tree.files if path.endswith("Info.plist")]
    paths.sort(key=lambda path: (not path.endswith(named), path.count("/"), path))
    for path in paths:
        try:
            found = plistlib.loads((tree.root / path).read_bytes())
        except (plistlib.InvalidFileException, ValueError, OSError):
            continue
        if isinstance(found, dict) and found.get("CFBundlePackageType", "KEXT") == "KEXT":
            return found
    return {}


def plain(value, settings):
    """A value without $(names), fit for a string in C and a line of a Makefile; else None."""
    value = xcode.expand(value, settings) if isinstance(value, str) else None
    return value if value and re.fullmatch(r"[\w.+ -]+", value) else None


# --- its name ---

def choose_name(tree, target, plist, settings):
    names = [settings.get("PRODUCT_NAME"), target and target.name,
             plist.get("CFBundleExecutable"), plist.get("CFBundleName")]
    declared = kmod_declaration(tree)
    if declared:
        names.append(declared.split(".")[-1])
    names.append(os.path.basename(os.path.abspath(tree.root)))
    return next(value for value in (plain(name, settings) for name in names) if value)


def module_name(name):
    name = re.sub(r"\W", "_", name.removesuffix(".kext"))
    return name if not name[:1].isdigit() else f"kext_{name}"


def kmod_declaration(tree):
    """What KMOD_EXPLICIT_DECL() or KMOD_DECL() calls the kext; "" if kmod_info is there without them."""
    found = find_declaration(tree)
    return found[1][0] if found else None


def find_declaration(tree):
    """Where the sources define kmod_info, and the arguments of the macro that does it."""
    for path in tree.units:
        tokens = tree.text(path).tokens
        for index, token in enumerate(tokens):
            if token.depth:
                continue
            if token.text in ("KMOD_EXPLICIT_DECL", "KMOD_DECL") and ctext.next_word(tokens, index) == "(":
                arguments = ctext.split_arguments(tokens[index + 2:ctext.closing(tokens, index + 1)])
                return Place(path, token.line), ["".join(t.text for t in argument) for argument in arguments]
            if token.text == "kmod_info" and ctext.next_word(tokens, index) == "=":
                return Place(path, token.line), [""]
    return None


# --- its two routines ---

def choose_routines(project, settings, start, stop):
    """Names of the start and stop routines, or a pair of None: the sources name them."""
    functions = all_functions(project.tree)
    declared = find_declaration(project.tree)
    if declared:
        project.notes += overruled(declared, start, stop)
        return None, None
    start = start or plain(settings.get("MODULE_START"), settings)
    stop = stop or plain(settings.get("MODULE_STOP"), settings)
    found = (start or guess(project, functions, "start"), stop or guess(project, functions, "stop"))
    for kind, name in zip(("START", "STOP"), found):
        check_routine(functions, kind, name)
    return found


def overruled(declared, start, stop):
    """The sources name the routines; says so to somebody who asked for others."""
    place, arguments = declared
    named = dict(zip(("START", "STOP"), arguments[2:4]))
    for kind, asked in (("START", start), ("STOP", stop)):
        if asked and asked != named.get(kind, asked):
            yield f"{kind}={asked} is not used: {place} names {named[kind]}"


def all_functions(tree):
    return {function.name: function for path in tree.units for function in ctext.functions(tree.text(path))}


def guess(project, functions, kind):
    """The routine that can be meant: by its parameter, by the kext's name, by its own name alone."""
    last = (project.ident or project.name).split(".")[-1]
    for name in (f"{project.name}_{kind}", f"{last}_{kind}"):
        if name in functions:
            return name
    candidates = [name for name, function in functions.items() if not function.static and ends_with(name, kind)]
    exact = [name for name in candidates if any("kmod_info" in token.text for token in functions[name].head)]
    candidates = exact or candidates
    if len(candidates) == 1:
        return candidates[0]
    maybe = f"; it may be one of: {', '.join(sorted(candidates))}" if candidates else ""
    raise Unclear(f"which function is the {kind} routine? Say {kind.upper()}=name{maybe}")


def ends_with(name, kind):
    return re.search(rf"(^|_|[a-z]){kind}$", name, re.I) is not None


def check_routine(functions, kind, name):
    if name not in functions:
        raise Unclear(f"{kind}={name}: no such function in the sources")
    if functions[name].static:
        raise Unclear(f"{kind}={name}: that function is static; it must be global, or named by KMOD_EXPLICIT_DECL()")


# --- flags and parameters ---

def definitions(tree, settings):
    """-D and -include flags: from the Xcode project, and for a prefix header."""
    flags = list(dict.fromkeys(rooted(xcode_flags(settings))))
    prefix = prefix_header(tree, settings)
    return flags + [f"-include $(KEXT_DIR)/{prefix}"] if prefix else flags


def xcode_flags(settings):
    """-D, -U, -I and -include of an Xcode project, which has them in two places."""
    flags = [f"-D{value}" for value in map(definition, words_of_setting(settings, "GCC_PREPROCESSOR_DEFINITIONS")) if value]
    previous = ""
    for word in words_of_setting(settings, "OTHER_CFLAGS"):
        if previous in ("-include", "-I"):
            flags.append(f"-include {word}" if previous == "-include" else f"-I{word}")
        elif word[:2] == "-D" and definition(word[2:]):
            flags.append(f"-D{definition(word[2:])}")
        elif re.match(r"-U\w+$|-I[\w./]", word):
            flags.append(word)
        previous = word
    return flags


def words_of_setting(settings, name):
    """A setting's values, without those that hang on a $(NAME) nobody gives."""
    found = settings.get(name, [])
    words = found.split() if isinstance(found, str) else found
    return [value for value in (xcode.expand(word, settings) for word in words) if value]


def definition(value):
    """NAME, NAME=word or NAME="text" as Xcode has it; None for others."""
    if re.fullmatch(r"\w+(=[\w.]*)?", value):
        return value
    quoted = re.fullmatch(r'(\w+)=\\?"([\w. /-]*)\\?"', value)
    return quoted and f'{quoted[1]}="{quoted[2]}"'


def prefix_header(tree, settings):
    named = path_in(settings, "GCC_PREFIX_HEADER")
    if named:
        return next((safe(path) for path in tree.headers if path.endswith(named)), None)
    found = [path for path in tree.headers if suffix(path) == ".pch" or re.search(r"[-_][Pp]refix\.h$", path)]
    return safe(found[0]) if len(found) == 1 else None


def path_in(settings, name):
    """A path among the settings, from the folder's top; "" if there is none."""
    value = xcode.expand(settings.get(name, ""), settings)
    return os.path.normpath(value) if value else ""


def type_of_global(tree, name):
    """The glue's word for the type of a global variable of the kext."""
    for path in tree.units:
        for variable in global_variables(tree.text(path).tokens):
            if variable.name == name:
                return variable.kind
    raise Unclear(f"PARAMS={name}=...: no global variable of that name and a type that a parameter can have")


class Variable(NamedTuple):
    name: str
    kind: str		# the glue's word for its type


def global_variables(tokens):
    """Those that can be parameters: global, no array, of a type that the glue knows."""
    for statement in file_level_statements(tokens):
        words = [token.text for token in statement if token.text not in ("volatile", "__attribute__")]
        if not words or words[0] in ("static", "extern", "typedef") or "(" in words[:3]:
            continue
        declarators = ctext.split_arguments(statement)
        base = type_words(declarators[0])
        for declarator in declarators:
            variable = variable_of(base, declarator[len(base):] if declarator is declarators[0] else declarator)
            if variable:
                yield variable


def file_level_statements(tokens):
    start = 0
    for index, token in enumerate(tokens):
        if token.depth == 0 and token.text in (";", "}"):
            if token.text == ";":
                yield tokens[start:index]
            start = index + 1


def type_words(declarator):
    """The words in front of the first variable's stars and name."""
    names = []
    for token, after in zip(declarator, [*declarator[1:], None]):
        if token.kind != "name" or after is None or after.text in ("=", "[", "("):
            break
        names.append(token)
    return names


def variable_of(base, tokens):
    stars = next((index for index, token in enumerate(tokens) if token.text != "*"), len(tokens))
    rest = tokens[stars:]
    if not rest or rest[0].kind != "name" or (len(rest) > 1 and rest[1].text != "="):
        return None
    words = [token.text for token in base if token.text != "volatile"]
    kind = GLUE_TYPES.get(" ".join(words + ["*"] * stars))
    return Variable(rest[0].text, kind) if kind else None


def candidates_for_parameters(tree):
    """Global variables that nothing in the sources changes: whoever loads the kext may set them."""
    found = {}
    for path in tree.units:
        for variable in global_variables(tree.text(path).tokens):
            found[variable.name] = variable.kind
    for path in tree.reached:
        for name in changed_names(tree.text(path).tokens):
            found.pop(name, None)
    return found


CHANGES = {"=", "++", "--", "+=", "-=", "|=", "&=", "^=", "*=", "/=", "<<=", ">>="}


def changed_names(tokens):
    for before, token, after, then in zip([None, *tokens], tokens, [*tokens[1:], None], [*tokens[2:], None, None]):
        if token.kind != "name" or token.depth == 0:
            continue
        following = after.text + (then.text if then and after.text in "+-|&^*/" else "") if after else ""
        if following in CHANGES or (before and before.text in ("&", "++", "--")) \
                or (before and before.text in "+-" and following in ("+", "-")):
            yield token.text
