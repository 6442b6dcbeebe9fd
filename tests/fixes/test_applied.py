"""Fixes in files: the comment that is wrong is replaced, and nothing else is touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shapelint.checks.model import Edit
from shapelint.fixes.applied import edited

Project = Callable[[dict[str, str]], Path]
Run = Callable[..., tuple[int, str, str]]

WRONG = """\
import torch


def f(x):
    B, C, H, W = x.shape
    h = x.flatten(2)  # (B, H*W, C)
    return h.transpose(1, 2)  # (B, C, H*W)
"""
RIGHT = """\
import torch


def f(x):
    B, C, H, W = x.shape
    h = x.flatten(2)  # (B, C, H*W)
    return h.transpose(1, 2)  # (B, H*W, C)
"""


def edit(line: int, column: int, old: str, new: str) -> tuple[Edit, str]:
    return Edit(line, column, line, column + len(old), new), old


@pytest.mark.parametrize(
    ("text", "edits", "after", "count"),
    [
        ("a # (B)\r\nb # (C)", [edit(1, 5, "(B)", "(N, B)"), edit(2, 5, "(C)", "(D)")], "a # (N, B)\r\nb # (D)", 2),
        ("(A) (B)\n", [edit(1, 1, "(A)", "(X, Y)"), edit(1, 5, "(B)", "()")], "(X, Y) ()\n", 2),
        ("(A, B)\n", [edit(1, 1, "(A, B)", "(X)"), edit(1, 2, "A", "Z")], "(Z, B)\n", 1),
        ("(A)\n", [edit(1, 1, "(B)", "(C)"), edit(7, 1, "(A)", "(C)")], "(A)\n", 0),
        ("é(A)\n", [edit(1, 2, "(A)", "(C)")], "é(C)\n", 1),
        ("", [edit(1, 1, "(A)", "(C)")], "", 0),
    ],
)
def test_edits_are_made_where_the_text_is_as_expected(
    text: str, edits: list[tuple[Edit, str]], after: str, count: int
) -> None:
    assert edited(text, edits) == (after, count)


def test_fix_writes_what_the_code_gives_and_lints_again(project: Project, shapelint: Run) -> None:
    top = project({"a.py": WRONG, "b.py": RIGHT})
    status, out, err = shapelint("--fix", "a.py", "b.py")

    assert (top / "a.py").read_text() == (top / "b.py").read_text() == RIGHT
    assert (status, err) == (0, "Fixed 2 comments in 1 file.\n")
    assert out.startswith("All clear: 4 comments: 4 proved")


def test_a_diff_changes_nothing(project: Project, shapelint: Run) -> None:
    top = project({"a.py": WRONG})
    status, out, err = shapelint("--diff", "a.py")

    assert (top / "a.py").read_text() == WRONG
    assert (status, err) == (1, "Would fix 2 comments in 1 file.\n")
    assert out.startswith("--- a.py\n+++ a.py\n@@ -3,5 +3,5 @@\n")
    assert "\n-    h = x.flatten(2)  # (B, H*W, C)\n" in out
    assert "\n+    h = x.flatten(2)  # (B, C, H*W)\n" in out


def test_the_bytes_around_a_fix_stay_as_they_are(project: Project, shapelint: Run) -> None:
    top = project({"a.py": ""})
    before, after = (
        f"# coding: latin-1\n# caf\u00e9\n{text}".replace("\n", "\r\n").encode("latin-1") for text in (WRONG, RIGHT)
    )
    (top / "a.py").write_bytes(before)
    shapelint("--fix", "a.py")

    assert (top / "a.py").read_bytes() == after


def test_pages_are_fixed(project: Project, shapelint: Run) -> None:
    top = project({"a.md": f"Text.\n\n```python\n{WRONG}```\n"})

    assert shapelint("--fix", "a.md")[0] == 0
    assert (top / "a.md").read_text() == f"Text.\n\n```python\n{RIGHT}```\n"


def notebook(text: str, *, in_lines: bool) -> dict[str, Any]:
    source = text.splitlines(keepends=True) if in_lines else text
    said = {"cell_type": "markdown", "metadata": {}, "source": ["\u00e9 # (B, H*W, C)"]}
    drawn = {"name": "stdout", "output_type": "stream", "text": ["1e-05\n"]}
    code = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [drawn], "source": source}
    return {"cells": [said, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.mark.parametrize("in_lines", [True, False])
@pytest.mark.parametrize(
    "written",
    [
        {"indent": 1, "ensure_ascii": False},  # by Jupyter
        {"indent": 4},
        {"separators": (",", ":")},
    ],
)
@pytest.mark.parametrize("end", ["\n", ""])
def test_of_a_notebook_nothing_changes_but_the_comment(
    project: Project, shapelint: Run, in_lines: bool, written: dict[str, Any], end: str
) -> None:
    before, after = (json.dumps(notebook(text, in_lines=in_lines), **written) + end for text in (WRONG, RIGHT))
    top = project({})
    (top / "a.ipynb").write_text(before, encoding="utf-8")
    status, _, err = shapelint("--fix", "a.ipynb")

    assert (status, err) == (0, "Fixed 2 comments in 1 file.\n")
    assert (top / "a.ipynb").read_text(encoding="utf-8") == after
    assert shapelint("--diff", "a.ipynb") == (0, "", "")


def test_a_notebook_that_would_be_written_otherwise_is_left_alone(project: Project, shapelint: Run) -> None:
    text = json.dumps(notebook(WRONG, in_lines=True)).replace('"metadata": {}', '"metadata":  {}')
    top = project({"a.ipynb": text})

    assert shapelint("--fix", "a.ipynb")[0] == 1
    assert (top / "a.ipynb").read_text() == text


@pytest.mark.parametrize("option", ["--fix", "--diff"])
@pytest.mark.parametrize("beside", ["-", "--dynamic"])
def test_what_a_fix_cannot_be_combined_with(project: Project, shapelint: Run, option: str, beside: str) -> None:
    project({"a.py": WRONG})

    assert shapelint(option, beside, *(() if beside == "-" else ("a.py",)))[0] == 2
