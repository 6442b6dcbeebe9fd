"""SHP108 error-that-does-not-come."""

from __future__ import annotations

from shapelint.checks.cases import is_comment
from shapelint.checks.matching import Problem
from shapelint.checks.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_comment(case, Problem.NO_ERROR)


RULE = Rule(
    code="SHP108",
    name="error-that-does-not-come",
    severity="error",
    since="0.1",
    what="Error that does not come.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
