"""The folders in which the absolute imports of a file begin."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

PROJECTS = ("pyproject.toml", ".git")
"""What stands in the folder of a project."""

PACKAGES = (*PROJECTS, "setup.py", "setup.cfg")
"""What stands in a folder from which something is installed: of a project without these, of a part of it."""

MOST_KEPT = 64


def import_roots(importer: Path) -> list[Path]:
    """The folders to look in, the first first: beside the file, above the packages that it stands in, in its project.

    Code that names its outermost package starts from above that one: `import datasets` in `tool/datasets/text.py` is
    another project's then. Only what is run as a script begins beside the file, too. A folder without an `__init__.py`
    may be part of a package all the same: of one above it that the file names. Tests and examples import what is
    installed from the project itself, or from a part of it: from its folder, or from `src` in it.
    """
    folder = importer.parent
    roots = [folder]
    while (folder / "__init__.py").is_file() and folder.parent != folder:
        folder = folder.parent
        roots.append(folder)
    if len(roots) > 2 and _names(importer, roots[-2].name):
        roots = [roots[0], roots[-1]] if _is_script(importer) else roots[-1:]
    installed = [place for one in _marked(folder) for place in (one, one / "src")]
    return list(dict.fromkeys([*roots, *installed, *_above_named(importer, folder)]))


def _above_named(importer: Path, folder: Path) -> list[Path]:
    """The folders above those that bear the name of a package from which the file imports, from this one up."""
    named = [one for one in (folder, *folder.parents) if one.name and _names(importer, one.name)]
    return [one.parent for one in reversed(named)]


def project_of(folder: Path) -> Path | None:
    """The folder of the project in which a folder lies, None where nothing marks one."""
    marked = _marked(folder)
    return marked[-1] if marked else None


@lru_cache(maxsize=1024)
def _marked(folder: Path) -> tuple[Path, ...]:
    """The folders from which something is installed, from this one up to that of the project."""
    found = []
    for one in (folder, *folder.parents):
        if any((one / name).exists() for name in PACKAGES):
            found.append(one)
        if any((one / name).exists() for name in PROJECTS):
            break
    return tuple(found)


@lru_cache(maxsize=MOST_KEPT)  # asked for each of its imports
def _names(importer: Path, package: str) -> bool:
    """Whether a file imports from this package by its full name."""
    return re.search(rf"^\s*(?:from|import)\s+{re.escape(package)}\b", _text(importer), re.MULTILINE) is not None


@lru_cache(maxsize=MOST_KEPT)
def _is_script(importer: Path) -> bool:
    """Whether a file is run as it stands, or says by itself where to look."""
    return re.search(r"\b__main__\b|\bsys\.path\b", _text(importer)) is not None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
