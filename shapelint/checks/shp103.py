"""SHP103 dims-in-another-order."""

from __future__ import annotations

from shapelint.checks.cases import is_comment
from shapelint.checks.matching import Problem
from shapelint.checks.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_comment(case, Problem.ORDER)


RULE = Rule(
    code="SHP103",
    name="dims-in-another-order",
    severity="error",
    since="0.1",
    what="Dims in another order.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
