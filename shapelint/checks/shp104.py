"""SHP104 operand-of-another-shape."""

from __future__ import annotations

from shapelint.checks.cases import is_operand
from shapelint.checks.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_operand(case)


RULE = Rule(
    code="SHP104",
    name="operand-of-another-shape",
    severity="error",
    since="0.1",
    what="Operand of another shape.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
