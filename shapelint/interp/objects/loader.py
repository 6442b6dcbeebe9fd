"""Finding, reading and running the other modules of the project that a module imports."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path

from shapelint.dims import Facts
from shapelint.interp.paths.block import run_block
from shapelint.interp.state.machine import Frame, Machine, OutOfBudget
from shapelint.interp.state.values import Value
from shapelint.program import CannotParse, lower, nodes
from shapelint.program.nodes import Module
from shapelint.source import Source, import_roots, read_source

MOST_LOADED_CHARACTERS = 400_000


class Loader:
    """The project's modules, each read and run at most once.

    A module's body is run when a name of it is first used; what it defines is then shared by all that import it.
    """

    def __init__(self) -> None:
        self._frames: dict[Path, tuple[Frame, dict[int, Value], Facts] | None] = {}
        self._paths: dict[tuple[str, str], Path | None] = {}
        self.read: set[Path] = set()

    def load(self, dotted: str, importer: str, machine: Machine) -> Frame | None:
        """The frame of a module after its body has run, None where the project has no such module."""
        path = self._find(dotted, importer)
        if path is None:
            return None
        if path not in self._frames:
            self._frames[path] = self._run(path)
        entry = self._frames[path]
        if entry is None:
            return None
        frame, heap, facts = entry
        for key in heap.keys() - machine.world.heap.keys():
            machine.world.heap.take(key, heap[key])
        machine.world.facts = machine.world.facts.also(facts)
        self.read.add(path)
        machine.operators.update(frame.operators)
        return frame

    def names_of(self, dotted: str, importer: str) -> Sequence[str] | None:
        """The names that a module exports, as its text tells; None where only running it tells, or it has run."""
        path = self._find(dotted, importer)
        if path is None or path in self._frames:
            return None
        module = _lowered(path)
        return None if module is None else _names_exported_by(module.body)

    def _find(self, dotted: str, importer: str) -> Path | None:
        key = (dotted, str(Path(importer).parent))
        if key not in self._paths:
            self._paths[key] = find_module(dotted, Path(importer))
        return self._paths[key]

    def _run(self, path: Path) -> tuple[Frame, dict[int, Value], Facts] | None:
        module = _lowered(path)
        if module is None:
            return None
        machine = Machine(self)
        frame = Frame(machine, None, name=str(path))
        frame.rebound_by_functions, frame.set_on_names = module.rebound, module.set_on_names
        frame.env["__name__"] = path.stem  # what it does as a script it does not do for who imports it
        self._frames[path] = (frame, machine.world.heap, machine.world.facts)  # for modules that import each other
        with contextlib.suppress(OutOfBudget, RecursionError):  # what was defined until then is what is known
            run_block(frame, module.body)
        return frame, machine.world.heap, machine.world.facts


def _names_exported_by(body: Sequence[nodes.Stmt]) -> Sequence[str] | None:
    """The names that `__all__` lists, else those that statements bind, in their order; None where more is to be run."""
    names: list[str] = []
    for statement in body:
        if isinstance(statement, nodes.Import) and ("*", "*") not in statement.names:
            names += [bound for _, bound in statement.names]
        elif isinstance(statement, (nodes.Function, nodes.Class)):
            names.append(statement.name)
        elif isinstance(statement, nodes.Assign) and all(isinstance(each, nodes.Name) for each in statement.targets):
            names += [each.id for each in statement.targets if isinstance(each, nodes.Name) and statement.value]
        elif not isinstance(statement, (nodes.Expression, nodes.Comment, nodes.Assert)):
            return None
    if "__all__" in names:
        return _names_listed(body)
    return [name for name in dict.fromkeys(names) if not name.startswith("_")]


def _names_listed(body: Sequence[nodes.Stmt]) -> Sequence[str] | None:
    """The names in `__all__`, None where they are not written out there, or may be added to."""
    if any(isinstance(each, nodes.Expression) and not isinstance(each.value, nodes.Constant) for each in body):
        return None
    for statement in body:
        if isinstance(statement, nodes.Assign) and any(
            isinstance(each, nodes.Name) and each.id == "__all__" for each in statement.targets
        ):
            items = statement.value.items if isinstance(statement.value, nodes.Sequence) else ()
            names = [each.value for each in items if isinstance(each, nodes.Constant) and isinstance(each.value, str)]
            return names if items and len(names) == len(items) else None
    return None


def _lowered(path: Path) -> Module | None:
    source = read_source(path)
    if not isinstance(source, Source) or len(source.text) > MOST_LOADED_CHARACTERS:
        return None
    try:
        return lower(source.text, str(path), comments=False)
    except CannotParse:
        return None


def find_module(dotted: str, importer: Path) -> Path | None:
    """The file of a module as the importing file names it, relative (`..layers`) or absolute, within its project."""
    importer = importer.absolute()  # a path that begins within a package says nothing of the folders above
    level = len(dotted) - len(dotted.lstrip("."))
    parts = [part for part in dotted.lstrip(".").split(".") if part]
    if level:
        folder = importer.parent
        for _ in range(level - 1):
            folder = folder.parent
        return _file_of(folder, parts)
    if not parts or parts[0] in ("torch", "numpy", "einops", "math", "typing"):
        return None
    for folder in import_roots(importer):
        if parts[0] in sys.stdlib_module_names and (folder / "__init__.py").is_file():
            continue  # within a package `import random` is Python's own, also beside a `random` of the package
        found = _file_of(folder, parts)
        if found is not None and (found != importer or found.name == "__init__.py"):
            return found  # a `logging.py` that imports logging means another one; a package may import of itself
    return None


def _file_of(folder: Path, parts: list[str]) -> Path | None:
    base = folder.joinpath(*parts)
    for candidate in (base.with_suffix(".py") if parts else None, base / "__init__.py"):
        if candidate is not None and candidate.is_file():
            return candidate
    return None
