"""The generated pages of docs/ and the command that keeps them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shapelint.cli import docs

TOP = Path(__file__).parent.parent.parent
Run = Callable[..., tuple[int, str, str]]


def test_the_pages_of_this_repository_are_up_to_date(shapelint: Run) -> None:
    """If this fails: `shapelint docs --write`."""
    assert shapelint("docs", "--check", "--folder", str(TOP / "docs")) == (0, "", "")


def test_pages_are_written_and_then_up_to_date(tmp_path: Path, shapelint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "pages", lambda: {"rules.md": "# Rules\n", "operators.md": "# Operators\n"})
    folder = tmp_path / "docs"

    status, out, _ = shapelint("docs", "--check", "--folder", str(folder))
    assert status == 1
    assert f"stale, run `shapelint docs --write`: {folder / 'rules.md'}\n" in out

    assert shapelint("docs", "--write", "--folder", str(folder))[0] == 0
    assert (folder / "rules.md").read_text() == "# Rules\n"
    assert shapelint("docs", "--check", "--folder", str(folder)) == (0, "", "")

    (folder / "rules.md").write_text("# Rules, by hand\n")
    assert shapelint("docs", "--check", "--folder", str(folder))[0] == 1


def test_ops_lists_operators_by_a_part_of_their_name(shapelint: Run) -> None:
    status, out, _ = shapelint("ops", "flatten")

    assert status == 0
    assert "torch.flatten" in out
    assert all("flatten" in line.lower() for line in out.splitlines())
    assert shapelint("ops", "no_such_operator") == (2, "", "Error: no known operator is called no_such_operator\n")
