"""SHP106 docstring-of-another-shape."""

from __future__ import annotations

from shapelint.checks.cases import is_at
from shapelint.checks.rule import Case, Rule
from shapelint.program.nodes import Place


def applies(case: Case) -> bool:
    return is_at(case, Place.DOCSTRING)


RULE = Rule(
    code="SHP106",
    name="docstring-of-another-shape",
    severity="error",
    since="0.1",
    what="Docstring of another shape.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
