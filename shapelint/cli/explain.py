"""`shapelint explain CODE`: what a rule finds, why, and examples."""

from __future__ import annotations

import sys

import click

from shapelint.cli.output import send
from shapelint.project.settings import closest
from shapelint.report.rule_text import markdown
from shapelint.report.styled import wants_colour


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("code")
def command(code: str) -> None:
    """Print what the rule CODE (or its name) finds and why, with examples."""
    from shapelint.checks.rules.rule import rules

    known = {**rules(), **{rule.name: rule for rule in rules().values()}}
    rule = known.get(code.upper()) or known.get(code.lower())
    if rule is None:
        hint = closest(code.upper(), rules()) or closest(code.lower(), known)
        raise click.ClickException(f"no rule has the code {code}{hint}")
    text = markdown(rule)
    if not wants_colour("auto", sys.stdout):
        return send(text)
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(100, Console().width)).print(Markdown(text))
    return None
