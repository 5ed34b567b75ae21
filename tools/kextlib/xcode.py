# SPDX-License-Identifier: GPL-2.0
"""The kext targets of an Xcode project: their sources and build settings."""
import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple

PIECE = re.compile(r"""
    /\*.*?\*/ | //[^\n]* | \s+
  | (?P<mark>   [{}()=;,] )
  | (?P<quoted> "(?:\\.|[^"\\])*" )
  | (?P<bare>   [^\s{}()=;,"]+ )
""", re.X | re.S)

ESCAPES = {"n": "\n", "t": "\t"}


class Target(NamedTuple):
    name: str
    sources: list	# paths from the folder that has the project
    settings: dict


def find_targets(root):
    """The kext targets of the projects in a folder, each with its project's folder."""
    for project in sorted(Path(root).glob("**/*.xcodeproj/project.pbxproj")):
        folder = project.parent.parent.relative_to(root).as_posix()
        for target in targets(project.read_text(encoding="utf-8", errors="replace"), folder):
            yield target


def targets(text, folder="."):
    objects = parse(text).get("objects", {})
    parents = {child: key for key, group in objects.items() for child in group.get("children", ())}
    project = next((o for o in objects.values() if o.get("isa") == "PBXProject"), {})
    for target in objects.values():
        if "kernel-extension" in target.get("productType", ""):
            settings = settings_of(objects, project) | settings_of(objects, target)
            settings["TARGET_NAME"] = target["name"]
            settings["SRCROOT"] = settings["PROJECT_DIR"] = folder
            sources = [path_of(objects, parents, key, folder) for key in source_files(objects, target)]
            yield Target(target["name"], sources, settings)


def settings_of(objects, owner):
    """Build settings of the Release configuration, or of the first one."""
    configurations = objects.get(owner.get("buildConfigurationList"), {}).get("buildConfigurations", ())
    found = [objects[key] for key in configurations if key in objects]
    found.sort(key=lambda configuration: configuration.get("name") != "Release")
    return dict(found[0].get("buildSettings", {})) if found else {}


def source_files(objects, target):
    for phase in target.get("buildPhases", ()):
        if objects.get(phase, {}).get("isa") == "PBXSourcesBuildPhase":
            for build_file in objects[phase].get("files", ()):
                reference = objects.get(build_file, {}).get("fileRef")
                if reference in objects:
                    yield reference


def path_of(objects, parents, key, folder):
    """A file's path, through the groups it is in."""
    parts = []
    while key in objects:
        if "path" in objects[key]:
            parts.insert(0, objects[key]["path"])
        if objects[key].get("sourceTree", "<group>") != "<group>":
            break
        key = parents.get(key)
    return normal(PurePosixPath(folder, *parts))


def normal(path):
    parts = []
    for part in path.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def expand(value, settings):
    """Replaces $(NAME), ${NAME} and $(NAME:modifier); None if a name has no value."""
    for _ in range(8):
        name = re.search(r"\$[({](\w+)(?::[^)}]*)?[)}]", value)
        if not name:
            return value
        replacement = settings.get(name[1])
        if not isinstance(replacement, str):
            return None
        value = value.replace(name[0], replacement)
    return None


# --- the file format: nested dictionaries, lists and strings ---

def parse(text):
    value, _ = parse_value(list(words(text)), 0)
    return value


def words(text):
    position = 0
    while position < len(text):
        piece = PIECE.match(text, position)
        if not piece:
            raise ValueError(f"not a project file: {text[position:position + 20]!r}")
        position = piece.end()
        if piece["quoted"]:
            yield ("string", re.sub(r"\\(.)", lambda e: ESCAPES.get(e[1], e[1]), piece["quoted"][1:-1], flags=re.S))
        elif piece["bare"]:
            yield ("string", piece["bare"])
        elif piece["mark"]:
            yield ("mark", piece["mark"])


def parse_value(tokens, at):
    kind, word = tokens[at]
    if kind == "string":
        return word, at + 1
    return parse_dictionary(tokens, at + 1) if word == "{" else parse_list(tokens, at + 1)


def parse_dictionary(tokens, at):
    found = {}
    while tokens[at] != ("mark", "}"):
        key = tokens[at][1]
        found[key], at = parse_value(tokens, at + 2)
        at += 1
    return found, at + 1


def parse_list(tokens, at):
    found = []
    while tokens[at] != ("mark", ")"):
        value, at = parse_value(tokens, at)
        found.append(value)
        if tokens[at] == ("mark", ","):
            at += 1
    return found, at + 1
