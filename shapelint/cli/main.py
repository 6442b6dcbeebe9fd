"""The command `shapelint`: which subcommand an argument list means, and what a run ends with."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shapelint import __version__

if TYPE_CHECKING:
    import click

COMMANDS = {
    "check": "Lint files and folders; what `shapelint PATH...` does.",
    "run": "Run a script and check its shape comments against what passes them.",
    "probe": "Run one function with dummy tensors and print the shape at every line.",
    "contract": "Print what each function and module of a file takes, needs and gives.",
    "trace": "Print a file with the shape of every line beside it.",
    "why": "Print where the shapes of one line come from, or were lost.",
    "explain": "Print what a rule finds and why, with examples.",
    "rules": "List the rules.",
    "ops": "List the operators whose shapes are known.",
}
HIDDEN = ("docs",)

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and give its exit status: 0 nothing found, 1 findings, 2 it could not be done as asked."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _run(arguments)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _close_quietly()
        return 1


def split(arguments: list[str]) -> tuple[str, list[str]]:
    """The subcommand and its arguments: `check` unless the first names another; a file of that name is `./explain`."""
    if arguments and arguments[0] in (*COMMANDS, *HIDDEN):
        return arguments[0], arguments[1:]
    return "check", arguments


def _command(name: str) -> click.Command:
    """A subcommand; its module is imported only when it is asked for."""
    from importlib import import_module

    command: click.Command = import_module(f"shapelint.cli.{name}").command
    return command


def _run(arguments: list[str]) -> int:
    if arguments in (["--version"], ["-V"]):  # without click
        print(f"shapelint {__version__}")
        return 0
    import click

    if arguments in (["--help"], ["-h"]):
        return _say_help()
    name, rest = split(arguments)
    command = _command(name)
    try:
        with command.make_context(f"shapelint {name}", rest) as context:
            return int(command.invoke(context) or 0)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return 2


def _close_quietly() -> None:
    """Whoever read standard output is gone: what is still to be flushed goes nowhere, without a message."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say_help() -> int:
    import click

    check = _command("check")
    with click.Context(check, info_name="shapelint", help_option_names=["-h", "--help"]) as context:
        formatter = context.make_formatter()
        formatter.write_usage("shapelint", "[OPTIONS] [PATHS]...")
        formatter.write_usage("shapelint", "COMMAND [ARGS]...")
        check.format_help_text(context, formatter)
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        check.format_options(context, formatter)
        click.echo(formatter.getvalue().rstrip())
    return 0
