"""`shapelint trace FILE[::function]`: the shapes that were inferred, beside the lines of the source."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shapelint.cli.output import send
from shapelint.cli.reading import modules, source_of
from shapelint.project.settings import closest

if TYPE_CHECKING:
    from shapelint.checks.trace import Line
    from shapelint.source import Source

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
        chosen = [(1, len(source.text.splitlines()))]
    if output_format == "json":
        inside = [line for line in lines if any(first <= line.number <= last for first, last in chosen)]
        return send_json(source, inside)
    return write(source, lines, [number for first, last in chosen for number in range(first, last + 1)], color)


def followed(source: Source) -> tuple[list[Line], dict[str, tuple[int, int]]]:
    """The lines of a source of which something is known, and the first and last line of each function and class."""
    from shapelint.api import loader
    from shapelint.checks.trace import spans_of, traced
    from shapelint.interp.analysis import analyse
    from shapelint.interp.machine import Step

    lines: list[Line] = []
    spans: dict[str, tuple[int, int]] = {}
    for module in modules(source):
        steps: list[Step] = []
        analysis = analyse(module, loader(), steps)
        lines += traced(module, analysis, steps)
        spans.update(spans_of(module))
    return lines, spans


def write(source: Source, lines: list[Line], numbers: list[int], color: str) -> None:
    """Write lines of a source with what is known of each."""
    from shapelint.report.beside import beside
    from shapelint.report.styled import coloured, plain, wants_colour

    rows = beside(source.text.splitlines(), lines, numbers)
    send(coloured(rows) if wants_colour(color, sys.stdout) else plain(rows))


def send_json(source: Source, lines: list[Line]) -> None:
    """Write what is known of each line as JSON."""
    rows = [
        {
            "path": source.path,
            "line": line.number,
            "function": line.function,
            "values": [{"name": one.name, "shape": one.shape, "reason": one.reason or None} for one in line.values],
            "claims": [
                {"text": one.text, "declared": one.declared, "verdict": one.verdict.value, "reason": one.reason}
                for one in line.claims
            ],
            "uses": sorted(line.uses),
        }
        for line in lines
    ]
    send(json.dumps({"version": 1, "lines": rows}, indent=2, ensure_ascii=False) + "\n")
