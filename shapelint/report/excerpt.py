"""The lines of source that a finding is about, laid out in cells of a terminal: tabs, wide characters, long lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TAB = 4
CUT = "…"
SHOWN_LINES = 6
"""Of a span with more lines than this the middle is left out."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A line as it is shown, and where in it the marked part begins and how wide that is, in cells."""

    number: int
    text: str
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Omitted:
    """Lines of a long span that are not shown."""

    count: int


def excerpt(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int], width: int) -> list[Marked | Omitted]:
    """The lines from `start` to `end` (line and column from 1, the last exclusive), none wider than `width` cells."""
    first, last = start[0], max(start[0], end[0])
    numbers = list(range(first, last + 1))
    shown: list[Marked | Omitted] = []
    for number in numbers:
        if len(numbers) > SHOWN_LINES and SHOWN_LINES // 2 <= number - first < len(numbers) - SHOWN_LINES // 2:
            if number - first == SHOWN_LINES // 2:
                shown.append(Omitted(len(numbers) - SHOWN_LINES // 2 * 2))
            continue
        if not 0 < number <= len(lines):
            continue
        line = lines[number - 1].rstrip("\r\n")
        begins = start[1] - 1 if number == first else len(line) - len(line.lstrip())
        ends = end[1] - 1 if number == last else len(line.rstrip())
        shown.append(_marked(number, line, begins, ends, width))
    return shown


def laid_out(line: str) -> tuple[str, int]:
    """A line as a terminal shows it, and how many cells it takes."""
    cells = _cells(line)
    return "".join(shown for shown, _ in cells), sum(width for _, width in cells)


def _marked(number: int, line: str, begins: int, ends: int, width: int) -> Marked:
    """One line, its part from index `begins` to `ends` marked; at least one cell is."""
    begins = min(max(begins, 0), len(line))
    ends = min(max(ends, begins + 1), max(len(line), begins + 1))
    cells = _cells(line)
    text = "".join(shown for shown, _ in cells)
    at = sum(size for _, size in cells[:begins])
    marked = max(1, sum(size for _, size in cells[begins:ends]))
    if sum(size for _, size in cells) <= width:
        return Marked(number, text, at, marked)
    return _window(number, cells, at, marked, width)


def _window(number: int, cells: list[tuple[str, int]], at: int, marked: int, width: int) -> Marked:
    """The part of a long line around its mark, with `…` where it was cut."""
    total = sum(size for _, size in cells)
    marked_shown = min(marked, width - 2)
    left = max(0, min(at - (width - marked_shown) // 2, total - width))
    right = left + width
    text, position, begins = "", 0, 0
    for shown, size in cells:
        if left + (left > 0) <= position and position + size <= right - (right < total):
            if not text:
                begins = position
            text += shown
        position += size
    text = (CUT if left > 0 else "") + text + (CUT if right < total else "")
    start = max(0, at - begins) + (left > 0)
    return Marked(number, text, start, max(1, min(marked_shown, width - start)))


def _cells(line: str) -> list[tuple[str, int]]:
    """Each character as it is shown, with its width."""
    if line.isascii() and line.isprintable():
        return [(character, 1) for character in line]
    cells: list[tuple[str, int]] = []
    position = 0
    for character in line:
        shown, size = _cell(character, position)
        cells.append((shown, size))
        position += size
    return cells


def _cell(character: str, position: int) -> tuple[str, int]:
    if character == "\t":
        size = TAB - position % TAB
        return " " * size, size
    if character.isascii():
        return (character, 1) if character.isprintable() else ("·", 1)
    from rich.cells import cell_len

    if not character.isprintable():
        # Joiners and variation selectors show nothing of themselves; what could turn the line around is left out.
        return "", 0
    return character, cell_len(character)
