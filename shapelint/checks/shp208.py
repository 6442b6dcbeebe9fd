"""SHP208 pattern-that-does-not-fit."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.PATTERN)


RULE = Rule(
    code="SHP208",
    name="pattern-that-does-not-fit",
    severity="error",
    since="0.1",
    what="Pattern that does not fit.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
