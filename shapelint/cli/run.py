"""`shapelint run script.py`: runs a script and checks each shape comment against every value that passes it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shapelint.cli.output import send

if TYPE_CHECKING:
    from shapelint.checks.model import Report

FORMATS = ("full", "concise", "json")


@click.command(
    context_settings={
        "help_option_names": ["-h", "--help"],
        "ignore_unknown_options": True,
        "allow_interspersed_args": False,
    },
    epilog="Exit status: the script's own, or 1 where it is 0 and a comment was contradicted; 2 usage error.",
)
@click.option("-m", "as_module", is_flag=True, help="Run a module, as `python -m` does.")
@click.option("--output-format", type=click.Choice(FORMATS), default="full", help="How to write the report.")
@click.option("--annotations", is_flag=True, help="With json: every shape comment and what passed it.")
@click.option("--output-file", "-o", type=click.Path(dir_okay=False), metavar="FILE", help="Write the report there.")
@click.option("--exit-zero", is_flag=True, help="Exit with the script's status even if a comment was contradicted.")
@click.argument("script")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(
    as_module: bool,
    output_format: str,
    annotations: bool,
    output_file: str | None,
    exit_zero: bool,
    script: str,
    arguments: tuple[str, ...],
) -> int:
    """Run SCRIPT with its ARGUMENTS and check its shape comments against what really passes them.

    SCRIPT and the modules of its project are run under a recorder; nothing is written to disk. The report goes to
    standard error, or to FILE.
    """
    from shapelint.dynamic.confirm import NoTorchError, require_torch
    from shapelint.dynamic.script import ScriptError, run_module, run_script
    from shapelint.dynamic.session import Session

    try:
        require_torch()
    except NoTorchError as error:
        raise click.ClickException(str(error)) from None
    roots = [Path.cwd().resolve()]
    if not as_module:
        roots.append(Path(script).resolve().parent)
    with Session(roots) as session:
        try:
            status = (run_module if as_module else run_script)(session, script, arguments)
        except ScriptError as error:
            raise click.ClickException(str(error)) from None
        finally:
            sys.stdout.flush()
        report = session.report()
    text = written(report, output_format, annotations)
    if output_file is not None:
        send(text, output_file)
    else:
        click.echo(text, err=True, nl=False)
    return status or int(bool(report.findings) and not exit_zero)


def written(report: Report, output_format: str, annotations: bool = False) -> str:
    """The report of a run in a format."""
    from shapelint.dynamic.session import closing

    if output_format == "json":
        from shapelint.report import as_json

        return as_json.write(report, annotations)
    if output_format == "concise":
        from shapelint.report import concise

        return concise.write(report, quiet=True) + closing(report) + "\n"
    from shapelint.report import full

    text = full.write(report, quiet=True)
    return (text + "\n" if text else "") + closing(report) + "\n"
