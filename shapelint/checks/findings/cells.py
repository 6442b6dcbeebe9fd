"""Of a notebook: what is said of its program's lines, said of the lines of its cells; nothing else is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from shapelint.checks.model import Annotation, Edit, Finding
from shapelint.source import Source
from shapelint.source.pieces import Piece

_LINE = re.compile(r"\bline (?P<line>\d+)\b")


def placed(finding: Finding, piece: Piece) -> Finding:
    """The finding with the lines of its cell, also in its words."""
    if not piece.cells:
        return finding
    (line, cell), (end, _) = piece.place(finding.line), piece.place(finding.end_line)
    fix = finding.fix
    if fix is not None:
        fix = replace(fix, edits=tuple(_placed_edit(edit, piece) for edit in fix.edits))
    return replace(
        finding,
        line=line,
        end_line=end,
        cell=cell,
        message=in_cells(finding.message, piece),
        notes=tuple(in_cells(note, piece) for note in finding.notes),
        fix=fix,
    )


def placed_claim(claim: Annotation, piece: Piece) -> Annotation:
    """The verdict of a claim with the line of its cell."""
    if not piece.cells:
        return claim
    line, cell = piece.place(claim.line)
    reason = None if claim.reason is None else in_cells(claim.reason, piece)
    return replace(claim, line=line, cell=cell, reason=reason)


def lines_to_show(source: Source, pieces: Iterable[Piece]) -> Mapping[str, tuple[str, ...]]:
    """The lines that a report shows findings in, by its path; those of a notebook by `path:cell N`."""
    shown: dict[str, tuple[str, ...]] = {}
    for piece in pieces:
        lines = piece.text.splitlines()
        ends = [first - 1 for first, _ in piece.cells[1:]] + [len(lines)]
        for (first, cell), end in zip(piece.cells, ends, strict=False):
            shown[f"{source.path}:cell {cell}"] = tuple(lines[first - 1 : end])
    return shown or {source.path: tuple(source.text.splitlines())}


def _placed_edit(edit: Edit, piece: Piece) -> Edit:
    (line, _), (end, _) = piece.place(edit.line), piece.place(edit.end_line)
    return replace(edit, line=line, end_line=end)


def in_cells(text: str, piece: Piece) -> str:
    """A text that names lines of the program with `line 2 of cell 3` in place of `line 14`; as it is, without cells."""

    def told(match: re.Match[str]) -> str:
        line, cell = piece.place(int(match["line"]))
        return f"line {line} of cell {cell}" if cell is not None else match[0]

    return _LINE.sub(told, text)
