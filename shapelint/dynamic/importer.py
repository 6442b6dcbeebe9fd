"""Importing a program under the recorder: nothing is written to disk, the module looks as if it had been imported."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from pathlib import Path
from types import CodeType, ModuleType


def module_for(path: str, name: str) -> ModuleType:
    """The module of a file, ready to be executed; its package is imported before it."""
    package = name.rpartition(".")[0]
    if package:
        _import_package(package, Path(path).resolve())
    spec = importlib.machinery.ModuleSpec(name, _Loader(path), origin=path)
    module = importlib.util.module_from_spec(spec)
    module.__file__ = path
    module.__package__ = package
    sys.modules[name] = module
    if package:
        setattr(sys.modules[package], name.rpartition(".")[2], module)
    linecache.getlines(path)
    return module


def _import_package(package: str, path: Path) -> None:
    """Import the package of a module; one that cannot be imported whole still has its modules."""
    try:
        importlib.import_module(package)
    except Exception:
        folder = path.parent
        for level in range(package.count("."), -1, -1):
            name = ".".join(package.split(".")[: level + 1])
            if name not in sys.modules:
                stub = ModuleType(name)
                stub.__path__ = [str(folder)]
                sys.modules[name] = stub
            folder = folder.parent


def executed(module: ModuleType, code: CodeType) -> ModuleType:
    """Run the module's body."""
    exec(code, module.__dict__)
    return module


class _Loader(importlib.abc.Loader):
    """Says that the module comes from its file, for what asks (`inspect`, `pickle`)."""

    def __init__(self, path: str) -> None:
        self.path = path

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """The usual module."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run by `executed`."""

    def get_filename(self, name: str) -> str:
        """The file."""
        return self.path

    def get_source(self, name: str) -> str | None:
        """Its text, if it is still there."""
        try:
            return Path(self.path).read_text(encoding="utf-8")
        except OSError:
            return None


def name_of(path: Path) -> tuple[str, list[str]]:
    """The full name under which a file is imported, and the folders that have to be searched for that."""
    parts = [path.stem]
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder.parent != folder:
        parts.insert(0, folder.name)
        folder = folder.parent
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    roots = [str(folder)]
    plain = all(part.isidentifier() for part in parts)
    alone = len(parts) == 1
    if not plain or (
        alone and (parts[0] in sys.stdlib_module_names or parts[0] in ("torch", "numpy", "einops", "test"))
    ):
        return "shapelint_program", roots
    return ".".join(parts), roots
