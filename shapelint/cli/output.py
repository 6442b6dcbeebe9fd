"""Writes a finished report where it is wanted: to standard output or into a file."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path

import click


def send(text: str, file: str | None = None) -> None:
    """Write `text`; what the encoding of a terminal cannot hold is written as escapes."""
    if file is None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        sys.stdout.write(text)
        return
    try:
        Path(file).write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise click.ClickException(f"{file}: {(error.strerror or 'cannot be written').lower()}") from None
