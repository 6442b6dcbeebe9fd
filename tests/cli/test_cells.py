"""What is said of a notebook is said of its cells: places, words, source lines, silencing comments, traces."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Project = Callable[[dict[str, str]], Path]
Run = Callable[..., tuple[int, str, str]]

CELLS = (
    "import torch\nB, T, D = 2, 3, 4",
    "%matplotlib inline\nx = torch.rand(B, T, D)",
    "y = x.transpose(1, 2)  # (B, T, D)\nz = x.transpose(1, 2)  # (B, T, D)  # noqa: SHP103\nw = strange(x)\nx @ x",
)

FOUND = """\
a.ipynb:cell 3:1:26: error SHP103 comment says (B, T, D), the code gives (B, D, T)
  |
 1| y = x.transpose(1, 2)  # (B, T, D)
  |                          ^^^^^^^^^ dim 2 is D, not T; dim 3 is T, not D
  = x is (B, T, D) from line 2 of cell 2
  = for B=2, T=3, D=4: (2, 4, 3), not (2, 3, 4)
  = fix: (B, D, T)

a.ipynb:cell 3:4:1: error SHP201 """

TRACED = """\
1:1| import torch
1:2| B, T, D = 2, 3, 4
2:1|
2:2| x = torch.rand(B, T, D)                             | (B, T, D)
3:1| y = x.transpose(1, 2)  # (B, T, D)                  | (B, D, T)  refuted
3:2| z = x.transpose(1, 2)  # (B, T, D)  # noqa: SHP103  | (B, D, T)  refuted
3:3| w = strange(x)                                      | ? unknown function strange at line 3 of cell 3
3:4| x @ x                                               | ? the operation at line 4 of cell 3 cannot run
"""

BEHIND = """\
1:2| B, T, D = 2, 3, 4
   | ...
2:2| x = torch.rand(B, T, D)             | (B, T, D)
3:1| y = x.transpose(1, 2)  # (B, T, D)  | (B, D, T)  refuted
"""


def notebook(*cells: str) -> str:
    rows = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": c} for c in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": rows})


def test_a_finding_shows_its_cell_and_a_cell_silences_its_own(project: Project, shapelint: Run) -> None:
    project({"a.ipynb": notebook(*CELLS)})
    status, out, _ = shapelint("a.ipynb")

    assert status == 1
    assert out.startswith(FOUND)
    assert "Found 2 errors." in out


def test_the_edits_of_a_fix_are_those_of_the_cell(project: Project, shapelint: Run) -> None:
    project({"a.ipynb": notebook(*CELLS)})
    _, out, _ = shapelint("a.ipynb", "--output-format", "json")
    first = json.loads(out)["findings"][0]

    assert (first["cell"], first["line"]) == (3, 1)
    assert {edit["line"] for edit in first["fix"]["edits"]} == {1}


def test_a_trace_names_cells_and_their_lines(project: Project, shapelint: Run) -> None:
    project({"a.ipynb": notebook(*CELLS)})

    assert shapelint("trace", "a.ipynb") == (0, TRACED, "")


@pytest.mark.parametrize("place", ["a.ipynb:3:1", "a.ipynb:3:1:26", "a.ipynb:cell 3:1:26"])
def test_why_takes_a_cell_and_its_line(project: Project, shapelint: Run, place: str) -> None:
    project({"a.ipynb": notebook(*CELLS)})

    assert shapelint("why", place) == (0, BEHIND, "")


@pytest.mark.parametrize("place", ["a.ipynb:3", "a.ipynb:9:1", "a.ipynb:3:5", "a.ipynb:1:3", "a.ipynb:1:0"])
def test_why_tells_of_a_line_that_is_not_there(project: Project, shapelint: Run, place: str) -> None:
    project({"a.ipynb": notebook(*CELLS)})
    status, out, err = shapelint("why", place)

    assert (status, out) == (2, "")
    assert "write FILE:CELL:LINE" in err


def test_the_lines_of_a_trace_have_their_cells_in_json(project: Project, shapelint: Run) -> None:
    project({"a.ipynb": notebook(*CELLS)})
    _, out, _ = shapelint("why", "a.ipynb:3:1", "--output-format", "json")
    rows = [(row["cell"], row["line"], row["uses"]) for row in json.loads(out)["lines"]]

    assert rows == [(1, 2, []), (2, 2, ["1:2"]), (3, 1, ["2:2"])]
