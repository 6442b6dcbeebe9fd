"""The operators for a reader: docs/operators.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Protocol

HEADER = (
    "<!-- Written by `shapelint docs --write` from shapelint/ops/; do not edit. -->\n\n"
    "# Operators\n\n"
    "What shapelint knows the shape of, by the file of `shapelint/ops/` that its rule stands in. Anything else\n"
    "gives an unknown shape: claims about it are `open`, and no error is reported. `shapelint ops` prints this list.\n"
)


class Entry(Protocol):
    """What is printed of an operator or a layer."""

    names: tuple[str, ...]
    examples: list[Any]

    @property
    def formula(self) -> str:
        """The rule in one line."""


def page(entries: Iterable[Entry]) -> str:
    """The page: for each family a table of names, rule and an example."""
    by_family = sorted(entries, key=lambda entry: (_family(entry), entry.names[0]))
    parts = [HEADER]
    for family, members in groupby(by_family, key=_family):
        rows = "\n".join(_row(entry) for entry in members)
        parts.append(f"## {family}\n\n| names | rule | for example |\n| --- | --- | --- |\n{rows}\n")
    return "\n".join(parts)


def _family(entry: Entry) -> str:
    of = getattr(entry, "rule", None) or getattr(entry, "type", None)
    return str(getattr(of, "__module__", "others")).rsplit(".", 1)[-1]


def _row(entry: Entry) -> str:
    names = "<br>".join(f"`{name}`" for name in entry.names)
    return f"| {names} | {_cell(entry.formula)} | {'<br>'.join(_examples(entry))} |"


def _examples(entry: Entry) -> Iterator[str]:
    for example in entry.examples[:2]:
        result = example.gives if example.gives is not None else f"error: {example.fails}"
        yield f"`{_cell(example.arguments)}` → `{_cell(result)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
