"""`shapelint why FILE:LINE`: where the shapes of one line come from, or were lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shapelint.cli.reading import program_of, source_of
from shapelint.cli.trace import color, followed, output_format, send_json, write

if TYPE_CHECKING:
    from shapelint.source import Source


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("target", metavar="FILE:[CELL:]LINE")
@output_format
@color
def command(target: str, output_format: str, color: str) -> None:
    """Print the line with its shapes, and above and below it every line that these come from.

    Where a shape is not known, the line at which it was lost says why.
    """
    from shapelint.checks.findings.trace import behind

    match = re.fullmatch(r"(.+?):(?:cell )?(\d+)(?::(\d+))?(?::\d+)?", target)
    if match is None:
        raise click.UsageError(f"which line? Write {target}:LINE")
    path = match[1]
    source = source_of(Path(path))
    number = _line(source, int(match[2]), int(match[3] or 0))
    lines, _ = followed(source)
    chosen = behind(lines, number)
    if not chosen:
        nearest = min((line.number for line in lines), key=lambda one: abs(one - number), default=None)
        hint = "" if nearest is None else f"; the nearest that is, is line {nearest}"
        raise click.ClickException(f"{path}:{number}: nothing is known of this line{hint}")
    if output_format == "json":
        return send_json(source, chosen)
    return write(source, chosen, [line.number for line in chosen], color)


def _line(source: Source, first: int, second: int) -> int:
    """The line that `LINE`, `LINE:COLUMN` or, in a notebook, `CELL:LINE` means. Raises click.ClickException."""
    piece = program_of(source)
    if piece is None:
        count = len(source.text.splitlines())
        if not 1 <= first <= count:
            raise click.ClickException(f"{source.path} has {count} lines, none of number {first}")
        return first
    number = piece.line_of(first, second)
    if number is None:
        raise click.ClickException(f"{source.path} has no line {second} in cell {first}; write FILE:CELL:LINE")
    return number
