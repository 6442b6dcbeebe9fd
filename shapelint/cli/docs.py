"""`shapelint docs`: writes the generated pages of docs/, or checks that they are up to date."""

from __future__ import annotations

from pathlib import Path

import click

from shapelint.report import operator_text, rule_text


@click.command(hidden=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--write/--check", required=True, help="Write the pages, or exit with 1 if one is stale.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs"), show_default=True)
def command(write: bool, folder: Path) -> int:
    """Write docs/rules.md and docs/operators.md from the rules and operators themselves."""
    stale = [name for name, text in pages().items() if _read(folder / name) != text]
    for name in stale:
        if write:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(pages()[name], encoding="utf-8")
        click.echo(f"{'wrote' if write else 'stale, run `shapelint docs --write`:'} {folder / name}")
    return 1 if stale and not write else 0


def pages() -> dict[str, str]:
    """Each generated page by its name."""
    from shapelint.checks.rules.rule import rules
    from shapelint.ops.missing import MISSING
    from shapelint.ops.registry import layers, operators

    known = operator_text.page((*operators(), *layers()), MISSING)
    return {"rules.md": rule_text.page(rules()), "operators.md": known}


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return None
