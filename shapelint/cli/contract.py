"""`shapelint contract FILE[::Class.method]`: what each function and module takes, needs and gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shapelint.cli.output import send
from shapelint.cli.reading import modules, source_of
from shapelint.project.settings import closest

if TYPE_CHECKING:
    from shapelint.checks.findings.contract import Contract


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("target", metavar="FILE[::Class.method]")
@click.option("--output-format", type=click.Choice(("text", "json")), default="text", help="How to write it.")
def command(target: str, output_format: str) -> None:
    """Print the inferred contract of each function and module in FILE: the shapes it takes, what they need, the result.

    `FILE::Class` asks for one class, `FILE::Class.method` or `FILE::function` for one function.
    """
    path, _, wanted = target.partition("::")
    found = _contracts(Path(path))
    if wanted:
        chosen = [one for one in found if one.name == wanted or one.name.startswith(wanted + ".")]
        if not chosen:
            hint = closest(wanted, [one.name for one in found])
            raise click.ClickException(f"{path} has no function or class {wanted}{hint}")
        found = chosen
    if output_format == "json":
        rows = [_row(path, one) for one in found]
        return send(json.dumps({"version": 1, "contracts": rows}, indent=2, ensure_ascii=False) + "\n")
    return send("".join(f"{one}\n" for one in found))


def _row(path: str, one: Contract) -> dict[str, object]:
    return {
        "path": path,
        "line": one.line,
        "name": one.name,
        "takes": dict(one.takes),
        "gives": one.gives,
        "needs": list(one.needs),
        "where": dict(one.where),
        "limit": one.limit or None,
    }


def _contracts(path: Path) -> list[Contract]:
    """The contracts in a file, piece by piece where it is a page or a notebook."""
    from shapelint.api import loader
    from shapelint.checks.findings.contract import contracts
    from shapelint.interp.running.analysis import analyse

    found: list[Contract] = []
    for module in modules(source_of(path)):
        found += contracts(analyse(module, loader()).evidence)
    return found
