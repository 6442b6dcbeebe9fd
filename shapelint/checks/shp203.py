"""SHP203 unequal-numbers-of-elements."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.COUNT)


RULE = Rule(
    code="SHP203",
    name="unequal-numbers-of-elements",
    severity="error",
    since="0.1",
    what="Unequal numbers of elements.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
