"""The programs in one file, for the commands that show what was understood of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from shapelint.program.nodes import Module
    from shapelint.source import Source
    from shapelint.source.pieces import Piece


def source_of(path: Path) -> Source:
    """The source in a file. Raises click.ClickException where it cannot be read."""
    from shapelint.source import Unreadable, read_source

    if path.is_dir():
        raise click.ClickException(f"{path} is a folder; this is asked of one file")
    source = read_source(path)
    if isinstance(source, Unreadable):
        raise click.ClickException(f"{path}: this file {source.message}")
    return source


def program_of(source: Source) -> Piece | None:
    """The one program that the cells of a notebook are; None for a source of another kind."""
    from shapelint.source import programs

    return next((piece for piece in programs(source) if piece.cells), None)


def modules(source: Source) -> Iterator[Module]:
    """Each program of a source: one, or those of a page or notebook. Raises click.ClickException at a syntax error."""
    from shapelint.program import CannotParse, lower
    from shapelint.source import programs

    for piece in programs(source):
        try:
            yield lower(
                piece.text, source.path, first_line=piece.first_line, column=piece.column, open_names=piece.open_names
            )
        except CannotParse as error:
            raise click.ClickException(f"{source.path}:{error.line}: syntax error: {error.message}") from None
