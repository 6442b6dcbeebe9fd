"""Which paths below a folder `.gitignore` files and `exclude` patterns leave out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of one file, and the folder that they are relative to."""

    folder: str
    spec: GitIgnoreSpec

    def says(self, path: str, is_folder: bool) -> bool | None:
        """True: leave `path` out; False: a `!pattern` keeps it; None: no pattern speaks of it. Paths are absolute."""
        if not path.startswith(f"{self.folder}/"):
            return None
        inside = path[len(self.folder) + 1 :]
        return self.spec.check_file(f"{inside}/" if is_folder else inside).include


@dataclass(frozen=True, slots=True)
class Ignored:
    """Patterns from the outermost folder to the innermost; as in git the last one that speaks decides."""

    patterns: tuple[Patterns, ...] = ()

    def within(self, folder: str) -> Ignored:
        """The same with what the `.gitignore` of `folder` adds."""
        added = patterns_of(Path(folder) / ".gitignore", folder)
        return Ignored((*self.patterns, added)) if added else self

    def leaves_out(self, path: str, is_folder: bool) -> bool:
        """Whether `path`, absolute and with forward slashes, is left out."""
        for patterns in reversed(self.patterns):
            said = patterns.says(path, is_folder)
            if said is not None:
                return said
        return False


def compiled(lines: Iterable[str], folder: str) -> Patterns:
    """Gitignore patterns relative to `folder`."""
    from pathspec import GitIgnoreSpec

    return Patterns(folder.rstrip("/"), GitIgnoreSpec.from_lines(lines))


def patterns_of(file: Path, folder: str) -> Patterns | None:
    """The patterns that stand in `file`, or None if there is no such file, or one without a pattern."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    if not any(line.strip() and not line.startswith("#") for line in lines):
        return None
    try:
        return compiled(lines, folder)
    except ValueError:  # a pattern that git would pass over too
        return None


def from_repository(folder: Path) -> Ignored:
    """The patterns that hold for `folder` from outside of it: of its repository, from the top down to its parent."""
    above = (folder, *folder.parents)
    top = next((index for index, parent in enumerate(above) if (parent / ".git").exists()), None)
    if top is None:
        return Ignored()
    root = above[top]
    outermost = patterns_of(root / ".git" / "info" / "exclude", root.as_posix())
    ignored = Ignored((outermost,) if outermost else ())
    for parent in reversed(above[1 : top + 1]):
        ignored = ignored.within(parent.as_posix())
    # A folder that is itself left out was named on purpose: then only the patterns inside of it count.
    return Ignored() if ignored.leaves_out(folder.as_posix(), is_folder=True) else ignored
