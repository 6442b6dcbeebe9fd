"""`shapelint probe path.py::Class.forward B=2 C=3`: runs one function with dummy tensors, shapes beside its lines."""

from __future__ import annotations

from pathlib import Path

import click

from shapelint.cli.output import send


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("target", metavar="FILE::FUNCTION")
@click.argument("sizes", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--seconds", type=click.FloatRange(0.1), default=60.0, show_default=True, help="The most it may take.")
def command(target: str, sizes: tuple[str, ...], seconds: float) -> int:
    """Run FUNCTION of FILE with dummy tensors, and print the shape at every line beside the source.

    FUNCTION is `name`, `Class.method` or `Class` (its `forward`). NAME is a parameter, or a size by the name that the
    code or its comments give it; sizes that are not given are chosen. FILE is imported: it runs in a child process
    with limits (see docs/dynamic.md).
    """
    from shapelint.dynamic.confirm import NoTorchError, require_torch
    from shapelint.dynamic.limits import Limits
    from shapelint.dynamic.probing import ProbeError, probed
    from shapelint.dynamic.runner import StartError

    path, _, name = target.partition("::")
    if not name:
        raise click.UsageError(f"which function? Write {path or 'model.py'}::Class.forward")
    given: dict[str, str] = {}
    for pair in sizes:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise click.UsageError(f"`{pair}` is no NAME=VALUE")
        given[key] = value
    try:
        require_torch()
        probe = probed(Path(path), name, given, Limits(seconds=seconds))
    except (NoTorchError, ProbeError, StartError) as error:
        raise click.ClickException(str(error)) from None
    send(probe.text)
    return 1 if probe.failed else 0
