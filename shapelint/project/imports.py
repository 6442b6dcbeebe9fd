"""Which other files of the project the results of a file may rest on: what it imports, and what that imports."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shapelint.project.stamps import Stamps, digest
from shapelint.source import import_roots

_IMPORT = re.compile(
    r"""^[ \t]*(?:
        from [ \t]+ (?P<source>\.*[\w.]*) [ \t]+ import [ \t]+ (?P<names>\([^)]*\) | [^\n#;]*)
      | import [ \t]+ (?P<modules>[^\n#;]*)
    )""",
    re.MULTILINE | re.VERBOSE,
)


@dataclass(slots=True)
class Imports:
    """The graph of imports below `root`, remembered from run to run: a file is read again only when it has changed.

    A node is the file's stamp, the files that it names in its imports, and the folders in which those were looked for;
    `folders` has the stamp of each of these, as a new module there can give an import another meaning.
    """

    root: str
    stamps: Stamps
    nodes: dict[str, tuple[str, list[str], list[str]]] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    is_changed: bool = False
    _checked: set[str] = field(default_factory=set)

    def fingerprint(self, file: str) -> str:
        """What changes when a file does that `file` imports, directly or through others; empty if one is unsettled."""
        start = os.path.abspath(file)
        reached, left = {start}, [start]
        while left:
            for found in self.direct(left.pop()):
                if found not in reached:
                    reached.add(found)
                    left.append(found)
        stamps = [(name, self.stamps.of_file(name)) for name in sorted(reached)]
        return digest(text for pair in stamps for text in pair) if all(stamp for _, stamp in stamps) else ""

    def direct(self, file: str) -> list[str]:
        """The project files that `file` names in its imports."""
        if file not in self._checked:
            self._checked.add(file)
            stamp, _, folders = self.nodes.get(file, ("", [], []))
            if stamp != self.stamps.of_file(file) or not stamp or any(self._is_stale(folder) for folder in folders):
                self._read(file)
        return self.nodes[file][1]

    def _is_stale(self, folder: str) -> bool:
        return self.folders.get(folder) != self.stamps.of_folder(folder)

    def _read(self, file: str) -> None:
        try:
            text = Path(file).read_text(encoding="utf-8", errors="replace")
        except OSError:
            text = ""
        searched: set[str] = set()
        found = {path for module in imported(text) for path in self._files_of(module, file, searched)}
        self.nodes[file] = (self.stamps.of_file(file), sorted(found - {file}), sorted(searched))
        # Other nodes that rest on the old listing of these folders have been looked at in this run, or else must be.
        for folder in searched:
            if self._is_stale(folder) and folder in self.folders:
                self._forget_unchecked(folder)
            self.folders[folder] = self.stamps.of_folder(folder)
        self.is_changed = True

    def _forget_unchecked(self, folder: str) -> None:
        for name in [name for name, node in self.nodes.items() if folder in node[2] and name not in self._checked]:
            del self.nodes[name]

    def _files_of(self, module: str, file: str, searched: set[str]) -> Iterator[str]:
        """The files that the dotted name `module` may mean in `file`, with those of the packages it goes through."""
        name = module.lstrip(".")
        level = len(module) - len(name)
        folder = os.path.dirname(file)
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            places = [folder]
        else:
            places = [folder]
            while folder.startswith(self.root) and folder != self.root:
                folder = os.path.dirname(folder)
                places.append(folder)
            places += [self.root, os.path.join(self.root, "src"), *map(str, import_roots(Path(file)))]
        for place in dict.fromkeys(places):
            yield from self._below(place, [part for part in name.split(".") if part], searched)

    def _below(self, folder: str, parts: list[str], searched: set[str]) -> Iterator[str]:
        for index in range(len(parts) + 1):
            searched.add(folder)
            names = self.stamps.names(folder)
            if (index or not parts) and "__init__.py" in names:
                yield os.path.join(folder, "__init__.py")
            if index == len(parts):
                return
            if f"{parts[index]}.py" in names:
                yield os.path.join(folder, f"{parts[index]}.py")
            if parts[index] not in names:
                return
            folder = os.path.join(folder, parts[index])

    def to_record(self) -> dict[str, Any]:
        """The graph as JSON can hold it."""
        return {"nodes": self.nodes, "folders": self.folders}

    def load(self, record: Any) -> None:
        """Take up what `to_record` gave in an earlier run; ValueError if it is something else."""
        try:
            nodes = {
                name: (stamp, list(files), list(folders)) for name, (stamp, files, folders) in record["nodes"].items()
            }
            folders = dict(record["folders"])
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("not a graph of imports") from error
        self.nodes, self.folders = nodes, folders


def imported(text: str) -> Iterator[str]:
    """The dotted names in the import statements of a program: `a.b`, `..c`; of `from a import b` both `a` and `a.b`."""
    for match in _IMPORT.finditer(text):
        if match["modules"] is not None:
            for clause in match["modules"].split(","):
                yield from clause.split()[:1]
            continue
        source = match["source"]
        yield source
        for clause in match["names"].strip("()").split(","):
            for name in clause.split()[:1]:
                if name.isidentifier():
                    yield f"{source}{'' if source.endswith('.') else '.'}{name}"
