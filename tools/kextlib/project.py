# SPDX-License-Identifier: GPL-2.0
"""What a kext's Kbuild must say about a folder of sources: found in the sources, in an
Xcode project, in an Info.plist, or told by the user."""
import os
import plistlib
import re
from dataclasses import dataclass, field

from . import ctext, xcode
from .build import safe
from .tree import Tree, suffix

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
        return "\n".join(lines) + "\n\ninclude $(KPI)/kext/kext.mk\n"


def safe_folder(folder):
    return folder.replace(" ", "_")


def find(root, offered, name=None, start=None, stop=None, params=()):
    """Looks at a folder; raises Unclear if it does not say enough."""
    target = choose_target(list(xcode.find_targets(root)), name)
    tree = Tree(root, offered, target.sources if target and target.sources else None)
    if not tree.units:
        raise Unclear("no C sources that could be part of a kext" + "".join(
            f"\n  left out: {out.path}, {out.why}" for out in tree.left_out[:20]))
    settings = dict(target.settings) if target else {}
    plist = read_plist(tree, settings)
    project = Project(tree, "", folders=tree.include_folders(), defs=definitions(tree, settings))
    project.ident = plain(settings.get("MODULE_NAME") or plist.get("CFBundleIdentifier"), settings)
    project.version = plain(settings.get("MODULE_VERSION") or plist.get("CFBundleVersion"), settings)
    project.name = module_name(name or choose_name(tree, target, plist, settings))
    project.start, project.stop = choose_routines(project, settings, start, stop)
    project.params = {param: type_of_global(tree, param) for param in params}
    return project


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
    for path in tree.units:
        tokens = tree.text(path).tokens
        for index, token in enumerate(tokens):
            if token.depth:
                continue
            if token.text in ("KMOD_EXPLICIT_DECL", "KMOD_DECL"):
                return "".join(t.text for t in tokens[index + 2:first(tokens, index, ",")])
            if token.text == "kmod_info" and ctext.next_word(tokens, index) == "=":
                return ""
    return None


def first(tokens, index, text):
    return next((i for i in range(index, len(tokens)) if tokens[i].text == text), len(tokens))


# --- its two routines ---

def choose_routines(project, settings, start, stop):
    """Names of the start and stop routines, or a pair of None: the sources name them."""
    functions = all_functions(project.tree)
    if not (start or stop) and kmod_declaration(project.tree) is not None:
        return None, None
    start = start or plain(settings.get("MODULE_START"), settings)
    stop = stop or plain(settings.get("MODULE_STOP"), settings)
    found = (start or guess(project, functions, "start"), stop or guess(project, functions, "stop"))
    for kind, name in zip(("START", "STOP"), found):
        check_routine(functions, kind, name)
    return found


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
    found = settings.get("GCC_PREPROCESSOR_DEFINITIONS", [])
    found = [found] if isinstance(found, str) else found
    flags = [f"-D{definition(value)}" for value in found if definition(value)]
    prefix = prefix_header(tree, settings)
    return flags + [f"-include $(KEXT_DIR)/{prefix}"] if prefix else flags


def definition(value):
    """NAME, NAME=word or NAME="text" as Xcode has it, for the shell; None for others."""
    if re.fullmatch(r"\w+(=[\w.]*)?", value):
        return value
    quoted = re.fullmatch(r'(\w+)=\\?"([\w. /-]*)\\?"', value)
    return quoted and f"{quoted[1]}='\"{quoted[2]}\"'"


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
        kind = global_type(tree.text(path).tokens, name)
        if kind:
            return kind
    raise Unclear(f"PARAMS={name}=...: no global variable of that name and a type that a parameter can have")


def global_type(tokens, name):
    start = 0
    for index, token in enumerate(tokens):
        if token.depth == 0 and token.text == name and ctext.next_word(tokens, index) in (";", "="):
            words = [t.text for t in tokens[start:index] if t.text != "volatile"]
            if words and words[0] not in ("static", "extern") and " ".join(words) in GLUE_TYPES:
                return GLUE_TYPES[" ".join(words)]
        if token.depth == 0 and token.text in (";", "}"):
            start = index + 1
    return None
