"""SHP109 another-memory-layout."""

from __future__ import annotations

from shapelint.checks.cases import is_comment
from shapelint.checks.matching import Problem
from shapelint.checks.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_comment(case, Problem.LAYOUT)


RULE = Rule(
    code="SHP109",
    name="another-memory-layout",
    severity="error",
    since="0.1",
    what="Another memory layout.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
