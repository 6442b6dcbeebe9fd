"""Takes a place in Python's own syntax tree, and gives its span in the file, in lines and code points from 1."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Protocol

from shapelint.program.nodes import Span

_LINE_END = re.compile(r"\r\n|\r|\n")


def split_lines(text: str) -> list[str]:
    """The lines as Python's reader counts them: a form feed does not end one."""
    return _LINE_END.split(text) if "\r" in text else text.split("\n")


class Located(Protocol):
    """What of a node of `ast` says where it stands: lines from 1, columns in bytes from 0."""

    @property
    def lineno(self) -> int: ...
    @property
    def col_offset(self) -> int: ...
    @property
    def end_lineno(self) -> int | None: ...
    @property
    def end_col_offset(self) -> int | None: ...


class Positions:
    """The lines of one text that stands in a file from line `first_line` on, `column` characters to the right."""

    __slots__ = ("_down", "_plain", "_right", "lines")

    def __init__(self, text: str, first_line: int = 1, column: int = 0) -> None:
        self.lines = split_lines(text)
        self._plain = text.isascii()
        self._down = first_line - 1
        self._right = column + 1

    def span(self, node: Located) -> Span:
        first, last = node.lineno, node.end_lineno or node.lineno
        start, end = node.col_offset, node.end_col_offset
        if end is None:
            end = start
        if not self._plain:
            start, end = self.characters(first, start), self.characters(last, end)
        down, right = self._down, self._right
        return (first + down, start + right, last + down, end + right)

    def characters(self, line: int, offset: int) -> int:
        """How many characters the first `offset` bytes of a line are."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        if text.isascii():
            return offset
        return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore"))

    def within_line(self, line: int, start: int, end: int) -> Span:
        """The span from character `start` to `end` of a line, counted from 0."""
        return (line + self._down, start + self._right, line + self._down, end + self._right)

    def between(self, first: Span, last: Span) -> Span:
        return (first[0], first[1], last[2], last[3])


@dataclass(frozen=True, slots=True)
class FixedPosition:
    """Puts every node at one place: what a comment writes stands where the comment does."""

    at: Span

    def span(self, _node: Located) -> Span:
        return self.at

    def between(self, _first: Span, _last: Span) -> Span:
        return self.at


class Spans(Protocol):
    """Says where a node stands."""

    def span(self, node: Located, /) -> Span: ...
    def between(self, first: Span, last: Span, /) -> Span: ...


class StringText:
    """The text of a string literal, with the place in the file of every character of its value."""

    __slots__ = ("_exact", "_node", "_positions", "value")

    def __init__(self, node: ast.Constant, value: str, positions: Positions) -> None:
        self.value = value
        self._node = node
        self._positions = positions
        self._exact = self._start_of_value()

    def span(self, start: int, end: int) -> Span:
        """Where value[start:end] stands: exactly where the literal has no escapes, else on its line, or as a whole."""
        line, column = self._place(start)
        last_line, last_column = self._place(end)
        if line is None or last_line is None:
            return self._positions.span(self._node)
        first = self._positions.within_line(line, column, column)
        last = self._positions.within_line(last_line, last_column, last_column)
        return self._positions.between(first, last)

    def _start_of_value(self) -> tuple[int, int] | None:
        """The line, and the column from 0, at which the value begins, if the source holds the value unchanged."""
        lines = self._positions.lines
        first, last = self._node.lineno, self._node.end_lineno or self._node.lineno
        if last > len(lines):
            return None
        start = self._positions.characters(first, self._node.col_offset)
        source = "\n".join([lines[first - 1][start:], *lines[first:last]])
        opening = re.match(r"[A-Za-z]{0,2}(\"\"\"|'''|\"|')", source)
        if opening is None or not source.startswith(self.value, opening.end()):
            return None
        return first, start + opening.end()

    def _place(self, offset: int) -> tuple[int | None, int]:
        if self._exact is None:
            return None, 0
        line, column = self._exact
        before = self.value[:offset]
        breaks = before.count("\n")
        if not breaks:
            return line, column + offset
        return line + breaks, offset - before.rfind("\n") - 1
