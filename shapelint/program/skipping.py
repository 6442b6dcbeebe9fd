"""Takes a block of code from an article, and blanks out the lines of it that are no Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass

from shapelint.program.positions import split_lines

MOST_LINES = 40
_PROMPT = re.compile(r"^\s*(>>>|\.\.\.)( |$)")
_SHELL = re.compile(r"^\s*(\$ |[%!]\w|pip3? install |git clone |python3? -?\w)")
_NO_BODY = re.compile(r"expected an indented block after .* on line (\d+)")


@dataclass(frozen=True, slots=True)
class Code:
    """What of a block is Python: `column` is how far to the right of its text's lines it stands (after prompts);
    `skipped` holds (line, why) of each line passed over."""

    text: str
    tree: ast.Module
    column: int
    skipped: tuple[tuple[int, str], ...]


def without_prose(text: str, parse: Callable[[str], ast.Module]) -> Code:
    """The block with what is no Python blanked out: line for line and column for column where it stood.

    A block that is no Python even so raises the SyntaxError of its first reading.
    """
    lines = split_lines(text)
    skipped: dict[int, str] = {}
    column = _take_prompts(lines, skipped)
    first_error: SyntaxError | None = None
    for _ in range(MOST_LINES):
        text = "\n".join(lines)
        try:
            return Code(text, parse(text), column, tuple(sorted(skipped.items())))
        except SyntaxError as error:
            first_error = first_error or error
            if not (_give_body(lines, error) or _blank_out(lines, error, skipped)):
                break
    assert first_error is not None
    raise first_error


def _take_prompts(lines: list[str], skipped: dict[int, str]) -> int:
    """In a doctest, leaves what follows the prompts; gives how wide the prompts are."""
    first = next((line for line in lines if ">>>" in line and _PROMPT.match(line)), None)
    if first is None:
        return 0
    width = first.index(">>>") + 4
    for index, line in enumerate(lines):
        is_code = _PROMPT.match(line) is not None
        if not is_code and line.strip():
            skipped[index + 1] = "output of a doctest"
        lines[index] = line[width:] if is_code else ""
    return width


def _give_body(lines: list[str], error: SyntaxError) -> bool:
    """A header that nothing follows gets a `pass`."""
    match = _NO_BODY.match(error.msg)
    if match is None:
        return False
    index = int(match[1]) - 1
    code, mark, comment = lines[index].partition("#")
    if index >= len(lines) or not code.rstrip().endswith(":"):
        return False
    body = " pass  "
    lines[index] = code.rstrip() + body + mark + comment
    return True


def _blank_out(lines: list[str], error: SyntaxError, skipped: dict[int, str]) -> bool:
    """Takes the offending line, or the nearest one above it, out of the text; False where there is none to take."""
    offending = min(max(error.lineno or 1, 1), len(lines))
    for number in range(offending, 0, -1):
        line = lines[number - 1]
        if number in skipped or not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = line[: len(line) - len(line.lstrip())]
        opens = line.partition("#")[0].rstrip().endswith(":")
        lines[number - 1] = f"{indent}if _:" if opens else ""
        skipped[number] = "a shell command" if _SHELL.match(line) else error.msg
        return True
    return False
