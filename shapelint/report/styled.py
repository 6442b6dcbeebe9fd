"""Text in pieces with a style each, and the two ways to write it: plain, or in colour with rich."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TextIO, TypeAlias

Piece: TypeAlias = tuple[str, str]
"""A style's name (see `STYLES`; empty for none) and the text."""
Line: TypeAlias = tuple[Piece, ...]

STYLES: Mapping[str, str] = {
    "place": "bold",
    "error": "bold red",
    "warning": "bold yellow",
    "code": "bold red",
    "gutter": "blue",
    "note": "cyan",
    "fix": "green",
    "good": "bold green",
    "title": "bold",
    "dim": "dim",
}


def plain(lines: Iterable[Line]) -> str:
    """The lines without their styles, and without white space at their ends."""
    return "".join("".join(text for _, text in line).rstrip() + "\n" for line in lines)


def coloured(lines: Iterable[Line]) -> str:
    """The lines with the escape sequences of a terminal."""
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    target = StringIO()
    console = Console(file=target, force_terminal=True, color_system="standard", highlight=False, soft_wrap=True)
    for line in lines:
        text = Text(end="")
        for style, piece in line:
            text.append(piece, STYLES.get(style, ""))
        text.rstrip()
        console.print(text)
    return target.getvalue()


def wants_colour(choice: str, stream: TextIO) -> bool:
    """Whether to write in colour: as `--color` says, or NO_COLOR, FORCE_COLOR, TERM=dumb, or on a terminal only."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()
