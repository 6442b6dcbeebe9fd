"""`shapelint rules`: the list of rules."""

from __future__ import annotations

import shutil
import sys

import click

from shapelint.cli.output import send
from shapelint.report.rule_text import listing


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """List the rules, one line each."""
    from shapelint.checks.rules.rule import rules

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    send("".join(f"{line}\n" for line in listing(rules().values(), width)))
