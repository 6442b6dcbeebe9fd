"""Takes a Markdown text, and gives its fenced blocks of Python with the lines and columns at which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r"^(?P<before>[ \t]*(?:>[ \t]?|(?:[-*+]|\d+[.)])[ \t]+)*[ \t]*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_PYTHON = re.compile(
    r"^\s*(?:\{code(?:-cell|-block)?\}\s*)?\{?\s*\.?(?:i?python3?|py3?|pycon|python-repl)(?![\w-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Block:
    """The code of one fence: `first_line` from 1, `column` characters to the right in every line."""

    text: str
    first_line: int
    column: int


def holds_python(text: str) -> bool:
    """Is a block of Python fenced off in the text?"""
    return any(True for _ in python_blocks(text))


def python_blocks(text: str) -> Iterator[Block]:
    """The blocks whose info string says Python, in order; one that is never closed runs to the end."""
    lines = _LINE_END.split(text)
    number = 0
    while number < len(lines):
        opening = _FENCE.match(lines[number])
        number += 1
        if opening is None or ("`" in opening["info"] and opening["fence"][0] == "`"):
            continue
        first = number
        while number < len(lines) and not _closes(lines[number], opening["fence"]):
            number += 1
        if _PYTHON.match(opening["info"]):
            yield _block(lines[first:number], first + 1, len(opening["before"]))
        number += 1


def _closes(line: str, fence: str) -> bool:
    mark = line.lstrip(" \t>").rstrip()
    return len(mark) >= len(fence) and not mark.strip(fence[0])


def _block(lines: list[str], first_line: int, width: int) -> Block:
    """The lines without what stands before the fence, nor the indentation that all of them share."""
    inner = [_without_margin(line, width) for line in lines]
    shared = min((len(line) - len(line.lstrip(" ")) for line in inner if line.strip()), default=0)
    return Block("\n".join(line[shared:] for line in inner) + "\n", first_line, width + shared)


def _without_margin(line: str, width: int) -> str:
    margin = re.match(rf"[ \t>]{{0,{width}}}", line)
    return line[margin.end() if margin else 0 :]
