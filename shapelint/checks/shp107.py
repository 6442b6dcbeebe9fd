"""SHP107 annotation-of-another-shape."""

from __future__ import annotations

from shapelint.checks.cases import is_at
from shapelint.checks.rule import Case, Rule
from shapelint.program.nodes import Place


def applies(case: Case) -> bool:
    return is_at(case, Place.ANNOTATION)


RULE = Rule(
    code="SHP107",
    name="annotation-of-another-shape",
    severity="error",
    since="0.1",
    what="Annotation of another shape.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
