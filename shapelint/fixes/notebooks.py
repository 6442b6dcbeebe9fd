"""Takes the text of a notebook, and gives it with the text of cells changed and all else as it is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from typing import Any, TypeAlias

EditText: TypeAlias = Callable[[str], tuple[str, int]]
"""A text with edits made, and how many of them were."""

_INDENTS = (1, 2, 4, 0, "\t", None)
_SEPARATORS = (None, (",", ":"))


def with_cells_edited(text: str, edits: Mapping[int, EditText]) -> tuple[str, int]:
    """The notebook with the cells of these numbers, from 1, edited; how many edits were made.

    None is made where JSON is not written here as `json.dumps` can write it, or cells do not stand where Jupyter puts
    them since nbformat 4: then more than a comment would change.
    """
    notebook = json.loads(text)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    write = _written_as(text, notebook)
    if not isinstance(cells, list) or write is None:
        return text, 0
    made = 0
    for number, edit in edits.items():
        cell = cells[number - 1]
        in_lines = isinstance(cell["source"], list)
        source, count = edit("".join(cell["source"]) if in_lines else cell["source"])
        cell["source"] = source.splitlines(keepends=True) if in_lines else source
        made += count
    return write(notebook), made


def _written_as(text: str, notebook: object) -> Callable[[Any], str] | None:
    """What writes a notebook as this one is written; None where nothing does."""
    newline, end = "\r\n" if "\r\n" in text else "\n", text[len(text.rstrip()) :]
    for indent, ascii_only, separators in product(_INDENTS, (False, True), _SEPARATORS):
        dump = partial(json.dumps, indent=indent, ensure_ascii=ascii_only, separators=separators)
        write = partial(_written, dump, newline, end)
        if write(notebook) == text:
            return write
    return None


def _written(dump: Callable[[Any], str], newline: str, end: str, notebook: object) -> str:
    return dump(notebook).replace("\n", newline) + end
