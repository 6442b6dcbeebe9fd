"""Which files a command line means: those it names, and in the folders it names those that can hold PyTorch code."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shapelint.project.ignored import Ignored, Patterns, compiled, from_repository

ENDINGS = (".py", ".ipynb", ".md")
"""What is read in a folder; a file that is named itself may have any ending."""

SKIPPED_FOLDERS = frozenset({"__pycache__", "__pypackages__", "node_modules", "site-packages", "venv"})
"""Folders that never hold a project's own code. Hidden folders and virtual environments are skipped as well."""


class MissingPathError(Exception):
    """A path on the command line where nothing is."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: no such file or folder")
        self.path = path


@dataclass(frozen=True, slots=True)
class Problem:
    """A folder that cannot be listed: said as a finding, while the others are read."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, each once, in the order of the command line and sorted within a folder."""

    files: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def find_files(paths: Sequence[str], exclude: Sequence[str] = (), root: Path | None = None) -> Found:
    """The files that `paths` mean; `exclude` holds gitignore patterns relative to `root`."""
    files: dict[str, None] = {}
    problems: list[Problem] = []
    excluded = Ignored((compiled(exclude, (root or Path.cwd()).resolve().as_posix()),)) if exclude else Ignored()
    for text in paths:
        path = Path(text)
        try:
            is_folder = path.is_dir()
            exists = is_folder or path.exists()
        except OSError:
            is_folder = exists = False
        if not exists:
            raise MissingPathError(text)
        if is_folder:
            files.update(dict.fromkeys(_below(path, excluded, problems)))
        else:
            files.setdefault(str(path))
    return Found(tuple(files), tuple(problems))


def _below(folder: Path, excluded: Ignored, problems: list[Problem]) -> Iterator[str]:
    """Every file to read below `folder`, at any depth; links to folders are not followed."""
    absolute = folder.resolve()
    # What is still to be read, the next one last: the absolute path, its name on the command line, and for a folder the
    # patterns that hold in it.
    left: list[tuple[str, str, Ignored | None]] = [(absolute.as_posix(), str(folder), from_repository(absolute))]
    while left:
        path, name, ignored = left.pop()
        if ignored is None:
            yield name
        else:
            left.extend(reversed(list(_inside(path, "" if name == "." else name, ignored, excluded, problems))))


def _inside(
    absolute: str, name: str, ignored: Ignored, excluded: Ignored, problems: list[Problem]
) -> Iterator[tuple[str, str, Ignored | None]]:
    """The files and folders in one folder that are to be read."""
    try:
        with os.scandir(absolute) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        problems.append(Problem(name or ".", (error.strerror or "cannot be listed").lower()))
        return
    if any(entry.name == ".gitignore" for entry in entries):
        ignored = ignored.within(absolute)

    def left_out(path: str, is_folder: bool) -> bool:
        return ignored.leaves_out(path, is_folder) or excluded.leaves_out(path, is_folder)

    for entry in entries:
        path, shown = f"{absolute.rstrip('/')}/{entry.name}", os.path.join(name, entry.name)
        if _is_folder(entry):
            if not _is_skipped(entry) and not left_out(path, True):
                yield path, shown, ignored
        elif entry.name.endswith(ENDINGS) and _is_file(entry) and not left_out(path, False):
            yield path, shown, None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether there is a regular file: a dangling link, a pipe or a device is none."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_skipped(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    return name.startswith(".") or name in SKIPPED_FOLDERS or os.path.exists(f"{entry.path}/pyvenv.cfg")


def matches(patterns: Iterable[Patterns], path: str) -> bool:
    """Whether the last of `patterns` that speaks of the file `path` picks it."""
    return Ignored(tuple(patterns)).leaves_out(Path(path).resolve().as_posix(), is_folder=False)
