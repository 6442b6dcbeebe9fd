"""Takes a place in Python's own syntax tree, and gives its span in the file, in lines and code points from 1."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
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


_ESCAPE = re.compile(r"\\(?:\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[0-7]{1,3}|[\\'\"abfnrtv])")
"""What stands for one character in a literal, or, at the end of a line, for none."""


class StringText:
    """The text of a string literal, with the place in the file of every character of its value."""

    __slots__ = ("_node", "_offsets", "_positions", "_source", "_start", "value")

    def __init__(self, node: ast.Constant, value: str, positions: Positions) -> None:
        self.value = value
        self._node = node
        self._positions = positions
        self._start = 0  # where the literal begins in its first line
        self._source = self._text_of_literal()
        self._offsets = self._offsets_of_value()

    def span(self, start: int, end: int) -> Span:
        """Where value[start:end] stands; the whole literal where it is put together of several."""
        if self._offsets is None:
            return self._positions.span(self._node)
        line, column = self._place(self._offsets[start])
        last_line, last_column = self._place(self._offsets[end])
        first = self._positions.within_line(line, column, column)
        last = self._positions.within_line(last_line, last_column, last_column)
        return self._positions.between(first, last)

    def _text_of_literal(self) -> str:
        """The lines of the literal, from its beginning on."""
        lines = self._positions.lines
        first, last = self._node.lineno, self._node.end_lineno or self._node.lineno
        if last > len(lines):
            return ""
        self._start = self._positions.characters(first, self._node.col_offset)
        return "\n".join([lines[first - 1][self._start :], *lines[first:last]])

    def _offsets_of_value(self) -> Sequence[int] | None:
        """Where each character of the value stands in the literal, and its end; None where it is put together."""
        opening = re.match(r"([A-Za-z]{0,2})(\"\"\"|'''|\"|')", self._source)
        if opening is None:
            return None
        at, value = opening.end(), self.value
        if self._source.startswith(value, at):
            return range(at, at + len(value) + 1)
        if "r" in opening[1].lower():
            return None
        found: list[int] = []
        while len(found) < len(value):
            escape = _ESCAPE.match(self._source, at)
            if escape is None and self._source[at : at + 1] != value[len(found)]:
                return None
            if escape is None or escape[0] != "\\\n":
                found.append(at)
            at = at + 1 if escape is None else escape.end()
        return [*found, at]

    def _place(self, offset: int) -> tuple[int, int]:
        """The line of an offset into the literal, and its column from 0."""
        before = self._source[:offset]
        breaks = before.count("\n")
        column = offset - before.rfind("\n") - 1 if breaks else self._start + offset
        return self._node.lineno + breaks, column
