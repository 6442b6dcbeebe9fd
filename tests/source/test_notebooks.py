"""The code cells of a notebook are one program, and every line of it knows its cell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shapelint.source import Piece, Source, Unreadable, programs, read_source, source_from_text


def notebook(*cells: str | dict[str, Any], **metadata: Any) -> str:
    made = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": cell}
        if isinstance(cell, str)
        else cell
        for cell in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": made})


def piece(*cells: str | dict[str, Any]) -> Piece:
    source = source_from_text(notebook(*cells), "a.ipynb")
    assert isinstance(source, Source)
    [made] = programs(source)
    return made


def test_cells_are_one_program_and_lines_know_their_cell() -> None:
    made = piece("x = 1\ny = 2", {"cell_type": "markdown", "source": "# Text"}, "z = x\n\nw = y")
    assert made.text == "x = 1\ny = 2\nz = x\n\nw = y\n"
    assert [made.place(line) for line in range(1, 6)] == [(1, 1), (2, 1), (1, 3), (2, 3), (3, 3)]
    assert not made.open_names


def test_source_as_a_list_of_lines() -> None:
    assert piece({"cell_type": "code", "source": ["x = 1\n", "y = 2"]}).text == "x = 1\ny = 2\n"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("%matplotlib inline\nx = 1", "\nx = 1\n"),
        ("!pip install torch\nx = 1", "\nx = 1\n"),
        ("!pip install \\\n  torch\nx = 1", "\n\nx = 1\n"),
        ("torch.cat?\n?torch.cat\ntorch.*cat??", "\n\n\n"),
        ("%%time\nx = 1", "\nx = 1\n"),
        ("%%bash\nls\npwd", "\n\n\n"),
        ("if x:\n    !ls\n    %time y", "if x:\n    pass\n    pass\n"),
        ("files = !ls\nx = %timeit -o y", "files = ...\nx = ...\n"),
        ("x = (a\n% b)", "x = (a\n% b)\n"),
        ("x = 1  # why?", "x = 1  # why?\n"),
        ("assert a !=b", "assert a !=b\n"),
    ],
)
def test_what_only_ipython_reads_is_blanked_out(cell: str, code: str) -> None:
    assert piece(cell).text == code


def test_a_cell_that_is_no_python_is_left_empty_and_named() -> None:
    made = piece("x = 1", "y = (\nz = 2", "w = 3")
    assert made.text == "x = 1\n\n\nw = 3\n"
    assert made.skipped == ((2, "syntax error: '(' was never closed"),)
    assert made.place(4) == (1, 3)


def test_another_language_has_no_program() -> None:
    for metadata in ({"kernelspec": {"language": "R"}}, {"language_info": {"name": "julia"}}):
        source = source_from_text(notebook("x <- 1", **metadata), "a.ipynb")
        assert isinstance(source, Source)
        assert programs(source) == []


def test_an_old_format() -> None:
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": [{"cell_type": "code", "language": "python", "input": "x = 1", "outputs": []}]}],
    }
    source = source_from_text(json.dumps(old), "a.ipynb")
    assert isinstance(source, Source)
    assert [each.text for each in programs(source)] == ["x = 1\n"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{\n  oh", "is not a notebook: invalid JSON on line 2"),
        ("[]", "is not a notebook: its JSON is no object"),
        ('{"nbformat": 4}', "is not a notebook: it has no list of cells"),
        ("[" * 100_000, "is not a notebook: its JSON is nested too deeply"),
    ],
)
def test_what_is_no_notebook(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    assert read_source(path) == Unreadable(str(path), message)


@pytest.mark.parametrize("cells", [[1], [None], [{}], [{"cell_type": "code"}], [{"cell_type": "code", "source": 3}]])
def test_odd_cells_are_passed_over(cells: list[Any]) -> None:
    source = source_from_text(json.dumps({"cells": cells}), "a.ipynb")
    assert isinstance(source, Source)
    assert "".join(each.text for each in programs(source)).strip() == ""


def test_an_empty_file_holds_no_program() -> None:
    source = source_from_text("", "a.ipynb")
    assert isinstance(source, Source)
    assert programs(source) == []
