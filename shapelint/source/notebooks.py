"""Takes the text of a notebook, and gives its code cells as Python, with what only IPython reads blanked out."""

from __future__ import annotations

import ast
import importlib
import json
import re
import warnings
from dataclasses import dataclass
from typing import Any

_MAGIC = re.compile(r"^(?P<indent>\s*)(?:%{1,2}[A-Za-z_]|!(?!=)|\?{1,2}\s*[\w.*]+\s*;?\s*$|[\w.*]+\?{1,2}\s*;?\s*$)")
_MAGIC_VALUE = re.compile(r"^(?P<target>\s*[\w.,\s]+=\s*)(?:%[A-Za-z_]|!(?!=))")
_PYTHON_CELL = re.compile(r"^%%(?:time|timeit|capture|prun|python3?|pypy|debug|memit|mprun|skip_if\w*)\b")


class NotANotebookError(Exception):
    """The text is no notebook; the message says why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its `number` among all cells of the notebook from 1, and its text as it stands there."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Program:
    """The cells as one program: `cells` holds (first line in the program, cell number), `skipped` (line, why)."""

    text: str
    cells: tuple[tuple[int, int], ...]
    skipped: tuple[tuple[int, str], ...]


def code_cells(text: str) -> list[Cell]:
    """The code cells in order; none where the notebook's language is another one."""
    if not text.strip():
        return []
    notebook = _load(text)
    if not _is_python(notebook):
        return []
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise NotANotebookError("is not a notebook: it has no list of cells")
    found = []
    for number, cell in enumerate(cells, start=1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            found.append(Cell(number, _text_of(cell.get("source", cell.get("input", "")))))
    return found


def program_of(cells: list[Cell]) -> Program:
    """The cells one below the other; a cell that is no Python is left empty and named."""
    lines: list[str] = []
    starts: list[tuple[int, int]] = []
    skipped: list[tuple[int, str]] = []
    for cell in cells:
        first = len(lines) + 1
        starts.append((first, cell.number))
        code = _without_magics(re.split(r"\r\n|\r|\n", cell.text))
        problem = _problem("\n".join(code))
        if problem is not None:
            line, why = problem
            skipped.append((first + min(line, len(code)) - 1, f"syntax error: {why}"))
            code = [""] * len(code)
        lines += code
    return Program("\n".join(lines) + "\n", tuple(starts), tuple(skipped))


def _load(text: str) -> dict[str, Any]:
    try:
        notebook = json.loads(text)
    except RecursionError:
        raise NotANotebookError("is not a notebook: its JSON is nested too deeply") from None
    except ValueError as error:
        where = f" on line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise NotANotebookError(f"is not a notebook: invalid JSON{where}") from None
    if not isinstance(notebook, dict):
        raise NotANotebookError("is not a notebook: its JSON is no object")
    if notebook.get("nbformat", 4) in (1, 2, 3):
        return _upgraded(text, notebook)
    return notebook


def _upgraded(text: str, notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook of an old format in today's: through nbformat where it is installed, else by its worksheets."""
    try:
        nbformat: Any = importlib.import_module("nbformat")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return dict(nbformat.reads(text, as_version=4))
    except Exception:  # nbformat is missing, or will not have this notebook
        return {
            **notebook,
            "cells": [cell for sheet in _list(notebook, "worksheets") for cell in _list(sheet, "cells")],
        }


def _list(holder: object, key: str) -> list[Any]:
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, list) else []


def _is_python(notebook: dict[str, Any]) -> bool:
    metadata = notebook.get("metadata")
    if not isinstance(metadata, dict):
        return True
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(key)
        language = part.get(name) if isinstance(part, dict) else None
        if isinstance(language, str) and language:
            return "python" in language.lower()
    return True


def _text_of(source: object) -> str:
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _without_magics(lines: list[str]) -> list[str]:
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and not _PYTHON_CELL.match(first):
        return [""] * len(lines)  # `%%bash`, `%%html`: the cell is in another language
    code = []
    continued = False
    for line in lines:
        magic = _MAGIC.match(line)
        value = _MAGIC_VALUE.match(line)
        if continued:
            code.append("")
            continued = line.rstrip().endswith("\\")
        elif magic is not None:
            code.append(f"{magic['indent']}pass" if magic["indent"] else "")
            continued = line.rstrip().endswith("\\")
        elif value is not None:
            code.append(f"{value['target']}...")
        else:
            code.append(line)
    return code


def _problem(code: str) -> tuple[int, str] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except SyntaxError as error:
        return max(error.lineno or 1, 1), error.msg
    except (ValueError, RecursionError, MemoryError) as error:
        return 1, str(error) or "nested too deeply"
    return None
