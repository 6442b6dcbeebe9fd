"""SHP202 shapes-that-do-not-broadcast."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.BROADCAST)


RULE = Rule(
    code="SHP202",
    name="shapes-that-do-not-broadcast",
    severity="error",
    since="0.1",
    what="Shapes that do not broadcast.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
