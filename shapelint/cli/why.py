"""`shapelint why FILE:LINE`: where the shapes of one line come from, or were lost."""

from __future__ import annotations

import re
from pathlib import Path

import click

from shapelint.cli.reading import source_of
from shapelint.cli.trace import color, followed, output_format, send_json, write


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("target", metavar="FILE:LINE")
@output_format
@color
def command(target: str, output_format: str, color: str) -> None:
    """Print the line with its shapes, and above and below it every line that these come from.

    Where a shape is not known, the line at which it was lost says why.
    """
    from shapelint.checks.trace import behind

    match = re.fullmatch(r"(.+?):(\d+)(?::\d+)?", target)
    if match is None:
        raise click.UsageError(f"which line? Write {target}:LINE")
    path, number = match[1], int(match[2])
    source = source_of(Path(path))
    count = len(source.text.splitlines())
    if not 1 <= number <= count:
        raise click.ClickException(f"{path} has {count} lines, none of number {number}")
    lines, _ = followed(source)
    chosen = behind(lines, number)
    if not chosen:
        nearest = min((line.number for line in lines), key=lambda one: abs(one - number), default=None)
        hint = "" if nearest is None else f"; the nearest that is, is line {nearest}"
        raise click.ClickException(f"{path}:{number}: nothing is known of this line{hint}")
    if output_format == "json":
        return send_json(source, chosen)
    return write(source, chosen, [line.number for line in chosen], color)
