"""`shapelint ops`: the operators whose shapes are known."""

from __future__ import annotations

import click

from shapelint.cli.output import send


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("word", required=False, default="")
def command(word: str) -> None:
    """List the operators whose shapes are known, one line each; with WORD those whose name has it."""
    from shapelint.ops.registry import listing

    rows = [(names, rule) for names, rule in listing() if word.lower() in names.lower()]
    if word and not rows:
        raise click.ClickException(f"no known operator is called {word}")
    send("".join(f"{names}: {rule}\n" if rule else f"{names}\n" for names, rule in rows))
