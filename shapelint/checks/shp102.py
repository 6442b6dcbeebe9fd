"""SHP102 other-dims."""

from __future__ import annotations

from shapelint.checks.cases import is_comment
from shapelint.checks.matching import Problem
from shapelint.checks.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_comment(case, Problem.DIMS, Problem.EXAMPLE)


RULE = Rule(
    code="SHP102",
    name="other-dims",
    severity="error",
    since="0.1",
    what="Other dims.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
