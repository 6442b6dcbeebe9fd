"""Takes findings, and gives each file that their fixes mend, with its text before and after."""

from __future__ import annotations

import difflib
import io
import re
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from shapelint.checks.model import Edit, Finding
from shapelint.fixes.notebooks import with_cells_edited

Wanted: TypeAlias = tuple[Edit, str]
"""An edit, and what it expects to stand there."""

_LINE_END = re.compile(r"(\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class Change:
    """One file with the edits of its findings made; `count` is how many of these there are."""

    path: str
    encoding: str
    before: str
    after: str
    count: int

    def diff(self) -> str:
        """The change as `diff -u` would print it."""
        before, after = ([line for line, _ in _lines(text)] for text in (self.before, self.after))
        lines = difflib.unified_diff(before, after, self.path, self.path, lineterm="")
        return "".join(f"{line}\n" for line in lines)

    def write(self) -> None:
        """Write the file; its encoding and its line ends stay as they are. Raises OSError."""
        Path(self.path).write_bytes(self.after.encode(self.encoding))


def changes(findings: Iterable[Finding]) -> list[Change]:
    """What the findings with a fix make of their files; one that is not as it was linted is left alone."""
    edits: dict[str, dict[int | None, list[Wanted]]] = {}
    for finding in findings:
        if finding.fix is not None and finding.declared is not None:
            of_cell = edits.setdefault(finding.path, {}).setdefault(finding.cell, [])
            of_cell.extend((edit, finding.declared) for edit in finding.fix.edits)
    made = (_change(path, wanted) for path, wanted in edits.items())
    return [change for change in made if change is not None]


def _change(path: str, edits: dict[int | None, list[Wanted]]) -> Change | None:
    """The file with these edits in it, or, by their numbers, in its cells."""
    try:
        data = Path(path).read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
        if None in edits:
            after, count = edited(text, edits[None])
        else:
            after, count = with_cells_edited(
                text, {cell: partial(edited, edits=wanted) for cell, wanted in edits.items() if cell is not None}
            )
    except (OSError, SyntaxError, ValueError, LookupError, TypeError, RecursionError):
        return None  # it cannot be read any more, or is no such notebook any more
    return Change(path, encoding, text, after, count) if count else None


def edited(text: str, edits: Iterable[Wanted]) -> tuple[str, int]:
    """The text with each edit made where it still reads as expected, and how many were; of two that meet the first."""
    lines = _lines(text)
    count, end = 0, (len(lines) + 1, 0)
    for edit, expected in sorted(edits, key=lambda one: (one[0].line, one[0].column), reverse=True):
        if edit.line != edit.end_line or edit.line > len(lines) or (edit.line, edit.end_column) > end:
            continue
        line, line_end = lines[edit.line - 1]
        if line[edit.column - 1 : edit.end_column - 1] != expected:
            continue
        lines[edit.line - 1] = (line[: edit.column - 1] + edit.text + line[edit.end_column - 1 :], line_end)
        count, end = count + 1, (edit.line, edit.column)
    return "".join(map("".join, lines)), count


def _lines(text: str) -> list[tuple[str, str]]:
    """Each line and what ends it."""
    parts = [*_LINE_END.split(text), ""]
    return [(line, end) for line, end in zip(parts[::2], parts[1::2], strict=True) if line or end]
