"""`shapelint trace FILE[::function]`: the shapes that were inferred, beside the lines of the source."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shapelint.cli.output import send
from shapelint.cli.reading import modules, program_of, source_of
from shapelint.project.settings import closest

if TYPE_CHECKING:
    from shapelint.checks.findings.trace import Line
    from shapelint.source import Source
    from shapelint.source.pieces import Piece

color = click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", help="Colours; auto: terminal."
)
output_format = click.option(
    "--output-format", type=click.Choice(("text", "json")), default="text", help="How to write it."
)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("target", metavar="FILE[::Class.method]")
@output_format
@color
def command(target: str, output_format: str, color: str) -> None:
    """Print FILE with the shape of every line beside it, as far as it is known without running anything.

    `FILE::function`, `FILE::Class.method` and `FILE::Class` ask for a part of it. Beside a shape comment stands its
    verdict; in place of a shape that is not known, why not. In a loop the last turn is shown.
    """
    path, _, wanted = target.partition("::")
    source = source_of(Path(path))
    lines, spans = followed(source)
    if wanted:
        chosen = [span for name, span in spans.items() if name == wanted or name.startswith(wanted + ".")]
        if not chosen:
            hint = closest(wanted, list(spans))
            raise click.ClickException(f"{path} has no function or class {wanted}{hint}")
    else:
        chosen = [(1, len(lines_of(source)))]
    if output_format == "json":
        inside = [line for line in lines if any(first <= line.number <= last for first, last in chosen)]
        return send_json(source, inside)
    return write(source, lines, [number for first, last in chosen for number in range(first, last + 1)], color)


def followed(source: Source) -> tuple[list[Line], dict[str, tuple[int, int]]]:
    """The lines of a source of which something is known, and the first and last line of each function and class."""
    from shapelint.api import loader
    from shapelint.checks.findings.trace import spans_of, traced
    from shapelint.interp.running.analysis import analyse
    from shapelint.interp.state.machine import Step

    lines: list[Line] = []
    spans: dict[str, tuple[int, int]] = {}
    for module in modules(source):
        steps: list[Step] = []
        analysis = analyse(module, loader(), steps)
        lines += traced(module, analysis, steps)
        spans.update(spans_of(module))
    piece = program_of(source)
    return (lines if piece is None else [_in_cells(line, piece) for line in lines]), spans


def _in_cells(line: Line, piece: Piece) -> Line:
    """A line of a notebook with reasons that name the lines of cells."""
    from shapelint.checks.findings.cells import in_cells

    values = tuple(replace(value, reason=in_cells(value.reason, piece)) for value in line.values)
    claims = tuple(replace(claim, reason=in_cells(claim.reason or "", piece) or None) for claim in line.claims)
    return replace(line, values=values, claims=claims)


def lines_of(source: Source) -> list[str]:
    """The lines whose numbers are spoken of: a notebook's are those of all its code cells."""
    piece = program_of(source)
    return (source.text if piece is None else piece.text).splitlines()


def write(source: Source, lines: list[Line], numbers: list[int], color: str) -> None:
    """Write lines of a source with what is known of each; in a notebook, beside `cell:line`."""
    from shapelint.report.beside import beside
    from shapelint.report.styled import coloured, plain, wants_colour

    piece = program_of(source)
    rows = beside(lines_of(source), lines, numbers, str if piece is None else piece.called)
    send(coloured(rows) if wants_colour(color, sys.stdout) else plain(rows))


def _where(number: int, piece: Piece | None) -> dict[str, int | None]:
    """Where a line is, as in the report's JSON."""
    line, cell = (number, None) if piece is None else piece.place(number)
    return {"line": line} if cell is None else {"line": line, "cell": cell}


def send_json(source: Source, lines: list[Line]) -> None:
    """Write what is known of each line as JSON."""
    piece = program_of(source)
    rows = [
        {
            "path": source.path,
            **_where(line.number, piece),
            "function": line.function,
            "values": [{"name": one.name, "shape": one.shape, "reason": one.reason or None} for one in line.values],
            "claims": [
                {"text": one.text, "declared": one.declared, "verdict": one.verdict.value, "reason": one.reason}
                for one in line.claims
            ],
            "uses": [number if piece is None else piece.called(number) for number in sorted(line.uses)],
        }
        for line in lines
    ]
    send(json.dumps({"version": 1, "lines": rows}, indent=2, ensure_ascii=False) + "\n")
