"""SHP101 another-number-of-dims."""

from __future__ import annotations

from shapelint.checks.cases import is_comment
from shapelint.checks.matching import Problem
from shapelint.checks.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_comment(case, Problem.RANK)


RULE = Rule(
    code="SHP101",
    name="another-number-of-dims",
    severity="error",
    since="0.1",
    what="Another number of dims.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
