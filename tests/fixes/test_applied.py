"""Fixes in files: the comment that is wrong is replaced, and nothing else is touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

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


def test_pages_are_fixed_and_notebooks_are_left_alone(project: Project, shapelint: Run) -> None:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": WRONG}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    top = project({"a.md": f"Text.\n\n```python\n{WRONG}```\n", "b.ipynb": notebook})

    assert shapelint("--fix", "a.md")[0] == 0
    assert shapelint("--fix", "b.ipynb")[0] == 1
    assert (top / "b.ipynb").read_text() == notebook
    assert (top / "a.md").read_text() == f"Text.\n\n```python\n{RIGHT}```\n"


@pytest.mark.parametrize("option", ["--fix", "--diff"])
@pytest.mark.parametrize("beside", ["-", "--dynamic"])
def test_what_a_fix_cannot_be_combined_with(project: Project, shapelint: Run, option: str, beside: str) -> None:
    project({"a.py": WRONG})

    assert shapelint(option, beside, *(() if beside == "-" else ("a.py",)))[0] == 2
